"""A second, plain way to count closure rates: the definitions read off a case's life one after the other.

It exists to be compared with the figures that people see (`flask metrics verify`), so it shares neither code nor shape
with `closure.py`: no courses, no verdicts, no grouping. Only where a date is known to its month or year alone, and when
a handling limit ends, is asked of the parts that decide that everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product

from caseapp.domain.events import start_of
from caseapp.domain.metrics.closure import DueOf, Verdict, verdict_of
from caseapp.domain.metrics.courses import course_of
from caseapp.domain.metrics.history import CaseHistory, MilestoneFact
from caseapp.domain.metrics.intervals import extensions, pauses
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import Counts, MetricPolicy

Cell = tuple[str, str | None, str, str | None]
"""(division, kind of right, procedure, source)."""
Figure = tuple[str, str]
"""(id of the policy, name of the window)."""
Tally = tuple[int, int, int]
"""(numerator, denominator, left out as imprecise)."""
NONE: Tally = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """One window that is recounted; `name` is its month 'YYYY-MM' or its year 'YYYY'."""

    name: str
    window: Window


@dataclass(slots=True)
class Recount:
    """Running counts: of each figure as a whole, and of each of its cells; what is 0/0/0 is not there."""

    totals: dict[Figure, Tally] = field(default_factory=dict)
    cells: dict[Figure, dict[Cell, Tally]] = field(default_factory=dict)

    def add(
        self,
        history: CaseHistory,
        policies: Iterable[MetricPolicy],
        spans: Sequence[Span],
        *,
        known_at: datetime,
        due_of: DueOf,
    ) -> None:
        """Count one case in every figure; `spans` in the order of their first days."""
        if not history.counts:
            return
        for policy in policies:
            for span, tally in standing(history, policy, spans, known_at=known_at, due_of=due_of):
                figure = (policy.id, span.name)
                self.totals[figure] = _sum(self.totals.get(figure, NONE), tally)
                cells = self.cells.setdefault(figure, {})
                division = history.division_at(span.window.cut, known_at=known_at)
                kinds: Sequence[str | None] = tuple(dict.fromkeys(history.ip_types)) or (None,)
                for cell in product((division,), kinds, (history.procedure,), (history.source,)):
                    cells[cell] = _sum(cells.get(cell, NONE), tally)


def _sum(one: Tally, other: Tally) -> Tally:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def standing(
    history: CaseHistory, policy: MetricPolicy, spans: Sequence[Span], *, known_at: datetime, due_of: DueOf
) -> Iterator[tuple[Span, Tally]]:
    """Yield the spans in whose figure a case is, and what it adds to it."""
    life = [
        fact
        for fact in sorted(history.milestones, key=_when)
        if fact.recorded_at <= known_at and policy.effect_of(fact.kind, fact.manner) is not Counts.IGNORED
    ]
    filings = [fact.on for fact in life if policy.effect_of(fact.kind, fact.manner) is Counts.FILES]
    vague = [fact for fact in life if not fact.is_exact]
    if not filings and not vague:
        return
    born = min([*filings, *(fact.on for fact in vague)])
    doors = _doors(life, policy)
    rests = not vague and bool(doors) and doors[-1][1] and life[-1].on == doors[-1][0].on
    for span in spans:
        if span.window.cut < born:
            continue
        if rests and life[-1].on < span.window.first:
            return  # closed before, and nothing since: it is in no later figure
        if any(fact.on <= span.window.cut for fact in vague):
            tally = _vague(history, policy, span.window, known_at, due_of)
        else:
            tally = _exact(history, policy, life, doors, filings, span.window, due_of)
        if tally != NONE:
            yield span, tally


def _when(fact: MilestoneFact) -> tuple[date, datetime, int]:
    return fact.on, fact.at if fact.at is not None else start_of(fact.on), fact.seq


Door = tuple[MilestoneFact, bool]
"""A milestone by which a case was closed (True) or opened again (False)."""


def _doors(life: Sequence[MilestoneFact], policy: MetricPolicy) -> list[Door]:
    doors: list[Door] = []
    for fact in life:
        effect = policy.effect_of(fact.kind, fact.manner)
        if effect is Counts.CLOSES:
            doors.append((fact, True))
        elif effect is Counts.REOPENS or (effect is Counts.REOPENS_IF_CLOSED and doors and doors[-1][1]):
            doors.append((fact, False))
    return doors


def _exact(
    history: CaseHistory,
    policy: MetricPolicy,
    life: Sequence[MilestoneFact],
    doors: Sequence[Door],
    filings: Sequence[date],
    window: Window,
    due_of: DueOf,
) -> Tally:
    filed = [on for on in filings if on <= window.cut]
    if not filed:
        return NONE
    new = filed[0] >= window.first
    closing = _closing(doors, window.cut)
    closed_within = closing is not None and closing.on >= window.first
    match policy.formula:
        case "r1":
            return int(closed_within), int(new), 0
        case "r2":
            open_before = _closing(doors, window.first - timedelta(days=1)) is None
            again = any(not shut and window.first <= fact.on <= window.cut for fact, shut in doors)
            belongs = new or open_before or again
            return int(belongs and closing is not None), int(belongs), 0
        case "r3":
            return int(new and closing is not None), int(new), 0
        case "r4":
            if closing is None or not closed_within or not history.handling_clock:
                return NONE
            return int(_in_time(history, policy, life, closing, filed[0], due_of)), 1, 0
        case unknown:
            raise ValueError(f"no formula {unknown!r}")


def _closing(doors: Sequence[Door], day: date) -> MilestoneFact | None:
    """Return the closing by which a case is closed at the end of a day."""
    passed = [(fact, shut) for fact, shut in doors if fact.on <= day]
    return passed[-1][0] if passed and passed[-1][1] else None


def _in_time(
    history: CaseHistory,
    policy: MetricPolicy,
    life: Sequence[MilestoneFact],
    closing: MilestoneFact,
    filed_on: date,
    due_of: DueOf,
) -> bool:
    judged, before = closing, list(life[: life.index(closing)])
    for position in reversed(range(len(before))):
        if policy.effect_of(before[position].kind, before[position].manner) is Counts.DECIDES:
            judged, before = before[position], before[:position]
            break
    due_on = due_of(
        history.handling_clock,
        filed_on,
        pauses=pauses(before),
        extensions=extensions(before),
        as_of=judged.on,
    )
    return due_on is not None and judged.on <= due_on


def _vague(history: CaseHistory, policy: MetricPolicy, window: Window, known_at: datetime, due_of: DueOf) -> Tally:
    match verdict_of(course_of(history, policy, known_at=known_at), policy, window, due_of=due_of):
        case Verdict.IMPRECISE:
            return 0, 0, 1
        case Verdict.OUT:
            return NONE
        case counted:
            return int(counted in (Verdict.NUMERATOR, Verdict.BOTH)), int(counted is not Verdict.NUMERATOR), 0


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A number that people are shown and that the ledger does not bear out; `cell` None: of the whole figure."""

    policy: str
    window: str
    cell: Cell | None
    shown: Tally
    ledger: Tally


def compare(
    figure: Figure, recounted: Recount, total: Tally, cells: Mapping[Cell, Tally]
) -> Iterator[FigureDifference]:
    """Yield where a figure as shown is not what was recounted.

    total, cells   as shown; rows of 0/0 are not shown, whatever is left out of them as imprecise
    """
    policy, window = figure
    own = _as_shown(recounted.totals.get(figure, NONE))
    if own != _as_shown(total):
        yield FigureDifference(policy, window, None, total, own)
    counted = recounted.cells.get(figure, {})
    for cell in sorted(counted.keys() | cells.keys(), key=str):
        shown, ledger = _as_shown(cells.get(cell, NONE)), _as_shown(counted.get(cell, NONE))
        if shown != ledger:
            yield FigureDifference(policy, window, cell, shown, ledger)


def _as_shown(tally: Tally) -> Tally:
    return tally if tally[0] or tally[1] else NONE
