"""The texts of a case that can be found, as rows: pure translation of the image, its notes and issued documents.

Left out is what a search must not give away: personal values, which are kept elsewhere, and who reported. Identity
numbers and telephones that somebody wrote into a free text are masked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from caseapp.domain.events import EntryKind
from caseapp.domain.facts import CaseImage, Right
from caseapp.domain.masking import mask_numbers_in
from caseapp.domain.search_text import fold

Row = dict[str, Any]

CASE, PARTY, DOCUMENT, NOTE, EVIDENCE = "case", "party", "document", "note", "evidence"
FIELDS = ("number", "lead_number", "external_id", "title", "summary", "rights", "goods", "parties", "kept_numbers")
"""Fields of the image from which the texts of a case and its parties follow."""
_GOODS_FROM = 1_000_000
"""Place of the first item in custody among the texts of evidence and goods; pieces stand before it, by number."""

_NOT_THE_MATTER = frozenset(
    {"organ", "officers", "approvals", "demo", "service", "payment", "remedies", "goods", "rights"}
)
"""Parts of a document that are the office's own, stand in the case's text, or tell where somebody lives."""
_PERSONAL = frozenset({"id_number", "phone", "address", "legal_representative", "email"})
_WORD_OF_THE_PROGRAM = re.compile(r"[a-z0-9_.:-]*")


def rows_of(image: CaseImage) -> list[Row]:
    """Return the rows of the case itself and of its parties."""
    rows = [_row((image.id, image.organ), CASE, 0, _lines_of_case(image), also=_compact_numbers(image.rights))]
    rows.extend(
        _row((image.id, image.organ), PARTY, ordinal, (party.name, party.uscc))
        for ordinal, party in enumerate(image.parties)
        if party.role != "reporter"
    )
    return rows


def things_rows(image: CaseImage) -> list[Row]:
    """Return the rows of evidence and of goods in custody: what each is called and said to be, and where it came from.

    What was withdrawn stays in the file and is found.
    """
    rows = []
    for piece in image.evidence:
        free = (piece.title, piece.proves, piece.source, piece.place)
        lines = (*(mask_numbers_in(text) for text in free), piece.file.name)
        rows.append(_row((image.id, image.organ), EVIDENCE, piece.number, dict.fromkeys(lines), target=piece.id))
    for ordinal, item in enumerate(image.custody.items):
        free = (item.name, item.spec, item.source, item.note)
        lines = tuple(mask_numbers_in(text) for text in free)
        rows.append(_row((image.id, image.organ), EVIDENCE, _GOODS_FROM + ordinal, dict.fromkeys(lines)))
    return rows


def entry_rows(
    image: CaseImage, entries: Iterable[tuple[int, str, Mapping[str, Any]]], facts: Mapping[str, str]
) -> list[Row]:
    """Return the rows of the notes and issued documents among entries of the ledger of a case.

    entries  (sequence number, kind, payload) each
    facts    id of a document -> its frozen facts as canonical JSON, as far as they are stored

    A note in other words is found by both, since the earlier ones stay to be read.

    Notes made of the activities of an event log are no notes of people and are left out.
    """
    rows = []
    of = (image.id, image.organ)
    for seq, kind, told in entries:
        if kind == EntryKind.NOTED and not told.get("imported"):
            rows.append(_row(of, NOTE, seq, (mask_numbers_in(str(told["text"])),)))
        elif kind == EntryKind.CORRECTED and told["kind"] == EntryKind.NOTED and not told["void"]:
            rows.append(_row(of, NOTE, seq, (mask_numbers_in(str(told["payload"]["text"])),)))
        elif kind == EntryKind.DOCUMENT_ISSUED:
            document = told["document"]
            told_in_it = _texts(json.loads(facts[document["id"]])) if document["id"] in facts else ()
            lines = dict.fromkeys(mask_numbers_in(line) for text in told_in_it for line in text.splitlines())
            head = (document["title"], document["number"])
            rows.append(_row(of, DOCUMENT, seq, (*head, *lines), target=document["id"]))
    return rows


def _row(
    of: tuple[str, str],
    kind: str,
    place: int,
    lines: Iterable[str | None],
    *,
    also: Iterable[str] = (),
    target: str | None = None,
) -> Row:
    """Return one row.

    of    id of the case, and its organ
    also  further spellings by which it is found, not shown
    """
    text = "\n".join(line.replace("\x00", "") for line in lines if line)
    spellings = "".join(f"\n{fold(spelling)}" for spelling in also)
    return {
        "case_id": of[0],
        "organ_id": of[1],
        "kind": kind,
        "place": place,
        "target": target,
        "text": text,
        "folded": fold(text) + spellings,
    }


def _lines_of_case(image: CaseImage) -> Iterator[str | None]:
    yield from (image.title, image.number, image.lead_number, image.external_id)
    yield from (item.number for item in image.kept_numbers)
    yield mask_numbers_in(image.summary)
    for right in image.rights:
        yield from (right.number, right.title, right.holder)
    for goods in image.goods:
        yield from (goods.name, goods.spec)


def _compact_numbers(rights: Iterable[Right]) -> list[str]:
    """Return numbers of rights without their stops and blanks, as people also write them."""
    numbers = [right.number for right in rights if right.number]
    compact = ["".join(letter for letter in number if letter.isalnum()) for number in numbers]
    return [short for short, number in zip(compact, numbers, strict=True) if short and short != number]


def _texts(value: Any, name: str = "") -> Iterator[str]:
    """Yield what a document says in words: no personal values, no ids and words of the program."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in _NOT_THE_MATTER and key not in _PERSONAL:
                yield from _texts(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, name)
    elif isinstance(value, str) and (name == "number" or not _WORD_OF_THE_PROGRAM.fullmatch(value)):
        yield value
