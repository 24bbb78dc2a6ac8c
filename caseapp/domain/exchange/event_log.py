"""Event logs of other systems (IEEE 1849 XES, or one event a row) as cases: what a mapping makes of raw events.

A mapping names every activity of the log. An activity is a milestone, an action of the procedure, or a note; one that
the mapping does not name refuses its case, for a slip of the pen would else lose acts in silence.

Case-level attributes are dates, not instants: the clock time some systems write beside them is often the midnight of a
form (a case that was filed at 01:06 and closed at 00:00 of the same day is no contradiction). So they become milestones
of a day.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from caseapp.domain.divisions import DivisionTable
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE, MilestoneKind, Precision
from caseapp.domain.events import legal_date as legal_date_of
from caseapp.domain.exchange.parse import division_of, external_id_of, ip_types_of, parse_external_id
from caseapp.domain.exchange.record import ZONE_DETAIL, ExchangeMilestone, ExchangeRecord
from caseapp.domain.exchange.shapes import as_text, instant, legal_date, shown

_SLASHED = re.compile(r"(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/(?P<day>[0-9]{2})")
_LISTED = re.compile(r"[\s,;|，；、]+")
_RANK = {kind: rank for rank, kind in enumerate(MilestoneKind)}
"""Milestones known by the day alone stand in this order within one day: registered first, closed last."""
_OPENING = frozenset({MilestoneKind.REGISTERED, MilestoneKind.FILED, MilestoneKind.SPLIT})
"""Known by the day alone, they stand before the events of that day; all others behind them."""


class Take(StrEnum):
    """Which of the events of one activity are meant; the others are kept as notes."""

    FIRST = "first"
    LAST = "last"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """A case-level date that is a milestone, with its constant details."""

    milestone: MilestoneKind
    details: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActivityRule:
    """What an activity is: a milestone or an action of the procedure (exactly one of the two)."""

    milestone: MilestoneKind | None = None
    action: str | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)
    take: Take = Take.ALL


@dataclass(frozen=True, slots=True)
class FromAttribute:
    """A value that each case brings along in this attribute (or column)."""

    name: str


@dataclass(frozen=True, slots=True)
class EventMapping:
    """How a log is read (INTERFACES §2).

    case        attribute (XES) or column (CSV) with the case id; `activity` and `time` those of the event
    zone        the zone whose local date is the legal date, and in which instants without an offset are
    attributes  case-level dates that are milestones; empty = did not happen
    activities  every activity of the log; None = keep as a note
    """

    case: str
    activity: str
    time: str
    procedure: str
    division: str | FromAttribute
    ip_types: tuple[str, ...] | FromAttribute
    activities: Mapping[str, ActivityRule | None]
    zone: ZoneInfo = LEGAL_ZONE
    organ: str | FromAttribute | None = None
    source: str | FromAttribute | None = None
    title: str | FromAttribute | None = None
    attributes: Mapping[str, AttributeRule] = field(default_factory=dict)

    @property
    def actions(self) -> frozenset[str]:
        """Return the ids of the actions that it names: the procedure must have them."""
        return frozenset(rule.action for rule in self.activities.values() if rule and rule.action)

    @property
    def case_attributes(self) -> tuple[str, ...]:
        """Return the names of all case-level attributes it reads beside the case id, none twice."""
        values = (self.division, self.ip_types, self.organ, self.source, self.title)
        named = [value.name for value in values if isinstance(value, FromAttribute)]
        return tuple(dict.fromkeys([*named, *self.attributes]))


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event as the file has it. `line` is its place in the file."""

    activity: str
    time: str
    line: int


@dataclass(frozen=True, slots=True)
class RawCase:
    """A case as the file has it, events in file order.

    attributes  case-level values; an empty one is as good as absent
    fault       what was wrong with it already when it was read
    """

    line: int
    case_id: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[RawEvent] = ()
    fault: Message | None = None


class ItemKind(StrEnum):
    """What an event became."""

    MILESTONE = "milestone"
    ACTION = "action"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class EventItem:
    """One thing that happened in a case, in the order of the case.

    on           legal date in the mapping's zone
    occurred_at  instant (UTC) that keeps the order: its own, or the start of its day moved up behind what stands before
                 it
    name         id of the action, or text of the note; '' for a milestone
    line         place in the file
    """

    kind: ItemKind
    on: date
    occurred_at: datetime
    precision: Precision
    line: int
    name: str = ""
    milestone: ExchangeMilestone | None = None


