"""The shell of the web, alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.shell import Shell, Visitor, build_shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """The shell over an ordinary database."""
    return build_shell(tmp_path)


@pytest.fixture
def demo_shell(tmp_path: Path) -> Shell:
    """The shell over a demonstration."""
    return build_shell(tmp_path, demo=True)


@pytest.fixture
def visitor(shell: Shell) -> Visitor:
    """Somebody who is not signed in."""
    return shell.visitor()
