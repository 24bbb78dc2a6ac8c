"""The order of the list "should have been transferred": one number for each row, worked out from facts alone.

    weight = rank of the kind + figures + fine + silence of the reasons − doubt − what was lowered later

The greater the share of a limit that is reached, the more cases, the surer the source, the higher; nothing else enters.
Rows of equal weight stand by the day from which they should have been otherwise, the earliest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FindingKind(StrEnum):
    """Why a case is on the list."""

    LIMB = "limb"
    """A limb of the duty to transfer is met, but the case was fined or closed (国令310号 art 3, 11)."""
    SILENCE = "silence"
    """A term between the organs is over and nothing was done (art 5, 8, 9, 12; 检察规则 art 557)."""
    REFUSAL = "refusal"
    """A refusal whose reasons are none (art 5, 8)."""
    REPEATED = "repeated"
    """Amounts just below a limit, again and again: of one party, one officer, one organ."""


class Handling(StrEnum):
    """How far the procuratorate is with a row."""

    OPEN = "open"
    ASKED = "asked"
    """A letter is under way and its term runs."""
    ANSWERED = "answered"
    """The organ has replied; the reply has not been accepted."""
    SETTLED = "settled"
    """The procuratorate has accepted a reply."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the weight of a row rests on.

    permille    greatest share of a limit that is reached, in thousandths; 0 where no amount is in question
    fined       a penalty was decided in place of the transfer
    lowered     the limb was met by amounts or facts that were changed afterwards
    wordless    the refusal has no words of its own at all
    cases       how many cases it rests on
    confidence  how surely the rule is known: verified, secondary, recalled_high, recalled_medium, uncertain, design
    """

    kind: FindingKind
    permille: int = 0
    fined: bool = False
    lowered: bool = False
    wordless: bool = False
    cases: int = 1
    confidence: str = "verified"


WHOLE: Final = 1000
_RANK: Final[Mapping[FindingKind, int]] = {
    FindingKind.LIMB: 4000,
    FindingKind.REFUSAL: 3000,
    FindingKind.SILENCE: 2000,
    FindingKind.REPEATED: 1000,
}
_MOST_FIGURES: Final = 600
"""Ten times a limit or more weighs the same: what is that far above needs no finer order."""
_FIGURES_AT: Final = 10 * WHOLE
_FINED, _WORDLESS, _LOWERED = 200, 100, 900
_EACH_CASE, _MOST_CASES = 25, 12
_DOUBT: Final[Mapping[str, int]] = {"verified": 0, "design": 0, "secondary": 20, "recalled_high": 20}
_MOST_DOUBT: Final = 40


def weight(grounds: Grounds) -> int:
    """Return the place of a row: the greater, the higher. It never falls when an amount, a fine or a case is added."""
    figures = min(max(grounds.permille, 0), _FIGURES_AT) * _MOST_FIGURES // _FIGURES_AT
    further = min(max(grounds.cases - 1, 0), _MOST_CASES) * _EACH_CASE
    return (
        _RANK[grounds.kind]
        + figures
        + further
        + (_FINED if grounds.fined else 0)
        + (_WORDLESS if grounds.wordless else 0)
        - (_LOWERED if grounds.lowered else 0)
        - _DOUBT.get(grounds.confidence, _MOST_DOUBT)
    )
