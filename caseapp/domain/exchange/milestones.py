"""Reading the milestones of a record, and the steps that are replayed in full."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE, MILESTONE_DETAILS, ClosingManner, MilestoneKind, Precision
from caseapp.domain.events import legal_date as legal_date_of
from caseapp.domain.exchange.history import recorded_times_decrease
from caseapp.domain.exchange.record import ZONE_DETAIL, ExchangeMilestone, ExchangeStep
from caseapp.domain.exchange.shapes import (
    MAX_COUNT,
    as_json,
    as_mapping,
    as_text,
    from_json,
    instant,
    legal_date,
    list_at,
    mapping_at,
    refuse_unknown_keys,
    shown,
    text_at,
    time_zone,
    under,
    whole_number,
    word,
)

_REQUIRED_DETAILS: Mapping[MilestoneKind, tuple[str, ...]] = {
    MilestoneKind.EXTENDED: ("n", "unit"),
    MilestoneKind.DECIDED: ("outcome",),
    MilestoneKind.TRANSFERRED: ("to",),
    MilestoneKind.CLOSED: ("manner",),
    MilestoneKind.MERGED: ("into",),
    MilestoneKind.SPLIT: ("from",),
}
_UNITS = ("days", "months")
_FRAME = frozenset({"kind", "on", "at", "recorded_at"})
_STEP_KEYS = frozenset({"action", "at", "actor", "fields"})

# As long as the columns that hold them (caseapp/models).
_WORD = 60
_OUTCOME = 40
_DETAIL = 200


def details_of(kind: MilestoneKind, source: Mapping[str, object], path: str) -> dict[str, str | int]:
    """Return the details of a milestone: those its kind requires, and whatever else is a text or a whole number.

    source  the milestone without kind, on, at and recorded_at; null is as good as absent
    raises  InputError
    """
    found: dict[str, str | int] = {}
    for key, value in source.items():
        if value is not None:
            found[as_text(key, path, longest=_WORD)] = _detail(key, value, under(path, key))
    for key in _REQUIRED_DETAILS.get(kind, ()):
        if key not in found:
            raise InputError(
                under(path, key), Message(N_("“%(kind)s”节点应当写明“%(key)s”"), {"kind": kind.value, "key": key})
            )
    return found


def _detail(key: str, value: object, path: str) -> str | int:
    if key == "n":
        return whole_number(value, path, least=1)
    if key == "manner":
        return word(value, path, ClosingManner).value
    if key == "unit":
        if value not in _UNITS:
            known = ", ".join(_UNITS)
            raise InputError(
                path, Message(N_("“%(value)s”不在允许的取值之内：%(known)s"), {"value": shown(value), "known": known})
            )
        return str(value)
    if key not in MILESTONE_DETAILS and isinstance(value, int) and not isinstance(value, bool):
        return whole_number(value, path, least=-MAX_COUNT)
    text = as_text(value, path, longest=_OUTCOME if key == "outcome" else _DETAIL)
    if not text.strip():
        raise InputError(path, Message(N_("缺少必填内容")))
    return text


def milestones_of(source: Mapping[str, object], *, now: datetime) -> tuple[ExchangeMilestone, ...]:
    """Return the milestones of a record in the order given. raises InputError."""
    told = list_at(source, "milestones")
    if not told:
        raise InputError("milestones", Message(N_("至少应有一个节点")))
    milestones = tuple(
        _milestone(as_mapping(item, under("milestones", index)), under("milestones", index), now)
        for index, item in enumerate(told)
    )
    wrong = recorded_times_decrease(milestones)
    if wrong is not None:
        raise InputError(f"milestones[{wrong}].recorded_at", Message(N_("记录时间早于排在前面的节点的记录时间")))
    return milestones


def steps_of(source: Mapping[str, object], *, now: datetime) -> tuple[ExchangeStep, ...]:
    """Return the steps of a record, which are replayed in full, in the order given. raises InputError."""
    return tuple(
        _step(as_mapping(item, under("steps", index)), under("steps", index), now)
        for index, item in enumerate(list_at(source, "steps"))
    )


def _milestone(source: Mapping[str, object], path: str, now: datetime) -> ExchangeMilestone:
    if source.get("kind") is None:
        raise InputError(under(path, "kind"), Message(N_("缺少必填内容")))
    kind = word(source["kind"], under(path, "kind"), MilestoneKind)
    on, at = source.get("on"), source.get("at")
    if (on is None) == (at is None):
        raise InputError(under(path, "on"), Message(N_("“on”（日期）与“at”（时刻）应当且只能写一个")))
    details = details_of(kind, {key: value for key, value in source.items() if key not in _FRAME}, path)
    zone = _zone(details, path, at)
    if at is None:
        told = legal_date(on, under(path, "on"))
        if told.on > legal_date_of(now):
            raise InputError(under(path, "on"), Message(N_("日期在未来")))
        recorded_at = _recorded_at(source, path, told.on, now)
        return ExchangeMilestone(kind, told.on, told.precision, told.text, recorded_at=recorded_at, details=details)
    moment = instant(at, under(path, "at"))
    _refuse_future(moment, under(path, "at"), now)
    return ExchangeMilestone(
        kind,
        moment.astimezone(zone).date(),
        Precision.INSTANT,
        at=moment,
        recorded_at=_recorded_at(source, path, legal_date_of(moment), now),
        details=details,
    )


def _zone(details: dict[str, str | int], path: str, at: object) -> ZoneInfo:
    """Return the zone of a milestone's legal date, and forget it where it is the usual one."""
    name = details.get(ZONE_DETAIL)
    if name is None:
        return LEGAL_ZONE
    zone = time_zone(name, under(path, ZONE_DETAIL))
    if at is None:
        raise InputError(under(path, ZONE_DETAIL), Message(N_("只有写明时刻（at）的节点才能写时区")))
    if zone.key == LEGAL_ZONE.key:
        del details[ZONE_DETAIL]
    return zone


def _recorded_at(source: Mapping[str, object], path: str, day: date, now: datetime) -> datetime | None:
    if source.get("recorded_at") is None:
        return None
    place = under(path, "recorded_at")
    moment = instant(source["recorded_at"], place)
    _refuse_future(moment, place, now)
    if legal_date_of(moment) < day:
        raise InputError(place, Message(N_("记录时间早于节点本身的日期")))
    return moment


def _refuse_future(moment: datetime, path: str, now: datetime) -> None:
    if moment > now:
        raise InputError(path, Message(N_("时刻在未来")))


def _step(source: Mapping[str, object], path: str, now: datetime) -> ExchangeStep:
    refuse_unknown_keys(source, _STEP_KEYS, path)
    if source.get("at") is None:
        raise InputError(under(path, "at"), Message(N_("缺少必填内容")))
    at = instant(source["at"], under(path, "at"))
    _refuse_future(at, under(path, "at"), now)
    fields = mapping_at(source, "fields", path)
    return ExchangeStep(
        action=text_at(source, "action", path, longest=_WORD),
        at=at,
        actor=text_at(source, "actor", path, longest=_DETAIL),
        fields={
            as_text(key, path, longest=_DETAIL): from_json(as_json(value, under(under(path, "fields"), key)))
            for key, value in fields.items()
        },
    )
