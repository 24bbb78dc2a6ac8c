"""Reads `thresholds.yaml` of `workflows/` and of extra folders into the book of criminal limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from caseapp.adapters.amount_files import CONFIDENCES
from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.errors import DefinitionError, DefinitionProblem
from caseapp.domain.facts import MONEY_AMOUNTS, IpType
from caseapp.domain.thresholds.check import faults
from caseapp.domain.thresholds.rules import (
    FLAGS,
    MEASURES,
    PLURAL_OF,
    AddingUp,
    Condition,
    Grade,
    HalfLimit,
    HalfRule,
    Offence,
    Provision,
    RepeatRule,
    RuleSet,
    SuspicionRule,
    Threshold,
    ThresholdBook,
)

FILE: Final = "thresholds.yaml"
_TABLES: Final = frozenset(
    {"warn_at_percent", "texts", "sets", "one_source", "offences", "repeat", "adding_up", "suspicion",
     "no_penalty_instead", "halves", "thresholds"}
)  # fmt: skip
_CITED: Final = frozenset({"text", "article", "confidence"})
_DATED: Final = frozenset({"from", "to"})
_FEN_IN_YUAN: Final = 100
_TEXT_KEYS: Final = frozenset({"law", "source", "confidence", "from"})
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of law: its name, the source read, how surely it is known, its first day."""

    law: str
    source: str
    confidence: str
    first: date | None


@dataclass(slots=True)
class _Found:
    """What has been read so far, of every folder."""

    texts: dict[str, _Text] = field(default_factory=dict)
    sets: dict[str, RuleSet] = field(default_factory=dict)
    offences: dict[str, Offence] = field(default_factory=dict)
    adding_up: dict[str, AddingUp] = field(default_factory=dict)
    thresholds: list[tuple[str, str, Threshold]] = field(default_factory=list)
    halves: list[tuple[str, str, HalfRule]] = field(default_factory=list)
    single: dict[str, object] = field(default_factory=dict)


def load_thresholds(folders: Sequence[Path]) -> ThresholdBook:
    """Return the limits of all folders that have a `thresholds.yaml`.

    A later folder may add texts, sets, offences and rows, and versions of rows for other days; what an earlier one says
    it may repeat but not change.

    raises  DefinitionError with every problem: shape, unknown names, a row with two contents on one day, limits that
            contradict each other
    """
    found = _Found()
    problems: list[DefinitionProblem] = []
    for folder in folders:
        path = folder / FILE
        if not path.is_file():
            continue
        reader = Reader(str(path))
        try:
            _read(reader, reader.mapping(read_yaml(path), ""), found)
            reader.finish()
        except DefinitionError as wrong:
            problems += wrong.problems
    if problems:
        raise DefinitionError(problems)
    book = _book(found)
    places = {id(item): (file, place) for file, place, item in (*found.thresholds, *found.halves)}
    for fault in faults(book):
        file, place = places.get(id(fault.at), (_first_file(found, folders), "/"))
        problems.append(DefinitionProblem(file=file, path=place, problem=fault.problem, rule=fault.rule))
    if problems:
        raise DefinitionError(problems)
    return book


def _first_file(found: _Found, folders: Sequence[Path]) -> str:
    return next((file for file, _place, _item in found.thresholds), str(folders[0] / FILE if folders else FILE))


def _book(found: _Found) -> ThresholdBook:
    single = found.single
    book = ThresholdBook(
        sets=tuple(sorted(found.sets.values(), key=lambda item: item.first)),
        offences=tuple(found.offences.values()),
        thresholds=tuple(item for _file, _place, item in found.thresholds),
        halves=tuple(item for _file, _place, item in found.halves),
        adding_up=found.adding_up,
    )
    return replace(book, **single)  # type: ignore[arg-type]


def _read(reader: Reader, content: dict[str, object], found: _Found) -> None:
    for key in sorted(content.keys() - _TABLES):
        reader.wrong(f"/{key}", f"unknown key; known are {', '.join(sorted(_TABLES))}")
    _texts(reader, content, found)
    _sets(reader, content, found)
    for place, row in _rows(
        reader, content, "offences", {"id", "group", "ip_types", "plural", "only_with", "name", "note"}
    ):
        _add(reader, f"{place}/id", found.offences, reader.text(row, "id", place), _offence(reader, row, place))
    for place, row in _rows(reader, content, "adding_up", {"set", "within_years", *_CITED}):
        set_id = _known(reader, row, "set", place, found.sets)
        years = None if row.get("within_years") is None else reader.whole_number(row, "within_years", place)
        rule = AddingUp(set_id, years, _provision(reader, row, place, found))
        _add(reader, f"{place}/set", found.adding_up, set_id, rule)
    _single(reader, content, found)
    for place, row in _rows(reader, content, "halves", {"offence", "set", "items", *_CITED, *_DATED}):
        pair = _half_rule(reader, row, place, found)
        same = [(file, old) for file, _place, old in found.halves if (old.offence, old.set) == (pair.offence, pair.set)]
        if _is_new(reader, place, pair, same):
            found.halves.append((reader.file, place, pair))
    keys = {"offence", "set", "grade", "measure", "condition", "limit", "needs", "crime_from", "fills_gap"}
    for place, row in _rows(reader, content, "thresholds", {*keys, *_CITED, *_DATED}):
        limit = _threshold(reader, row, place, found)
        versions = [(file, old) for file, _place, old in found.thresholds if old.key == limit.key]
        if _is_new(reader, place, limit, versions):
            found.thresholds.append((reader.file, place, limit))


