"""Mirrors caseapp/domain/signatures.py."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable

import pytest

from caseapp.domain.signatures import PREFIX, data_url, signature_of
from tests.factories.pictures import chunk, png


def url(content: bytes) -> str:
    return PREFIX + base64.b64encode(content).decode()


def test_a_signature_comes_back_byte_for_byte() -> None:
    assert signature_of(data_url(png())) == png()


def plain(width: int, height: int) -> bytes:
    return png(width, height, ink=False)


BROKEN: dict[str, Callable[[], str]] = {
    "no data url": lambda: "https://example.test/a.png",
    "another type": lambda: "data:image/svg+xml;base64,PHN2Zy8+",
    "not base64": lambda: PREFIX + "?!",
    "not a png": lambda: url(b"GIF89a"),
    "cut short": lambda: url(png()[:-6]),
    "a damaged piece": lambda: url(png().replace(b"IDAT", b"IDAT", 1)[:-20] + b"\0" * 20),
    "something appended": lambda: url(png() + b"<script>"),
    "a piece of text": lambda: url(png()[:-12] + chunk(b"tEXt", b"Comment\0x") + chunk(b"IEND", b"")),
    "nothing written": lambda: url(plain(80, 40)),
    "too wide": lambda: url(png(3000, 2)),
    "too long": lambda: PREFIX + "A" * 70_000,
    "no header": lambda: url(png()[:8] + chunk(b"IEND", b"")),
    "pixels that are no pixels": lambda: url(
        png()[:8]
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 6, 0, 0, 0))
        + chunk(b"IDAT", b"nonsense")
        + chunk(b"IEND", b"")
    ),
    "fewer pixels than told": lambda: url(
        png()[:8]
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 6, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 5))
        + chunk(b"IEND", b"")
    ),
}


@pytest.mark.parametrize("made", BROKEN.values(), ids=BROKEN.keys())
def test_anything_else_than_a_written_on_pad_is_refused(made: Callable[[], str]) -> None:
    with pytest.raises(ValueError):
        signature_of(made())
