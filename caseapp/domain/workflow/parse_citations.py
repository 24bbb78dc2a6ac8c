"""Reading the articles that a definition cites, in full or by the abbreviations of its laws."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from caseapp.domain.workflow.definition import Citation, OtherArticles
from caseapp.domain.workflow.shapes import Place, Shapes

CONFIDENCES: Final = ("verified", "secondary", "recalled_high", "recalled_medium", "uncertain", "design")

_CITATION = re.compile(r"(?P<law>\S+)(?: (?P<article>[^ ~]+))?(?: ~(?P<confidence>[a-z_]+))?")


class Citations(Shapes):
    """Knows the abbreviations of laws; the parser of procedures builds on it."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.laws: dict[str, str] = {}

    def citations(self, value: object, place: Place) -> tuple[Citation, ...]:
        found = []
        for item, at in self.items(value, place):
            citation = self.citation(item, at)
            if citation is not None:
                found.append(citation)
        return tuple(found)

    def other_articles(self, row: Mapping[str, object], place: Place) -> OtherArticles:
        """Read which articles are cited instead of those that the conditions name, and when."""
        told = {key: str(self.citation(key, at)) for key, _, at in self.entries(row.get("instead"), place / "instead")}
        instead = {
            told[key]: str(self.citation(value, at))
            for key, value, at in self.entries(row.get("instead"), place / "instead")
        }
        before, otherwise = row.get("before"), row.get("otherwise")
        law = str(row.get("law") or "")
        return OtherArticles(
            beside=self.one_or_many(row.get("beside"), place / "beside"),
            before=date.fromisoformat(str(before)) if before else None,
            instead=instead,
            law=self.laws.get(law, law),
            otherwise=str(self.citation(otherwise, place / "otherwise")) if otherwise else "",
        )

    def citation(self, item: object, place: Place) -> Citation | None:
        """Read `{law, article, confidence}` or its short form: `abbreviation article ~confidence`."""
        if isinstance(item, str):
            match = _CITATION.fullmatch(item)
            if match is None:
                self.wrong(place, f"{item!r} is no citation: `law article ~confidence`", "citation")
                return None
            row: Mapping[str, object] = {key: part for key, part in match.groupdict().items() if part is not None}
            if row["law"] not in self.laws:
                self.wrong(place, f"the abbreviation {row['law']!r} is not among `laws`", "citation")
        else:
            row = self.mapping(item, place)
        law = self.string(row.get("law"), place / "law")
        confidence = str(row.get("confidence", "verified"))
        if confidence not in CONFIDENCES:
            self.wrong(place, f"{confidence!r} is none of {', '.join(CONFIDENCES)}", "citation")
        return Citation(self.laws.get(law, law), str(row.get("article") or ""), confidence)
