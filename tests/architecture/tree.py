"""The files of the repository that are ours: what the rules of this folder are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = ("caseapp", "workflows", "templates", "migrations", "tests", "docs", ".ci")
NOT_OURS = (
    REPOSITORY / "caseapp" / "static" / "vendor",
    REPOSITORY / "caseapp" / "static" / "fonts",
    REPOSITORY / "tests" / "vendor",
)
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".yaml",
    ".yml",
    ".json",
    ".toml",
    ".cfg",
    ".ini",
    ".js",
    ".css",
    ".svg",
    ".mako",
    ".po",
    "",
}


def files(*folders: str, suffix: str | None = None) -> Iterator[Path]:
    """Yield our files below the given top-level folders, in order."""
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if "__pycache__" in path.parts or any(other in path.parents for other in NOT_OURS):
                continue
            if path.is_file() and (suffix is None or path.suffix == suffix):
                yield path


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file of ours with its content, the papers at the top of the repository too."""
    left_behind = ("LICENSE", ".git", ".env*", ".coverage*", "*.db*")
    top = (
        path
        for path in sorted(REPOSITORY.iterdir())
        if path.is_file() and not any(path.match(pattern) for pattern in left_behind)
    )
    for path in (*top, *files(*FOLDERS)):
        if path.suffix in TEXT:
            yield path, path.read_text(encoding="utf-8")


def shown(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()
