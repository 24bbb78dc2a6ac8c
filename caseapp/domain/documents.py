"""Kinds of official document, what each must say, and the frozen facts it is printed from.

A document is *issued* (number taken, facts frozen) and *printed* afterwards from those facts alone. So that an officer
learns before issuing what is still open, a kind of document names the facts it cannot do without, and every character
of them can be held against the fonts. The shape of the facts is described in docs/documents.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from caseapp.domain.errors import N_, Message, RuleRefused
from caseapp.domain.ledger import canonical
from caseapp.domain.roles import Role

Words = Mapping[str, str]
"""One text in every language of the interface: {"zh": …, "en": …}."""

Facts = Mapping[str, object]
"""What a document is printed from: JSON-able, without floats (money in fen, dates ISO)."""

ALGORITHM = "sha256"

_SEGMENT = re.compile(r"(?P<key>[a-z][a-z0-9_]*)(?P<list>\[(?:(?P<field>[a-z][a-z0-9_]*)=(?P<value>[a-z0-9_]+))?\])?")


class _Absent:
    """The one value that stands for a fact that is not there."""


_ABSENT = _Absent()


class Audience(StrEnum):
    """Who receives the document."""

    INTERNAL = "internal"
    PARTY = "party"
    AUTHORITY = "authority"
    """Another organ, or a court."""


class Volume(StrEnum):
    """Part of the case file it is kept in (市场监督管理行政处罚程序规定 art 78): 正卷 or 副卷, the latter closed to parties."""

    MAIN = "main"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Authority:
    """The article a document rests on.

    article     as printed between 第 and 条, several separated by 、
    confidence  verified | secondary | recalled_high | recalled_medium | uncertain
    """

    law: str
    article: str
    confidence: str

    def __str__(self) -> str:
        return f"《{self.law}》第{self.article}条"


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """A run of numbers: gap-free per organ, series and year. `word` follows the organ's own word: 通知 + 知罚字."""

    id: str
    word: str
    name: Words


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose opinion or signature the document carries; `label` is what is printed beside it."""

    role: Role
    label: str


@dataclass(frozen=True, slots=True)
class _Step:
    key: str
    is_list: bool
    field: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class FactPath:
    """Where a fact stands: `case.name`, `evidence[]`, `parties[role=respondent]`, `parties[role=respondent].address`.

    A list at the end must have at least one (matching) item; a field behind a list must be there in every (matching)
    item.
    """

    text: str
    steps: tuple[_Step, ...]

    @classmethod
    def parse(cls, text: str) -> FactPath:
        """Read a path. raises ValueError where it is not of the form above."""
        steps = []
        for part in text.split("."):
            match = _SEGMENT.fullmatch(part)
            if match is None:
                raise ValueError(f"{text!r} is no path to a fact: {part!r}")
            steps.append(_Step(match["key"], match["list"] is not None, match["field"], match["value"]))
        return cls(text, tuple(steps))

    def places(self, facts: Facts) -> Iterator[tuple[str, tuple[int, ...], object]]:
        """Yield (concrete path, ordinals of the list items passed where a list has several, value) for every place
        meant.

        A value that is absent, None, blank or empty is yielded as `_ABSENT`.
        """
        yield from _walk(self.steps, facts, "", ())

    @property
    def bare(self) -> str:
        """Return the path without selectors, `parties.name`: the key under which its label is found."""
        return ".".join(step.key for step in self.steps)


def _walk(
    steps: Sequence[_Step], place: object, path: str, ordinals: tuple[int, ...]
) -> Iterator[tuple[str, tuple[int, ...], object]]:
    step, rest = steps[0], steps[1:]
    here = f"{path}.{step.key}" if path else step.key
    value = place.get(step.key, _ABSENT) if isinstance(place, Mapping) else _ABSENT
    if not step.is_list:
        if rest:
            yield from _walk(rest, value, here, ordinals)
        else:
            yield here, ordinals, _ABSENT if is_blank(value) else value
        return
    items = [
        (index, item)
        for index, item in enumerate(value if isinstance(value, (list, tuple)) else ())
        if step.field is None or (isinstance(item, Mapping) and str(item.get(step.field)) == step.value)
    ]
    if not rest:
        selector = f"[{step.field}={step.value}]" if step.field else ""
        yield f"{here}{selector}", ordinals, [item for _, item in items] or _ABSENT
        return
    for ordinal, (index, item) in enumerate(items, start=1):
        passed = (*ordinals, ordinal) if len(items) > 1 else ordinals
        yield from _walk(rest, item, f"{here}.{index}", passed)


def is_blank(value: object) -> bool:
    """Return whether a fact says nothing: absent, None, blank text, empty list or mapping. 0 and False say
    something.
    """
    if value is None or value is _ABSENT:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (list, tuple, Mapping)) and not value


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact is only required where another one has (or, being a list, contains) one of these values."""

    path: FactPath
    any_of: tuple[object, ...]

    def holds(self, facts: Facts) -> bool:
        for _, _, value in self.path.places(facts):
            values = value if isinstance(value, (list, tuple)) else [value]
            if any(item == wanted and type(item) is type(wanted) for item in values for wanted in self.any_of):
                return True
        return False


