"""Figures of transfers to the police over what the reader may know of them, and the transfers behind each number.

A reader of the house counts the cases in his sight, whole. A liaison counts what was sent to his organ, from the acts
that it knows of: `referral_share` holds no others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.sql import literal

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import MilestoneKind
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import (
    Act,
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
from caseapp.models.milestone import MilestoneRow
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.case_page import organ_name
from caseapp.queries.clock_list import run_of
from caseapp.queries.visibility import shared_referrals, visible_cases

Words = Mapping[str, str]
_COURSE = table_of(ReferralCourse).c
_SHARE = table_of(ReferralShare).c
_CASE = table_of(CaseFile).c
_CLOCK = table_of(ClockRun).c
_MILESTONE = table_of(MilestoneRow).c
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
    """What is asked. organ, offence: one row of the figures, None for all."""

    sight: Sight
    period: Period
    as_of: date
    organ: str | None = None
    offence: str | None = None


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
    found = [transfer for transfer, _row in _transfers(ctx, question)]
    return transfer_figures(found, question.period, question.as_of)


def transfers_behind(ctx: Context, question: TransferQuestion, cell: Cell) -> tuple[TransferLine, ...]:
    """Return exactly the transfers that a number counts, the oldest first.

    raises  InputError  the day lies before the period
    """
    rows = {transfer.key: (transfer, row) for transfer, row in _transfers(ctx, question)}
    inside = counted((transfer for transfer, _row in rows.values()), question.period, question.as_of)
    keys = [transfer.key for transfer in inside if cell in cells_of(transfer, question.as_of)]
    lines = (_line(ctx, *rows[key], question.as_of) for key in keys)
    return tuple(sorted(lines, key=lambda line: (line.sent_on, line.proceeding_id)))


def _transfers(ctx: Context, question: TransferQuestion) -> Iterator[tuple[Transfer, Row[Any]]]:
    if question.as_of < question.period.first:
        raise InputError("as_of", Message(N_("截至日不能早于期间的起始日")))
    source = _shared(ctx, question) if question.sight is Sight.SHARED else _in_sight(ctx, question)
    terms: dict[str, list[Term]] = {}
    sides = _sides(ctx, shared_only=source.is_shared)
    for row in ctx.rows(source.terms.add_columns(*_CLOCK).where(_CLOCK.rule.in_(sorted(sides)))):
        terms.setdefault(row.proceeding_id, []).append(Term(sides[row.rule], run_of(row)))
    penalties = {} if source.is_shared else _penalties(ctx, source.rows)
    for row in ctx.rows(source.rows):
        yield (
            Transfer(
                key=row.key,
                organ=row.organ,
                offence=row.offence,
                sent_on=row.sent_on,
                acts=tuple(Act(action, to, date.fromisoformat(on)) for action, to, on in msgspec.json.decode(row.acts)),
                terms=tuple(terms.get(row.key, ())),
                penalties=penalties.get(row.case_id, ()),
            ),
            row,
        )


def _in_sight(ctx: Context, question: TransferQuestion) -> _Source:
    joined = table_of(ReferralCourse).join(table_of(CaseFile), _CASE.id == _COURSE.case_id)
    conditions = [
        _COURSE.procedure == REFERRAL,
        *_asked(question, _COURSE.sent_on, _CASE.organ_id, _COURSE.offence),
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
        *_asked(question, _SHARE.sent_on, _SHARE.sender_id, _SHARE.offence),
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


def _asked(question: TransferQuestion, sent_on: Any, organ: Any, offence: Any) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = [
        sent_on >= question.period.first,
        sent_on <= min(question.period.last, question.as_of),
    ]
    if question.organ is not None:
        limits.append(organ == question.organ)
    if question.offence is not None:
        limits.append(offence == question.offence)
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


def _line(ctx: Context, transfer: Transfer, row: Row[Any], as_of: date) -> TransferLine:
    last = next((act.to for act in reversed(transfer.acts) if act.on <= as_of), None)
    procedure = ctx.law.procedures.get(REFERRAL)
    known: Collection[str] = {state.id for state in procedure.states}
    return TransferLine(
        case_id=row.case_id,
        proceeding_id=transfer.key,
        name=row.number or row.lead_number or row.external_id or row.case_id,
        title=row.title,
        organ=organ_name(ctx, transfer.organ),
        offence=transfer.offence,
        state=procedure.state(last).name if last is not None and last in known else None,
        sent_on=transfer.sent_on,
    )
