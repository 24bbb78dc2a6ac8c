"""Reads `divisions.yaml` of the definition folders into a checked table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.divisions import Division, DivisionKind, DivisionTable, division_problems

FILE_NAME = "divisions.yaml"
_KEYS = frozenset({"code", "name", "kind", "from", "to", "successor", "note", "source", "confidence"})


def load_divisions(folders: Sequence[Path]) -> DivisionTable:
    """Return the table of `divisions.yaml` in the first folder, with the divisions that later folders add.

    folders  the shipped `workflows/` first, then those of CASEAPP_WORKFLOWS; a later one needs no such file
    raises   DefinitionError with every problem: wrong shape, a code listed twice with other content, broken succession
    """
    first, *others = folders
    reader = Reader(FILE_NAME)
    content = reader.mapping(read_yaml(first / FILE_NAME), "")
    provinces = {
        digits: dict(zip(("zh", "en"), reader.both_languages(names, digits, "provinces"), strict=True))
        for names in [reader.mapping(content.get("provinces"), "provinces")]
        for digits in names
    }
    home = reader.text(content, "home", "")
    divisions = list(_divisions(content, reader))
    for folder in others:
        if (folder / FILE_NAME).exists():
            added = _divisions(reader.mapping(read_yaml(folder / FILE_NAME), str(folder)), reader)
            divisions.extend(item for item in added if item not in divisions)
    if not reader.problems:
        for place, problem in division_problems(provinces, divisions, home):
            reader.wrong(place, problem, rule="succession")
    reader.finish()
    return DivisionTable(provinces, {item.code: item for item in divisions}, home)


def _divisions(content: dict[str, object], reader: Reader) -> list[Division]:
    found = []
    for place, row in reader.rows(content.get("divisions"), "divisions", keys=_KEYS):
        name_zh, name_en = reader.both_languages(row, "name", place)
        found.append(
            Division(
                code=reader.text(row, "code", place),
                name_zh=name_zh,
                name_en=name_en,
                kind=reader.word(row, "kind", place, DivisionKind),
                valid_from=reader.first_day(row, "from", place),
                valid_to=reader.last_day(row, "to", place),
                successor=reader.optional_text(row, "successor", place),
                note=reader.optional_text(row, "note", place) or "",
                source=reader.text(row, "source", place),
                confidence=reader.text(row, "confidence", place),
            )
        )
    return found