@dataclass(frozen=True, slots=True)
class RequiredFact:
    """A fact without which the document may not be issued; `label` is its name on paper."""

    path: FactPath
    label: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document.

    form              the model form it follows, e.g. '市场监督管理行政处罚文书格式范本（2021年修订版） 46'
    template          file name in templates/documents
    template_version  raised whenever wording or layout changes; kept with every issued document
    series            where its numbers come from; None: not numbered
    issued_by         in words, which act issues it
    order             place inside its volume of the case file (程序规定 art 78)
    publishable       a masked copy of it may be published
    """

    id: str
    name: Words
    form: str
    template: str
    template_version: str
    series: NumberSeries | None
    audience: Audience
    volume: Volume
    order: int
    issued_by: Words
    authority: Authority
    signers: tuple[Signer, ...] = ()
    required: tuple[RequiredFact, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    publishable: bool = False

    @property
    def numbered(self) -> bool:
        return self.series is not None

    def label(self, path: str) -> str:
        """Return what the fact at a concrete or bare path is called on paper; the path itself where nobody named it."""
        bare = ".".join(part.split("[")[0] for part in path.split(".") if not part.isdigit())
        for fact in self.required:
            if fact.path.bare == bare:
                return fact.label
        return self.labels.get(bare, path)


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A required fact that is not there. `path` is concrete: parties.0.address."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class UnprintableCharacter:
    """A character of a fact that no font of the printer has."""

    path: str
    label: str
    character: str

    @property
    def code(self) -> str:
        return f"U+{ord(self.character):04X}"


def missing_facts(doc_type: DocumentType, facts: Facts) -> tuple[MissingFact, ...]:
    """Return what is still missing before a document of that kind may be issued, in the order of its definition.

    Number and date of issue are not asked here: issuing itself gives them.
    """
    found: dict[str, MissingFact] = {}
    for required in doc_type.required:
        if required.when is not None and not required.when.holds(facts):
            continue
        for path, ordinals, value in required.path.places(facts):
            if value is _ABSENT and path not in found:
                which = "".join(f"（第{ordinal}项）" for ordinal in ordinals)
                found[path] = MissingFact(path, f"{required.label}{which}")
    return tuple(found.values())


def texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield (concrete path, text) for every text among the facts, in their order."""
    yield from _texts(facts, "")


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}.{index}")


def unprintable_characters(
    doc_type: DocumentType, facts: Facts, glyphs_missing: Callable[[str], Sequence[str]]
) -> tuple[UnprintableCharacter, ...]:
    """Return the characters that would print as boxes, with the fact they stand in.

    glyphs_missing  the printer's own check: the characters of a text that none of its fonts has
    """
    if not glyphs_missing("".join(text for _, text in texts(facts))):
        return ()
    return tuple(
        UnprintableCharacter(path, doc_type.label(path), character)
        for path, text in texts(facts)
        for character in glyphs_missing(text)
    )


class DocumentNotReady(RuleRefused):
    """The document may not be issued or printed: facts are missing, or the fonts lack a character."""

    def __init__(
        self, doc_type: DocumentType, missing: Sequence[MissingFact], unprintable: Sequence[UnprintableCharacter] = ()
    ) -> None:
        self.document_type = doc_type.id
        self.missing = tuple(missing)
        self.unprintable = tuple(unprintable)
        name: dict[str, object] = {"name": doc_type.name}
        if self.missing:
            labels = "、".join(fact.label for fact in self.missing)
            message = Message(N_("%(name)s尚缺以下内容：%(labels)s"), {**name, "labels": labels})
        else:
            characters = "、".join(f"{item.label}“{item.character}”（{item.code}）" for item in self.unprintable)
            message = Message(N_("%(name)s中有字库没有的字：%(characters)s"), {**name, "characters": characters})
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """The facts of one issued document, as they are stored and hashed. Whatever changes later, it prints from these.

    canonical  canonical JSON of the facts
    digest     'sha256:…' over document type, template version and facts
    """

    document_type: str
    template_version: str
    canonical: str
    digest: str

    @classmethod
    def freeze(cls, doc_type: DocumentType, facts: Facts) -> FrozenFacts:
        """Freeze facts. raises ValueError for a float, TypeError for anything else that JSON has no form for."""
        text = canonical(facts)
        return cls(doc_type.id, doc_type.template_version, text, _digest(doc_type.id, doc_type.template_version, text))

    @property
    def intact(self) -> bool:
        """Return whether the digest still fits what is stored."""
        return self.digest == _digest(self.document_type, self.template_version, self.canonical)

    def thaw(self) -> dict[str, object]:
        """Return the facts again."""
        facts = json.loads(self.canonical)
        assert isinstance(facts, dict), "facts are frozen from a mapping"
        return facts


def _digest(document_type: str, template_version: str, text: str) -> str:
    # No part but the last can hold a line feed, and canonical JSON never does.
    form = "\n".join(("huhang-document-1", document_type, template_version, text))
    return f"{ALGORITHM}:{hashlib.sha256(form.encode()).hexdigest()}"
