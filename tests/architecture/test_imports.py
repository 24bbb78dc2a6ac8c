"""Imports only go down the floors, and the domain is plain Python."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import REPOSITORY, files, shown

DOMAIN = list(files("caseapp/domain", suffix=".py"))


def test_every_import_keeps_to_the_floors() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_itself_is_empty() -> None:
    assert (REPOSITORY / "caseapp" / "__init__.py").read_text(encoding="utf-8").strip() == ""


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", DOMAIN, ids=shown)
def test_the_domain_imports_the_standard_library_and_itself_only(path: Path) -> None:
    strangers = {
        name
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("caseapp.domain")
    }
    assert strangers == set()


# What would make the same question have another answer tomorrow, or touch the world.
IMPURE_MODULES = {
    "os",
    "pathlib",
    "sqlite3",
    "subprocess",
    "socket",
    "random",
    "secrets",
    "time",
    "logging",
    "shutil",
    "tempfile",
}
IMPURE_CALLS = {"now", "utcnow", "today", "open", "input", "print"}


@pytest.mark.parametrize("path", DOMAIN, ids=shown)
def test_the_domain_reads_no_clock_file_or_chance(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }
    assert calls & IMPURE_CALLS == set()
    assert {name.split(".")[0] for name in imported(tree)} & IMPURE_MODULES == set()


def test_the_domain_loads_no_web_framework() -> None:
    modules = [
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts) for path in DOMAIN if path.name != "__init__.py"
    ]
    program = "import importlib, sys\n" + "".join(f"importlib.import_module({name!r})\n" for name in modules)
    program += "print(sorted({'flask', 'sqlalchemy', 'werkzeug', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
