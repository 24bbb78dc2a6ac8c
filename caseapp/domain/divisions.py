"""Administrative divisions (GB/T 2260): names, and which code today stands for a code of the past.

Figures are told by today's divisions: a case of 港闸区 (320611) counts for 崇川区 (320613), which took it over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from caseapp.domain.errors import N_, InputError, Message

_CODE = re.compile(r"[0-9]{6}")
_PROVINCE_ENDING = "0000"
_CITY_ENDING = "00"


class DivisionKind(StrEnum):
    """What a division is."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    COUNTY_CITY = "county_city"
    """县级市."""
    STATISTICAL = "statistical"
    """A development zone with a code of the statistics office, none of GB/T 2260."""


@dataclass(frozen=True, slots=True)
class Division:
    """One code with its name and life.

    valid_from, valid_to  first and last day; None = open
    successor             the code that took it over, None while it lives
    """

    code: str
    name_zh: str
    name_en: str
    kind: DivisionKind
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    note: str = ""
    source: str = ""
    confidence: str = ""

    def in_force(self, on: date) -> bool:
        """Say whether the code was valid on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DivisionTable:
    """All provinces of the country and the divisions of the home city with their history.

    provinces  first two digits -> {"zh": …, "en": …}
    divisions  code -> Division
    home       code of the home city
    A well-formed code that is not in the table (another city's) is accepted everywhere and stands for itself.
    """

    provinces: Mapping[str, Mapping[str, str]]
    divisions: Mapping[str, Division]
    home: str
    _today: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Lists and figures ask for today's code of every case; walking the chain once is enough.
        object.__setattr__(self, "_today", {code: self._walk(code, None) for code in self.divisions})

    def is_well_formed(self, code: str) -> bool:
        """Say whether a code has six digits and begins with a province that exists."""
        return bool(_CODE.fullmatch(code)) and code[:2] in self.provinces

    def accept(self, code: str, *, field: str = "division") -> str:
        """Return a code that is well formed; else raise InputError naming the rule."""
        if not _CODE.fullmatch(code):
            raise InputError(field, Message(N_("行政区划代码应为 6 位数字（GB/T 2260）")))
        if code[:2] not in self.provinces:
            raise InputError(field, Message(N_("行政区划代码的前两位不是有效的省级代码（GB/T 2260）")))
        return code

    def current(self, code: str, on: date | None = None) -> str:
        """Return the code that stands for `code` on a day (default: today's codes); unknown codes stand for themselves.

        A code asked for before its own time is returned as it is: what it was split from or merged of is not one code.
        raises  InputError when the code is malformed
        """
        if on is None and code in self._today:
            return self._today[code]
        return self._walk(self.accept(code), on)

    def _walk(self, code: str, on: date | None) -> str:
        seen = {code}
        while (division := self.divisions.get(code)) is not None and division.successor is not None:
            if on is not None and (division.valid_to is None or on <= division.valid_to):
                break
            code = division.successor
            if code in seen:
                raise ValueError(f"the successors of {code} run in a circle")
            seen.add(code)
        return code

    def name(self, code: str) -> Mapping[str, str]:
        """Return the names {"zh": …, "en": …} of this very code; of an unknown one the province and the code."""
        division = self.divisions.get(code)
        if division is not None:
            return {"zh": division.name_zh, "en": division.name_en}
        province = self.provinces[self.accept(code)[:2]]
        if code.endswith(_PROVINCE_ENDING):
            return province
        return {"zh": f"{province['zh']}（{code}）", "en": f"{province['en']} ({code})"}

    def predecessors(self, code: str) -> tuple[str, ...]:
        """Return the codes that `code` directly took over, in the order of the codes."""
        return tuple(sorted(item.code for item in self.divisions.values() if item.successor == code))

    def within(self, code: str, ancestor: str) -> bool:
        """Say whether a division lies in another (or is it), old codes counted where they belong today."""
        today, whole = self.current(code), self.current(ancestor)
        if whole.endswith(_PROVINCE_ENDING):
            return today[:2] == whole[:2]
        if whole.endswith(_CITY_ENDING):
            return today[:4] == whole[:4]
        return today == whole

    def is_nantong(self, code: str) -> bool:
        """Say whether a division lies in the home city."""
        return self.within(code, self.home)

    def parts(self, on: date | None = None) -> tuple[Division, ...]:
        """Return the parts of the home city on a day (default: those with no end), in the order of the codes."""
        return tuple(
            item
            for code, item in sorted(self.divisions.items())
            if item.kind is not DivisionKind.CITY and (item.in_force(on) if on else item.valid_to is None)
        )


def division_problems(
    provinces: Mapping[str, Mapping[str, str]], divisions: Iterable[Division], home: str
) -> list[tuple[str, str]]:
    """Return what is wrong with a table as (place, problem): unknown provinces or successors, gaps, circles."""
    problems: list[tuple[str, str]] = []
    table: dict[str, Division] = {}
    for item in divisions:
        place = f"divisions/{item.code}"
        if item.code in table:
            problems.append((place, "the code is listed twice"))
        table[item.code] = item
        if not _CODE.fullmatch(item.code) or item.code[:2] not in provinces:
            problems.append((place, "not six digits that begin with a province of the table"))
        if item.valid_from and item.valid_to and item.valid_to < item.valid_from:
            problems.append((place, "it ends before it begins"))
        if (item.successor is None) != (item.valid_to is None):
            problems.append((place, "a code that ended needs a successor, and one that lives may not have any"))
    for item in table.values():
        if item.successor is None:
            continue
        place = f"divisions/{item.code}/successor"
        heir = table.get(item.successor)
        if heir is None:
            problems.append((place, f"successor {item.successor} is not in the table"))
        elif heir.valid_from and item.valid_to and heir.valid_from <= item.valid_to:
            problems.append((place, f"successor {item.successor} begins before {item.code} has ended"))
        if _runs_in_a_circle(item, table):
            problems.append((place, "the successors run in a circle"))
    if home not in table:
        problems.append(("home", f"home city {home} is not in the table"))
    return problems


def _runs_in_a_circle(start: Division, table: Mapping[str, Division]) -> bool:
    seen: set[str] = set()
    item: Division | None = start
    while item is not None and item.successor is not None:
        if item.code in seen:
            return True
        seen.add(item.code)
        item = table.get(item.successor)
    return False
