"""Frozen figures beside what is known of the same quarters today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound, NotPermitted
from caseapp.domain.metrics.closure import RateRow
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.policy import Dimension
from caseapp.models.figure_snapshot import FigureSnapshot
from caseapp.queries.closure import closure_rate, visible_closure


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A frozen quarter in the list. total: of the headline policy"""

    quarter: str
    known_at: datetime
    digest: str
    total: RateRow


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A number as it was frozen, and as it is known today; `key` is '' for the whole."""

    value: str | None
    name: Mapping[str, str]
    frozen: RateRow
    today: RateRow

    @property
    def differs(self) -> bool:
        """Whether anything was learned since that moves it."""
        return _counts(self.frozen) != _counts(self.today)


@dataclass(frozen=True, slots=True)
class ComparedPolicy:
    """A policy of a frozen quarter, counted by the version of then; `reference` None: that version is gone."""

    id: str
    version: str
    reference: str | None
    name: Mapping[str, str]
    total: ComparedRow
    divisions: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen quarter beside today. sound: the document is what was signed, and its signature is that of the key."""

    quarter: str
    period: Period
    as_of: date
    known_at: datetime
    organ: str
    organ_name: Mapping[str, str]
    key: str
    algorithm: str
    digest: str
    sound: bool
    policies: tuple[ComparedPolicy, ...]


def snapshots(ctx: Context, policy_id: str) -> tuple[SnapshotLine, ...]:
    """Return the frozen quarters, the newest first.

    raises  NotPermitted  who does not see all cases of the city does not see its sums either
    """
    _whole_city(ctx)
    rows = ctx.session.execute(select(FigureSnapshot).order_by(FigureSnapshot.quarter.desc())).scalars()
    found = []
    for row in rows:
        figures = {figure["policy"]: figure for figure in json.loads(row.document)["figures"]}
        found.append(SnapshotLine(row.quarter, row.known_at, row.digest, _row({}, figures[policy_id]["total"])))
    return tuple(found)


def snapshot(ctx: Context, quarter: str) -> Snapshot:
    """Return a frozen quarter beside what is known of it now.

    raises  NotFound, NotPermitted as `snapshots`
    """
    row = _stored(ctx, quarter)
    document = json.loads(row.document)
    period = Period(date.fromisoformat(document["from"]), date.fromisoformat(document["to"]))
    return Snapshot(
        quarter=row.quarter,
        period=period,
        as_of=date.fromisoformat(document["as_of"]),
        known_at=row.known_at,
        organ=row.organ,
        organ_name=ctx.law.organs.get(row.organ).name,
        key=row.key,
        algorithm=row.algorithm,
        digest=row.digest,
        sound=_is_sound(ctx, row),
        policies=tuple(_compared(ctx, figure, period) for figure in document["figures"]),
    )


def signed_document(ctx: Context, quarter: str) -> Mapping[str, Any]:
    """Return what others check the snapshot with: the signed text, its signature and the public key."""
    row = _stored(ctx, quarter)
    return {
        "document": row.document,
        "digest": row.digest,
        "organ": row.organ,
        "key": row.key,
        "public_key": row.public_key,
        "algorithm": row.algorithm,
        "signature": row.signature,
    }


def _whole_city(ctx: Context) -> None:
    if visible_closure(ctx):
        raise NotPermitted(Message(N_("季度统计是全市的合计，只有可以看到全市案件的人员才能查看")))


def _stored(ctx: Context, quarter: str) -> FigureSnapshot:
    _whole_city(ctx)
    row = ctx.session.get(FigureSnapshot, quarter)
    if row is None:
        raise NotFound(Message(N_("没有这一季度的统计")))
    return row


def _is_sound(ctx: Context, row: FigureSnapshot) -> bool:
    text = row.document.encode()
    if f"sha256:{hashlib.sha256(text).hexdigest()}" != row.digest or ctx.ports.keys is None:
        return False
    return ctx.ports.keys.is_signed(row.public_key, text, bytes.fromhex(row.signature))


def _compared(ctx: Context, figure: Mapping[str, Any], period: Period) -> ComparedPolicy:
    reference = f"{figure['policy']}@{figure['version']}"
    policy = ctx.law.policy(reference, ctx.today())
    name = policy.name if policy is not None else {"zh": figure["policy"], "en": figure["policy"]}
    frozen = {part["value"]: _row({Dimension.DIVISION: part["value"]}, part) for part in figure["by"]["division"]}
    now: dict[str | None, RateRow] = {}
    total = _row({}, figure["total"])
    today = total
    if policy is not None:
        known = closure_rate(ctx, reference, period, by=(Dimension.DIVISION,), only_by=True)
        now = {row.key[Dimension.DIVISION]: row for row in known.rows}
        today = known.total
    else:
        now = dict(frozen)
    nothing = RateRow({}, 0, 0)
    return ComparedPolicy(
        id=figure["policy"],
        version=figure["version"],
        reference=reference if policy is not None else None,
        name=name,
        total=ComparedRow("", {"zh": "全市", "en": "City"}, total, today),
        divisions=tuple(
            ComparedRow(code, ctx.law.divisions.name(code or ""), frozen.get(code, nothing), now.get(code, nothing))
            for code in sorted(frozen.keys() | now.keys(), key=str)
        ),
    )


def _row(key: Mapping[Dimension, str | None], part: Mapping[str, Any]) -> RateRow:
    return RateRow(key, part["numerator"], part["denominator"], part["imprecise"])


def _counts(row: RateRow) -> tuple[int, int, int]:
    return row.numerator, row.denominator, row.imprecise
