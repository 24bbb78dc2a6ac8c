"""The clocks of a proceeding as they stand: what the acts say, joined with the rules and the calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.compute import due
from caseapp.domain.clocks.rules import ClockRule, RuleBook, Span, Unit
from caseapp.domain.clocks.status import ClockRun, Ending, Status, status
from caseapp.domain.clocks.suspensions import Pause, is_paused, merge_pauses, pause_between
from caseapp.domain.events import start_of
from caseapp.domain.facts import ClockRecord, ExtensionRecord, PauseRecord, ProceedingImage
from caseapp.domain.workflow.situation import ClockView

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProceedingClock:
    """One clock of a proceeding: the rule version it runs under (law of its start day) and the run itself."""

    ordinal: int
    rule: ClockRule
    run: ClockRun

    def status(self, as_of: date) -> Status:
        """Return where it stands on that day."""
        return status(self.run, as_of)

    def paused(self) -> bool:
        """Return whether a pause without an end stops it now."""
        return self.run.stopped_on is None and any(pause.last is None for pause in self.run.pauses)


def clocks_of(
    proceeding: ProceedingImage, rules: RuleBook, calendar: WorkingCalendar, *, as_of: date | None = None
) -> tuple[ProceedingClock, ...]:
    """Return every clock of the proceeding in the order in which they started.

    as_of   the day on which open pauses are taken to end; without it a due date that an open pause holds back is
            unknown

    A clock whose rule was not in force on its start day is left out: no deadline bound that act. So is one whose rule
    yields to another that the same act started: of an old and a new text, the one in force on that day governs.
    """
    found = []
    for ordinal, record in enumerate(proceeding.clocks):
        rule = rules.find(record.rule, record.governed_on or record.started_on)
        if rule is not None and not _yields(record, rule, proceeding.clocks, rules):
            found.append(
                ProceedingClock(
                    ordinal, rule, _run(record, rule, proceeding.pauses, calendar, as_of, rules.pause_reasons)
                )
            )
    return tuple(found)


def _yields(record: ClockRecord, rule: ClockRule, clocks: tuple[ClockRecord, ...], rules: RuleBook) -> bool:
    return bool(rule.yields_to) and any(
        other.rule in rule.yields_to
        and other.started_on == record.started_on
        and rules.find(other.rule, other.started_on) is not None
        for other in clocks
    )


def views_of(clocks: tuple[ProceedingClock, ...]) -> tuple[ClockView, ...]:
    """Return the clocks as guards see them."""
    return tuple(
        ClockView(
            rule=clock.rule.id,
            started_on=clock.run.started_on,
            due_on=clock.run.due.on,
            ended_on=clock.run.stopped_on,
            met=None if clock.run.ending is None else clock.run.ending is Ending.MET,
        )
        for clock in clocks
    )


def pauses_for(
    rule: ClockRule, pauses: tuple[PauseRecord, ...], since: date, known_reasons: Collection[str]
) -> tuple[Pause, ...]:
    """Return the merged pauses that this rule leaves out, those before the clock's start dropped.

    known_reasons  the reasons that rules name at all

    An exclusion for a reason that no rule names ('other', or another system's words) counts where the rule leaves out
    any excluded time at all: whoever recorded it said that the law does not count it.
    """
    found = []
    for pause in pauses:
        counts = rule.pauses_for(pause.reason) or (pause.reason not in known_reasons and bool(rule.pauses_on))
        if counts and (pause.until is None or pause.until > since):
            between = pause_between(pause.first, pause.until)
            if between is not None:
                found.append(between)
    return merge_pauses(found)


def _run(
    record: ClockRecord,
    rule: ClockRule,
    pauses: tuple[PauseRecord, ...],
    calendar: WorkingCalendar,
    as_of: date | None,
    known_reasons: Collection[str],
) -> ClockRun:
    # What pauses after the clock has ended moves nothing: its due day is the one by which its end was judged.
    while_it_ran = tuple(pause for pause in pauses if record.ended_on is None or pause.first <= record.ended_on)
    stopping = pauses_for(rule, while_it_ran, record.started_on, known_reasons) if while_it_ran else ()
    # An hour clock whose start is known only by its day runs from the first instant of that day: never too long.
    started_at = record.started_at or start_of(record.started_on) if rule.unit is Unit.HOURS else None
    spans = tuple(span for extension in record.extensions if (span := _span(rule, extension)) is not None)
    until = as_of if as_of is not None else record.ended_on
    limit = due(
        rule,
        calendar=calendar,
        started_on=record.started_on,
        started_at=started_at,
        pauses=stopping,
        extension=spans,
        as_of=until,
    )
    ending = None if record.met is None else Ending.MET if record.met else Ending.ENDED
    ended_on = record.ended_on
    if rule.lapses and ending is None and limit.on is not None:
        ending, ended_on = Ending.ENDED, limit.on + _DAY  # nobody has to do anything for a right to be gone
    return ClockRun(
        rule_id=record.rule,
        started_on=record.started_on,
        due=limit,
        started_at=record.started_at,
        stopped_on=ended_on,
        stopped_at=record.ended_at,
        ending=ending,
        pauses=stopping,
        extensions=spans,
    )


def _span(rule: ClockRule, extension: ExtensionRecord) -> Span | None:
    if extension.unit == Unit.WORKING_DAYS.value:
        return Span(extension.n, Unit.WORKING_DAYS)
    return rule.extension_span(extension.n, "months" if extension.unit == "months" else "days")


def is_running_pause(clock: ProceedingClock, day: date) -> bool:
    """Return whether that day is left out of this clock's count."""
    return is_paused(day, clock.run.pauses)
