"""Reading single values of a record: each getter returns a value of the wanted shape or refuses with its path.

Dates and instants are read here for every kind of outside data, so that a day means the same in an exchange file, an
event log and a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE, Json, Precision
from caseapp.domain.money import fen, yuan

Word = TypeVar("Word", bound=StrEnum)

NUMBER_KEY = "$number"
"""Key under which a fraction among unknown values is kept as text: {"$number": "0.5"} is written back as 0.5."""
MAX_COUNT = 10**15
"""Largest number of things; it fits every database and every spreadsheet."""

_MAX_DEPTH = 16
_MAX_LIST = 1_000
_MAX_KEY = 200
_FIRST_YEAR = 1949
_ON = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_AT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
# What PostgreSQL does not store (NUL), what UTF-8 cannot write (lone surrogates) and what nobody can see.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class LegalDate:
    """A date as written: first day, how exactly it is known, and the text."""

    on: date
    precision: Precision
    text: str


def under(path: str, key: str | int) -> str:
    """Return the path of a key or list item below a path: amounts.turnover, milestones[2]."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def shown(value: object) -> str:
    """Return a value as a refusal quotes it: short, and on one line."""
    text = _UNWRITABLE.sub("\ufffd", str(value)).replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return text if len(text) <= 60 else f"{text[:57]}…"


def mapping_at(source: Mapping[str, object], key: str, path: str) -> Mapping[str, object]:
    """Return an object, or an empty one where it is absent or null."""
    value = source.get(key)
    if value is None:
        return {}
    return as_mapping(value, under(path, key))


def as_mapping(value: object, path: str) -> Mapping[str, object]:
    """Return a value that must be an object."""
    if not isinstance(value, Mapping):
        raise InputError(path, Message(N_("应为对象（{…}）")))
    return value


def list_at(source: Mapping[str, object], key: str, path: str = "") -> Sequence[object]:
    """Return a list, or an empty one where it is absent or null."""
    value = source.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise InputError(under(path, key), Message(N_("应为列表（[…]）")))
    if len(value) > _MAX_LIST:
        raise InputError(under(path, key), Message(N_("项目过多，最多 %(count)s 项"), {"count": _MAX_LIST}))
    return value


def text_at(source: Mapping[str, object], key: str, path: str = "", *, longest: int) -> str:
    """Return a text that must be there and not be blank."""
    value = optional_text_at(source, key, path, longest=longest)
    if value is None:
        raise InputError(under(path, key), Message(N_("缺少必填内容")))
    return value


def optional_text_at(source: Mapping[str, object], key: str, path: str = "", *, longest: int) -> str | None:
    """Return a text as it stands, or None where it is absent, null or blank."""
    value = source.get(key)
    if value is None:
        return None
    text = as_text(value, under(path, key), longest=longest)
    return text if text.strip() else None


def as_text(value: object, path: str, *, longest: int) -> str:
    """Return a value that must be a text: no unseen control characters, at most `longest` characters."""
    if not isinstance(value, str):
        raise InputError(path, Message(N_("应为文本（写在引号内）")))
    if len(value) > longest:
        raise InputError(path, Message(N_("文本过长，最多 %(count)s 个字符"), {"count": longest}))
    if _UNWRITABLE.search(value):
        raise InputError(path, Message(N_("含有无法保存的控制字符或残缺字符")))
    return value


def word(value: object, path: str, words: type[Word]) -> Word:
    """Return a member of a closed set of words."""
    for member in words:
        if member.value == value:
            return member
    known = ", ".join(member.value for member in words)
    raise InputError(
        path, Message(N_("“%(value)s”不在允许的取值之内：%(known)s"), {"value": shown(value), "known": known})
    )


def amount_fen(value: object, path: str) -> int:
    """Return an amount of yuan, written as a number with at most two decimals, in fen."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InputError(path, Message(N_("金额应为数字，例如 97353.00（不加引号）")))
    return fen(value, field=path)


def whole_number(value: object, path: str, *, least: int = 0) -> int:
    """Return a whole number from `least` on; 5.0 is one, 5.5 is none."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        value = int(value) if value.adjusted() < len(str(MAX_COUNT)) else MAX_COUNT + 1
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(path, Message(N_("应为整数")))
    if value < least:
        raise InputError(path, Message(N_("应为不小于 %(least)s 的整数"), {"least": least}))
    if value > MAX_COUNT:
        raise InputError(path, Message(N_("数量超出可以记录的范围")))
    return value


