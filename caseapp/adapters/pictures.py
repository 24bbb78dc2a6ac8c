"""Pictures: their size before they are taken in, previews of files, and plain cards for the demonstration."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from caseapp.domain.errors import N_, ExternalError, InputError, Message

PATIENCE_SECONDS = 40
_PACKAGE = Path(__file__).resolve().parents[2]
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, UnidentifiedImageError, Image.DecompressionBombError)


_NOT_SHOWN = N_("这个文件不能预览，请下载后查看")


def _shown(made: bytes) -> bytes:
    """Return a preview. raises ExternalError for what stands for a file that cannot be drawn: it is not tried again"""
    if not made:
        raise ExternalError(Message(_NOT_SHOWN))
    return made


class PreviewMaker:
    """The `Pictures` port on Pillow, libheif and PDFium.

    Files of strangers are decoded in a process of their own, which may use only so much memory and time. Previews are
    kept as a cache that can be deleted at any time.

    cache        folder of previews
    font         for words of a PDF page and of cards
    most_pixels  a picture with more is refused: unpacked, it would fill the memory
    """

    def __init__(self, cache: Path, font: Path, *, most_pixels: int) -> None:
        self._cache = cache
        self._font = font
        self._most = most_pixels

    def measure(self, file: BinaryIO) -> tuple[int, int]:
        """Return width and height from the head of a picture, without unpacking it.

        raises  InputError (field 'files'): broken, or larger than may be unpacked
        """
        try:
            with Image.open(file) as picture:
                width, height = picture.size
        except _BROKEN as error:
            if isinstance(error, Image.DecompressionBombError):
                raise self._too_large() from error
            raise InputError("files", Message(N_("图片已损坏，无法读取"))) from error
        if width * height > self._most:
            raise self._too_large()
        return width, height

    def _too_large(self) -> InputError:
        text = N_("图片展开后超过 %(most)s 百万像素，可能损害系统，请缩小后再附")
        return InputError("files", Message(text, {"most": self._most // 1_000_000}))

    def preview(
        self, digest: str, kind: str, open_file: Callable[[], BinaryIO], *, longest: int, page: int = 1
    ) -> bytes:
        """Return a JPEG no side of which is longer than `longest` pixels, turned the right way up (EXIF).

        kind    a kind of file with a drawn preview (`file_kinds.DRAWN`); of documents the first words are drawn
        page    of a PDF
        raises  ExternalError where no preview can be made
        """
        kept = self._cache / f"{digest.partition(':')[2]}-{longest}-p{page}.jpg"
        if kept.exists():
            return _shown(kept.read_bytes())
        with open_file() as file:
            made = self._made(kind, file, longest, page)
        self._cache.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._cache)
        with os.fdopen(handle, "wb") as unfinished:
            unfinished.write(made)
        Path(name).replace(kept)
        return _shown(made)

    def pages(self, preview: bytes) -> int:
        """Return how many pages the file of a preview has, as its comment tells."""
        told = re.search(rb"pages=(\d+)", preview[:1024])
        return int(told[1]) if told else 1

    def _made(self, kind: str, file: BinaryIO, longest: int, page: int) -> bytes:
        """Return the JPEG, b'' where the file cannot be drawn. raises ExternalError where it took too long: the machine
        may only be busy
        """
        command = [sys.executable, "-m", "caseapp.adapters.preview_process", kind, str(longest), str(self._font)]
        command += [str(self._most), str(page)]
        try:
            done = subprocess.run(  # noqa: S603 - our own program; no word of the command comes from a file
                command,
                stdin=file.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_PACKAGE,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ExternalError(Message(_NOT_SHOWN)) from error
        return done.stdout if done.returncode == 0 and done.stdout.startswith(b"\xff\xd8") else b""

    def card(self, lines: Sequence[str], *, tone: str = "#dfe6ee") -> bytes:
        """Return a JPEG of 960 × 720 with some lines of words on a plain ground; the first is the largest."""
        picture = Image.new("RGB", (960, 720), tone)
        draw = ImageDraw.Draw(picture)
        draw.rectangle((24, 24, 935, 695), outline="#5f6b7c", width=3)
        top = 150
        for place, line in enumerate(lines):
            letters = ImageFont.truetype(str(self._font), 72 if place == 0 else 40)
            draw.text((480, top), line, fill="#1b2433", font=letters, anchor="mm")
            top += 130 if place == 0 else 70
        made = io.BytesIO()
        picture.save(made, "JPEG", quality=80)
        return made.getvalue()
