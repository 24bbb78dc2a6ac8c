"""Published data that tests read but the repository does not hold: real cases and event logs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def shared_folder() -> Path:
    """Return the folder with the published data: HUHANG_SHARED, or `shared` beside the repository."""
    given = os.environ.get("HUHANG_SHARED")
    return Path(given) if given else REPOSITORY.parent / "shared"


def find_shared(name: str) -> Path | None:
    """Return the path of a file of the data folder, or None where it is absent."""
    path = shared_folder() / "data" / name
    return path if path.exists() else None


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """A function from a file name to its path; the test is skipped by name where the file is absent."""

    def locate(name: str) -> Path:
        path = find_shared(name)
        if path is None:
            pytest.skip(
                f"published data {name} is absent: put it under ../shared/data or name its folder in HUHANG_SHARED"
            )
        return path

    return locate
