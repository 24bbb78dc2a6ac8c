"""Clocks that ran before a proceeding was opened, such as the limitation of a request. Part of the fold.

Their start is told by a fact and not by an act: nothing of the case happened on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from caseapp.domain.changing import changed
from caseapp.domain.events import Json
from caseapp.domain.facts import ClockRecord, ExtensionRecord, ProceedingImage
from caseapp.domain.workflow.definition import EarlierClock


def ran_before(
    proceeding: ProceedingImage, clocks: Iterable[EarlierClock], facts: Mapping[str, Json]
) -> ProceedingImage:
    """Return the proceeding with each of the clocks as the facts tell it: met on the day it was opened.

    facts  what was entered just now, and that is the whole story: a clock whose start is not among it, or lies after
           the opening, is no longer there
    """
    for clock in clocks:
        proceeding = _told(proceeding, clock, facts)
    return proceeding


def _told(proceeding: ProceedingImage, clock: EarlierClock, facts: Mapping[str, Json]) -> ProceedingImage:
    began = _day(facts.get(clock.anew)) or _day(facts.get(clock.since))
    known = next((at for at, item in enumerate(proceeding.clocks) if item.rule == clock.rule), None)
    others = tuple(item for at, item in enumerate(proceeding.clocks) if at != known)
    if began is None or began > proceeding.opened_on:
        return changed(proceeding, clocks=others)
    longer = facts.get(clock.longer)
    days = longer if isinstance(longer, int) and longer > 0 else 0
    extensions = (ExtensionRecord(days, "days", proceeding.opened_on),) if days else ()
    opened = proceeding.opened_on
    record = ClockRecord(clock.rule, began, ended_on=opened, met=True, extensions=extensions, governed_on=opened)
    if known is None:
        return changed(proceeding, clocks=(*proceeding.clocks, record))
    return changed(proceeding, clocks=(*proceeding.clocks[:known], record, *proceeding.clocks[known + 1 :]))


def _day(value: Json) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
