"""Reads `workflows/documents.yaml` into frozen `DocumentType`s and says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.documents import (
    Audience,
    Authority,
    Condition,
    DocumentType,
    FactPath,
    NumberSeries,
    RequiredFact,
    Signer,
    Volume,
    Words,
)
from caseapp.domain.roles import Role

FILE_NAME = "documents.yaml"
FORM_BOOK = "市场监督管理行政处罚文书格式范本（2021年修订版）"

_TOP = frozenset({"series", "labels", "documents"})
_SERIES = frozenset({"word", "name"})
_DOCUMENT = frozenset(
    {
        "name",
        "form",
        "form_book",
        "template",
        "template_version",
        "series",
        "audience",
        "volume",
        "order",
        "issued_by",
        "citation",
        "signers",
        "required",
        "publishable",
    }
)
_CITATION = frozenset({"law", "article", "confidence"})
_CONFIDENCE = ("verified", "secondary", "recalled_high", "recalled_medium", "uncertain")


def load_document_types(path: Path, *, templates_dir: Path) -> Mapping[str, DocumentType]:
    """Return the kinds of document by id, in the order of the file.

    raises  DefinitionError listing every problem: unreadable file, unknown or missing key, series or template that does
            not exist, malformed fact path, fact without a label, the same word for two series
    """
    reader = _Reader(path.name, templates_dir)
    top = reader.keyed(read_yaml(path), "", _TOP)
    series = reader.all_series(top.get("series"))
    labels = {key: reader.value(value, f"labels/{key}") for key, value in reader.entries(top.get("labels"), "labels")}
    types = {
        key: reader.document(key, reader.keyed(row, f"documents/{key}", _DOCUMENT), series, labels)
        for key, row in reader.entries(top.get("documents"), "documents")
    }
    reader.finish()
    return MappingProxyType(types)


class _Reader(Reader):
    """One pass over the file; problems are gathered, so that a lawyer sees all of them at once."""

    def __init__(self, file: str, templates_dir: Path) -> None:
        super().__init__(file)
        self._templates = templates_dir.resolve()

    def keyed(self, value: object, place: str, keys: frozenset[str]) -> dict[str, object]:
        """Return a mapping in which keys other than `keys` are refused."""
        row = self.mapping(value, place)
        for key in sorted(row.keys() - keys):
            self.wrong(f"{place}/{key}", f"unknown key; known are {', '.join(sorted(keys))}", rule="unknown-key")
        return row

    def entries(self, value: object, place: str) -> Iterator[tuple[str, object]]:
        yield from self.mapping(value, place).items()

    def items(self, value: object, place: str) -> list[object]:
        if isinstance(value, list):
            return value
        if value is not None:
            self.wrong(place, "a list is expected")
        return []

    def value(self, value: object, place: str) -> str:
        """Return a text that stands by itself, not under a key."""
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(place, "a text is expected")
        return ""

    def words(self, row: dict[str, object], key: str, place: str) -> Words:
        chinese, english = self.both_languages(row, key, place)
        return MappingProxyType({"zh": chinese, "en": english})

    def all_series(self, value: object) -> dict[str, NumberSeries]:
        series: dict[str, NumberSeries] = {}
        for key, item in self.entries(value, "series"):
            place = f"series/{key}"
            row = self.keyed(item, place, _SERIES)
            word = self.text(row, "word", place)
            if word in {known.word for known in series.values()}:
                self.wrong(f"{place}/word", f"another series already has the word {word}", rule="duplicate")
            series[key] = NumberSeries(key, word, self.words(row, "name", place))
        return series

    def document(
        self, key: str, row: dict[str, object], series: Mapping[str, NumberSeries], labels: Mapping[str, str]
    ) -> DocumentType:
        place = f"documents/{key}"
        template = self.text(row, "template", place)
        if template and not self._is_template(template):
            self.wrong(f"{place}/template", f"templates/documents/{template} does not exist", rule="unknown-template")
        return DocumentType(
            id=key,
            name=self.words(row, "name", place),
            form=f"{self.optional_text(row, 'form_book', place) or FORM_BOOK} {self.text(row, 'form', place)}",
            template=template,
            template_version=self.text(row, "template_version", place),
            series=self._series(row, place, series),
            audience=self.word(row, "audience", place, Audience),
            volume=self.word(row, "volume", place, Volume),
            order=self.whole_number(row, "order", place),
            issued_by=self.words(row, "issued_by", place),
            authority=self._authority(row, place),
            signers=tuple(self._signers(row.get("signers"), f"{place}/signers")),
            required=tuple(self._required(row.get("required"), f"{place}/required", labels)),
            publishable=self.truth(row, "publishable", place, default=False),
            labels=MappingProxyType(dict(labels)),
        )

    def _is_template(self, name: str) -> bool:
        path = (self._templates / name).resolve()
        return path.parent == self._templates and path.is_file()

    def _series(self, row: dict[str, object], place: str, series: Mapping[str, NumberSeries]) -> NumberSeries | None:
        if "series" not in row:
            self.wrong(place, "the key series is missing; null where the document is not numbered", rule="missing-key")
        wanted = row.get("series")
        if wanted is None:
            return None
        found = series.get(wanted) if isinstance(wanted, str) else None
        if found is None:
            self.wrong(f"{place}/series", f"no series {wanted!r} is defined", rule="unknown-series")
        return found

    def _authority(self, row: dict[str, object], place: str) -> Authority:
        at = f"{place}/citation"
        citation = self.keyed(row.get("citation"), at, _CITATION)
        confidence = self.text(citation, "confidence", at)
        if confidence and confidence not in _CONFIDENCE:
            self.wrong(f"{at}/confidence", f"{confidence!r} is none of {', '.join(_CONFIDENCE)}")
        return Authority(self.text(citation, "law", at), self.text(citation, "article", at), confidence)

    def _signers(self, value: object, place: str) -> Iterator[Signer]:
        for index, item in enumerate(self.items(value, place)):
            at = f"{place}/{index}"
            row = self.keyed(item, at, frozenset({"role", "label"}))
            yield Signer(self.word(row, "role", at, Role), self.text(row, "label", at))

    def _required(self, value: object, place: str, labels: Mapping[str, str]) -> Iterator[RequiredFact]:
        seen: set[str] = set()
        for index, item in enumerate(self.items(value, place)):
            at = f"{place}/{index}"
            row: dict[str, object] = {"path": item}
            if not isinstance(item, str):
                row = self.keyed(item, at, frozenset({"path", "when", "label"}))
            path = self._fact_path(row, "path", at)
            when = self._condition(row["when"], f"{at}/when") if "when" in row else None
            if path is None:
                continue
            if path.text in seen:
                self.wrong(at, f"{path.text} is required twice", rule="duplicate")
            seen.add(path.text)
            if path.bare not in labels:
                self.wrong(at, f"the fact {path.bare} has no label under labels", rule="unknown-label")
                continue
            yield RequiredFact(path, self.optional_text(row, "label", at) or labels[path.bare], when)

    def _condition(self, value: object, place: str) -> Condition | None:
        row = self.keyed(value, place, frozenset({"fact", "is"}))
        path = self._fact_path(row, "fact", place)
        values = self.items(row.get("is"), f"{place}/is")
        if not values:
            self.wrong(f"{place}/is", "at least one value is expected")
        return Condition(path, tuple(values)) if path is not None else None

    def _fact_path(self, row: dict[str, object], key: str, place: str) -> FactPath | None:
        text = self.text(row, key, place)
        try:
            return FactPath.parse(text) if text else None
        except ValueError as error:
            self.wrong(f"{place}/{key}", str(error), rule="fact-path")
            return None