@dataclass(frozen=True, slots=True)
class EventCase:
    """A case of an event log, ready to be taken over.

    record      its facts, and the milestones among its items
    items       everything that happened, by time, ties in file order
    attributes  all case-level values of the log. They may name people: keep them out of the ledger
    """

    line: int
    record: ExchangeRecord
    items: tuple[EventItem, ...]
    attributes: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Return sha256 (hex) of what would be taken over: the same log imported again gives the same."""
        told = [
            [item.kind, item.on.isoformat(), item.occurred_at.isoformat(), item.name, _identity(item.milestone)]
            for item in self.items
        ]
        record = self.record
        facts = [record.procedure, record.division, record.ip_types, record.organ, record.source, record.title]
        return hashlib.sha256(json.dumps([facts, told], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EventLine:
    """One case of a log, or why it is none. Exactly one of `case` and `error` is set."""

    number: int
    external_id: str
    case: EventCase | None = None
    error: InputError | None = None


def assemble_all(
    cases: Iterable[RawCase], mapping: EventMapping, *, now: datetime, divisions: DivisionTable
) -> Iterator[EventLine]:
    """Give every case of a log as `assemble` makes it, refusals among them, one at a time."""
    for raw in cases:
        try:
            case = assemble(raw, mapping, now=now, divisions=divisions)
        except InputError as error:
            yield EventLine(raw.line, external_id_of({"external_id": raw.case_id}), error=error)
        else:
            yield EventLine(raw.line, case.record.external_id, case)


def assemble(raw: RawCase, mapping: EventMapping, *, now: datetime, divisions: DivisionTable) -> EventCase:
    """Return what the mapping makes of a raw case.

    now     aware; nothing may lie after it
    raises  InputError: an activity that the mapping does not name, a time that is none or lies ahead, a value the facts
            of a case cannot have, or nothing that the mapping takes over
    """
    if raw.fault is not None:
        raise InputError("", raw.fault)
    items = _placed(_items(raw, mapping), mapping.zone)
    _refuse_future(items, now)
    milestones = tuple(item.milestone for item in items if item.milestone is not None)
    if all(item.kind is ItemKind.NOTE for item in items):
        raise InputError("", Message(N_("没有任何节点或动作：映射把该案的全部活动都记为附注")))
    given = {"organ", "source", "title"} & {key for key in ("organ", "source", "title") if getattr(mapping, key)}
    record = ExchangeRecord(
        external_id=parse_external_id({"external_id": raw.case_id}),
        procedure=mapping.procedure,
        division=division_of(_value(mapping.division, raw) or None, divisions),
        ip_types=ip_types_of(_ip_types(mapping.ip_types, raw)),
        milestones=milestones,
        organ=_text(mapping.organ, raw, "organ", longest=40),
        source=_text(mapping.source, raw, "source", longest=60),
        title=_text(mapping.title, raw, "title", longest=400),
        given=frozenset({"division", "ip_types", *given}),
    )
    return EventCase(raw.line, record, items, dict(raw.attributes))


def read_moment(text: str, path: str, zone: ZoneInfo) -> tuple[date, datetime | None, Precision]:
    """Return (legal date, instant or None, precision) of a time in a log: an instant, or a date as precise as it is.

    Slashes do for hyphens in a date that begins with the year; other orders of day and month are refused, not guessed.
    """
    told = text.strip()
    if "/" in told:
        told = _SLASHED.sub(r"\g<year>-\g<month>-\g<day>", told, count=1)
    try:
        if len(told) > len("2025-01-01"):
            at = instant(told, path, zone=zone)
            return at.astimezone(zone).date(), at, Precision.INSTANT
        day = legal_date(told, path)
    except InputError as wrong:
        values = {"value": shown(text), "why": wrong.message}
        raise InputError(path, Message(N_("“%(value)s”不是可以识别的时间：%(why)s"), values)) from wrong
    return day.on, None, day.precision


@dataclass(frozen=True, slots=True)
class _Found:
    """An item before it has its place: `order` sorts it within its day."""

    kind: ItemKind
    on: date
    at: datetime | None
    precision: Precision
    line: int
    order: tuple[int, datetime, int]
    name: str = ""
    milestone: ExchangeMilestone | None = None


_NO_HOUR = datetime.min.replace(tzinfo=UTC)


def _items(raw: RawCase, mapping: EventMapping) -> list[_Found]:
    found = [
        _from_attribute(name, rule, raw, mapping.zone)
        for name, rule in mapping.attributes.items()
        if raw.attributes.get(name, "").strip()
    ]
    events = []
    for position, event in enumerate(raw.events):
        if event.activity not in mapping.activities:
            raise InputError("activities", Message(N_("活动“%(name)s”没有列入映射"), {"name": shown(event.activity)}))
        on, at, precision = read_moment(event.time, mapping.time, mapping.zone)
        start = datetime(on.year, on.month, on.day, tzinfo=mapping.zone).astimezone(UTC)
        order = (1, at or start, position)
        events.append(_Found(ItemKind.NOTE, on, at, precision, event.line, order, event.activity))
    events.sort(key=_key)
    taken = _taken(events, mapping)
    found += [_from_event(item, mapping) if index in taken else item for index, item in enumerate(events)]
    found.sort(key=_key)
    return found


def _key(item: _Found) -> tuple[date, tuple[int, datetime, int]]:
    return item.on, item.order


def _taken(events: Sequence[_Found], mapping: EventMapping) -> set[int]:
    """Return the positions of the events that their activity's rule takes; they stand by time already."""
    chosen: dict[str, list[int]] = {}
    for index, item in enumerate(events):
        rule = mapping.activities[item.name]
        if rule is None:
            continue
        places = chosen.setdefault(item.name, [])
        if rule.take is Take.LAST:
            places.clear()
        if rule.take is not Take.FIRST or not places:
            places.append(index)
    return {index for places in chosen.values() for index in places}