def _rows(
    reader: Reader, content: dict[str, object], table: str, keys: set[str]
) -> Sequence[tuple[str, dict[str, object]]]:
    if table not in content:
        return ()
    return tuple(reader.rows(content[table], f"/{table}", keys=frozenset(keys)))


def _add(reader: Reader, place: str, table: dict[str, _Item], name: str, item: _Item) -> None:
    old = table.setdefault(name, item)
    if old != item:
        reader.wrong(place, f"{name!r} is already defined otherwise; an extra folder cannot change it", rule="conflict")


def _is_new(
    reader: Reader,
    place: str,
    item: Threshold | HalfRule,
    versions: Sequence[tuple[str, Threshold | HalfRule]],
) -> bool:
    """Return whether a row is to be added; one that contradicts an earlier one on some day is a problem."""
    for file, old in versions:
        starts = old.last is None or item.first is None or item.first <= old.last
        ends = item.last is None or old.first is None or old.first <= item.last
        if not (starts and ends):
            continue
        if old != item or file == reader.file:
            reader.wrong(place, "this limit already has a version on the same days", rule="overlap")
        return False
    return True


def _texts(reader: Reader, content: dict[str, object], found: _Found) -> None:
    for name, value in reader.mapping(content.get("texts", {}), "/texts").items():
        place = f"/texts/{name}"
        row = reader.mapping(value, place)
        for key in sorted(row.keys() - _TEXT_KEYS):
            reader.wrong(f"{place}/{key}", f"unknown key; known are {', '.join(sorted(_TEXT_KEYS))}")
        source = row.get("source", "")
        text = _Text(
            law=reader.text(row, "law", place),
            source=source if isinstance(source, str) else "",
            confidence=_confidence(reader, row, place, ""),
            first=reader.first_day(row, "from", place),
        )
        _add(reader, place, found.texts, name, text)


def _sets(reader: Reader, content: dict[str, object], found: _Found) -> None:
    for place, row in _rows(reader, content, "sets", {"id", "name", "from"}):
        first = reader.first_day(row, "from", place)
        if first is None:
            reader.wrong(f"{place}/from", "the first day of a set is missing")
            continue
        set_id = reader.text(row, "id", place)
        zh, en = reader.both_languages(row, "name", place)
        if any(other.first == first and other.id != set_id for other in found.sets.values()):
            reader.wrong(f"{place}/from", "another set begins on the same day", rule="overlap")
        _add(reader, f"{place}/id", found.sets, set_id, RuleSet(set_id, {"zh": zh, "en": en}, first))


def _offence(reader: Reader, row: dict[str, object], place: str) -> Offence:
    zh, en = reader.both_languages(row, "name", place)
    note: Mapping[str, str] = {}
    if row.get("note") is not None:
        note = dict(zip(("zh", "en"), reader.both_languages(row, "note", place), strict=True))
    kinds = _words(reader, row, "ip_types", place, frozenset(kind.value for kind in IpType))
    plural = reader.optional_text(row, "plural", place) or ""
    if plural and plural not in PLURAL_OF:
        reader.wrong(f"{place}/plural", f"{plural!r} is none of {', '.join(sorted(PLURAL_OF))}")
    only_with = _words(reader, row, "only_with", place, MEASURES) if "only_with" in row else None
    return Offence(
        id=reader.text(row, "id", place),
        name={"zh": zh, "en": en},
        group=reader.text(row, "group", place),
        ip_types=kinds,
        plural=plural,
        note=note,
        only_with=only_with,
    )


def _single(reader: Reader, content: dict[str, object], found: _Found) -> None:
    """Read what there is only one of."""
    told: dict[str, object] = {}
    if "warn_at_percent" in content:
        told["warn_at_percent"] = percent = reader.whole_number(content, "warn_at_percent", "")
        if not 0 < percent <= 100:
            reader.wrong("/warn_at_percent", "a share between 1 and 100 is expected")
    for key in ("one_source", "repeat", "suspicion", "no_penalty_instead"):
        if key not in content:
            continue
        place = f"/{key}"
        row = reader.mapping(content[key], place)
        provision = _provision(reader, row, place, found)
        if key == "one_source":
            told["one_source_sets"] = _words(reader, row, "sets", place, frozenset(found.sets))
        elif key == "repeat":
            told[key] = RepeatRule(
                reader.whole_number(row, "years", place),
                _words(reader, row, "kinds", place),
                _words(reader, row, "other_kinds", place),
                provision,
            )
        elif key == "suspicion":
            first = reader.first_day(row, "from", place)
            if first is None:
                reader.wrong(f"{place}/from", "the first day is missing")
                continue
            told[key] = SuspicionRule(first, provision)
        else:
            told[key] = provision
    for name, value in told.items():
        _add(reader, f"/{name}", found.single, name, value)


