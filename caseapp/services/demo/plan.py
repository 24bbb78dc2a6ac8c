"""Which cases the demonstration year has: planned in full before the first is told, from the seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from caseapp.context import Law
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.events import legal_date
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
_QUIET: Final = 0.66
"""Towards the end of the year offices finish what they have begun: fewer leads in the last days of the period."""
MARKET_TOWNS: Final = frozenset({"320612", "320614"})
"""Divisions of the home-textile markets, where one piece of cloth can bear a mark and a pattern."""
_AT_HOME: Final = {"川姜家纺市场工作站": "320612", "叠石桥市场工作站": "320614"}
"""Channels that only one division has."""
REQUESTS: Final = frozenset({"patent_dispute", "mediation"})
"""Procedures that a party's request begins."""
_ALSO: Final = ("pat_sell", "uc_confusion")
_ALSO_TEXTILE: Final = (*_ALSO, "cr_pattern", "cr_pattern")


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
    shown: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """The first day of the year, and the first day on which only the newest cases come in."""

    since: date
    ordinary_until: date


def plan_year(law: Law, *, cases: int, seed: int, since: date, until: date) -> list[Telling]:
    """Return every case of the year in the order in which the leads come in; the same for the same arguments.

    cases  how many, at least one; since < until
    """
    chance = Random(f"{seed}:plan")  # noqa: S311 - a demonstration, not a secret
    shown = _shown(cases)
    calendar = law.calendar
    last = calendar.add_working_days(until, -WINDOW - 1) if shown else calendar.add_working_days(until, -1)
    days = _working_days(calendar, since, max(last, since))
    span = _Span(since, calendar.add_working_days(until, -WINDOW) if shown else until)
    drafts = _ordinaries(_told(cases - len(shown), since, until, chance), days, until, chance)
    drafts += [_shown_draft(item, max(calendar.add_working_days(until, -item.days), days[0])) for item in shown]
    drafts.sort(key=lambda draft: draft.on)
    tellings = []
    known: dict[str, list[PartyDraft]] = {}
    for ordinal, draft in enumerate(drafts, start=1):
        own = Random(f"{seed}:{ordinal}")  # noqa: S311
        plan = _plan(draft, ordinal, law, own, known, f"{seed}:{ordinal}:course", span)
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
    once = fitting if len(fitting) <= count * 19 // 20 else chance.sample(fitting, count * 19 // 20)
    shares = list(accumulate(story.share for story in fitting))
    return [*once, *chance.choices(fitting, cum_weights=shares, k=count - len(once))]


def _working_days(calendar: WorkingCalendar, since: date, last: date) -> list[date]:
    span = [since + timedelta(days=offset) for offset in range((last - since).days + 1)]
    return [day for day in span if calendar.is_working(day)] or [since]


def _ordinaries(stories: Sequence[Story], days: Sequence[date], until: date, chance: Random) -> list[_Draft]:
    """Return the ordinary cases. The first that may lie anywhere and be about anything go once round all organs and
    wrongs.
    """
    organs, wrongs = list(_ORGANS), list(_violations_at(""))
    drafts = []
    for story in stories:
        if not story.organs and not story.violations and organs:
            story = replace(story, organs=(organs.pop(),))
        elif not story.organs and not story.violations and wrongs:
            market = chance.choice([organ for organ in _ORGANS if organ != COPYRIGHT_ORGAN])
            story = replace(story, organs=(market,), violations=(wrongs.pop(),))
        drafts.append(_ordinary(story, days, until, chance))
    return drafts


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


def _shown_draft(item: Showcase, on: date) -> _Draft:
    return _Draft(
        story=item.id,
        tell=item.tell,
        organ=item.organ,
        division=item.division,
        on=on,
        procedure=item.procedure,
        scale=item.scale,
        violations=item.violations,
        ip_type=None,
        officers=item.officers,
        shown=True,
    )


def _plan(
    draft: _Draft, ordinal: int, law: Law, chance: Random, known: dict[str, list[PartyDraft]], seed: str, span: _Span
) -> CasePlan:
    violation = violation_for(chance, draft.violations)
    requested = draft.procedure in REQUESTS
    source = "request" if requested else chance.choices(list(_SOURCES), list(_SOURCES.values()))[0]
    registered = _registered(draft, law.calendar, source, chance, span)
    on = legal_date(registered)
    late = 0 if draft.shown else chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 3))
    received = max(on - timedelta(days=late), min(span.since, on))
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
        channel=_channel(chance, source, draft.division, violation.others),
        campaigns=_campaigns(received, matter.platform is not None, chance),
        officers=draft.officers or (_panel if requested else _pair)(draft.organ, chance),
        papers=False,
        seed=seed,
    )


def _registered(draft: _Draft, calendar: WorkingCalendar, source: str, chance: Random, span: _Span) -> datetime:
    """Return when the lead is entered: in office hours, at times in the evening of a weekend or holiday."""
    if draft.shown:
        return instant(draft.on, 8, chance.randint(41, 58), chance.randint(0, 59))
    if source in ("inspection", "report") and chance.random() < 0.06:
        free = draft.on
        while calendar.is_working(free):
            free += timedelta(days=1)
        if free < span.ordinary_until:
            return instant(free, chance.randint(18, 20), chance.randint(0, 59), chance.randint(0, 59))
    return office_hour(draft.on, chance)


def _channel(chance: Random, source: str, division: str, others: bool) -> str:
    open_here = [item for item in CHANNELS[source] if _AT_HOME.get(item, division) == division]
    return chance.choice([item for item in open_here if others or item != "权利人来信"])


def _scale(violation: Violation, chance: Random) -> str:
    return SMALL if violation.identical or chance.random() < 0.6 else MIDDLE


def _also(violation: Violation, draft: _Draft, chance: Random) -> Violation | None:
    """Return a second wrong in one case of twelve: several rights in one hand (三合一)."""
    if violation.id not in ("tm_sell", "tm_similar") or draft.scale or draft.shown or chance.random() > 0.12:
        return None
    return VIOLATIONS[chance.choice(_ALSO_TEXTILE if draft.division in MARKET_TOWNS else _ALSO)]


def _campaigns(on: date, online: bool, chance: Random) -> tuple[str, ...]:
    """Return the campaigns a case of that day belongs to."""
    found = []
    if 3 <= on.month <= 8 and chance.random() < 0.45:
        found.append("huhang")
    if online and 5 <= on.month <= 11 and chance.random() < 0.5:
        found.append("shandian")
    if on.month >= 9 and chance.random() < 0.35:
        found.append("shuangda")
    return tuple(found)


def _panel(organ: str, chance: Random) -> tuple[int, ...]:
    """Return a panel of three, whose certificates are all good."""
    count = OFFICES[organ] - (1 if organ == EXPIRED_ORGAN else 0)
    return tuple(chance.sample(range(count), 3))


def _pair(organ: str, chance: Random) -> tuple[int, ...]:
    """Return the two officers in charge; those first in the list have more to do, one whose certificate runs out
    none.
    """
    count = OFFICES[organ] - (1 if organ == EXPIRED_ORGAN else 0)
    lead = chance.choices(range(count), [5, 4, 3, 3, 2][:count])[0]
    return lead, chance.choice([place for place in range(count) if place != lead])
