"""Small real files of every sort, good and bad, made when a test asks for one."""

from __future__ import annotations

import base64
import io
import struct
import wave
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


_HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAHkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAIFtZGF0AAAAdSgBrxOA+FDQp9Q/dMy1V//3MZE/+wNnh+GXfgkn"
    "bGVO15QxcGduRoddsg/mGkVgC60medwZ/PaYeMuRPvAk1rSf4essnesGXE/RM2Ffowv2/j7bfmhoBhpc2ttzDnFInwonydjrlVf1"
    "rt+LRGfAEEEL84fV6g=="
)
"""What a telephone sends: 64 × 48 pixels, the left half white, the right half red."""


def heic() -> bytes:
    """Return a small HEIC picture."""
    return base64.b64decode(_HEIC)


def packed(parts: dict[str, str]) -> bytes:
    """Return a ZIP of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(*paragraphs: str) -> bytes:
    """Return a Word document with these paragraphs."""
    told = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    body = f'<w:document xmlns:w="w"><w:body>{told}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def xlsx(*rows: tuple[str, ...]) -> bytes:
    """Return a spreadsheet; its texts are shared, as programs write them."""
    texts = [cell for row in rows for cell in row]
    cells = iter(range(len(texts)))
    told = "".join(
        "<row>" + "".join(f'<c t="s"><v>{next(cells)}</v></c>' for _cell in row) + "<c><v>7</v></c></row>"
        for row in rows
    )
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/sharedStrings.xml": "<sst>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{told}</sheetData></worksheet>",
        }
    )


def wav(seconds: int = 1) -> bytes:
    """Return a recording of silence."""
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 8000 * seconds)
    return made.getvalue()
