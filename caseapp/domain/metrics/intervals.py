"""Time that the law does not count and time that was added, read off a case's milestones.

Which of it a limit heeds is the limit's own rule: here every pause keeps its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from caseapp.domain.events import MilestoneKind
from caseapp.domain.facts import ExtensionRecord, PauseRecord
from caseapp.domain.metrics.history import MilestoneFact

SUSPENSION = "suspension"
"""Reason of the pause between `suspended` and `resumed`."""
UNNAMED = "other"
"""Reason of an exclusion that gave none."""


def pauses(facts: Iterable[MilestoneFact]) -> tuple[PauseRecord, ...]:
    """Return the pauses in the order in which they began; those without an end are open (`until` None).

    facts   milestones in ledger order (`in_order`)

    `suspended` on A and `resumed` on C, or `excluded_from` on A and `excluded_until` on C, take out A up to and
    including the day before C. An end closes the latest open pause of its reason; `excluded_until` without a reason
    the latest open exclusion. An end with no beginning changes nothing. This is how a proceeding's own clocks pair
    them, so that a figure and a clock cannot disagree.
    """
    found: list[PauseRecord] = []
    for fact in facts:
        match fact.kind:
            case MilestoneKind.SUSPENDED:
                found.append(PauseRecord(SUSPENSION, fact.on))
            case MilestoneKind.EXCLUDED_FROM:
                found.append(PauseRecord(fact.reason or UNNAMED, fact.on))
            case MilestoneKind.RESUMED:
                _end(found, fact.on, reason=SUSPENSION)
            case MilestoneKind.EXCLUDED_UNTIL:
                _end(found, fact.on, reason=fact.reason)
            case _:
                pass
    return tuple(found)


def extensions(facts: Iterable[MilestoneFact]) -> tuple[ExtensionRecord, ...]:
    """Return the extensions granted, in the order of `facts`; one that does not say how long adds nothing."""
    return tuple(
        ExtensionRecord(fact.n, fact.unit or "days", fact.on)
        for fact in facts
        if fact.kind is MilestoneKind.EXTENDED and fact.n is not None
    )


def _end(found: list[PauseRecord], until: date, *, reason: str | None) -> None:
    for index in reversed(range(len(found))):
        pause = found[index]
        fits = pause.reason == reason if reason is not None else pause.reason != SUSPENSION
        if pause.until is None and fits:
            found[index] = replace(pause, until=until)
            return
