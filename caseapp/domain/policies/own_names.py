"""What of a person's own name a password may not be made of: the login, the name, its pinyin and its initials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Final

Readings = Sequence[Sequence[str]]

_SHORTEST_WORD: Final = 2
_SHORTEST_GIVEN: Final = 5
"""A given name alone counts from so many letters on: shorter ones are found in ordinary words."""
_MOST_READINGS: Final = 64
_LETTERS: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Owner:
    """Whose password it is.

    readings  for each Chinese character of the name the syllables by which it may be read (`ports.NameReadings`)
    """

    login: str
    name: str = ""
    readings: Readings = ()

    def login_in(self, text: str) -> bool:
        """Return whether a text (small letters) contains the login, its parts separated or not."""
        login = self.login.casefold()
        plain = "".join(_LETTERS.findall(login))
        return bool(login) and (
            login in text or (len(plain) > _SHORTEST_WORD and plain in "".join(_LETTERS.findall(text)))
        )

    def name_in(self, text: str) -> bool:
        """Return whether a text (small letters) contains the name, in Chinese or in letters, surname first or last.

        Signs and digits between the syllables do not hide it: 'Gu.Hai-Ning'.
        """
        if len(self.name) >= _SHORTEST_WORD and self.name.casefold() in text:
            return True
        letters = "".join(_LETTERS.findall(text))
        return any(spelling in letters for spelling in self._spellings)

    def is_all_of(self, text: str) -> bool:
        """Return whether the letters of a text (small) are nothing but initials and syllables of the name or the login:
        'Ghn@2026', 'gu-HN-1988'.
        """
        runs = _LETTERS.findall(text)
        return bool(runs) and all(run in self._pieces for run in runs)

    @cached_property
    def _spellings(self) -> frozenset[str]:
        """The whole name in letters, surname first and last, and the given name alone where it is long enough."""
        latin = "".join(_LETTERS.findall(self.name.casefold()))
        found = {latin} if len(latin) >= _SHORTEST_GIVEN else set()
        for syllables in self._syllables():
            found |= {"".join(turned) for turned in _turned(syllables)} if len(syllables) > 1 else set()
            given = "".join(syllables[1:])
            found |= {given} if len(given) >= _SHORTEST_GIVEN else set()
        return frozenset(found)

    @cached_property
    def _pieces(self) -> frozenset[str]:
        """What somebody writes who thinks of the name: syllables in full or their first letters, in a row."""
        found = set(_LETTERS.findall(f"{self.login} {self.name}".casefold()))
        for syllables in self._syllables():
            for turned in _turned(syllables):
                for start in range(len(turned)):
                    for end in range(start + 1, len(turned) + 1):
                        found |= {"".join(parts) for parts in product(*((one, one[0]) for one in turned[start:end]))}
        return frozenset(found)

    def _syllables(self) -> Iterator[tuple[str, ...]]:
        written = [tuple(form for one in sign for form in _forms(one)) for sign in self.readings if sign]
        return islice(product(*written), _MOST_READINGS) if written else iter(())


def _forms(syllable: str) -> tuple[str, ...]:
    """Return how a syllable is typed: 'lv' also as 'lu' and 'lyu'."""
    return (syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")) if "v" in syllable else (syllable,)


def _turned(syllables: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return a name as it is written here and, the surname of one or two characters last, as it is written abroad."""
    return (syllables, *(syllables[cut:] + syllables[:cut] for cut in (1, 2) if cut < len(syllables)))
