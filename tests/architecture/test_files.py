"""Files have speaking names, stay short, and speak of the product alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import REPOSITORY, files, shown, texts

# Drawers into which everything is thrown. A name says what is inside.
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
MOST_LINES = 450
LONGEST_LINE = 120

# Written in pieces, so that this file does not break its own rule.
FORBIDDEN = [
    r"\bTO" + r"DO\b",
    r"\bFIX" + r"ME\b",
    r"\bX" + r"XX\b",
    r"NotImplemented" + r"Error",
    r"/ro" + r"ot/",
    r"/wo" + r"rk/",
    r"/home" + r"/\w",
    r"pypi" + r"\.org",
    r"registry\." + r"npmjs",
    r"debian\." + r"org",
    r"\bcd" + r"n\.|unp" + r"kg\.com|jsde" + r"livr",
    r"\b(" + r"Chat" + r"GPT|Cla" + r"ude|Copi" + r"lot|L" + r"LM)\b",
]


def python_files() -> list[Path]:
    return list(files("caseapp", "tests", "migrations", ".ci", suffix=".py"))


def test_no_module_is_a_drawer() -> None:
    drawers = [
        shown(path)
        for path in python_files()
        if DRAWERS & {part.removesuffix(".py") for part in path.relative_to(REPOSITORY).parts}
    ]
    assert drawers == []


def test_no_file_grows_too_long() -> None:
    """A file that does is divided by what it knows."""
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files("caseapp", suffix=".py")}
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES} == {}


def lines_of_tables(text: str) -> set[int]:
    """Return the lines of statements and decorators that end with `# fmt: skip`: tables, one row a line."""
    lines = text.splitlines()
    return {
        number
        for part in ast.walk(ast.parse(text))
        if isinstance(part, ast.stmt | ast.expr) and lines[(part.end_lineno or 1) - 1].endswith("# fmt: skip")
        for number in range(part.lineno, (part.end_lineno or 1) + 1)
    }


def wide_lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    wide = {number for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST_LINE}
    return [f"{shown(path)}:{number}" for number in sorted(wide - lines_of_tables(text))] if wide else []


def test_no_line_is_wider_than_the_page() -> None:
    """Counted in characters: the linter counts a hanzi twice, which would break sentences of law at every clause."""
    assert [line for path in python_files() for line in wide_lines(path)] == []


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_repository_speaks_of_the_product_alone(pattern: str) -> None:
    found = [
        f"{shown(path)}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == []
