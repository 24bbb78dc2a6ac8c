"""Figures of transfers to the police over what the reader may know of them, and the transfers behind each number.

A reader of the house counts the cases in his sight, whole. A liaison counts what was sent to his organ, from the acts
that it knows of: `referral_share` holds no others. By an earlier knowledge the cases that have changed since are folded
anew from their ledgers (`queries.transfers_known`); which cases the reader sees is asked of today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.sql import literal

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import MilestoneKind
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import (
    Cell,
    Side,
    Term,
    Transfer,
    TransferFigures,
    cells_of,
    counted,
    transfer_figures,
)
from caseapp.domain.workflow.definition import Peer, Text
from caseapp.domain.workflow.referrals import REFERRAL
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.milestone import MilestoneRow
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.case_page import organ_name
from caseapp.queries.clock_list import run_of
from caseapp.queries.transfers_known import KnownTransfer, act_told, is_sent_exactly, known_transfers
from caseapp.queries.visibility import shared_referrals, visible_cases

Words = Mapping[str, str]
_COURSE = table_of(ReferralCourse).c
_SHARE = table_of(ReferralShare).c
_CASE = table_of(CaseFile).c
_CLOCK = table_of(ClockRun).c
_MILESTONE = table_of(MilestoneRow).c
_ENTRY = table_of(LedgerEntry).c
_SIDES: Mapping[Peer, Side] = {
    Peer.ORGAN: Side.HOUSE,
    Peer.POLICE: Side.POLICE,
    Peer.PROCURATORATE: Side.PROCURATORATE,
}


class Sight(StrEnum):
    """What is counted over."""

    CASES = "cases"
    """The cases that the reader may see, whole."""
    SHARED = "shared"
    """What was sent to the reader's organ, from the acts that it knows of."""


@dataclass(frozen=True, slots=True)
class TransferQuestion:
    """What is asked.

    organ, offence  one row of the figures, None for all
    known_at        an instant of the past, None = now
    """

    sight: Sight
    period: Period
    as_of: date
    organ: str | None = None
    offence: str | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A transfer behind a number. case_id: '' where the reader is a liaison; name: '' before it is open to him."""

    case_id: str
    proceeding_id: str
    name: str
    title: str
    organ: Words
    offence: str
    state: Text | None
    sent_on: date


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the rows come from for this reader."""

    rows: Select[Any]
    terms: Select[Any]
    is_shared: bool


def figures_of_transfers(ctx: Context, question: TransferQuestion) -> TransferFigures:
    """Return the figures of the question over what the reader may know of.

    raises  InputError  the day lies before the period
    """
    found = [known.transfer for known in transfers_known(ctx, question)]
    return transfer_figures(found, question.period, question.as_of)


def transfers_behind(ctx: Context, question: TransferQuestion, cell: Cell) -> tuple[TransferLine, ...]:
    """Return exactly the transfers that a number counts, the oldest first.

    raises  InputError  the day lies before the period
    """
    known = {one.transfer.key: one for one in transfers_known(ctx, question)}
    inside = counted((one.transfer for one in known.values()), question.period, question.as_of)
    keys = [transfer.key for transfer in inside if cell in cells_of(transfer, question.as_of)]
    lines = (line_of(ctx, known[key], question.as_of) for key in keys)
    return tuple(sorted(lines, key=lambda line: (line.sent_on, line.proceeding_id)))


def transfers_known(ctx: Context, question: TransferQuestion) -> Iterator[KnownTransfer]:
    """Yield the transfers of the question that the reader may know of, each as it was known.

    raises  InputError  the day lies before the period
    """
    if question.as_of < question.period.first:
        raise InputError("as_of", Message(N_("截至日不能早于期间的起始日")))
    is_shared = question.sight is Sight.SHARED
    yield from _stored(ctx, question)
    if question.known_at is None:
        return
    sides = _sides(ctx, shared_only=is_shared)
    limits = (shared_referrals(ctx), _SHARE.procedure == REFERRAL) if is_shared else (_COURSE.procedure == REFERRAL,)
    changed = select(_SHARE.case_id if is_shared else _COURSE.case_id).distinct()
    if not is_shared:
        changed = changed.join(table_of(CaseFile), _CASE.id == _COURSE.case_id).where(visible_cases(ctx))
    of_case = _SHARE.case_id if is_shared else _COURSE.case_id
    for case_id in ctx.session.execute(changed.where(*limits, _changed_since(of_case, question.known_at))).scalars():
        organ = ctx.actor.organ if is_shared else None
        for known in known_transfers(ctx, case_id, question.known_at, sides, organ=organ):
            if _is_asked(question, known.transfer):
                yield known


def _changed_since(case_id: Any, known_at: datetime) -> ColumnElement[bool]:
    return exists().where(_ENTRY.chain == case_id, _ENTRY.recorded_at > known_at)


def _is_asked(question: TransferQuestion, transfer: Transfer) -> bool:
    return (
        question.period.first <= transfer.sent_on <= min(question.period.last, question.as_of)
        and question.organ in (None, transfer.organ)
        and question.offence in (None, transfer.offence)
    )


