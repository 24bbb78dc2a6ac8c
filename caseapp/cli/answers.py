"""What every command shares: the system's own Context, one JSON document on standard output, one line for wrong use."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import click
from flask import current_app

from caseapp.context import Context

WRONG_USE = 2


def context() -> AbstractContextManager[Context]:
    """Return the Context in which commands work: the system itself acts."""
    found: AbstractContextManager[Context] = current_app.extensions["huhang"].context()
    return found


def emit(document: Any) -> None:
    """Print exactly one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def wrong_use(line: str) -> NoReturn:
    """Print one clear line on standard error and end with status 2."""
    click.echo(line, err=True)
    raise click.exceptions.Exit(WRONG_USE)
