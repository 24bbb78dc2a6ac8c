"""A refused package travels back too: who sent it learns that nothing of it was kept, and why.

Told is only an organ whose seal was good, of a package that was for an organ here. A refusal is no step: it may be lost
or come twice, and what was refused may be sent again once the cause is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.packages.conversation import RECEIPT, REFUSAL, StepKind
from caseapp.domain.packages.parcel import Fault, Parcel
from caseapp.domain.roles import Role
from caseapp.models.package_refusal import PackageRefusal
from caseapp.queries.case_images import load_stored
from caseapp.queries.case_page import organ_name
from caseapp.queries.package_matters import Matter
from caseapp.queries.staff import staff_of
from caseapp.services import notify, package_lines, package_rows
from caseapp.services.access_log import note_export
from caseapp.services.package_send import Package, sealed
from caseapp.services.unit_of_work import Unit

_TABLE = PackageRefusal.__table__
_ANOTHER_ORGAN = "wrong_receiver"


def may_be_told(parcel: Parcel, faults: Sequence[Fault]) -> bool:
    """Return whether a refusal goes back: the seal is good, and the package was for an organ here.

    faults  why it is refused
    """
    kinds = (RECEIPT, REFUSAL)
    return (
        not parcel.faults
        and parcel.manifest["kind"] not in kinds
        and all(fault.code != _ANOTHER_ORGAN for fault in faults)
    )


def keep(ctx: Context, unit: Unit, parcel: Parcel, faults: Sequence[Fault]) -> None:
    """Keep why a package was refused; refused again, it is told why it was refused last."""
    told, first = parcel.manifest, faults[0]
    forget(unit, parcel.digest)
    unit.connection.execute(
        insert(PackageRefusal),
        {
            "digest": parcel.digest,
            **{name: told[name] for name in ("package", "matter", "sender", "receiver", "kind", "sequence")},
            "code": first.code,
            "zh": "；".join(fault.zh for fault in faults),
            "en": "; ".join(fault.en for fault in faults),
            "refused_at": ctx.now(),
        },
    )


def forget(unit: Unit, digest: str) -> None:
    """Forget that a package was refused: it was taken in since."""
    unit.connection.execute(delete(PackageRefusal).where(PackageRefusal.digest == digest))


def refusal_of(ctx: Context, digest: str, *, organ: str | None = None) -> Package:
    """Return the refusal of a package as a package. organ: only of one that was for this organ. raises NotFound"""
    query = select(_TABLE).where(_TABLE.c.digest == digest)
    row = ctx.session.execute(query if organ is None else query.where(_TABLE.c.receiver == organ)).first()
    if row is None:
        raise NotFound(Message(N_("没有这份拒收通知")))
    refused_at = row.refused_at.isoformat(timespec="seconds")
    told: dict[str, Any] = {
        "kind": REFUSAL,
        "of": {"sequence": row.sequence, "digest": f"sha256:{row.digest}", "package": row.package},
        "code": row.code,
        "reason": row.zh,
        "reason_en": row.en,
        "refused_at": refused_at,
    }
    package = package_rows.package_id(row.matter, row.receiver, row.sequence, f"{REFUSAL}|{row.digest}|{refused_at}")
    content, _digest = sealed(
        ctx, row.matter, row.receiver, row.sender, told, {}, package=package, kind=REFUSAL, sequence=row.sequence,
        made_at=refused_at,
    )  # fmt: skip
    note_export(ctx, "package", {"matter": row.matter, "package": package, "kind": REFUSAL}, rows=1)
    name = f"{row.receiver}-{row.matter[:8]}-{row.sequence:03d}-{REFUSAL}.zip"
    return Package(package, row.matter, REFUSAL, "", row.receiver, row.sender, row.sequence, name, content, 0)


def take(ctx: Context, unit: Unit, kept: Matter, parcel: Parcel) -> None:
    """Note that the other installation could not take in a step of ours, and tell those who made it."""
    step = parcel.step
    number, why = step["of"]["sequence"], str(step["reason"])
    package_rows.change_step(unit, kept.id, number, ours=True, status="refused", reason=why)
    told = {"organ": organ_name(ctx, kept.there), "why": {"zh": why, "en": str(step["reason_en"])}}
    text = Message(N_("%(organ)s未能接收移送数据包：%(why)s"), told)
    key = f"package:{kept.id}:refused:{parcel.digest[:16]}"
    if kept.case_id is not None:
        people = sorted(load_stored(ctx, kept.case_id).image.handlers)
        notify.tell(ctx, unit, people, kind="handoff", key=key, message=text, case_id=kept.case_id)
        return
    if kept.ours[number - 1].step.kind is StepKind.BEGINNING:
        package_lines.relist(ctx, unit, kept.id, turned_down=why)
    liaisons = [one.id for one in staff_of(ctx, kept.peer_organ).values() if Role.LIAISON in one.roles and one.active]
    notify.tell(ctx, unit, liaisons, kind="handoff", key=key, message=text)
