"""Reads `clocks.yaml` of the definition folders into one checked book of deadline rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.clocks.rules import (
    ClockRule,
    Confidence,
    Direction,
    ExtensionRight,
    RuleBook,
    Unit,
    Words,
    no_words,
)
from caseapp.domain.errors import DefinitionError, DefinitionProblem

FILE_NAME = "clocks.yaml"

_TABLES = frozenset({"warn_at_percent", "units", "deciders", "pause_reasons", "texts", "no_clock", "clocks"})
_TEXT_KEYS = frozenset({"law", "edition", "from", "to", "source"})
_VERSION_KEYS = _TEXT_KEYS | {
    "text",
    "article",
    "also",
    "confidence",
    "name",
    "starts",
    "limit",
    "unit",
    "direction",
    "rolls",
    "extensions",
    "pauses_on",
    "consequence",
    "note",
    "warn_at_percent",
    "yields_to",
    "lapses",
}
_RULE_KEYS = _VERSION_KEYS | {"id", "aliases", "versions"}
_EXTENSION_KEYS = frozenset({"n", "unit", "by", "times", "note"})
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
_NOTHING: dict[str, object] = {}


@dataclass(slots=True)
class _Tables:
    """What the rules refer to, gathered from every file before the first rule is read."""

    units: dict[str, Unit] = field(default_factory=dict)
    deciders: dict[str, Words] = field(default_factory=dict)
    pause_reasons: dict[str, Words] = field(default_factory=dict)
    no_clock: dict[str, Words] = field(default_factory=dict)
    texts: dict[str, dict[str, object]] = field(default_factory=dict)


def load_rule_book(folders: Sequence[Path]) -> RuleBook:
    """Return the deadline rules of `clocks.yaml` in the first folder with those that later folders add.

    folders  the shipped `workflows/` first, then those of CASEAPP_WORKFLOWS; a later one needs no such file. A later
             file may use the texts, deciders and reasons of an earlier one, and may settle the reading of a unit anew

    raises   DefinitionError with every problem: wrong shape, unknown names, an id and start day with two contents, two
             versions in force on one day
    """
    problems: list[DefinitionProblem] = []
    files: list[tuple[Reader, dict[str, object]]] = []
    for index, folder in enumerate(folders):
        path = folder / FILE_NAME
        if index == 0 or path.exists():
            reader = Reader(str(path))
            try:
                files.append((reader, reader.mapping(read_yaml(path), "")))
            except DefinitionError as unreadable:
                problems.extend(unreadable.problems)
    tables = _Tables()
    for reader, content in files:
        _read_tables(content, reader, tables)
    rules: dict[tuple[str, date | None], ClockRule] = {}
    aliases: dict[str, str] = {}
    for reader, content in files:
        _read_rules(content, reader, tables, rules)
    ids = {rule_id for rule_id, _ in rules}
    for rule in rules.values():
        for other in set(rule.yields_to) - ids:
            files[0][0].wrong(f"clocks/{rule.id}/yields_to", f"there is no clock {other}", rule="unknown-name")
    for reader, content in files:
        _read_aliases(content, reader, ids, aliases)
    for reader, _ in files:
        problems.extend(reader.problems)
    if problems:
        raise DefinitionError(problems)
    return RuleBook(
        rules.values(),
        aliases=aliases,
        no_clock=tables.no_clock,
        pause_reasons=tables.pause_reasons,
        deciders=tables.deciders,
    )


def _read_tables(content: dict[str, object], reader: Reader, tables: _Tables) -> None:
    for key in sorted(content.keys() - _TABLES):
        reader.wrong(key, f"unknown key; known are {', '.join(sorted(_TABLES))}")
    units = reader.mapping(content.get("units", _NOTHING), "units")
    for name in units:
        tables.units[name] = reader.word(units, name, "units", Unit)
    for key, table in (
        ("deciders", tables.deciders),
        ("pause_reasons", tables.pause_reasons),
        ("no_clock", tables.no_clock),
    ):
        names = reader.mapping(content.get(key, _NOTHING), key)
        for name in names:
            words = _words(names, name, key, reader)
            if table.setdefault(name, words) != words:
                reader.wrong(f"{key}/{name}", "the name is taken for something else", rule="conflict")
    texts = reader.mapping(content.get("texts", _NOTHING), "texts")
    for name in texts:
        text = reader.mapping(texts[name], f"texts/{name}")
        for key in sorted(text.keys() - _TEXT_KEYS):
            reader.wrong(f"texts/{name}/{key}", f"unknown key; known are {', '.join(sorted(_TEXT_KEYS))}")
        if tables.texts.setdefault(name, text) != text:
            reader.wrong(f"texts/{name}", "the name is taken for another text", rule="conflict")


def _read_rules(
    content: dict[str, object],
    reader: Reader,
    tables: _Tables,
    rules: dict[tuple[str, date | None], ClockRule],
) -> None:
    warn_at = _percentages(content, "", reader, default=())
    for place, row in reader.rows(content.get("clocks", []), "clocks", keys=_RULE_KEYS):
        rule_id = reader.text(row, "id", place)
        if rule_id and not _ID.fullmatch(rule_id):
            reader.wrong(f"{place}/id", "an id has letters, digits, - and _, begins with a letter, at most 20 in all")
        for version_place, version in _versions(row, place, reader):
            rule = _rule(rule_id, version, version_place, reader, tables, warn_at)
            known = rules.setdefault((rule.id, rule.in_force_from), rule)
            if known != rule:
                reader.wrong(
                    version_place,
                    f"{rule.id} from {rule.in_force_from} is defined already, with other content",
                    rule="conflict",
                )
            elif known is rule:
                _refuse_overlap(rule, rules.values(), version_place, reader)


def _read_aliases(content: dict[str, object], reader: Reader, ids: set[str], aliases: dict[str, str]) -> None:
    clocks = content.get("clocks")
    for index, row in enumerate(clocks if isinstance(clocks, list) else ()):
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            place, rule_id = f"clocks/{index}", row["id"]
            for alias in _names(row, "aliases", place, reader):
                if alias in ids or aliases.setdefault(alias, rule_id) != rule_id:
                    reader.wrong(f"{place}/aliases", f"{alias} leads elsewhere already", rule="conflict")


def _versions(row: dict[str, object], place: str, reader: Reader) -> list[tuple[str, dict[str, object]]]:
    """The versions of a rule, each with what it takes from the rule; a rule without versions is its own only one."""
    shared = {key: value for key, value in row.items() if key not in {"id", "aliases", "versions"}}
    if "versions" not in row:
        return [(place, shared)]
    found = [
        (version_place, {**shared, **version})
        for version_place, version in reader.rows(row["versions"], f"{place}/versions", keys=_VERSION_KEYS)
    ]
    if not found:
        reader.wrong(f"{place}/versions", "at least one version is expected")
    return found


def _rule(
    rule_id: str,
    row: dict[str, object],
    place: str,
    reader: Reader,
    tables: _Tables,
    warn_at: tuple[int, ...],
) -> ClockRule:
    text = _text_of(row, place, reader, tables)
    unit = _unit(row, place, reader, tables)
    direction = reader.word(row, "direction", place, Direction) if "direction" in row else Direction.AFTER
    in_force_from = reader.first_day(text, "from", place)
    in_force_to = reader.last_day(text, "to", place)
    if in_force_from is not None and in_force_to is not None and in_force_to < in_force_from:
        reader.wrong(f"{place}/to", "the last day in force comes before the first")
    if direction is Direction.BEFORE and unit not in {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS}:
        reader.wrong(f"{place}/unit", "a rule that counts backwards counts days")
    never_rolls = unit is Unit.HOURS or direction is Direction.BEFORE
    rolls = reader.truth(row, "rolls", place, default=not never_rolls)
    if rolls and never_rolls:
        reader.wrong(f"{place}/rolls", "rules in hours and rules that count backwards never roll")
    limit = reader.whole_number(row, "limit", place)
    if limit == 0:
        reader.wrong(f"{place}/limit", "a limit of at least 1 is expected")
    return ClockRule(
        id=rule_id,
        name=_words(row, "name", place, reader),
        limit=limit,
        unit=unit,
        law=reader.text(text, "law", place),
        article=reader.optional_text(row, "article", place) or "",
        confidence=reader.word(row, "confidence", place, Confidence),
        direction=direction,
        rolls=rolls,
        starts=_optional_words(row, "starts", place, reader),
        extensions=_extensions(row, place, reader, tables, unit),
        pauses_on=_declared(
            _names(row, "pauses_on", place, reader), tables.pause_reasons, f"{place}/pauses_on", reader
        ),
        consequence=_optional_words(row, "consequence", place, reader),
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        edition=reader.optional_text(text, "edition", place) or "",
        also=reader.optional_text(row, "also", place) or "",
        source=reader.optional_text(text, "source", place) or "",
        note=_optional_words(row, "note", place, reader),
        warn_at_percent=_percentages(row, place, reader, default=warn_at),
        yields_to=_names(row, "yields_to", place, reader),
        lapses=reader.truth(row, "lapses", place, default=False),
    )


def _text_of(row: dict[str, object], place: str, reader: Reader, tables: _Tables) -> dict[str, object]:
    """Law, edition, source and time in force: from the named text, or written out in the version itself."""
    own = {key: row[key] for key in _TEXT_KEYS if key in row}
    if "text" not in row:
        return own
    name = reader.text(row, "text", place)
    if name and name not in tables.texts:
        reader.wrong(f"{place}/text", f"no text is called {name}", rule="unknown-name")
    return {**tables.texts.get(name, _NOTHING), **own}


def _unit(row: dict[str, object], place: str, reader: Reader, tables: _Tables) -> Unit:
    name = row.get("unit")
    if isinstance(name, str) and name in tables.units:
        return tables.units[name]
    return reader.word(row, "unit", place, Unit)


def _extensions(
    row: dict[str, object], place: str, reader: Reader, tables: _Tables, unit: Unit
) -> tuple[ExtensionRight, ...]:
    found = []
    for step_place, step in reader.rows(row.get("extensions", []), f"{place}/extensions", keys=_EXTENSION_KEYS):
        own = _unit(step, step_place, reader, tables)
        if not own.lengthens(unit):
            reader.wrong(f"{step_place}/unit", f"a limit in {unit} cannot be extended by {own}")
        by = reader.text(step, "by", step_place)
        _declared((by,), tables.deciders, f"{step_place}/by", reader)
        found.append(
            ExtensionRight(
                n=None if step.get("n") is None else reader.whole_number(step, "n", step_place),
                unit=own,
                by=by,
                times=None if step.get("times") is None else reader.whole_number(step, "times", step_place),
                note=_optional_words(step, "note", step_place, reader),
            )
        )
    if len({step.unit for step in found}) > 1:
        reader.wrong(f"{place}/extensions", "all extensions of a rule have one unit")
    return tuple(found)


def _refuse_overlap(rule: ClockRule, rules: Iterable[ClockRule], place: str, reader: Reader) -> None:
    for other in rules:
        if other is rule or other.id != rule.id:
            continue
        earlier, later = sorted((other, rule), key=lambda one: one.in_force_from or date.min)
        if earlier.in_force_to is None or (later.in_force_from or date.min) <= earlier.in_force_to:
            reader.wrong(place, f"{rule.id}: two versions are in force on {later.in_force_from}", rule="overlap")


def _declared(names: tuple[str, ...], table: Mapping[str, Words], place: str, reader: Reader) -> tuple[str, ...]:
    for name in names:
        if name and name not in table:
            reader.wrong(place, f"{name} is not declared; known are {', '.join(sorted(table))}", rule="unknown-name")
    return names


def _names(row: dict[str, object], key: str, place: str, reader: Reader) -> tuple[str, ...]:
    value = row.get(key, [])
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(value)
    reader.wrong(f"{place}/{key}", "a list of names is expected")
    return ()


def _percentages(row: dict[str, object], place: str, reader: Reader, *, default: tuple[int, ...]) -> tuple[int, ...]:
    value = row.get("warn_at_percent")
    if value is None:
        return default
    whole = isinstance(value, list) and all(type(share) is int and 1 <= share <= 100 for share in value)
    if isinstance(value, list) and whole and value == sorted(set(value)):
        return tuple(value)
    reader.wrong(f"{place}/warn_at_percent".lstrip("/"), "ascending whole numbers from 1 to 100 are expected")
    return default


def _words(row: dict[str, object], key: str, place: str, reader: Reader) -> Words:
    zh, en = reader.both_languages(row, key, place)
    return {"zh": zh, "en": en}


def _optional_words(row: dict[str, object], key: str, place: str, reader: Reader) -> Words:
    return no_words() if row.get(key) is None else _words(row, key, place, reader)
