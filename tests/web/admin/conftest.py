"""The administrators' room in the whole application."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.support.app import PASSWORD
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def enter(app: Flask, people: object) -> Enter:
    """`enter("sysadmin")` is that person's browser, signed in."""

    def sign_in(login: str) -> Visitor:
        shell: Any = SimpleNamespace(app=app)
        visitor = Visitor(shell)
        assert visitor.sign_in(login, password=PASSWORD).status_code == 303
        return visitor

    return sign_in
