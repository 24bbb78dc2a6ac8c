"""The web: its shell alone, and browsers of people who are signed in to the whole application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.app import PASSWORD
from tests.web.shell import Shell, Visitor, build_shell

if TYPE_CHECKING:
    from flask import Flask

    from caseapp.domain.workflow.situation import Actor


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


@pytest.fixture
def enter(app: Flask, people: Mapping[str, Actor]) -> Callable[[str], Visitor]:
    """`enter("officer")` is that person's browser, signed in to the whole application."""

    def sign_in(login: str) -> Visitor:
        assert login in people
        whole: Any = SimpleNamespace(app=app)
        visitor = Visitor(whole)
        assert visitor.sign_in(login, password=PASSWORD).status_code == 303
        return visitor

    return sign_in
