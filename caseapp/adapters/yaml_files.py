"""YAML 1.2 as the definitions are written in it: read safely, refused with file and place when it is wrong.

`Reader` walks one parsed document and gathers every problem instead of stopping at the first.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from caseapp.domain.errors import DefinitionError, DefinitionProblem

Word = TypeVar("Word", bound=str)

_FILES_REMEMBERED = 64
"""A start reads about half as many; several of them for more than one reader."""

_PARTIAL_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")


def read_yaml(path: Path) -> object:
    """Return the content of a YAML 1.2 file as plain dicts, lists and scalars; duplicate keys are refused.

    raises  DefinitionError when the file is missing, no UTF-8 or no YAML
    """
    try:
        return deepcopy(_parsed(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError) as wrong:
        problem = DefinitionProblem(file=path.name, path="", problem=str(wrong), rule="unreadable")
        raise DefinitionError([problem]) from wrong


@lru_cache(maxsize=_FILES_REMEMBERED)
def _parsed(text: str) -> object:
    """Return the content of a text, parsed once: parsing takes many times as long as copying what came out."""
    return YAML(typ="safe", pure=True).load(text)


class Reader:
    """Takes values of the expected shape out of one file and remembers what was wrong where.

    Every getter returns a harmless value when the file is wrong, so that reading goes on; `finish` then raises.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[DefinitionProblem] = []

    def wrong(self, place: str, problem: str, *, rule: str = "schema") -> None:
        """Remember a problem at a place such as divisions/3/from."""
        self.problems.append(DefinitionProblem(file=self.file, path=place, problem=problem, rule=rule))

    def finish(self) -> None:
        """Raise DefinitionError when anything was wrong."""
        if self.problems:
            raise DefinitionError(self.problems)

    def mapping(self, value: object, place: str) -> dict[str, object]:
        """Return a mapping whose keys are texts."""
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
        self.wrong(place, "a mapping with texts as keys is expected (put codes in quotes)")
        return {}

    def rows(self, value: object, place: str, *, keys: frozenset[str]) -> Iterator[tuple[str, dict[str, object]]]:
        """Give each mapping of a list with its place; keys other than `keys` are refused: typing errors must show."""
        if not isinstance(value, list):
            self.wrong(place, "a list is expected")
            return
        for index, row in enumerate(value):
            row_place = f"{place}/{index}"
            content = self.mapping(row, row_place)
            for key in sorted(content.keys() - keys):
                self.wrong(f"{row_place}/{key}", f"unknown key; known are {', '.join(sorted(keys))}")
            yield row_place, content

    def text(self, row: dict[str, object], key: str, place: str) -> str:
        """Return a text that must be there and not be blank."""
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(f"{place}/{key}", "a text is expected (put codes and dates in quotes)")
        return ""

    def optional_text(self, row: dict[str, object], key: str, place: str) -> str | None:
        """Return a text, or None where it is absent or null."""
        return None if row.get(key) is None else self.text(row, key, place)

    def both_languages(self, row: dict[str, object], key: str, place: str) -> tuple[str, str]:
        """Return the Chinese and the English of a {zh: …, en: …}."""
        texts = self.mapping(row.get(key), f"{place}/{key}")
        return self.text(texts, "zh", f"{place}/{key}"), self.text(texts, "en", f"{place}/{key}")

    def word(self, row: dict[str, object], key: str, place: str, words: type[Word]) -> Word:
        """Return a member of a closed set of words."""
        members: list[Word] = list(words)  # type: ignore[call-overload]
        value = row.get(key)
        for member in members:
            if member == value:
                return member
        self.wrong(f"{place}/{key}", f"{value!r} is none of {', '.join(members)}")
        return members[0]

    def whole_number(self, row: dict[str, object], key: str, place: str, *, default: int | None = None) -> int:
        """Return a whole number ≥ 0, or the default where it is absent."""
        value = row.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.wrong(f"{place}/{key}", "a whole number from 0 is expected")
        return 0

    def truth(self, row: dict[str, object], key: str, place: str, *, default: bool) -> bool:
        """Return true or false, or the default where it is absent."""
        value = row.get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(f"{place}/{key}", "true or false is expected")
        return default

    def first_day(self, row: dict[str, object], key: str, place: str) -> date | None:
        """Return the first day of a date written as precisely as it is known: '2020-07' → 1 July; null → None."""
        span = self._span(row, key, place)
        return span[0] if span else None

    def last_day(self, row: dict[str, object], key: str, place: str) -> date | None:
        """Return the last day of a date written as precisely as it is known: '2020-06' → 30 June; null → None."""
        span = self._span(row, key, place)
        return span[1] if span else None

    def _span(self, row: dict[str, object], key: str, place: str) -> tuple[date, date] | None:
        value = row.get(key)
        if value is None:
            return None
        match = _PARTIAL_DATE.fullmatch(value) if isinstance(value, str) else None
        try:
            if match is None:
                raise ValueError
            year = int(match["year"])
            if match["month"] is None:
                return date(year, 1, 1), date(year, 12, 31)
            month = int(match["month"])
            if match["day"] is None:
                # date() first: monthrange has an error of its own for a month that does not exist.
                return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
            day = date(year, month, int(match["day"]))
        except ValueError:
            self.wrong(f"{place}/{key}", "a date in quotes is expected: '2020-07-01', '2020-07' or '2020'")
            return None
        return day, day


def schema_problems(validator: Draft202012Validator, document: object, file: str) -> Iterable[DefinitionProblem]:
    """Give what in a document breaks its schema, each with its place in the file."""
    for error in sorted(validator.iter_errors(document), key=lambda item: [str(part) for part in item.absolute_path]):
        best = error
        while best.context:
            best = max(best.context, key=lambda item: len(item.absolute_path))
        path = "".join(f"/{part}" for part in best.absolute_path)
        yield DefinitionProblem(file, path, best.message, "schema")
