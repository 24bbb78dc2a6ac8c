"""A secret is made once, however many ask for it at the same time."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from caseapp.adapters.secret_files import kept_secret


def test_all_who_come_at_once_get_what_the_first_made(tmp_path: Path) -> None:
    path, together = tmp_path / "keys" / "one.key", Barrier(4)

    def made() -> bytes:
        together.wait(timeout=20)  # all have seen that there is none
        return secrets.token_bytes(16)

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: kept_secret(path, made), range(4)))
    assert found == {path.read_bytes()}
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["one.key"], "nothing is left behind"
    assert kept_secret(path, lambda: b"another") == path.read_bytes()