def _threshold(reader: Reader, row: dict[str, object], place: str, found: _Found) -> Threshold:
    names = tuple(part.strip() for part in reader.text(row, "measure", place).split("+"))
    _measures(reader, names, f"{place}/measure")
    needs = reader.optional_text(row, "needs", place) or ""
    if needs and needs not in FLAGS:
        reader.wrong(f"{place}/needs", f"{needs!r} is none of {', '.join(FLAGS)}")
    first, last = _days(reader, row, place, found)
    return Threshold(
        offence=_known(reader, row, "offence", place, found.offences),
        set=_known(reader, row, "set", place, found.sets),
        grade=reader.word(row, "grade", place, Grade),
        measure=names,
        limit=_limit(reader, row, place, names),
        condition=reader.word(row, "condition", place, Condition),
        provision=_provision(reader, row, place, found),
        needs=needs,
        first=first,
        last=last,
        crime_from=reader.first_day(row, "crime_from", place),
        fills_gap=reader.truth(row, "fills_gap", place, default=False),
    )


def _half_rule(reader: Reader, row: dict[str, object], place: str, found: _Found) -> HalfRule:
    items: list[tuple[HalfLimit, ...]] = []
    listed = row.get("items")
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        item_place = f"{place}/items/{index}"
        halves = []
        for half_place, half in reader.rows(item, item_place, keys=frozenset({"measure", "limit", "condition"})):
            name = reader.text(half, "measure", half_place)
            _measures(reader, (name,), f"{half_place}/measure")
            limit = _limit(reader, half, half_place, (name,))
            halves.append(HalfLimit(name, limit, reader.word(half, "condition", half_place, Condition)))
        items.append(tuple(halves))
    if len(items) < 2 or not all(items):
        reader.wrong(f"{place}/items", "at least two items are expected, each with its half limits")
    first, last = _days(reader, row, place, found)
    return HalfRule(
        offence=_known(reader, row, "offence", place, found.offences),
        set=_known(reader, row, "set", place, found.sets),
        provision=_provision(reader, row, place, found),
        items=tuple(items),
        first=first,
        last=last,
    )


def _days(reader: Reader, row: dict[str, object], place: str, found: _Found) -> tuple[date | None, date | None]:
    """Return the days of a row; without its own first day it begins with its text."""
    text = row.get("text")
    named = found.texts.get(text) if isinstance(text, str) else None
    first = reader.first_day(row, "from", place) or (named.first if named else None)
    last = reader.last_day(row, "to", place)
    if first is not None and last is not None and last < first:
        reader.wrong(f"{place}/to", "the last day lies before the first")
    return first, last


def _limit(reader: Reader, row: dict[str, object], place: str, names: Sequence[str]) -> int:
    limit = reader.whole_number(row, "limit", place)
    return limit * _FEN_IN_YUAN if names and names[0] in MONEY_AMOUNTS else limit


def _measures(reader: Reader, names: Sequence[str], place: str) -> None:
    for name in names:
        if name not in MEASURES:
            reader.wrong(place, f"{name!r} is none of {', '.join(sorted(MEASURES))}")
    if len({name in MONEY_AMOUNTS for name in names}) > 1:
        reader.wrong(place, "money and numbers cannot be added")


def _known(reader: Reader, row: dict[str, object], key: str, place: str, table: Mapping[str, object]) -> str:
    name = reader.text(row, key, place)
    if name and name not in table:
        reader.wrong(f"{place}/{key}", f"{name!r} is none of {', '.join(table)}", rule="unknown-name")
    return name


def _words(
    reader: Reader, row: dict[str, object], key: str, place: str, known: frozenset[str] | None = None
) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        reader.wrong(f"{place}/{key}", "a list of words is expected")
        return ()
    for word in value:
        if known is not None and word not in known:
            reader.wrong(f"{place}/{key}", f"{word!r} is none of {', '.join(sorted(known))}", rule="unknown-name")
    return tuple(value)


def _provision(reader: Reader, row: dict[str, object], place: str, found: _Found) -> Provision:
    text = found.texts.get(_known(reader, row, "text", place, found.texts), _Text("", "", "uncertain", None))
    article = reader.text(row, "article", place)
    return Provision(text.law, article, _confidence(reader, row, place, text.confidence), text.source)


def _confidence(reader: Reader, row: dict[str, object], place: str, default: str) -> str:
    confidence = row.get("confidence", default)
    if confidence in CONFIDENCES:
        return str(confidence)
    reader.wrong(f"{place}/confidence", f"{confidence!r} is none of {', '.join(CONFIDENCES)}")
    return "uncertain"
