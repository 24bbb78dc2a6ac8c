"""Numbers of documents and cases: 机关代字 + type word + 〔year〕 + serial + 号 (GB/T 9704-2012, 7.2.5).

The standard form has hexagon brackets, the full year, no 第 and no leading zeros; an organ may keep a local style.
Which serial comes next is no matter of this module: series are gap-free per organ, type and year where they are taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from caseapp.domain.errors import N_, InputError, Message

OPENING_BRACKET = "〔"
CLOSING_BRACKET = "〕"

_WORD = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(
    r"(?P<series>[\u3400-\u9fff]+)[〔\[(【](?P<year>[0-9]{4})[〕\])】](?P<ordinal>第?)(?P<serial>[0-9]{1,9})号"
)


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How an organ writes its numbers.

    digits   serials are padded with zeros to so many digits; 0 = no leading zeros (the standard)
    ordinal  第 before the serial
    """

    digits: int = 0
    ordinal: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.digits <= 9:
            raise ValueError(f"a serial cannot be padded to {self.digits} digits")


STANDARD_STYLE = NumberStyle()


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """One number, apart from how it is written.

    organ_word  机关代字, e.g. 通知; '' where a parsed number begins with no known one
    type_word   e.g. 知执字; with an empty organ_word the whole of what stands before the year
    year        four digits
    serial      from 1
    """

    organ_word: str
    type_word: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.series):
            raise ValueError(f"{self.series!r} is no word of a document number")
        if not 1000 <= self.year <= 9999:
            raise ValueError(f"{self.year} is no year of four digits")
        if self.serial < 1:
            raise ValueError(f"serials begin at 1, not {self.serial}")

    @property
    def series(self) -> str:
        """Return what stands before the year: all numbers of a series and year share it."""
        return f"{self.organ_word}{self.type_word}"

    def text(self, style: NumberStyle = STANDARD_STYLE) -> str:
        """Write the number: 通知知执字〔2026〕1号, or in a local style 闽市监光处〔2026〕0088号."""
        ordinal = "第" if style.ordinal else ""
        serial = str(self.serial).zfill(style.digits)
        return f"{self.series}{OPENING_BRACKET}{self.year}{CLOSING_BRACKET}{ordinal}{serial}号"

    def __str__(self) -> str:
        return self.text()


def parse_number(
    text: str, *, organ_words: Collection[str] = (), field: str = ""
) -> tuple[DocumentNumber, NumberStyle]:
    """Read a number as people type it, with any kind of bracket, and say in which style it was written.

    organ_words  known 机关代字; the longest that begins the number is split off
    returns      the number and the style; `number.text(style)` writes it back with the right brackets
    raises       InputError naming `field`
    """
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    # NFKC turns 〔〕 of the tortoise-shell kind into themselves and full-width brackets into ASCII ones.
    match = _NUMBER.fullmatch(compact)
    if match is None:
        raise InputError(
            field,
            Message(N_("文号应写作“机关代字＋文种字〔四位年份〕序号＋号”，例如 %(example)s"), {"example": _EXAMPLE}),
        )
    serial = match["serial"]
    if int(serial) == 0 or match["year"].startswith("0"):
        raise InputError(field, Message(N_("文号的序号从 1 开始，年份为四位数字")))
    series = match["series"]
    known = [word for word in organ_words if word and series.startswith(word) and len(word) < len(series)]
    organ_word = max(known, key=len, default="")
    number = DocumentNumber(organ_word, series.removeprefix(organ_word), int(match["year"]), int(serial))
    padded = len(serial) if serial.startswith("0") else 0
    return number, NumberStyle(digits=padded, ordinal=bool(match["ordinal"]))


_EXAMPLE = str(DocumentNumber("通知", "知执字", 2026, 1))
