"""Commands over a small house, without building the whole application."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from caseapp.queries.health import DatabaseState
from tests.support.spine import House, law

Run = Callable[..., Result]


@pytest.fixture
def run(house: House) -> Run:
    """`run(command, *arguments)`: what a command of the house prints, apart by stream, and its exit status."""
    app = Flask("commands")
    parts: Any = SimpleNamespace(
        context=house.context,
        rules=law().rules,
        calendar=law().calendar,
        database_state=lambda: DatabaseState.READY,
    )
    app.extensions["huhang"] = parts

    def invoke(command: click.Command, *arguments: str) -> Result:
        with app.app_context():
            return CliRunner().invoke(command, list(arguments), catch_exceptions=False)

    return invoke
