"""What every command shares: the system's own Context, one JSON document on standard output, one line for wrong use."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import click
from flask import current_app
from flask_migrate import upgrade

from caseapp.context import Context
from caseapp.queries.health import DatabaseState
from caseapp.services.installation import sync_organs

WRONG_USE = 2


def context() -> AbstractContextManager[Context]:
    """Return the Context in which commands work: the system itself acts. An empty database gets its tables first.

    raises  Exit with status 2, after one line, where the database does not answer or is of another version
    """
    parts = current_app.extensions["huhang"]
    state = parts.database_state()
    if state is DatabaseState.SILENT:
        wrong_use("数据库没有应答，请检查 DATABASE_URL 和数据库服务")
    if state is DatabaseState.OTHER:
        wrong_use("数据库不是本版本的表结构，请先运行 flask database prepare")
    if state is DatabaseState.BLANK:
        prepare_database()
    found: AbstractContextManager[Context] = parts.context()
    return found


def prepare_database() -> None:
    """Run the migrations and synchronise the organs; nothing happens where all is up to date."""
    upgrade(directory=current_app.extensions["migrate"].directory)
    with current_app.extensions["huhang"].context() as ctx:
        sync_organs(ctx)


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
