"""How a figure known at one instant differs from what is known of it at another, the cases that make the difference,
and the ledger entries that moved each of them: late recordings and corrections alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import EntryKind, MilestoneKind, legal_date
from caseapp.domain.metrics.closure import RateRow, Verdict
from caseapp.domain.metrics.periods import Window, window_of
from caseapp.domain.metrics.plain import STANDING, stands_by_closing
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.domain.metrics.restated import Turn, turns, verdict_at
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.milestone import MilestoneRow
from caseapp.queries.case_histories import CHUNK, due_dates
from caseapp.queries.closure import closure_rate, hold_still, policy_of, visible_closure
from caseapp.queries.figures import FigureQuestion
from caseapp.queries.told_histories import told_histories

_CLOSURE = ClosureCase.__table__.c
_MILESTONE = MilestoneRow.__table__.c
_ENTRY = LedgerEntry.__table__.c
KEEP = 200
"""Cases listed on a page."""
_OUT = (False, False)
_SIDES = {
    Verdict.OUT: _OUT,
    Verdict.IMPRECISE: _OUT,
    Verdict.DENOMINATOR: (False, True),
    Verdict.NUMERATOR: (True, False),
    Verdict.BOTH: (True, True),
}


@dataclass(frozen=True, slots=True)
class ChangingEntry:
    """A ledger entry that moved a case in a figure.

    seq        its number in the case's chain: anchor `entry-<seq>` of the case's timeline
    kind       of the entry (`EntryKind`); `milestone` which one it tells, None of a correction that takes one back
    on         legal date of what it tells
    reason     of a correction, else None
    """

    seq: int
    kind: str
    milestone: MilestoneKind | None
    on: date
    recorded_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class RestatedCase:
    """A case that stands elsewhere in the figure than it did.

    before, after   in the numerator, in the denominator
    was, now        the same in one word, which also tells what is left out for its imprecise dates
    entries         those that moved it, in the order in which they became known
    reason, corrected_at   of the last of them; the reason is '' where nothing was corrected but something told late
    """

    case_id: str
    key: str
    title: str
    before: tuple[bool, bool]
    after: tuple[bool, bool]
    reason: str
    corrected_at: datetime
    was: Verdict = Verdict.OUT
    now: Verdict = Verdict.OUT
    entries: tuple[ChangingEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure as it was known at an instant, and as it is known at a later one.

    before, after  the whole figure; they differ by exactly the cases counted in `moved`
    corrections    corrections among the entries of the cases listed
    cases          those that make the difference, by key; the first of them where a limit was set
    moved          how many there are
    """

    since: datetime
    before: RateRow
    after: RateRow
    corrections: int
    cases: tuple[RestatedCase, ...]
    until: datetime
    moved: int
    policy: MetricPolicy
    as_of: date


def restatement(ctx: Context, question: FigureQuestion, since: datetime, *, limit: int | None = KEEP) -> Restatement:
    """Return how what became known after `since`, up to the question's known-at, changed a figure.

    limit   how many cases are listed; None: all
    raises  InputError as `closure_rate`, and where `since` is not before that known-at
    """
    until = question.known_at or ctx.now()
    if since >= until:
        raise InputError("since", Message(N_("比较的起始时刻应当早于所知时刻")))
    policy = policy_of(ctx, question.policy, only_by=True)
    as_of = question.as_of or question.period.last
    window = window_of(question.period, as_of)
    hold_still(ctx)
    found = _moved(ctx, policy, window, since, until)
    before, after = (
        closure_rate(ctx, question.policy, question.period, as_of=as_of, known_at=at, only_by=True).total
        for at in (since, until)
    )
    names = _names(ctx, [case_id for case_id, _ in found])
    found.sort(key=lambda item: names[item[0]])
    shown = found[:limit]
    entries = _entries(ctx, dict(shown), since)
    cases = tuple(_restated(case_id, names[case_id], moves, entries[case_id]) for case_id, moves in shown)
    return Restatement(
        since=since,
        before=before,
        after=after,
        corrections=sum(entry.reason is not None for case in cases for entry in case.entries),
        cases=cases,
        until=until,
        moved=len(found),
        policy=policy,
        as_of=as_of,
    )


_Moves = tuple[Turn, ...]


