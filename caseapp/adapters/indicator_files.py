"""Reads `indicators.yaml`: the targets of the city plan."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.indicators import Indicator, IndicatorUnit

FILE_NAME = "indicators.yaml"
_KEYS = frozenset(
    {"id", "name", "target", "unit", "due_year", "policy", "measured_by", "source", "place", "sentence", "confidence"}
)


def load_indicators(folder: Path) -> tuple[Indicator, ...]:
    """Return the targets of a definition folder in the order of the file.

    raises  DefinitionError with every problem, also when an id is used twice
    """
    reader = Reader(FILE_NAME)
    content = reader.mapping(read_yaml(folder / FILE_NAME), "")
    found: list[Indicator] = []
    for place, row in reader.rows(content.get("indicators"), "indicators", keys=_KEYS):
        name_zh, name_en = reader.both_languages(row, "name", place)
        measured_zh, measured_en = reader.both_languages(row, "measured_by", place)
        indicator = Indicator(
            id=reader.text(row, "id", place),
            name_zh=name_zh,
            name_en=name_en,
            target=Decimal(reader.whole_number(row, "target", place)),
            unit=reader.word(row, "unit", place, IndicatorUnit),
            due_year=reader.whole_number(row, "due_year", place),
            policy=reader.optional_text(row, "policy", place) or "",
            measured_by_zh=measured_zh,
            measured_by_en=measured_en,
            source=reader.text(row, "source", place),
            place=reader.text(row, "place", place),
            sentence=reader.text(row, "sentence", place),
            confidence=reader.text(row, "confidence", place),
        )
        if any(other.id == indicator.id for other in found):
            reader.wrong(place, f"the id {indicator.id} is used twice")
        found.append(indicator)
    reader.finish()
    return tuple(found)
