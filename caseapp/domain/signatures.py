"""Signatures written on glass: small PNG pictures that a page sends as data URLs.

What is taken is looked through to the last byte: one header, image data and an end, every checksum right, nothing
appended, no larger than a pad is, and something written on it.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

PREFIX = "data:image/png;base64,"
LONGEST_URL = 60_000
"""Characters; the printer takes inline pictures of at most 64 KiB."""
WIDEST, HIGHEST = 2400, 1200
"""Pixels of a pad on a screen of three device pixels to one."""

_MAGIC = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset({b"IHDR", b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"sBIT", b"IDAT", b"IEND"})
_SAMPLES = {0: 1, 2: 3, 4: 2, 6: 4}
"""Samples a pixel by colour type; palettes are not what a canvas sends."""


def signature_of(url: str) -> bytes:
    """Return the picture of a signature. raises ValueError for anything else than a written-on small PNG"""
    if not url.startswith(PREFIX) or len(url) > LONGEST_URL:
        raise ValueError("no PNG as a data URL, or too large")
    try:
        content = base64.b64decode(url[len(PREFIX) :], validate=True)
    except binascii.Error as error:
        raise ValueError("the data URL is broken") from error
    _look_through(content)
    return content


def data_url(content: bytes) -> str:
    """Return the picture as a data URL again."""
    return PREFIX + base64.b64encode(content).decode()


def _look_through(content: bytes) -> None:
    if not content.startswith(_MAGIC):
        raise ValueError("not a PNG")
    place, header, body, ended = len(_MAGIC), b"", b"", False
    while place < len(content) and not ended:
        if len(content) - place < 12:
            raise ValueError("a piece is cut short")
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        seal = content[place + 8 + length : place + 12 + length]
        if kind not in _CHUNKS or len(data) != length or seal != struct.pack(">I", zlib.crc32(kind + data)):
            raise ValueError("a piece is unknown or damaged")
        header = data if kind == b"IHDR" else header
        body += data if kind == b"IDAT" else b""
        ended = kind == b"IEND"
        place += 12 + length
    if not ended or place != len(content):
        raise ValueError("no end, or something after it")
    _require_ink(header, body)


def _require_ink(header: bytes, body: bytes) -> None:
    if len(header) != 13:
        raise ValueError("no header")
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    if not (0 < width <= WIDEST and 0 < height <= HIGHEST) or depth != 8 or colour not in _SAMPLES:
        raise ValueError("not the picture of a pad")
    row = width * _SAMPLES[colour] + 1
    try:
        packed = zlib.decompressobj()
        pixels = packed.decompress(body, row * height + 1)
    except zlib.error as error:
        raise ValueError("the picture is damaged") from error
    if len(pixels) != row * height:
        raise ValueError("more or fewer pixels than it says")
    # Filtered rows of one colour are all zeros but for the first pixel.
    if not any(any(pixels[start + 1 + _SAMPLES[colour] : start + row]) for start in range(row, len(pixels), row)):
        raise ValueError("nothing is written on it")
