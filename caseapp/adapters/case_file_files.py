"""Reads `workflows/case_file.yaml`: the order of the bound case file and what is expected in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.bound_file import BindingRules, Expected, FileOrder, Section, When
from caseapp.domain.documents import Volume, Words

FILE_NAME = "case_file.yaml"

_EXPECTED = frozenset({"procedures", "documents", "when", "of", "label"})
_WHEN = frozenset({"milestone", "outcome", "manner", "act", "issued"})
_ORDER = frozenset({"procedures", "law", "article", "confidence", "cover", "volumes", "places"})


def load_binding_rules(path: Path, *, documents: Collection[str]) -> BindingRules:
    """Return the rules. raises DefinitionError listing every problem

    documents  ids of the kinds of document that may be expected
    """
    reader = _Reader(path.name, documents)
    top = reader.mapping(read_yaml(path), "")
    rules = BindingRules(
        law=reader.text(top, "law", ""),
        article=reader.text(top, "article", ""),
        cover=reader.text(top, "cover", ""),
        volumes=reader.volumes(top.get("volumes"), "volumes"),
        evidence=reader.place(reader.mapping(top.get("evidence"), "evidence"), "evidence"),
        expected=tuple(reader.expected(top.get("expected"))),
        orders=tuple(reader.orders(top.get("orders"))),
    )
    reader.finish()
    return rules


class _Reader(Reader):
    def __init__(self, file: str, documents: Collection[str]) -> None:
        super().__init__(file)
        self._documents = documents

    def volumes(self, value: object, place: str) -> dict[Volume, tuple[Words, tuple[Section, ...]]]:
        told = self.mapping(value, place)
        return {
            volume: self.volume(self.mapping(told.get(volume.value), f"{place}/{volume}"), f"{place}/{volume}")
            for volume in Volume
        }

    def orders(self, value: object) -> Iterator[FileOrder]:
        """Read the orders of other procedures; every place named lies in a section of the order."""
        taken: set[str] = set()
        for at, row in self.rows(value or [], "orders", keys=_ORDER):
            procedures = self._texts(row, "procedures", at)
            for name in taken.intersection(procedures):
                self.wrong(f"{at}/procedures", f"{name!r} has an order already", rule="duplicate")
            taken.update(procedures)
            volumes = self.volumes(row.get("volumes"), f"{at}/volumes")
            places = {}
            for kind, told in self.mapping(row.get("places") or {}, f"{at}/places").items():
                here = f"{at}/places/{kind}"
                if kind not in self._documents:
                    self.wrong(here, f"there is no document {kind!r}", rule="unknown-document")
                places[kind] = volume, order = self.place(self.mapping(told, here), here)
                if order not in {section.order for section in volumes[volume][1]}:
                    self.wrong(f"{here}/order", f"{volume.value} has no section {order}", rule="order")
            yield FileOrder(
                procedures=procedures,
                law=self.optional_text(row, "law", at) or "",
                article=self.optional_text(row, "article", at) or "",
                cover=self.text(row, "cover", at),
                volumes=volumes,
                places=places,
            )

    def volume(self, row: dict[str, object], place: str) -> tuple[Words, tuple[Section, ...]]:
        return self._words(row, place), tuple(self._sections(row.get("sections"), f"{place}/sections"))

    def _words(self, row: dict[str, object], place: str) -> Words:
        chinese, english = self.both_languages(row, "name", place)
        return {"zh": chinese, "en": english}

    def _sections(self, value: object, place: str) -> Iterator[Section]:
        for number, (at, row) in enumerate(self.rows(value, place, keys=frozenset({"order", "name"})), start=1):
            if row.get("order") != number:
                self.wrong(f"{at}/order", f"{number} is expected", rule="order")
            yield Section(number, self._words(row, at))

    def place(self, row: dict[str, object], at: str) -> tuple[Volume, int]:
        return self.word(row, "volume", at, Volume), self.whole_number(row, "order", at)

    def expected(self, value: object) -> Iterator[Expected]:
        for at, row in self.rows(value, "expected", keys=_EXPECTED):
            when = self.mapping(row.get("when") or {}, f"{at}/when")
            for key in sorted(when.keys() - _WHEN):
                self.wrong(f"{at}/when/{key}", f"unknown key; known are {', '.join(sorted(_WHEN))}")
            documents = self._texts(row, "documents", at)
            of = self.optional_text(row, "of", at) or ""
            issued = str(when.get("issued") or "")
            for name in (*documents, *filter(None, (of, issued))):
                if name not in self._documents:
                    self.wrong(at, f"there is no document {name!r}", rule="unknown-document")
            yield Expected(
                procedures=self._texts(row, "procedures", at),
                documents=documents,
                when=self._when(when),
                of=of,
                label=self.optional_text(row, "label", at) or "",
            )

    def _when(self, told: dict[str, object]) -> When:
        acts = told.get("act") or []
        words = {key: str(value) for key, value in told.items() if key in _WHEN - {"act"}}
        return When(**words, acts=tuple(map(str, acts if isinstance(acts, list) else [acts])))

    def _texts(self, row: dict[str, object], key: str, place: str) -> tuple[str, ...]:
        value = row.get(key)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(f"{place}/{key}", "a list of texts is expected")
        return ()
