"""Evidence files are kept whole or not at all, and are given out only as they came in."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caseapp.adapters.evidence_store import LocalEvidenceStore
from caseapp.domain.errors import ExternalError, FileChanged, InputError

REPOSITORY = Path(__file__).resolve().parents[2]
CONTENT = b"what was found" * 1000
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
DAY_SECONDS = 86_400


@pytest.fixture
def store(tmp_path: Path) -> LocalEvidenceStore:
    return LocalEvidenceStore(tmp_path / "evidence", most_bytes=1 << 20)


def keep(store: LocalEvidenceStore, content: bytes = CONTENT) -> str:
    with store.receive(io.BytesIO(content)) as came:
        came.keep()
        return came.digest


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "evidence").rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_hash_and_given_out_as_it_came(store: LocalEvidenceStore, tmp_path: Path) -> None:
    with store.receive(io.BytesIO(CONTENT)) as came:
        assert (came.digest, came.size, came.head, came.tail) == (DIGEST, len(CONTENT), CONTENT, CONTENT)
        assert came.open().read() == CONTENT
        came.keep()
    with store.open(DIGEST) as file:
        assert file.read() == CONTENT
    [path] = kept(tmp_path)
    assert path == store.place_of(DIGEST)
    assert not path.stat().st_mode & 0o222, "nobody writes to it again"


def test_the_same_content_is_kept_once(store: LocalEvidenceStore, tmp_path: Path) -> None:
    assert keep(store) == keep(store)
    assert len(kept(tmp_path)) == 1


def test_what_is_not_kept_leaves_nothing(store: LocalEvidenceStore, tmp_path: Path) -> None:
    with store.receive(io.BytesIO(CONTENT)):
        pass

    def fail() -> None:
        with store.receive(io.BytesIO(CONTENT)):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert kept(tmp_path) == []


def test_too_large_a_file_is_refused_as_soon_as_it_is_too_large(store: LocalEvidenceStore, tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"\0" * size

    source = Endless()
    with pytest.raises(InputError, match="超过 1 MB"), store.receive(source):  # type: ignore[arg-type]
        pass
    assert source.given <= 3 << 20
    assert kept(tmp_path) == []


def test_the_later_parts_of_a_recording_rest_on_a_check_of_the_whole(store: LocalEvidenceStore) -> None:
    path = store.place_of(keep(store))
    path.chmod(0o640)
    path.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(FileChanged):
        store.open(DIGEST, checked_lately=True)
    path.write_bytes(CONTENT)
    store.open(DIGEST).close()
    store.open(DIGEST, checked_lately=True).close()
    path.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(FileChanged, match="校验值不符"):
        store.open(DIGEST, checked_lately=True)


def test_a_changed_file_is_given_to_nobody(store: LocalEvidenceStore) -> None:
    path = store.place_of(keep(store))
    path.chmod(0o640)
    path.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(FileChanged, match="校验值不符"):
        store.open(DIGEST)
    path.unlink()
    with pytest.raises(FileChanged, match="已缺失"):
        store.open(DIGEST)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "md5:" + "0" * 64, "sha256:..", "sha256:" + "G" * 64])
def test_what_is_no_hash_names_no_file(store: LocalEvidenceStore, digest: str) -> None:
    with pytest.raises(ExternalError):
        store.open(digest)


UPLOAD = """
import sys
from pathlib import Path
from caseapp.adapters.evidence_store import LocalEvidenceStore

class Slow:
    def __init__(self):
        self.chunks = 0
    def read(self, size):
        self.chunks += 1
        if self.chunks == 3:
            print("half", flush=True)
            sys.stdin.read()  # the rest never comes
        return b"x" * 100_000

with LocalEvidenceStore(Path(sys.argv[1]), most_bytes=1 << 30).receive(Slow()) as came:
    came.keep()
"""


def test_a_process_killed_in_mid_upload_leaves_nothing_half_stored(store: LocalEvidenceStore, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    process = subprocess.Popen(
        [sys.executable, "-c", UPLOAD, str(folder)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL
    [leftover] = kept(tmp_path)
    assert leftover.parent == store.incoming, "nothing stands where files are kept"
    now = time.time()
    assert store.drop_leftovers(older_than_seconds=DAY_SECONDS, now=now) == 0, "another upload may be under way"
    os.utime(leftover, (now - 2 * DAY_SECONDS,) * 2)
    assert store.drop_leftovers(older_than_seconds=DAY_SECONDS, now=now) == 1
    assert kept(tmp_path) == []