def legal_date(value: object, path: str) -> LegalDate:
    """Return a date written YYYY-MM-DD, YYYY-MM or YYYY: as precise as it is known."""
    match = _ON.fullmatch(value) if isinstance(value, str) else None
    if match is None or not isinstance(value, str):
        raise InputError(path, Message(N_("日期应写作 YYYY-MM-DD（只知月份写 YYYY-MM，只知年份写 YYYY）")))
    year, month, day = match["year"], match["month"], match["day"]
    try:
        on = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise InputError(path, Message(N_("没有“%(value)s”这一天"), {"value": value})) from None
    _refuse_ancient(on.year, path)
    return LegalDate(on, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR, value)


def whole_day(value: object, path: str) -> date:
    """Return a date of which the day is known."""
    told = legal_date(value, path)
    if told.precision is not Precision.DAY:
        raise InputError(path, Message(N_("日期应精确到日：YYYY-MM-DD")))
    return told.on


def instant(value: object, path: str, *, zone: tzinfo = LEGAL_ZONE) -> datetime:
    """Return an ISO 8601 instant as aware UTC; one without an offset is local time in `zone`."""
    if not isinstance(value, str) or not _AT.fullmatch(value):
        raise InputError(path, Message(N_("时刻应写作 ISO 8601 格式，例如 2025-03-12T09:00:00+08:00")))
    try:
        moment = datetime.fromisoformat(value)
        _refuse_ancient(moment.year, path)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(path, Message(N_("没有“%(value)s”这一时刻"), {"value": value})) from None


def time_zone(value: object, path: str) -> ZoneInfo:
    """Return a zone by its IANA name, e.g. Europe/Rome."""
    try:
        return ZoneInfo(as_text(value, path, longest=60))
    except (ValueError, KeyError, OSError):
        # A folder of the zone database (e.g. "Europe") is an OSError, a bad path a ValueError.
        raise InputError(path, Message(N_("没有名为“%(value)s”的时区"), {"value": shown(value)})) from None


def _refuse_ancient(year: int, path: str) -> None:
    if year < _FIRST_YEAR:
        raise InputError(path, Message(N_("日期早于 %(year)s 年，应为笔误"), {"year": _FIRST_YEAR}))


def as_json(value: object, path: str, depth: int = 0) -> Json:
    """Return any value as the ledger can hold it: no floats, every fraction as {"$number": text}."""
    if depth > _MAX_DEPTH:
        raise InputError(path, Message(N_("嵌套层数过多")))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return as_text(value, path, longest=1_000_000)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InputError(path, Message(N_("应为数字")))
        return {NUMBER_KEY: str(value)}
    if isinstance(value, list | tuple):
        return [as_json(item, under(path, index), depth + 1) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        if NUMBER_KEY in value:
            raise InputError(under(path, NUMBER_KEY), Message(N_("该键名由系统保留")))
        return {
            as_text(key, path, longest=_MAX_KEY): as_json(item, under(path, shown(key)), depth + 1)
            for key, item in value.items()
        }
    raise InputError(path, Message(N_("不是 JSON 可以表示的内容")))


def from_json(value: Json) -> object:
    """Return what `as_json` was given: fractions become Decimals again."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        number = value.get(NUMBER_KEY)
        if isinstance(number, str) and len(value) == 1:
            return Decimal(number)
        return {key: from_json(item) for key, item in value.items()}
    return value


def in_yuan(amount: int | None) -> Decimal | None:
    """Return fen as yuan with two decimals; unknown stays unknown."""
    return None if amount is None else yuan(amount)


def unknown_keys(source: Mapping[str, object], known: frozenset[str], path: str = "") -> dict[str, Json]:
    """Return the keys that have no meaning here, as the ledger can hold them, to be kept and handed on."""
    return {
        as_text(key, path, longest=_MAX_KEY): as_json(value, under(path, shown(key)))
        for key, value in source.items()
        if key not in known
    }


def refuse_unknown_keys(source: Mapping[str, object], known: frozenset[str], path: str) -> None:
    """Refuse keys that have no meaning where a slip of the pen would lose an amount or an answer."""
    for key in source:
        if key not in known:
            words = ", ".join(sorted(known))
            raise InputError(under(path, shown(key)), Message(N_("未知的键名，可用：%(known)s"), {"known": words}))
