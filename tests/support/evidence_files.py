"""Small real files of every sort, good and bad, made when a test asks for one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter

EXIF_ORIENTATION = 0x0112


def jpeg(width: int = 64, height: int = 48, *, colour: str = "#c1121f", orientation: int = 1) -> bytes:
    """Return a picture of one colour; its left half is white, so that it can be told which way up it is."""
    picture = Image.new("RGB", (width, height), colour)
    picture.paste("white", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=95, exif=exif.tobytes())
    return made.getvalue()


def png(width: int = 8, height: int = 8) -> bytes:
    """Return a PNG."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(made, "PNG")
    return made.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """Return a PNG of a few hundred bytes that says it unpacks to billions of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 200)) + chunk(b"IEND", b"")
    )


def pdf(pages: int = 1) -> bytes:
    """Return a PDF of blank pages."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def scan() -> bytes:
    """Return a PDF that is nothing but one picture, as scanners make them."""
    made = io.BytesIO()
    Image.new("RGB", (200, 280), "#2f7d4f").save(made, "PDF")
    return made.getvalue()


def archive(*names: str) -> bytes:
    """Return a ZIP of small files with these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name in names or ("a.txt",):
            zipped.writestr(name, "内容")
    return made.getvalue()


def docx() -> bytes:
    """Return what a word processor's file begins and ends with."""
    return archive("[Content_Types].xml", "word/document.xml")
