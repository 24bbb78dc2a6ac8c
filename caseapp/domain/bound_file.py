"""The bound case file (案卷): what stands in which volume in which order, what is missing, and the list that proves it.

Order: 市场监督管理行政处罚程序规定 art 78. A fragment is a paper or a piece of evidence that is already there as a file;
binding merges files, it never prints them again. The same fragments later make up the dossier of a referral.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from caseapp.domain.documents import DocumentType, Volume, Words

FORMAT = "huhang-case-file-1"


@dataclass(frozen=True, slots=True)
class Section:
    """A place inside a volume."""

    order: int
    name: Words


@dataclass(frozen=True, slots=True)
class When:
    """What must have come about before something is expected; all that is named. Of several acts one is enough.

    issued  kind of document that was issued once, though it may be void since
    """

    milestone: str = ""
    outcome: str = ""
    manner: str = ""
    acts: tuple[str, ...] = ()
    issued: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file must hold: one of these kinds of document.

    of     for a proof of service: the kind of document it must prove the service of
    label  how it is named where it is missing; '' = the name of the first kind
    """

    procedures: tuple[str, ...]
    documents: tuple[str, ...]
    when: When = When()
    of: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """The order of the files of some main procedures, where it is not that of penalty cases.

    cover   what such a file is called on its cover
    places  kind of document -> where it is kept, where that is not the place it says itself
    """

    procedures: tuple[str, ...]
    cover: str
    law: str
    article: str
    volumes: Mapping[Volume, tuple[Words, tuple[Section, ...]]]
    places: Mapping[str, tuple[Volume, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BindingRules:
    """The order of the file as data, see workflows/case_file.yaml.

    orders  of other procedures than penalty cases; `of` chooses
    places  as in `FileOrder`, of the order that was chosen
    """

    law: str = ""
    article: str = ""
    cover: str = ""
    volumes: Mapping[Volume, tuple[Words, tuple[Section, ...]]] = field(default_factory=dict)
    evidence: tuple[Volume, int] = (Volume.MAIN, 4)
    expected: tuple[Expected, ...] = ()
    orders: tuple[FileOrder, ...] = ()
    places: Mapping[str, tuple[Volume, int]] = field(default_factory=dict)

    def of(self, procedure: str) -> BindingRules:
        """Return the rules with the order of cases of a main procedure: its own, else that of penalty cases."""
        own = next((order for order in self.orders if procedure in order.procedures), None)
        if own is None:
            return self
        return replace(self, law=own.law, article=own.article, cover=own.cover, volumes=own.volumes, places=own.places)

    def place_of(self, kind: DocumentType) -> tuple[Volume, int]:
        """Return where a kind of document is kept in this order."""
        return self.places.get(kind.id, (kind.volume, kind.order))

    def section_name(self, volume: Volume, order: int) -> str:
        """Return the name of a place, '' where the rules have none there."""
        sections = self.volumes.get(volume, ({}, ()))[1]
        return next((section.name["zh"] for section in sections if section.order == order), "")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One thing that is bound.

    key       id of the document or of the piece of evidence
    kind      document | scan (of a document signed on paper) | evidence
    type      kind of document, '' for evidence
    follows   ids of the documents whose service it proves: it stands behind the first of them that is there
    media     MIME type of the file
    sha256    of the file, hex; `origin` the same of the printed paper where a scan stands for it
    """

    key: str
    kind: str
    type: str
    title: str
    volume: Volume
    order: int
    on: date
    media: str
    sha256: str
    number: str | None = None
    digest: str = ""
    follows: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A fragment in its place: its number in the contents and its pages, counted from 1 in its volume."""

    ordinal: int
    fragment: Fragment
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the order expects that is not there. `key` names it in forms; `reason` why, once somebody said so."""

    key: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What a case has been through, as far as it decides what is expected.

    milestones  (kind, details) of each
    issued      kinds of document that were issued, void ones too
    """

    procedures: frozenset[str]
    milestones: tuple[tuple[str, Mapping[str, Any]], ...]
    acts: frozenset[str]
    issued: frozenset[str] = frozenset()

    def has(self, when: When) -> bool:
        """Return whether all that `when` names has come about."""
        if when.acts and self.acts.isdisjoint(when.acts):
            return False
        if when.issued and when.issued not in self.issued:
            return False
        if not when.milestone:
            return True
        return any(
            kind == when.milestone
            and (not when.outcome or details.get("outcome") == when.outcome)
            and (not when.manner or details.get("manner") == when.manner)
            for kind, details in self.milestones
        )


def arranged(fragments: Iterable[Fragment], volume: Volume) -> tuple[Fragment, ...]:
    """Return the fragments of a volume in the order of the file.

    By place, then by day, then as they were issued; what proves a service stands right behind what was served, and is
    given the place of that.
    """
    every = list(fragments)
    by_key = {item.key: (index, item) for index, item in enumerate(every)}

    def place(index: int, item: Fragment) -> tuple[Any, ...]:
        led = next((by_key[key] for key in item.follows if key in by_key), None)
        if led is None:
            return (item.volume, item.order, item.on, index, 0, index)
        at, served = led
        return (served.volume, served.order, served.on, at, 1, index)

    placed = sorted(((place(index, item), item) for index, item in enumerate(every)), key=lambda pair: pair[0])
    return tuple(replace(item, volume=at[0], order=at[1]) for at, item in placed if at[0] == volume)


def paginated(fragments: Sequence[Fragment], pages: Sequence[int]) -> tuple[Bound, ...]:
    """Return the fragments with their pages; `pages` says how many each has."""
    found = []
    first = 1
    for ordinal, (fragment, count) in enumerate(zip(fragments, pages, strict=True), start=1):
        found.append(Bound(ordinal, fragment, first, first + count - 1))
        first += count
    return tuple(found)


def missing(
    rules: BindingRules,
    course: Course,
    fragments: Iterable[Fragment],
    names: Mapping[str, str],
    reasons: Mapping[str, str],
) -> tuple[Missing, ...]:
    """Return what is expected and not there.

    names    kind of document -> its name
    reasons  key -> why, as somebody entered it
    """
    here = list(fragments)
    types = {item.key: item.type for item in here}
    return tuple(
        Missing(key, expected.label or names.get(expected.documents[0], expected.documents[0]), reasons.get(key, ""))
        for key, expected in _expectations(rules, course)
        if not any(_satisfies(item, expected, types) for item in here)
    )


def _expectations(rules: BindingRules, course: Course) -> Iterator[tuple[str, Expected]]:
    """Yield what is expected with its key, each once: the same paper may have been called for on two occasions."""
    told: set[str] = set()
    for expected in rules.expected:
        key = "-".join((*expected.documents, *([expected.of] if expected.of else [])))
        if key not in told and course.procedures.intersection(expected.procedures) and course.has(expected.when):
            told.add(key)
            yield key, expected


def _satisfies(item: Fragment, expected: Expected, types: Mapping[str, str]) -> bool:
    if item.type not in expected.documents:
        return False
    return not expected.of or expected.of in {types.get(key) for key in item.follows}


def manifest(
    *,
    case: Mapping[str, Any],
    made_at: str,
    sealed: bool,
    volumes: Sequence[Mapping[str, Any]],
    lacking: Sequence[Missing],
) -> bytes:
    """Return the list of everything bound, as the bytes that are hashed and signed: sorted keys, no blanks."""
    content = {
        "format": FORMAT,
        "case": case,
        "made_at": made_at,
        "sealed": sealed,
        "volumes": list(volumes),
        "missing": [{"label": item.label, "reason": item.reason} for item in lacking],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def listed(rules: BindingRules, bound: Sequence[Bound]) -> list[dict[str, Any]]:
    """Return the entries of the manifest for what is bound in a volume."""
    return [
        {
            "n": item.ordinal,
            "section": rules.section_name(item.fragment.volume, item.fragment.order),
            "kind": item.fragment.kind,
            "id": item.fragment.key,
            "type": item.fragment.type,
            "title": item.fragment.title,
            "number": item.fragment.number,
            "on": item.fragment.on.isoformat(),
            "media": item.fragment.media,
            "sha256": f"sha256:{item.fragment.sha256}",
            "printed": f"sha256:{item.fragment.origin}" if item.fragment.origin else None,
            "facts": item.fragment.digest or None,
            "pages": [item.first, item.last],
        }
        for item in bound
    ]
