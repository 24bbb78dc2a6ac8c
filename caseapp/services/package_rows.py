"""Writing matters and steps of packages: rows, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, update

from caseapp.context import Context
from caseapp.domain.ledger import canonical
from caseapp.domain.packages.conversation import StepKind
from caseapp.models.package_matter import PackageMatter
from caseapp.models.package_step import PackageStep
from caseapp.services.unit_of_work import Unit


def package_id(matter: str, sender: str, sequence: int, kind: str) -> str:
    """Return the id of a package: the same step of the same matter always has the same."""
    return hashlib.sha256(f"{matter}|{sender}|{sequence}|{kind}".encode()).hexdigest()[:32]


def add_matter(
    ctx: Context, unit: Unit, of_id: str, told: Mapping[str, Any], *, case_id: str | None, state: str, category: str
) -> None:
    """Begin a matter. told: what every step of the house says of it."""
    unit.connection.execute(
        insert(PackageMatter),
        {
            "id": of_id,
            "house": told["house"],
            "peer_organ": told["peer_organ"],
            "peer": told["peer"],
            "proceeding_id": told["proceeding"],
            "procedure": told["procedure"],
            "version": told["version"],
            "case_id": case_id,
            "reference": told["reference"],
            "state": state,
            "category": category,
            "sent_on": date.fromisoformat(told["sent_on"]),
            "delivered": 0,
            "changed_at": ctx.now(),
        },
    )


def change_matter(ctx: Context, unit: Unit, of_id: str, **values: object) -> None:
    """Change columns of a matter."""
    unit.connection.execute(
        update(PackageMatter).where(PackageMatter.id == of_id).values(changed_at=ctx.now(), **values)
    )


def add_step(
    ctx: Context,
    unit: Unit,
    matter: str,
    *,
    ours: bool,
    sequence: int,
    package: str,
    kind: StepKind,
    body: Mapping[str, Any],
    seen: int,
    status: str,
    previous: str = "",
    digest: str = "",
    file_sha256: str = "",
    act_seq: int | None = None,
) -> None:
    """Keep a step."""
    unit.connection.execute(
        insert(PackageStep),
        {
            "matter_id": matter,
            "ours": ours,
            "sequence": sequence,
            "package": package,
            "kind": kind.value,
            "action": str(body.get("action") or ""),
            "body": canonical(body),
            "seen": seen,
            "previous": previous,
            "digest": digest,
            "file_sha256": file_sha256,
            "status": status,
            "reason": "",
            "act_seq": act_seq,
            "made_at": ctx.now(),
        },
    )


def change_step(unit: Unit, matter: str, sequence: int, *, ours: bool, **values: object) -> None:
    """Change columns of a step."""
    unit.connection.execute(
        update(PackageStep)
        .where(PackageStep.matter_id == matter, PackageStep.ours.is_(ours), PackageStep.sequence == sequence)
        .values(**values)
    )


def drop_held(unit: Unit, matter: str, sequence: int) -> None:
    """Forget a step of the other organ that waited and turned out not to follow the one before it."""
    unit.connection.execute(
        delete(PackageStep).where(
            PackageStep.matter_id == matter, PackageStep.ours.is_(False), PackageStep.sequence == sequence
        )
    )
