"""Which cases the demonstration year has: planned in full before the first is told, from the seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from caseapp.context import Law
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.facts import IpType
from caseapp.services.case_intake import PartyDraft
from caseapp.services.demo.actor import CasePlan, Teller
from caseapp.services.demo.clock import instant, office_hour
from caseapp.services.demo.matter import MIDDLE, SMALL, make_matter, violation_for
from caseapp.services.demo.people import CITY_ORGAN, COPYRIGHT_ORGAN, EXPIRED_ORGAN, OFFICES
from caseapp.services.demo.showcase import SHOWCASES, WINDOW, Showcase
from caseapp.services.demo.stories import STORIES, Story
from caseapp.services.demo.violations import VIOLATIONS, Violation
from caseapp.services.demo.words import CHANNELS

NEWEST: Final = 20
"""So many of the newest cases have their papers issued."""

_ORGANS: Final = {
    "320612-ip": 23,
    "320614-ip": 18,
    "320613-ip": 17,
    "320682-ip": 8,
    "320681-ip": 8,
    "320623-ip": 6,
    "320685-ip": 6,
    "320671-ip": 5,
    CITY_ORGAN: 4,
    COPYRIGHT_ORGAN: 5,
}
_PATTERN_DIVISIONS: Final = {"320612": 5, "320614": 4, "320613": 2, "320671": 1}
_SOURCES: Final = {"inspection": 30, "complaint": 36, "report": 22, "transfer": 6, "assigned": 6}
_MONTHS: Final = (85, 60, 115, 120, 125, 115, 95, 90, 110, 105, 100, 90)
"""How many leads come in month by month, against each other."""
_QUIET_DAYS: Final = 75
_QUIET: Final = 0.62
"""Towards the end of the year offices finish what they have begun: fewer leads in the last days of the period."""
_ALSO: Final = ("pat_sell", "gi_name", "uc_confusion", "cr_pattern")


@dataclass(frozen=True, slots=True)
class Telling:
    """A planned case and the story that tells it."""

    plan: CasePlan
    tell: Teller


@dataclass(frozen=True, slots=True)
class _Draft:
    """What of a case is settled before its matter is made."""

    story: str
    tell: Teller
    organ: str
    division: str
    on: date
    procedure: str
    scale: str
    violations: tuple[str, ...]
    ip_type: IpType | None
    officers: tuple[int, ...]


def plan_year(law: Law, *, cases: int, seed: int, since: date, until: date) -> list[Telling]:
    """Return every case of the year in the order in which the leads come in; the same for the same arguments.

    cases  how many, at least one; since < until
    """
    chance = Random(f"{seed}:plan")  # noqa: S311 - a demonstration, not a secret
    shown = _shown(cases)
    calendar = law.calendar
    last = calendar.add_working_days(until, -WINDOW - 1) if shown else calendar.add_working_days(until, -1)
    days = _working_days(calendar, since, max(last, since))
    drafts = [_ordinary(story, days, until, chance) for story in _told(cases - len(shown), since, until, chance)]
    drafts += [_shown_draft(item, calendar, until) for item in shown]
    drafts.sort(key=lambda draft: draft.on)
    tellings = []
    known: dict[str, list[PartyDraft]] = {}
    for ordinal, draft in enumerate(drafts, start=1):
        own = Random(f"{seed}:{ordinal}")  # noqa: S311
        plan = _plan(draft, ordinal, law, since, own, known, f"{seed}:{ordinal}:course")
        tellings.append(Telling(plan, draft.tell))
    tellings.sort(key=lambda telling: telling.plan.registered_at)
    return [
        replace(telling, plan=replace(telling.plan, ordinal=place, papers=place > len(tellings) - NEWEST))
        for place, telling in enumerate(tellings, start=1)
    ]


def _shown(cases: int) -> list[Showcase]:
    """Return the newest cases: all of them from 120 cases on, fewer in a small demonstration."""
    count = min(len(SHOWCASES), cases // 6)
    return [SHOWCASES[place * len(SHOWCASES) // count] for place in range(count)]


def _told(count: int, since: date, until: date, chance: Random) -> list[Story]:
    """Return the stories of the ordinary cases: each once, the common ones by their share."""
    fitting = [story for story in STORIES if not story.fits_only or until - timedelta(days=story.latest) > since]
    once = fitting if len(fitting) <= count * 4 // 5 else chance.sample(fitting, count * 4 // 5)
    shares = list(accumulate(story.share for story in fitting))
    return [*once, *chance.choices(fitting, cum_weights=shares, k=count - len(once))]


def _working_days(calendar: WorkingCalendar, since: date, last: date) -> list[date]:
    span = [since + timedelta(days=offset) for offset in range((last - since).days + 1)]
    return [day for day in span if calendar.is_working(day)] or [calendar.on_or_after(since)]


def _ordinary(story: Story, days: Sequence[date], until: date, chance: Random) -> _Draft:
    organ = chance.choice(story.organs) if story.organs else _organ_for(story, chance)
    newest = until - timedelta(days=story.latest)
    oldest = until - timedelta(days=story.earliest) if story.earliest is not None else days[0]
    window = [day for day in days if oldest <= day <= newest] or [min(days, key=lambda day: abs(day - newest))]
    weights = [_MONTHS[day.month - 1] * (_QUIET if (until - day).days < _QUIET_DAYS else 1.0) for day in window]
    return _Draft(
        story=story.id,
        tell=story.tell,
        organ=organ,
        division=_division_of(organ, chance),
        on=chance.choices(window, weights)[0],
        procedure=story.procedure,
        scale=story.scale,
        violations=story.violations or _violations_at(organ),
        ip_type=story.ip_type,
        officers=story.officers,
    )


def _organ_for(story: Story, chance: Random) -> str:
    weights = dict(_ORGANS)
    if story.violations:
        del weights[COPYRIGHT_ORGAN]
    return chance.choices(list(weights), list(weights.values()))[0]


def _violations_at(organ: str) -> tuple[str, ...]:
    """Return what an organ deals with: copyright has its own."""
    if organ == COPYRIGHT_ORGAN:
        return ("cr_pattern",)
    return tuple(item.id for item in VIOLATIONS.values() if item.weight and item.id != "cr_pattern")


def _division_of(organ: str, chance: Random) -> str:
    if organ == COPYRIGHT_ORGAN:
        return chance.choices(list(_PATTERN_DIVISIONS), list(_PATTERN_DIVISIONS.values()))[0]
    return organ.removesuffix("-ip")


def _shown_draft(item: Showcase, calendar: WorkingCalendar, until: date) -> _Draft:
    return _Draft(
        story=item.id,
        tell=item.tell,
        organ=item.organ,
        division=item.division,
        on=calendar.add_working_days(until, -item.days),
        procedure=item.procedure,
        scale=item.scale,
        violations=item.violations,
        ip_type=None,
        officers=item.officers,
    )


def _plan(
    draft: _Draft, ordinal: int, law: Law, since: date, chance: Random, known: dict[str, list[PartyDraft]], seed: str
) -> CasePlan:
    violation = violation_for(chance, draft.violations)
    shown = not draft.officers or draft.story not in _SHOWN
    source = chance.choices(list(_SOURCES), list(_SOURCES.values()))[0]
    registered = _registered(draft, law.calendar, source, since, chance) if shown else office_early(draft.on, chance)
    on = registered.date()
    received = max(since, draft.on - timedelta(days=chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 3)))) if shown else draft.on
    received = min(received, on)
    known_here = known.setdefault(draft.division, [])
    repeated = chance.choice(known_here) if len(known_here) > 4 and chance.random() < 0.06 else None
    matter = make_matter(
        chance,
        violation=violation,
        ip_type=draft.ip_type or chance.choice(violation.ip_types),
        also=_also(violation, draft, chance),
        scale=draft.scale or _scale(violation, chance),
        division=draft.division,
        division_name=law.divisions.name(draft.division)["zh"],
        known=repeated,
        found_on=received,
    )
    known_here.append(matter.respondent)
    return CasePlan(
        ordinal=ordinal,
        story=draft.story,
        organ=draft.organ,
        division=draft.division,
        registered_at=registered,
        received_on=received,
        procedure=draft.procedure,
        matter=matter,
        source=source,
        channel=chance.choice(CHANNELS[source]),
        campaigns=_campaigns(received, matter.platform is not None, chance),
        officers=_pair(draft, chance),
        papers=False,
        seed=seed,
    )


_SHOWN: Final = frozenset(item.id for item in SHOWCASES)


def office_early(day: date, chance: Random):  # type: ignore[no-untyped-def]
    return office_hour(day, chance)


def _registered(draft: _Draft, calendar: WorkingCalendar, source: str, since: date, chance: Random):  # type: ignore[no-untyped-def]
    return instant(draft.on, 9)
