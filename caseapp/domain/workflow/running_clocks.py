"""What an entry does to a proceeding's clocks and to the time that does not count. Part of the fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from caseapp.domain.changing import changed
from caseapp.domain.events import Entry, Milestone, MilestoneKind, Precision
from caseapp.domain.facts import ClockRecord, ExtensionRecord, PauseRecord, ProceedingImage
from caseapp.domain.workflow.definition import Category, Procedure

Payload = Mapping[str, Any]


def pause_for(proceeding: ProceedingImage, milestone: Milestone, *, of: str = "") -> ProceedingImage:
    """Keep the time that does not count: suspensions and exclusions open and close here, whatever the action's name.

    of  the side proceeding that tells of it; it ends what it began, and nobody else does
    """
    kind = milestone.kind
    pauses = proceeding.pauses
    if kind is MilestoneKind.SUSPENDED:
        return changed(proceeding, pauses=(*pauses, PauseRecord("suspension", milestone.on)))
    if kind is MilestoneKind.EXCLUDED_FROM:
        return replace(
            proceeding,
            pauses=(*pauses, PauseRecord(str(milestone.detail("reason") or "other"), milestone.on, of=of)),
        )
    if kind is MilestoneKind.RESUMED:
        return changed(proceeding, pauses=_end_pause(pauses, milestone.on, "suspension", exact=True, of=of))
    if kind is MilestoneKind.EXCLUDED_UNTIL:
        reason = milestone.detail("reason")
        ended = _end_pause(pauses, milestone.on, str(reason or ""), exact=reason is not None, of=of)
        return changed(proceeding, pauses=ended)
    return proceeding


def _end_pause(
    pauses: tuple[PauseRecord, ...], until: date, reason: str, *, exact: bool, of: str
) -> tuple[PauseRecord, ...]:
    """End the latest open pause of that reason (any exclusion where no reason is given)."""
    for index in range(len(pauses) - 1, -1, -1):
        pause = pauses[index]
        fits = pause.reason == reason if exact else pause.reason != "suspension"
        if pause.until is None and fits and pause.of == of:
            return (*pauses[:index], replace(pause, until=until), *pauses[index + 1 :])
    return pauses


def start_clocks(proceeding: ProceedingImage, rules: Iterable[str], entry: Entry, on: date) -> ProceedingImage:
    """Start a clock for each rule on the day `on`."""
    if not entry.precision.is_exact:
        return proceeding  # a clock cannot run from a day that nobody knows
    at = entry.occurred_at if entry.precision is Precision.INSTANT else None
    started = tuple(ClockRecord(rule, on, at) for rule in rules)
    return changed(proceeding, clocks=(*proceeding.clocks, *started)) if started else proceeding


def run_clocks(proceeding: ProceedingImage, uses: Payload, entry: Entry, on: date) -> ProceedingImage:
    """Extend, end and start clocks as the act says; a closed proceeding has no running clock but those it starts."""
    at = entry.occurred_at if entry.precision is Precision.INSTANT else None
    meets, ends = set(uses.get("meets", ())), set(uses.get("ends", ()))
    closed = proceeding.category == Category.CLOSED
    exact = entry.precision.is_exact
    clocks, same = [], True
    for clock in proceeding.clocks:
        if clock.met is None and clock.rule in meets and exact:
            clock = replace(clock, ended_on=on, ended_at=at, met=True)
            same = False
        elif clock.met is None and (clock.rule in ends or clock.rule in meets or closed):
            clock = replace(clock, ended_on=on, ended_at=at, met=False)
            same = False
        clocks.append(clock)
    left = proceeding if same else changed(proceeding, clocks=tuple(clocks))
    return start_clocks(left, uses.get("starts", ()), entry, on)


def extend(
    proceeding: ProceedingImage, procedure: Procedure, told: Payload | None, payload: Payload, on: date
) -> ProceedingImage:
    """Grant extensions: an `extended` milestone to the handling clock, others to the clocks the act names."""
    details = (told or {}).get("details") or {}
    if told and told["kind"] == MilestoneKind.EXTENDED and "n" in details:
        unit = str(details.get("unit", "days"))
        proceeding = _lengthen(proceeding, set(procedure.handling_clock), ExtensionRecord(int(details["n"]), unit, on))
    for item in payload.get("extends", ()):
        proceeding = _lengthen(proceeding, {item["rule"]}, ExtensionRecord(item["n"], item["unit"], on))
    return proceeding


def _lengthen(proceeding: ProceedingImage, rules: set[str], extension: ExtensionRecord) -> ProceedingImage:
    """Lengthen the latest clock of each of the rules: of an old and a new text, which governs is settled by the day."""
    waiting, clocks = set(rules), list(proceeding.clocks)
    for index in range(len(clocks) - 1, -1, -1):
        clock = clocks[index]
        if clock.rule in waiting:
            waiting.discard(clock.rule)
            clocks[index] = replace(clock, extensions=(*clock.extensions, extension))
    return changed(proceeding, clocks=tuple(clocks))
