"""Draws a preview of the file on standard input as a JPEG on standard output, in a process of its own.

    python -m caseapp.adapters.preview_process KIND LONGEST FONT MOST_PIXELS PAGE < file > preview.jpg

What strangers send may be made to use up memory or time: the process gives up on either and harms nobody else. The
comment of the JPEG tells how many pages the file has.
"""

from __future__ import annotations

import resource
import sys
from typing import BinaryIO

import pi_heif
import pypdfium2
from PIL import Image, ImageOps

from caseapp.adapters.preview_words import WORDED, sheet_of, words_of

MOST_MEMORY = 2 << 30
MOST_SECONDS = 30
MOST_SCALE = 4.0


def main(kind: str, longest: int, font: str, most_pixels: int, page: int) -> None:
    """Read standard input, write the JPEG to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    Image.MAX_IMAGE_PIXELS = most_pixels
    file, pages = sys.stdin.buffer, 1
    if kind == "pdf":
        picture, pages = pdf_page(file, longest, page)
    elif kind in WORDED:
        picture = sheet_of(words_of(kind, file), longest, font)
    else:
        pi_heif.register_heif_opener(thumbnails=False)
        picture = shrunk(opened(file, most_pixels), longest)
    picture.save(sys.stdout.buffer, "JPEG", quality=82, comment=f"pages={pages}".encode())


def opened(file: BinaryIO, most_pixels: int) -> Image.Image:
    """Return a picture not yet unpacked. raises ValueError where it has more pixels than may be"""
    picture = Image.open(file)
    if picture.width * picture.height > most_pixels:
        raise ValueError("too many pixels")
    return picture


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


def pdf_page(file: BinaryIO, longest: int, number: int) -> tuple[Image.Image, int]:
    """Return a page of a PDF, and how many it has. number: 1 for the first; the last stands in for those behind it."""
    document = pypdfium2.PdfDocument(file.read())
    pages = len(document)
    page = document[min(max(number, 1), pages) - 1]
    width, height = page.get_size()
    scale = min(longest / max(width, height, 1.0), MOST_SCALE)
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"), pages


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
