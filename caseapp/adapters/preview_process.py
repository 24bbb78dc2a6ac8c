"""Draws a preview of the file on standard input as a JPEG on standard output, in a process of its own.

    python -m caseapp.adapters.preview_process KIND LONGEST FONT MOST_PIXELS < file > preview.jpg

What strangers send may be made to use up memory or time: the process gives up on either and harms nobody else.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any, BinaryIO

from PIL import Image, ImageDraw, ImageFont, ImageOps
from pypdf import PageObject, PdfReader

MOST_MEMORY = 2 << 30
MOST_SECONDS = 30
_MOST_WORDS = 4000
"""So many pieces of text of a page are drawn."""
_LITTLE_TEXT = 40
"""A page with a picture and fewer letters than this is a scan."""


def main(kind: str, longest: int, font: str, most_pixels: int) -> None:
    """Read standard input, write the JPEG to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    Image.MAX_IMAGE_PIXELS = most_pixels
    file = sys.stdin.buffer
    picture = pdf_page(file, longest, font) if kind == "pdf" else shrunk(Image.open(file), longest)
    picture.save(sys.stdout.buffer, "JPEG", quality=82)


def shrunk(picture: Image.Image, longest: int) -> Image.Image:
    """Return a picture as it is meant to be looked at: upright, small, on white where it is see-through."""
    picture.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((longest, longest))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright.convert("RGBA"))
        upright = ground
    return upright.convert("RGB")


def pdf_page(file: BinaryIO, longest: int, font: str) -> Image.Image:
    """Return the first page of a PDF: the scan it consists of, else its words where they stand."""
    page = PdfReader(file).pages[0]
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    words = _words(page)
    if sum(len(text) for text, *_place in words) < _LITTLE_TEXT and (scan := _scan(page)) is not None:
        return shrunk(scan, longest)
    scale = longest / max(width, height, 1.0)
    sheet = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    draw = ImageDraw.Draw(sheet)
    left, bottom = float(page.mediabox.left), float(page.mediabox.bottom)
    for text, x, y, size in words[:_MOST_WORDS]:
        letters = ImageFont.truetype(font, max(4, round(size * scale)))
        draw.text(((x - left) * scale, (height - (y - bottom)) * scale), text, fill="#333", font=letters, anchor="ls")
    draw.rectangle((0, 0, sheet.width - 1, sheet.height - 1), outline="#d0d5dc")
    return sheet


def _words(page: PageObject) -> list[tuple[str, float, float, float]]:
    found: list[tuple[str, float, float, float]] = []

    def take(text: str, around: list[float], at: list[float], _font: Any, size: float) -> None:
        if text.strip():
            x, y = (at[4] * around[column] + at[5] * around[column + 2] + around[column + 4] for column in (0, 1))
            scaled = abs(size * (at[3] or at[0] or 1) * (around[3] or around[0] or 1))
            found.append((text.strip("\n"), x, y, min(scaled, 72.0)))

    page.extract_text(visitor_text=take)
    return found


def _scan(page: PageObject) -> Image.Image | None:
    for item in page.images:
        return Image.open(io.BytesIO(item.data))
    return None


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
