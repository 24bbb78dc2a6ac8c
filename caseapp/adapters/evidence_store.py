"""Evidence files on disk, named by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from caseapp.domain.errors import N_, ExternalError, FileChanged, InputError, Message
from caseapp.domain.file_kinds import SAMPLE_BYTES

ALGORITHM = "sha256"
_CHUNK = 1 << 20
_READ_ONLY = 0o440
_LATELY_SECONDS = 900
_MOST_REMEMBERED = 1000


@dataclass(slots=True)
class Incoming:
    """A file that has come in whole and waits to be kept. `digest` names its algorithm."""

    digest: str
    size: int
    head: bytes
    tail: bytes
    _path: Path
    _store: LocalEvidenceStore
    _kept: bool = field(default=False)

    def open(self) -> BinaryIO:
        """Open what came in, to look into it."""
        return self._path.open("rb")

    def keep(self) -> None:
        """Put the file in its place: whole, on disk, and never to be written again. The same content is kept once."""
        place = self._store.place_of(self.digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._path.chmod(_READ_ONLY)
        self._path.replace(place)
        for folder in (place.parent, place.parent.parent):
            _sync(folder)
        self._kept = True

    def discard(self) -> None:
        """Throw away what was not kept."""
        if not self._kept:
            self._path.unlink(missing_ok=True)


class LocalEvidenceStore:
    """The `EvidenceStore` port on a folder: <algorithm>/<first two digits>/<digest>, and `incoming` for what is not
    whole yet. Whatever stops an upload, nothing but a leftover in `incoming` remains of it.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._checked: dict[str, tuple[tuple[int, ...], float]] = {}

    @property
    def incoming(self) -> Path:
        """Return the folder for what is not whole yet."""
        return self._folder / "incoming"

    def place_of(self, digest: str) -> Path:
        """Return where a file of that digest is kept. raises ExternalError for what is no digest"""
        algorithm, _, digits = digest.partition(":")
        if algorithm != ALGORITHM or len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
            raise ExternalError(Message(N_("文件标识无效")))
        return self._folder / algorithm / digits[:2] / digits

    @contextmanager
    def receive(self, source: IO[bytes]) -> Iterator[Incoming]:
        """Take a file in; what is not kept before the block ends is thrown away.

        raises  InputError as soon as more than the most has come
        """
        self.incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.incoming)
        path = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                digest, size = self._copy(source, file)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                head = file.read(SAMPLE_BYTES)
                file.seek(max(0, size - SAMPLE_BYTES))
                tail = file.read(SAMPLE_BYTES)
            came = Incoming(f"{ALGORITHM}:{digest}", size, head, tail, path, self)
            try:
                yield came
            finally:
                came.discard()
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _copy(self, source: IO[bytes], file: IO[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > self._most:
                raise InputError(
                    "files",
                    Message(N_("文件超过 %(most)s MB，请压缩或者分段后再附"), {"most": self._most >> 20}),
                )
            digest.update(chunk)
            file.write(chunk)
        return digest.hexdigest(), size

    def open(self, digest: str, *, checked_lately: bool = False) -> BinaryIO:
        """Open a file after checking its hash, at its beginning. raises FileChanged, ExternalError where it is gone"""
        place = self.place_of(digest)
        try:
            file = place.open("rb")
        except OSError as error:
            raise FileChanged(Message(N_("证据文件已缺失，不能提供；已通知系统管理员和审计管理员"))) from error
        try:
            stat = os.fstat(file.fileno())
            mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            known = self._checked.get(digest)
            if checked_lately and known and known[0] == mark and time.monotonic() - known[1] < _LATELY_SECONDS:
                return file
            actual = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                actual.update(chunk)
            if f"{ALGORITHM}:{actual.hexdigest()}" != digest:
                raise FileChanged(
                    Message(N_("证据文件的内容与附入时的校验值不符，不能提供；已通知系统管理员和审计管理员"))
                )
            if len(self._checked) >= _MOST_REMEMBERED:
                self._checked.clear()
            self._checked[digest] = (mark, time.monotonic())
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def drop_leftovers(self, *, older_than_seconds: float, now: float) -> int:
        """Delete what interrupted uploads left behind. Returns how many files.

        now  seconds since the epoch, as files carry them
        """
        dropped = 0
        for path in self.incoming.glob("*"):
            try:
                if now - path.stat().st_mtime > older_than_seconds:
                    path.unlink()
                    dropped += 1
            except FileNotFoundError:  # its upload has just ended
                continue
        return dropped


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
