"""Reads `workflows/case_file.yaml`: the order of the bound case file and what is expected in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.bound_file import BindingRules, Expected, Section, When
from caseapp.domain.documents import Volume, Words

FILE_NAME = "case_file.yaml"

_EXPECTED = frozenset({"procedures", "documents", "when", "of", "label"})
_WHEN = frozenset({"milestone", "outcome", "manner", "act"})


def load_binding_rules(path: Path, *, documents: Collection[str]) -> BindingRules:
    """Return the rules. raises DefinitionError listing every problem

    documents  ids of the kinds of document that may be expected
    """
    reader = _Reader(path.name, documents)
    top = reader.mapping(read_yaml(path), "")
    rules = BindingRules(
        law=reader.text(top, "law", ""),
        article=reader.text(top, "article", ""),
        volumes={
            volume: reader.volume(reader.mapping(row, f"volumes/{volume}"), f"volumes/{volume}")
            for volume in Volume
            for row in [reader.mapping(top.get("volumes"), "volumes").get(volume.value)]
        },
        evidence=reader.place(reader.mapping(top.get("evidence"), "evidence")),
        expected=tuple(reader.expected(top.get("expected"))),
    )
    reader.finish()
    return rules


class _Reader(Reader):
    def __init__(self, file: str, documents: Collection[str]) -> None:
        super().__init__(file)
        self._documents = documents

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

    def place(self, row: dict[str, object]) -> tuple[Volume, int]:
        return self.word(row, "volume", "evidence", Volume), self.whole_number(row, "order", "evidence")

    def expected(self, value: object) -> Iterator[Expected]:
        for at, row in self.rows(value, "expected", keys=_EXPECTED):
            when = self.mapping(row.get("when") or {}, f"{at}/when")
            for key in sorted(when.keys() - _WHEN):
                self.wrong(f"{at}/when/{key}", f"unknown key; known are {', '.join(sorted(_WHEN))}")
            documents = self._texts(row, "documents", at)
            of = self.optional_text(row, "of", at) or ""
            for name in (*documents, *([of] if of else [])):
                if name not in self._documents:
                    self.wrong(at, f"there is no document {name!r}", rule="unknown-document")
            yield Expected(
                procedures=self._texts(row, "procedures", at),
                documents=documents,
                when=When(**{key: str(told) for key, told in when.items() if key in _WHEN}),
                of=of,
                label=self.optional_text(row, "label", at) or "",
            )

    def _texts(self, row: dict[str, object], key: str, place: str) -> tuple[str, ...]:
        value = row.get(key)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(f"{place}/{key}", "a list of texts is expected")
        return ()
