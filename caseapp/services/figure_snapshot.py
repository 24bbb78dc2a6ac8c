"""Freezing the figures of a quarter: what was reported stays as it was, whatever is learned or corrected later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import insert, select

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, InputError, Message
from caseapp.domain.events import Json, Stream
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.metrics.quarters import Quarter, last_ended
from caseapp.domain.organs import OrganKind, OrganLevel
from caseapp.models.figure_snapshot import FigureSnapshot
from caseapp.queries.closure import closure_rates
from caseapp.services import organ_keys
from caseapp.services.ledger import append_beside
from caseapp.services.unit_of_work import unit_of_work

KIND, FORMAT = "closure-figures", 1
BY = (Dimension.DIVISION, Dimension.IP_TYPE, Dimension.PROCEDURE)
"""By each of which a snapshot splits every policy."""


def freeze_last(ctx: Context) -> str | None:
    """Freeze the last quarter that is over, unless that was done. Returns its name, None where nothing was to do."""
    quarter = last_ended(ctx.today())
    return quarter.name if freeze(ctx, quarter) else None


def freeze(ctx: Context, quarter: Quarter) -> bool:
    """Sign the figures of a quarter as they are known now, and keep them. Returns False where that was done before.

    Signed by the city's authority, with the key it signs packages with; it is made where there is none yet.

    raises  InputError     the quarter is not over
            ExternalError  the installation keeps no keys, or has no authority of the city
    """
    if quarter.period.last >= ctx.today():
        raise InputError("quarter", Message(N_("%(quarter)s 尚未结束"), {"quarter": quarter.name}))
    if _is_frozen(ctx, quarter):
        return False
    organ = _authority(ctx)
    key, _made = organ_keys.create(ctx, organ)
    known_at = ctx.now()
    document = _document(ctx, quarter, organ)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    signature = organ_keys.ring(ctx).sign(key.key, text.encode())
    with unit_of_work(ctx) as unit:
        if _is_frozen(ctx, quarter):  # another process came first
            return False
        unit.connection.execute(
            insert(FigureSnapshot).values(
                quarter=quarter.name,
                known_at=known_at,
                made_at=ctx.now(),
                document=text,
                digest=digest,
                organ=organ,
                key=key.key,
                public_key=key.public_key,
                algorithm=key.algorithm,
                signature=signature.hex(),
            )
        )
        append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="figures_frozen",
            payload={"quarter": quarter.name, "digest": digest, "key": key.key},
        )
    return True


def _is_frozen(ctx: Context, quarter: Quarter) -> bool:
    query = select(FigureSnapshot.quarter).where(FigureSnapshot.quarter == quarter.name)
    return ctx.session.execute(query).first() is not None


def _authority(ctx: Context) -> str:
    found = (
        organ.id
        for organ in ctx.law.organs
        if organ.level is OrganLevel.CITY and organ.kind is OrganKind.IP_AUTHORITY and organ.in_force(ctx.today())
    )
    organ = next(found, None)
    if organ is None:
        raise ExternalError(Message(N_("没有设置市级知识产权管理部门，不能签署统计")))
    return organ


def _document(ctx: Context, quarter: Quarter, organ: str) -> Mapping[str, Json]:
    known_at, period = ctx.now(), quarter.period
    figures: list[Json] = []
    for policy_id in ctx.law.policies:
        policy = ctx.law.policy(policy_id, ctx.today())
        assert policy is not None
        bys = [(dimension,) for dimension in BY]
        figures_by = closure_rates(ctx, policy.reference, period, known_at=known_at, bys=bys, only_by=True)
        split = dict(zip(BY, figures_by, strict=True))
        parts: dict[str, Json] = {
            dimension.value: [
                {
                    "value": row.key[dimension],
                    "numerator": row.numerator,
                    "denominator": row.denominator,
                    "imprecise": row.imprecise,
                }
                for row in figure.rows
            ]
            for dimension, figure in split.items()
        }
        total = split[Dimension.DIVISION].total
        figures.append(
            {
                "policy": policy.id,
                "version": policy.version,
                "digest": policy.digest(),
                "target": None if policy.target is None else str(policy.target),
                "total": {
                    "numerator": total.numerator,
                    "denominator": total.denominator,
                    "imprecise": total.imprecise,
                },
                "by": parts,
            }
        )
    return {
        "kind": KIND,
        "format": FORMAT,
        "organ": organ,
        "quarter": quarter.name,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "as_of": period.last.isoformat(),
        "known_at": known_at.isoformat(),
        "figures": figures,
    }
