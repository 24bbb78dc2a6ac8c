"""Opening files that others made: plain or gzip, read as a stream, with progress by the bytes on disk."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from caseapp.domain.errors import N_, InputError, Message

Progress = Callable[[int, int], None]
"""Told (bytes read, bytes in all), of the file as it lies on disk."""

BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, OSError)
"""What reading a torn or damaged file raises."""

_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BLOCK = 1 << 18


class _Counted(io.RawIOBase):
    """A raw file that tells how far it has been read."""

    def __init__(self, raw: BinaryIO, total: int, progress: Progress | None) -> None:
        self._raw = raw
        self._total = total
        self._progress = progress
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._raw.read(len(buffer))
        buffer[: len(block)] = block
        self._read += len(block)
        if self._progress is not None:
            self._progress(self._read, self._total)
        return len(block)


@contextmanager
def opened(path: Path, *, progress: Progress | None = None) -> Iterator[BinaryIO]:
    """Open a file for reading, unpacked where it is gzip (told by its first bytes, not by its name).

    raises  InputError when it cannot be opened, or is UTF-16 text
    """
    try:
        raw = path.open("rb")
        total = path.stat().st_size
    except OSError as wrong:
        raise unreadable(path, wrong) from wrong
    with raw:
        stream = io.BufferedReader(_Counted(raw, total, progress), _BLOCK)
        try:
            start = stream.peek(2)[:2]
        except OSError as wrong:
            raise unreadable(path, wrong) from wrong
        if start in _UTF16:
            raise InputError("", Message(N_("文件 %(file)s 是 UTF-16 编码，应为 UTF-8"), {"file": path.name}))
        if start == _GZIP:
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", unpacked), _BLOCK))
        else:
            yield cast("BinaryIO", stream)


def unreadable(path: Path, wrong: BaseException) -> InputError:
    """Return the refusal of a file that cannot be read at all."""
    why = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    return InputError("", Message(N_("无法读取文件 %(file)s：%(why)s"), {"file": path.name, "why": why}))
