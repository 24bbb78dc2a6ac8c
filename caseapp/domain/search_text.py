"""How texts are compared in a search: one normal form, for what is kept and for what is asked.

The normal form of a line (`fold`): each character with its combining marks in Unicode NFKC (full-width forms become
plain ones, ① becomes 1), case folded; only letters, digits and hanzi count, all else separates. Latin letters and
digits stand together in *runs*, a run of letters and a run of digits being two; every other character stands for
itself. What separates counts between two runs only, so 南通（通州） is 南通通州 and ZL 2020 is ZL2020, but 20 20 is not
2020.

A term is found where its normal form stands in that of a line: hanzi anywhere, one of them or many; a run from its
beginning, the last run of a term also where it only begins so. What is asked is split at blanks; every term must be
found in the same text, in whichever order and line.

For the indexes of both databases a text is the set of its *grams*, plain ASCII words: every run, every other character,
every two neighbours, what kind of text it is and under which organ. A text in which a term is found has all grams of
the term; the converse is asked of the normal form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST_QUERY = 100
"""Letters of a question that are looked at."""
MOST_TERMS = 8
_LONGEST_RUN = 40
"""Letters of a run that its gram holds; the rest is left to the normal form."""
_MOST_GRAMS = 24
"""Grams of a term that an index is asked for: more would find no fewer."""
SNIPPET_LETTERS = 90

_DIGIT, _LATIN, _OTHER, _SEPARATES = "digit", "latin", "other", ""


@dataclass(frozen=True, slots=True)
class _Letter:
    """One character of the normal form, and which part of the source it comes from."""

    text: str
    kind: str
    begin: int
    end: int


def fold(text: str) -> str:
    """Return the normal form of a text, line by line; every run follows a blank."""
    return "\n".join(_joined(line)[0] for line in text.splitlines())


def terms_of(question: str) -> tuple[str, ...]:
    """Return the normal forms of what was typed, without repetitions; () where nothing in it can be searched for."""
    found = dict.fromkeys(_joined(part)[0] for part in question[:LONGEST_QUERY].split())
    return tuple(term for term in found if term)[:MOST_TERMS]


def grams(folded: str) -> tuple[str, ...]:
    """Return the grams of a text in normal form, each once, sorted."""
    return tuple(sorted({gram for line in folded.split("\n") for gram in _grams(_pieces(line))}))


def grams_asked(term: str) -> tuple[tuple[str, ...], str | None]:
    """Return (grams that a text with this term has, beginning of a gram that it also has or None)."""
    pieces = _pieces(term)
    beginning = _run_gram(pieces.pop()) if pieces and pieces[-1][0] == " " else None
    exact = tuple(dict.fromkeys(_grams(pieces, every_character=False)))
    return exact[:_MOST_GRAMS], beginning


def kind_gram(kind: str) -> str:
    """Return the gram of all texts of a kind."""
    return f"k{kind}"


def organ_gram(organ: str) -> str:
    """Return the gram of all texts of the cases of an organ, whatever letters its id is made of."""
    return f"o{organ.encode().hex()}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `marked` where it is what was searched for."""

    text: str
    marked: bool = False


def snippet(text: str, terms: Sequence[str], *, letters: int = SNIPPET_LETTERS) -> tuple[Piece, ...]:
    """Return about so many letters of the first line in which a term is found, the terms marked.

    A line cut off begins or ends with an ellipsis; without any term it is the beginning of the text.
    """
    lines = text.splitlines() or [""]
    chosen, spans = next(((line, spans) for line in lines if (spans := _spans(line, terms))), (lines[0], []))
    first = spans[0][0] if spans else 0
    begin = 0 if len(chosen) <= letters else max(0, min(first - letters // 4, len(chosen) - letters))
    end = min(len(chosen), max(begin + letters, spans[0][1] if spans else 0))
    pieces = [Piece("…")] if begin else []
    at = begin
    for span_begin, span_end in spans:
        if span_begin >= end:
            break
        if span_begin > at:
            pieces.append(Piece(chosen[at:span_begin]))
        pieces.append(Piece(chosen[max(at, span_begin) : min(span_end, end)], marked=True))
        at = min(span_end, end)
    if at < end:
        pieces.append(Piece(chosen[at:end]))
    if end < len(chosen):
        pieces.append(Piece("…"))
    return tuple(pieces)


def _spans(line: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return where in a line the terms are found, merged where they touch."""
    folded, sources = _joined(line)
    found: list[tuple[int, int]] = []
    for term in terms:
        at = folded.find(term)
        while at >= 0:
            letters = [one for one in sources[at : at + len(term)] if one is not None]
            found.append((letters[0].begin, letters[-1].end))
            at = folded.find(term, at + 1)
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _joined(line: str) -> tuple[str, list[_Letter | None]]:
    """Return the normal form of a line and where each of its characters comes from (None: a blank before a run)."""
    parts: list[str] = []
    sources: list[_Letter | None] = []
    before = ""
    for letter in _letters(line):
        if letter.kind in (_DIGIT, _LATIN) and letter.kind != before:
            parts.append(" ")
            sources.append(None)
        if letter.kind:
            parts.append(letter.text)
            sources.append(letter)
        before = letter.kind
    return "".join(parts), sources


def _letters(line: str) -> Iterator[_Letter]:
    """Yield the characters of the normal form; marks left over by NFKC are dropped."""
    begin = 0
    while begin < len(line):
        end = begin + 1
        while end < len(line) and unicodedata.combining(line[end]):
            end += 1
        source = line[begin:end]
        plain = source if source.isascii() else unicodedata.normalize("NFKC", source)
        plain = plain.casefold()
        if not plain.isascii():
            plain = unicodedata.normalize("NFKC", plain)
        for letter in plain:
            if letter.isascii() or not unicodedata.combining(letter):
                yield _Letter(letter, _kind(letter), begin, end)
        begin = end


def _kind(letter: str) -> str:
    if not letter.isalnum():
        return _SEPARATES
    if letter.isascii():
        return _DIGIT if letter.isdigit() else _LATIN
    return _OTHER


def _pieces(line: str) -> list[str]:
    """Return the runs of a line in normal form, each with the blank before it, and its other characters."""
    pieces: list[str] = []
    for letter in line:
        if letter == " ":
            pieces.append(letter)
        elif letter.isascii():
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _grams(pieces: Sequence[str], *, every_character: bool = True) -> Iterator[str]:
    """Yield the runs, the neighbours, and single characters: every one, or those without a neighbour only."""
    for number, piece in enumerate(pieces):
        if piece[0] == " ":
            yield _run_gram(piece)
            continue
        follows = number > 0 and pieces[number - 1][0] != " "
        followed = number + 1 < len(pieces) and pieces[number + 1][0] != " "
        if followed:
            yield f"y{ord(piece):05x}{ord(pieces[number + 1]):05x}"
        if every_character or not (follows or followed):
            yield f"z{ord(piece):05x}"


def _run_gram(run: str) -> str:
    return f"{'d' if run[1].isdigit() else 'l'}{run[1 : 1 + _LONGEST_RUN]}"