def _from_event(item: _Found, mapping: EventMapping) -> _Found:
    rule = mapping.activities[item.name]
    assert rule is not None, "only events of activities with a rule are taken"
    if rule.milestone is None:
        return _Found(ItemKind.ACTION, item.on, item.at, item.precision, item.line, item.order, rule.action or "")
    details = dict(rule.details)
    if item.at is not None and mapping.zone.key != LEGAL_ZONE.key:
        details[ZONE_DETAIL] = mapping.zone.key
    milestone = _milestone(rule.milestone, item.on, item.at, item.precision, details)
    return _Found(ItemKind.MILESTONE, item.on, item.at, item.precision, item.line, item.order, milestone=milestone)


def _from_attribute(name: str, rule: AttributeRule, raw: RawCase, zone: ZoneInfo) -> _Found:
    on, at, precision = read_moment(raw.attributes[name], name, zone)
    precision = precision if at is None else Precision.DAY
    order = (0 if rule.milestone in _OPENING else 2, _NO_HOUR, _RANK[rule.milestone])
    milestone = _milestone(rule.milestone, on, None, precision, rule.details)
    return _Found(ItemKind.MILESTONE, on, None, precision, raw.line, order, milestone=milestone)


def _milestone(
    kind: MilestoneKind, on: date, at: datetime | None, precision: Precision, details: Mapping[str, str | int]
) -> ExchangeMilestone:
    text = on.isoformat()
    if at is not None:
        text = ""
    elif precision is Precision.YEAR:
        text = text[:4]
    elif precision is Precision.MONTH:
        text = text[:7]
    return ExchangeMilestone(kind, on, precision, text, at=at, details=details)


def _placed(found: Sequence[_Found], zone: ZoneInfo) -> tuple[EventItem, ...]:
    items: list[EventItem] = []
    for item in found:
        occurred_at = item.at or datetime(item.on.year, item.on.month, item.on.day, tzinfo=zone).astimezone(UTC)
        if items and item.at is None and occurred_at <= items[-1].occurred_at:
            occurred_at = items[-1].occurred_at + timedelta(microseconds=1)
        items.append(EventItem(item.kind, item.on, occurred_at, item.precision, item.line, item.name, item.milestone))
    return tuple(items)


def _refuse_future(items: Sequence[EventItem], now: datetime) -> None:
    today = legal_date_of(now)
    for item in items:
        if item.on > today if item.precision is not Precision.INSTANT else item.occurred_at > now:
            raise InputError("", Message(N_("%(on)s 在未来"), {"on": item.on.isoformat()}))


def _value(value: str | FromAttribute | None, raw: RawCase) -> str:
    if isinstance(value, FromAttribute):
        return raw.attributes.get(value.name, "").strip()
    return value or ""


def _text(value: str | FromAttribute | None, raw: RawCase, path: str, *, longest: int) -> str | None:
    return as_text(_value(value, raw), path, longest=longest) or None


def _ip_types(value: tuple[str, ...] | FromAttribute, raw: RawCase) -> Sequence[str]:
    if isinstance(value, FromAttribute):
        return [word for word in _LISTED.split(raw.attributes.get(value.name, "")) if word]
    return value


def _identity(milestone: ExchangeMilestone | None) -> object:
    return None if milestone is None else milestone.identity
