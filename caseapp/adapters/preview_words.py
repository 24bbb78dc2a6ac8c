"""The words at the beginning of office documents and plain texts, drawn on a sheet: enough to tell what a file is.

Nothing of a document is carried out, no link in it is followed: its words are read out of the XML inside.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from lxml import etree
from PIL import Image, ImageDraw, ImageFont

MOST_LINES = 60
LONGEST_LINE = 44
"""In hanzi; a letter of the Latin alphabet counts half."""
MOST_BYTES = 24 << 20
"""More of one part of a document is not unpacked."""

_SAMPLE = 1 << 16
_FEWEST_LINES = 8
_PARTS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(part)
    for part in (
        r"word/document\.xml",
        r"xl/worksheets/sheet1\.xml",
        r"ppt/slides/slide[12]\.xml",
        r"content\.xml",
        r"Doc_0/Pages/Page_0/Content\.xml",
    )
)


def words_of(kind: str, file: BinaryIO) -> list[str]:
    """Return the first lines of a document. kind: one of `WORDED`. raises ValueError and others where it is broken"""
    return list(islice((line for line in _READ[kind](file) if line.strip()), MOST_LINES))


def _plain(file: BinaryIO) -> Iterator[str]:
    head = file.read(_SAMPLE)
    codecs = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for codec in codecs:
        for cut in range(4 if len(head) == _SAMPLE else 1):  # what was read may end inside a character
            try:
                yield from head[: len(head) - cut].decode(codec).splitlines()
            except UnicodeDecodeError:
                continue
            return


def _packed(file: BinaryIO) -> Iterator[str]:
    with zipfile.ZipFile(file) as archive:
        names = [name for part in _PARTS for name in archive.namelist() if part.fullmatch(name)]
        shared = _shared(archive)
        for name in sorted(names):
            yield from _lines(_tree(archive, name), shared)


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with archive.open(name) as part:
        content = part.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("too large a part")
    return etree.fromstring(content, parser)


def _shared(archive: zipfile.ZipFile) -> list[str]:
    """Return the texts that the cells of a spreadsheet name by number."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    items = (one for one in _tree(archive, name) if _tag(one) == "si")
    return ["".join(part.text or "" for part in item.iter() if _tag(part) == "t") for item in items]


def _lines(tree: etree._Element, shared: list[str]) -> Iterator[str]:
    for element in tree.iter():
        tag = _tag(element)
        if tag == "row":
            yield "  ".join(text for cell in element if (text := _cell(cell, shared)))
        elif tag == "table-row":
            yield "  ".join(text for cell in element if (text := "".join(map(str, cell.itertext())).strip()))
        elif tag in ("p", "h") and not _inside_row(element):
            yield "".join(_runs(element))
        elif tag == "TextObject":
            yield "".join(part.text or "" for part in element.iter() if _tag(part) == "TextCode")


def _inside_row(element: etree._Element) -> bool:
    return any(_tag(above) == "table-row" for above in element.iterancestors())


def _runs(paragraph: etree._Element) -> Iterator[str]:
    """Yield the words of a paragraph. In Word and slides they stand in `t`, in OpenDocument in the paragraph itself."""
    texts = [part.text or "" for part in paragraph.iter() if _tag(part) == "t"]
    yield from texts or map(str, paragraph.itertext())


def _cell(cell: etree._Element, shared: list[str]) -> str:
    value = next((part.text or "" for part in cell if _tag(part) == "v"), "")
    if cell.get("t") == "s" and value.isdigit() and int(value) < len(shared):
        return shared[int(value)]
    return value or "".join(part.text or "" for part in cell.iter() if _tag(part) == "t")


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


_READ: Mapping[str, Callable[[BinaryIO], Iterable[str]]] = {
    "ooxml": _packed,
    "odf": _packed,
    "ofd": _packed,
    "text": _plain,
}
WORDED = frozenset(_READ)
"""Kinds of files of which the first words are drawn."""


def sheet_of(lines: Iterable[str], longest: int, font: str) -> Image.Image:
    """Return the lines on a sheet that would be as long as that many pixels; few lines stand on the top of one, cut off
    below them. raises ValueError where there are none
    """
    drawn = [part for line in lines for part in _broken(line)][:MOST_LINES]
    if not drawn:
        raise ValueError("no words")
    height, width = longest, max(1, longest * 210 // 297)
    letter = max(4, width // (LONGEST_LINE + 6))
    height = min(height, max(len(drawn), _FEWEST_LINES) * 2 * letter + 4 * letter)
    letters = ImageFont.truetype(font, letter)
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    step = min(letter * 2, (height - 4 * letter) // max(len(drawn), 1))
    for place, line in enumerate(drawn):
        draw.text((3 * letter, 2 * letter + place * step), line, fill="#1b2433", font=letters)
    draw.rectangle((0, 0, width - 1, height - 1), outline="#d0d5dc")
    return sheet


def _broken(line: str) -> Iterator[str]:
    """Yield a line in pieces that fit on the sheet."""
    part, length = "", 0.0
    for sign in line.replace("\t", "  ").strip():
        if not sign.isprintable():
            continue
        length += 0.55 if sign < "\u2e80" else 1.0
        if length > LONGEST_LINE:
            yield part
            part, length = "", 1.0
        part += sign
    yield part
