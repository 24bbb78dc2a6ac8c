"""Reads `amounts.yaml` of `workflows/` and of extra folders into the table of named numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.errors import DefinitionError, DefinitionProblem
from caseapp.domain.workflow.amounts import Amount, AmountTable, AmountUnit
from caseapp.domain.workflow.definition import Citation, Text

FILE: Final = "amounts.yaml"
CONFIDENCES: Final = (
    "verified", "secondary", "recalled_high", "recalled_medium", "uncertain", "design",
)  # fmt: skip
_KEYS: Final = frozenset({"id", "name", "value", "unit", "law", "article", "source", "confidence", "from", "to"})
_FEN_IN_YUAN: Final = 100


def load_amounts(folders: Sequence[Path]) -> AmountTable:
    """Return the numbers of all folders that have an `amounts.yaml`.

    A later folder may replace an earlier one's number by naming the same id: all versions of that id come from it
    alone.

    raises  DefinitionError with every problem: shape, two versions in force on one day
    """
    found: dict[str, list[Amount]] = {}
    problems: list[DefinitionProblem] = []
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            try:
                found.update(_read(path))
            except DefinitionError as wrong:
                problems.extend(wrong.problems)
    if problems:
        raise DefinitionError(problems)
    return AmountTable(amount for versions in found.values() for amount in versions)


def _read(path: Path) -> dict[str, list[Amount]]:
    reader = Reader(str(path))
    content = reader.mapping(read_yaml(path), "")
    found: dict[str, list[Amount]] = {}
    for place, row in reader.rows(content.get("amounts"), "/amounts", keys=_KEYS):
        amount = _amount(row, place, reader)
        versions = found.setdefault(amount.id, [])
        if any(_overlap(amount, other) for other in versions):
            reader.wrong(place, f"two versions of {amount.id} are in force on the same day", rule="overlap")
        versions.append(amount)
    reader.finish()
    return found


def _amount(row: dict[str, object], place: str, reader: Reader) -> Amount:
    unit = reader.word(row, "unit", place, AmountUnit)
    value = reader.whole_number(row, "value", place)
    confidence = reader.text(row, "confidence", place)
    if confidence and confidence not in CONFIDENCES:
        reader.wrong(f"{place}/confidence", f"{confidence!r} is none of {', '.join(CONFIDENCES)}")
    source = row.get("source", "")
    return Amount(
        id=reader.text(row, "id", place),
        name=Text(*reader.both_languages(row, "name", place)),
        value=value * _FEN_IN_YUAN if unit is AmountUnit.YUAN else value,
        unit=unit,
        citation=Citation(reader.text(row, "law", place), reader.text(row, "article", place), confidence),
        source=source if isinstance(source, str) else "",
        in_force_from=reader.first_day(row, "from", place),
        in_force_to=reader.last_day(row, "to", place),
    )


def _overlap(one: Amount, other: Amount) -> bool:
    starts_in_time = one.in_force_to is None or other.in_force_from is None or other.in_force_from <= one.in_force_to
    ends_in_time = other.in_force_to is None or one.in_force_from is None or one.in_force_from <= other.in_force_to
    return starts_in_time and ends_in_time
