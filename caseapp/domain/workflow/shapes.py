"""Reading what a YAML file holds by its shape: texts, numbers, lists and mappings, with the place of every fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Text

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the file, as a JSON pointer."""

    path: str = ""

    def __truediv__(self, key: object) -> Place:
        return Place(f"{self.path}/{key}")


class Shapes:
    """Getters that answer with a harmless value where the shape is wrong, and note the fault, so that reading goes
    on.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[DefinitionProblem] = []

    def wrong(self, place: Place, problem: str, rule: str = "schema") -> None:
        self.problems.append(DefinitionProblem(self.file, place.path, problem, rule))

    def mapping(self, value: object, place: Place) -> Mapping[str, object]:
        if value is None:
            return {}
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return value
        self.wrong(place, "a mapping is expected")
        return {}

    def entries(self, value: object, place: Place) -> Iterator[tuple[str, object, Place]]:
        for key, item in self.mapping(value, place).items():
            yield key, item, place / key

    def items(self, value: object, place: Place) -> Iterator[tuple[object, Place]]:
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(place, "a list is expected")
            return
        for index, item in enumerate(value):
            yield item, place / index

    def one_or_many(self, value: object, place: Place) -> tuple[str, ...]:
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        return tuple(str(item) for item, _ in self.items(value, place))

    def names_with_conditions(self, value: object, place: Place) -> dict[str, tuple[str, tuple[object, ...]] | None]:
        """Read names, some as {name: {fact: one value or several}}: name -> (fact, values), None without one."""
        found: dict[str, tuple[str, tuple[object, ...]] | None] = {}
        for item, at in self.items([value] if isinstance(value, str) else value, place):
            if isinstance(item, str):
                found[item] = None
                continue
            for name, condition, here in self.entries(item, at):
                stated = list(self.mapping(condition, here).items())
                if len(stated) != 1:
                    self.wrong(here, "one fact of the form with its value is expected")
                    continue
                fact, wanted = stated[0]
                found[name] = (fact, tuple(wanted) if isinstance(wanted, list) else (wanted,))
        return found

    def string(self, value: object, place: Place) -> str:
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(place, "a text is expected")
        return ""

    def text(self, value: object, place: Place) -> Text:
        words = self.mapping(value, place)
        return Text(self.string(words.get("zh"), place / "zh"), self.string(words.get("en"), place / "en"))

    def maybe_text(self, value: object, place: Place) -> Text | None:
        return None if value is None else self.text(value, place)

    def truth(self, value: object, place: Place) -> bool:
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(place, "true or false is expected")
        return False

    def whole(self, value: object, place: Place) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.wrong(place, "a whole number is expected")
        return None

    def word(self, words: type[_Word], value: object, place: Place, default: _Word) -> _Word:
        for member in words:
            if member.value == value:
                return member
        if value is not None:
            rule = {Role: "unknown-role", MilestoneKind: "unknown-milestone"}.get(words, "schema")
            self.wrong(place, f"{value!r} is none of {', '.join(words)}", rule)
        else:
            self.wrong(place, "a value is missing")
        return default