def _stored(ctx: Context, question: TransferQuestion) -> Iterator[KnownTransfer]:
    """Yield the transfers as they are stored: of an earlier knowledge those of cases that have not changed since."""
    source = _shared(ctx, question) if question.sight is Sight.SHARED else _in_sight(ctx, question)
    terms: dict[str, list[Term]] = {}
    sides = _sides(ctx, shared_only=source.is_shared)
    for row in ctx.rows(source.terms.add_columns(*_CLOCK).where(_CLOCK.rule.in_(sorted(sides)))):
        terms.setdefault(row.proceeding_id, []).append(Term(sides[row.rule], run_of(row)))
    penalties = {} if source.is_shared else _penalties(ctx, source.rows)
    for row in ctx.rows(source.rows):
        acts = tuple(act_told(action, to, on) for action, to, on in msgspec.json.decode(row.acts))
        transfer = Transfer(
            key=row.key,
            organ=row.organ,
            offence=row.offence,
            sent_on=row.sent_on,
            acts=acts,
            terms=tuple(terms.get(row.key, ())),
            penalties=penalties.get(row.case_id, ()),
            sent_exactly=is_sent_exactly(acts),
        )
        name = row.number or row.lead_number or row.external_id or row.case_id
        yield KnownTransfer(transfer, row.case_id, name, row.title)


def _in_sight(ctx: Context, question: TransferQuestion) -> _Source:
    joined = table_of(ReferralCourse).join(table_of(CaseFile), _CASE.id == _COURSE.case_id)
    conditions = [
        _COURSE.procedure == REFERRAL,
        *_asked(question, _COURSE.sent_on, _CASE.organ_id, _COURSE.offence, _COURSE.case_id),
        visible_cases(ctx),
    ]
    rows = (
        select(
            _COURSE.case_id, _COURSE.proceeding_id.label("key"), _COURSE.offence, _COURSE.sent_on, _COURSE.acts,
            _CASE.organ_id.label("organ"), _CASE.number, _CASE.lead_number, _CASE.external_id, _CASE.title,
        )
        .select_from(joined)
        .where(*conditions)
    )  # fmt: skip
    clocks = and_(_CLOCK.case_id == _COURSE.case_id, _CLOCK.proceeding_id == _COURSE.proceeding_id)
    return _Source(
        rows, select().select_from(joined.join(table_of(ClockRun), clocks)).where(*conditions), is_shared=False
    )


def _shared(ctx: Context, question: TransferQuestion) -> _Source:
    conditions = [
        shared_referrals(ctx),
        _SHARE.latest,
        _SHARE.procedure == REFERRAL,
        *_asked(question, _SHARE.sent_on, _SHARE.sender_id, _SHARE.offence, _SHARE.case_id),
    ]
    rows = select(
        literal("").label("case_id"), _SHARE.proceeding_id.label("key"), _SHARE.offence, _SHARE.sent_on, _SHARE.acts,
        _SHARE.sender_id.label("organ"), literal("").label("number"), literal("").label("lead_number"),
        literal("").label("external_id"), _SHARE.title,
    ).where(*conditions)  # fmt: skip
    clocks = and_(_CLOCK.case_id == _SHARE.case_id, _CLOCK.proceeding_id == _SHARE.proceeding_id)
    # Who sent the matter on is not told of the clocks that have run since.
    terms = (
        select()
        .select_from(table_of(ReferralShare).join(table_of(ClockRun), clocks))
        .where(*conditions, _SHARE.until_on.is_(None))
    )
    return _Source(rows, terms, is_shared=True)


def _asked(
    question: TransferQuestion, sent_on: Any, organ: Any, offence: Any, case_id: Any
) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = [
        sent_on >= question.period.first,
        sent_on <= min(question.period.last, question.as_of),
    ]
    if question.organ is not None:
        limits.append(organ == question.organ)
    if question.offence is not None:
        limits.append(offence == question.offence)
    if question.known_at is not None:
        limits.append(~_changed_since(case_id, question.known_at))
    return limits


def _sides(ctx: Context, *, shared_only: bool) -> dict[str, Side]:
    """Return whom each term of a transfer binds: whoever takes the act that it waits for.

    shared_only  leave out the terms that no act between the organs started: they are the house's own
    """
    found: dict[str, Side] = {}
    for procedure in ctx.law.procedures.all():
        if procedure.id != REFERRAL:
            continue
        told = {rule for action in procedure.actions if action.sends is not None for rule in action.clocks.starts}
        for action in procedure.actions:
            sender = action.sends.sender if action.sends is not None else Peer.ORGAN
            if sender in _SIDES:
                found.update((rule, _SIDES[sender]) for rule in action.clocks.meets if not shared_only or rule in told)
    return found


def _penalties(ctx: Context, rows: Select[Any]) -> dict[str, tuple[date, ...]]:
    """Return the days on which a penalty was decided in the cases of a source."""
    cases = rows.with_only_columns(_COURSE.case_id).distinct().subquery()
    found: dict[str, list[date]] = {}
    for row in ctx.rows(
        select(_MILESTONE.case_id, _MILESTONE.on_date)
        .join(cases, cases.c.case_id == _MILESTONE.case_id)
        .where(
            _MILESTONE.kind == MilestoneKind.DECIDED.value,
            _MILESTONE.outcome == "penalty",
            _MILESTONE.superseded_at.is_(None),
        )
    ):
        found.setdefault(row.case_id, []).append(row.on_date)
    return {case_id: tuple(days) for case_id, days in found.items()}


def line_of(ctx: Context, known: KnownTransfer, as_of: date) -> TransferLine:
    """Return a transfer as lists show it, as it stood on a day."""
    transfer = known.transfer
    last = next((act.to for act in reversed(transfer.acts) if act.on <= as_of), None)
    procedure = ctx.law.procedures.get(REFERRAL)
    states: Collection[str] = {state.id for state in procedure.states}
    return TransferLine(
        case_id=known.case_id,
        proceeding_id=transfer.key,
        name=known.name,
        title=known.title,
        organ=organ_name(ctx, transfer.organ),
        offence=transfer.offence,
        state=procedure.state(last).name if last is not None and last in states else None,
        sent_on=transfer.sent_on,
    )
