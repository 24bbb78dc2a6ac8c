"""Finding a text by reading it from left to right: written from the rule alone, to stand against the search."""

from __future__ import annotations

import re
import unicodedata

LETTERS = "南通商标家纺𬱖〇案ab Z9 01（）〔〕-._ＡＢ０１９①ﬁÉßİ\u3000\n%é"
"""Letters of which texts and questions are made: hanzi, Latin, digits, full-width forms, case, marks, separators."""


def is_found(question: str, text: str) -> bool:
    """Say whether a question is answered, by reading the text from left to right."""
    asked = question.split()
    words = [term for one in asked if (term := tokens(one))]
    return bool(words) and all(any(_stands_in(term, tokens(line)) for line in text.splitlines()) for term in words)


def tokens(line: str) -> list[str]:
    """Return runs of Latin letters, runs of digits, and every other letter by itself."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", line).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[a-z]+|[0-9]+|[^\W_]", plain)


def _stands_in(term: list[str], line: list[str]) -> bool:
    for begin in range(len(line) - len(term) + 1):
        there = line[begin : begin + len(term)]
        if there[:-1] == term[:-1] and there[-1].startswith(term[-1]):
            return True
    return False
