"""How figures of transfers differ from what was known of them earlier, and the transfers that make the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import EntryKind
from caseapp.domain.metrics.transfers import Cell, TransferFigures, cells_of, counted, transfer_figures
from caseapp.queries.case_images import entries_of
from caseapp.queries.transfer_figures import TransferLine, TransferQuestion, line_of, transfers_known
from caseapp.queries.transfers_known import KnownTransfer

KEEP = 200
"""Transfers that are listed at most."""


@dataclass(frozen=True, slots=True)
class MovedTransfer:
    """A transfer that is counted elsewhere than it was.

    before, after  where it stands in words (`TransferLine`), None where it was, or is, not counted
    gone, came     numbers that count it no more, and those that count it now
    recorded_at    when the last of what moved it was recorded; None where the reader may not look into the case
    reason         of a correction, '' where it was recorded late
    """

    before: TransferLine | None
    after: TransferLine | None
    gone: frozenset[Cell]
    came: frozenset[Cell]
    recorded_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class RestatedTransfers:
    """The figures by two knowledges of the same day. moved: at most `KEEP`, the latest recorded first; of `count`."""

    since: datetime
    until: datetime
    before: TransferFigures
    after: TransferFigures
    moved: tuple[MovedTransfer, ...]
    count: int


def restated_transfers(ctx: Context, question: TransferQuestion, since: datetime) -> RestatedTransfers:
    """Return how the figures of the question changed by what was recorded after `since`.

    raises  InputError as `figures_of_transfers`
    """
    until = question.known_at or ctx.now()
    sides = [_known(ctx, replace(question, known_at=at)) for at in (since, question.known_at)]
    before, after = sides
    figures = [
        transfer_figures((one.transfer for one in side.values()), question.period, question.as_of) for side in sides
    ]
    moved = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        old, new = _cells(was, question), _cells(now, question)
        if old != new:
            at, reason = _what_moved(ctx, (now or was), key, since, until)
            moved.append(
                MovedTransfer(
                    before=line_of(ctx, was, question.as_of) if was is not None else None,
                    after=line_of(ctx, now, question.as_of) if now is not None else None,
                    gone=old - new,
                    came=new - old,
                    recorded_at=at,
                    reason=reason,
                )
            )
    moved.sort(key=lambda one: one.recorded_at or since, reverse=True)
    return RestatedTransfers(since, until, figures[0], figures[1], tuple(moved[:KEEP]), len(moved))


def _known(ctx: Context, question: TransferQuestion) -> Mapping[str, KnownTransfer]:
    found = {one.transfer.key: one for one in transfers_known(ctx, question)}
    inside = counted((one.transfer for one in found.values()), question.period, question.as_of)
    return {transfer.key: found[transfer.key] for transfer in inside}


def _cells(known: KnownTransfer | None, question: TransferQuestion) -> frozenset[Cell]:
    return cells_of(known.transfer, question.as_of) if known is not None else frozenset()


def _what_moved(
    ctx: Context, known: KnownTransfer | None, key: str, since: datetime, until: datetime
) -> tuple[datetime | None, str]:
    """Return when the last entry between two instants was recorded that tells of the transfer, and why it corrects."""
    if known is None or not known.case_id:
        return None, ""
    entries = entries_of(ctx, known.case_id)
    of_it = {entry.seq for entry in entries if _tells_of(entry.payload, key)}
    at: datetime | None = None
    reason = ""
    for entry in entries:
        payload: Any = entry.payload
        is_correction = entry.kind == EntryKind.CORRECTED
        if since < entry.recorded_at <= until and (entry.seq in of_it or (is_correction and payload["entry"] in of_it)):
            at, reason = entry.recorded_at, str(payload.get("reason") or "") if is_correction else ""
    return at, reason


def _tells_of(payload: Mapping[str, Any], key: str) -> bool:
    begun = payload.get("proceeding")
    return key == (begun.get("id") if isinstance(begun, Mapping) else begun)
