"""Backups as ZIP files, and the folders whose files they hold (`caseapp.domain.backups` says what is in one)."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from caseapp.domain.backups import (
    ALGORITHM,
    FORMAT,
    MANIFEST,
    SIGNATURE,
    VERSION,
    Manifest,
    Member,
    TableTold,
    is_known_name,
    problems_of,
)
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import Json
from caseapp.ports import BackupSource

_CHUNK = 1 << 20
_LONGEST_LIST = 256 << 20
"""Bytes of the largest list that is read: about a million files."""
_MODE = 0o600
_KEPT = ("evidence/sha256", "documents", "anchors", "keys/organs", "keys/trusted", "keys/anchors")
_PACKED = (".jsonl", ".json", ".pub")


class _Signed(msgspec.Struct, forbid_unknown_fields=True):
    algorithm: str
    public_key: str
    signature: str


class BackupWriter:
    """A backup that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: list[Member] = []

    @property
    def members(self) -> tuple[Member, ...]:
        """Return what was written so far."""
        return tuple(self._members)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a member piece by piece."""
        packed = zipfile.ZIP_DEFLATED if name.endswith(_PACKED) else zipfile.ZIP_STORED
        entry = zipfile.ZipInfo(name)
        entry.compress_type, entry.external_attr = packed, _MODE << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(entry, "w", force_zip64=True) as target:
            for piece in pieces:
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        self._members.append(Member(name, size, f"{ALGORITHM}:{digest.hexdigest()}"))

    def add_file(self, name: str, path: Path) -> None:
        """Write a file."""
        with path.open("rb") as file:
            self.add(name, iter(lambda: file.read(_CHUNK), b""))

    def finish(self, manifest: Manifest, *, algorithm: str, sign: Callable[[bytes], bytes]) -> None:
        """Write the list and its signature: without them a file is no backup."""
        content = msgspec.json.encode(manifest)
        signed = _Signed(algorithm, manifest.public_key, sign(content).hex())
        self._archive.writestr(MANIFEST, content, zipfile.ZIP_DEFLATED)
        self._archive.writestr(SIGNATURE, msgspec.json.encode(signed))


class BackupReader:
    """A backup that is being read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._content = self._small(MANIFEST)
        try:
            self.manifest = msgspec.json.decode(self._content, type=Manifest)
            self._signed = msgspec.json.decode(self._small(SIGNATURE), type=_Signed)
        except msgspec.MsgspecError as error:
            raise _unreadable() from error
        if (self.manifest.format, self.manifest.version) != (FORMAT, VERSION):
            raise _unreadable()

    def _small(self, name: str) -> bytes:
        try:
            if self._archive.getinfo(name).file_size > _LONGEST_LIST:
                raise _unreadable()
            return self._archive.read(name)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
            raise _unreadable() from error

    def is_signed(self, verify: Callable[[bytes, bytes, str], bool]) -> bool:
        """Return whether the list is signed with the key that it names."""
        try:
            signature = bytes.fromhex(self._signed.signature)
        except ValueError:
            return False
        key = self.manifest.public_key
        return key == self._signed.public_key and verify(self._content, signature, key)

    def problems(self, progress: Callable[[int], object] | None = None) -> Iterator[tuple[str, str]]:
        """Yield (member, reason): what `domain.backups.problems_of` finds, changed (another content), unreadable."""
        infos = [one for one in self._archive.infolist() if one.filename not in (MANIFEST, SIGNATURE)]
        found = {one.filename: one.file_size for one in infos}
        yield from problems_of(self.manifest, found)
        for member in self.manifest.members:
            if progress is not None:
                progress(1)
            if found.get(member.name) != member.size:
                continue
            try:
                digest = hashlib.sha256()
                for piece in self._pieces(member):
                    digest.update(piece)
            except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError):
                yield member.name, "unreadable"
                continue
            if f"{ALGORITHM}:{digest.hexdigest()}" != member.digest:
                yield member.name, "changed"

    def rows(self, table: TableTold) -> Iterator[list[Json]]:
        """Yield the cells of each row. raises ValueError for a line that is none"""
        with self._archive.open(table.member) as source:
            for line in source:
                cells = msgspec.json.decode(line)
                if not isinstance(cells, list):
                    raise ValueError("a line is no list of cells")
                yield cells

    def _pieces(self, member: Member) -> Iterator[bytes]:
        left = member.size
        with self._archive.open(member.name) as source:
            while piece := source.read(min(_CHUNK, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise ValueError("more than the list says")
                yield piece

    def put(self, member: Member, folder: Path) -> None:
        """Write a member into a folder, whole or not at all; its content is compared once more.

        raises  InputError where it is not what the list says
        """
        if not is_known_name(member.name):
            raise _unreadable()
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if member.name.startswith("keys/") else 0o755)
        part = target.with_name(f"{target.name}.part")
        digest = hashlib.sha256()
        try:
            with part.open("wb") as file:
                for piece in self._pieces(member):
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if f"{ALGORITHM}:{digest.hexdigest()}" != member.digest:
                raise _unreadable()
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


class BackupFolder:
    """The `Backups` port on the folder that holds an installation's files."""

    def __init__(self, var: Path) -> None:
        self._var = var

    def kept(self) -> Iterator[tuple[str, Path]]:
        """Yield (name, path) of every file that belongs into a backup, always in the same order."""
        for part in _KEPT:
            for path in sorted((self._var / part).rglob("*")):
                name = path.relative_to(self._var).as_posix()
                if path.is_file() and is_known_name(name):
                    yield name, path

    def holds_others(self, manifest: Manifest) -> bool:
        """Return whether a file is kept here that is not in a backup: then it is not for this place."""
        names = {member.name for member in manifest.members}
        return any(name not in names for name, _ in self.kept())

    def lacks_private_keys(self) -> tuple[str, ...]:
        """Return the names of own organ keys whose private half is not here."""
        organs = self._var / "keys" / "organs"
        return tuple(path.stem for path in sorted(organs.glob("*.json")) if not path.with_suffix(".pem").exists())

    @contextmanager
    def writing(self, path: Path) -> Iterator[BackupWriter]:
        """Write a new backup: there is a file of that name once it is whole. raises InputError"""
        if path.exists():
            raise _in_the_way(path)
        part = path.with_name(f"{path.name}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        except OSError as error:
            raise InputError("file", Message(N_("不能写入 %(file)s"), {"file": str(path)})) from error
        try:
            with os.fdopen(handle, "wb") as file:
                with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                    yield BackupWriter(archive)
                file.flush()
                os.fsync(file.fileno())
            _appear(part, path)
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def reading(self, path: Path) -> Iterator[BackupReader]:
        """Open a backup. raises InputError where the file is none"""
        with self._opened(path) as file:
            try:
                archive = zipfile.ZipFile(file)
            except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
                raise _unreadable() from error
            with archive:
                yield BackupReader(archive)

    def put(self, archive: BackupSource, member: Member) -> None:
        """Put a file of a backup where it was kept. raises InputError"""
        archive.put(member, self._var)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[IO[bytes]]:
        try:
            file = path.open("rb")
        except OSError as error:
            raise InputError("file", Message(N_("不能读取 %(file)s"), {"file": str(path)})) from error
        with file:
            yield file


def _appear(part: Path, path: Path) -> None:
    """Give a whole file its name; unlike a renaming, a link never takes the place of another file."""
    try:
        os.link(part, path)
    except FileExistsError as error:
        raise _in_the_way(path) from error
    except OSError:  # a file system without links
        part.replace(path)


def _in_the_way(path: Path) -> InputError:
    return InputError("file", Message(N_("%(file)s 已经存在，不会覆盖"), {"file": str(path)}))


def _unreadable() -> InputError:
    return InputError("file", Message(N_("这个文件不是本系统的备份，或者已经损坏")))
