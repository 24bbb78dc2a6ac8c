"""Reads `organs.yaml` of the definition folders into a checked tree of agencies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.numbering import NumberStyle
from caseapp.domain.organs import OrganKind, OrganLevel, OrganRecord, OrganTable, organ_problems

FILE_NAME = "organs.yaml"
_KEYS = frozenset(
    {
        "id",
        "name",
        "short",
        "level",
        "kind",
        "division",
        "parent",
        "document_word",
        "number_style",
        "from",
        "to",
        "note",
    }
)
_MOST_DIGITS = 9


def load_organs(folders: Sequence[Path], divisions: DivisionTable) -> OrganTable:
    """Return the organs of `organs.yaml` in the first folder and those that later folders add.

    folders  the shipped `workflows/` first, then those of CASEAPP_WORKFLOWS; a later one needs no such file
    raises   DefinitionError with every problem: wrong shape, an id with two contents, missing parents or divisions
    """
    reader = Reader(FILE_NAME)
    records: list[OrganRecord] = []
    for index, folder in enumerate(folders):
        if index == 0 or (folder / FILE_NAME).exists():
            content = reader.mapping(read_yaml(folder / FILE_NAME), "")
            records.extend(item for item in _organs(content, reader) if item not in records)
    if not reader.problems:
        for place, problem in organ_problems(records, divisions):
            reader.wrong(place, problem, rule="organ")
    reader.finish()
    return OrganTable(tuple(records))


def _organs(content: dict[str, object], reader: Reader) -> list[OrganRecord]:
    found = []
    for place, row in reader.rows(content.get("organs"), "organs", keys=_KEYS):
        name_zh, name_en = reader.both_languages(row, "name", place)
        short_zh, short_en = reader.both_languages(row, "short", place)
        found.append(
            OrganRecord(
                id=reader.text(row, "id", place),
                name_zh=name_zh,
                name_en=name_en,
                short_zh=short_zh,
                short_en=short_en,
                level=reader.word(row, "level", place, OrganLevel),
                kind=reader.word(row, "kind", place, OrganKind),
                division=reader.text(row, "division", place),
                parent=reader.optional_text(row, "parent", place),
                document_word=reader.optional_text(row, "document_word", place),
                number_style=_number_style(row, place, reader),
                valid_from=reader.first_day(row, "from", place),
                valid_to=reader.last_day(row, "to", place),
                note=reader.optional_text(row, "note", place) or "",
            )
        )
    return found


def _number_style(row: dict[str, object], place: str, reader: Reader) -> NumberStyle:
    if row.get("number_style") is None:
        return NumberStyle()
    style_place = f"{place}/number_style"
    style = reader.mapping(row["number_style"], style_place)
    digits = reader.whole_number(style, "digits", style_place, default=0)
    if digits > _MOST_DIGITS:
        reader.wrong(f"{style_place}/digits", f"at most {_MOST_DIGITS} digits")
        digits = 0
    return NumberStyle(digits=digits, ordinal=reader.truth(style, "ordinal", style_place, default=False))