def _moved(
    ctx: Context, policy: MetricPolicy, window: Window, since: datetime, until: datetime
) -> list[tuple[str, _Moves]]:
    due_of = due_dates(ctx.law)
    found = []
    conditions = [
        _CLOSURE.filed_on <= window.cut,
        *_may_have_moved(policy, window, since, until),
        *visible_closure(ctx),
    ]
    for case in told_histories(ctx, policy, window, conditions):
        history, told = case.history, case.told
        was, now = (verdict_at(history, told, policy, window, known_at=at, due_of=due_of) for at in (since, until))
        if was is not now:
            moves = turns(history, told, policy, window, since=since, until=until, due_of=due_of)
            found.append((history.case_key, moves))
    return found


def _may_have_moved(
    policy: MetricPolicy, window: Window, since: datetime, until: datetime
) -> Iterator[ColumnElement[bool]]:
    """Yield what holds of every case of which something that the policy reads became known in between."""
    if policy.reads() <= STANDING.keys():
        yield _CLOSURE.known_since > since
        return
    if policy.formula == "r4" and stands_by_closing(policy):
        # Whose closing was known in full before and lies elsewhere is in no R4, whatever else was learned.
        plain_elsewhere = and_(
            _CLOSURE.plain,
            _CLOSURE.known_since <= since,
            or_(_CLOSURE.closed_on.is_(None), not_(_CLOSURE.closed_on.between(window.first, window.cut))),
        )
        yield not_(plain_elsewhere)
    yield exists().where(
        _MILESTONE.case_id == _CLOSURE.case_id,
        _MILESTONE.on_date <= window.cut,
        or_(
            and_(_MILESTONE.recorded_at > since, _MILESTONE.recorded_at <= until),
            and_(_MILESTONE.superseded_at > since, _MILESTONE.superseded_at <= until),
        ),
    )


def _restated(case_id: str, names: tuple[str, str], moves: _Moves, entries: tuple[ChangingEntry, ...]) -> RestatedCase:
    was, now = moves[0].before, moves[-1].after
    return RestatedCase(
        case_id=case_id,
        key=names[0],
        title=names[1],
        before=_SIDES[was],
        after=_SIDES[now],
        reason=next((entry.reason for entry in reversed(entries) if entry.reason), ""),
        corrected_at=moves[-1].at,
        was=was,
        now=now,
        entries=entries,
    )


def _entries(ctx: Context, moves: Mapping[str, _Moves], since: datetime) -> Mapping[str, tuple[ChangingEntry, ...]]:
    """Return the entries that came at the turns of each case and tell, or take back, a milestone."""
    columns = (_ENTRY.chain, _ENTRY.seq, _ENTRY.kind, _ENTRY.occurred_at, _ENTRY.recorded_at, _ENTRY.payload)
    found: dict[str, list[ChangingEntry]] = {case_id: [] for case_id in moves}
    for some in _chunks(list(moves)):
        rows = ctx.session.execute(
            select(*columns)
            .where(_ENTRY.chain.in_(some), _ENTRY.recorded_at > since)
            .order_by(_ENTRY.chain, _ENTRY.recorded_at, _ENTRY.seq)
        )
        for row in rows:
            turn = next((turn for turn in moves[row.chain] if turn.at == row.recorded_at), None)
            if turn is not None and (row.kind == EntryKind.CORRECTED or row.seq in turn.told_by):
                found[row.chain].append(_entry(row.seq, row.kind, row.occurred_at, row.recorded_at, row.payload))
    return {case_id: tuple(entries) for case_id, entries in found.items()}


def _entry(seq: int, kind: str, occurred_at: datetime, recorded_at: datetime, payload: str) -> ChangingEntry:
    told = msgspec.json.decode(payload)
    wording = told.get("payload") or {} if kind == EntryKind.CORRECTED else told
    milestone = wording.get("milestone") or {}
    return ChangingEntry(
        seq=seq,
        kind=kind,
        milestone=MilestoneKind(milestone["kind"]) if milestone else None,
        on=date.fromisoformat(milestone["on"]) if milestone.get("on") else legal_date(occurred_at),
        recorded_at=recorded_at,
        reason=told.get("reason", "") if kind == EntryKind.CORRECTED else None,
    )


def _names(ctx: Context, case_ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    found = {}
    for some in _chunks(case_ids):
        for row in ctx.session.execute(
            select(CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title).where(
                CaseFile.id.in_(some)
            )
        ):
            found[row.id] = (row.external_id or row.number or row.lead_number or row.id, row.title)
    return found


def _chunks(case_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(case_ids), CHUNK):
        yield case_ids[start : start + CHUNK]
