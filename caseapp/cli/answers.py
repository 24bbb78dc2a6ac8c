"""What every command shares: the system's own Context, one JSON document on standard output, one line for wrong use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click
from flask import current_app
from flask_migrate import upgrade
from tqdm import tqdm

from caseapp.context import Context
from caseapp.domain.events import LEGAL_ZONE
from caseapp.queries.behind import Behind, behind
from caseapp.queries.health import DatabaseState
from caseapp.services.catch_up import catch_up, outstanding
from caseapp.services.installation import sync_organs

T = TypeVar("T")
WRONG_USE = 2
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PREPARE = "flask database prepare"
_CAUGHT_UP = {
    Behind.TEXTS: ("补写旧案可搜索的文字", "件"),
    Behind.NUMBERS: ("为证件号码和电话建立查找索引", "项"),
    Behind.INDEX: ("重建全文索引", "段"),
    Behind.REFERRALS: ("补写移送的列表和统计", "件"),
    Behind.PACKAGES: ("补写以数据包往来的移送列表", "件"),
}


def context() -> AbstractContextManager[Context]:
    """Return the Context in which commands work: the system itself acts. An empty database gets its tables first.

    raises  Exit with status 2, after one line, where the database does not answer or is of another version
    """
    parts = current_app.extensions["huhang"]
    state = parts.database_state()
    if state is DatabaseState.SILENT:
        wrong_use("数据库没有应答，请检查 DATABASE_URL 和数据库服务")
    if state is DatabaseState.OTHER:
        wrong_use(f"数据库不是本版本的表结构，请先运行 {PREPARE}")
    if state is DatabaseState.BLANK:
        prepare_database()
    with parts.context() as ctx:
        if behind(ctx):
            click.echo(f"升级还没有完成，搜索、列表或者统计结果不全：请先运行 {PREPARE}", err=True)
    found: AbstractContextManager[Context] = parts.context()
    return found


def prepare_database(*, numbers: bool = False) -> None:
    """Run the migrations, synchronise the organs, and write what an upgrade leaves to the program; nothing happens
    where all is up to date.

    numbers  look-ups by identity number and telephone are made anew, whether or not they are there
    """
    upgrade(directory=current_app.extensions["migrate"].directory)
    with current_app.extensions["huhang"].context() as ctx:
        sync_organs(ctx)
        for kind in dict.fromkeys((*behind(ctx), *((Behind.NUMBERS,) if numbers else ()))):
            _catch_up(ctx, kind)


def _catch_up(ctx: Context, kind: Behind) -> None:
    words, unit = _CAUGHT_UP[kind]
    total = outstanding(ctx, kind)
    click.echo(f"升级：{words}，共 {total} {unit} …", err=True)
    with tqdm(total=total, unit=unit, disable=None, leave=False) as bar:
        done = catch_up(ctx, kind, progress=bar.update)
    if done.left:
        click.echo(f"  其中 {done.left} {unit}的台账有异常，没有补写：请运行 flask ledger verify", err=True)


def emit(document: Any) -> None:
    """Print exactly one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def day_told(text: str, option: str) -> date:
    """Return a day that an option names, or end with what is wrong."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    wrong_use(f"{option} 不是有效的日期（YYYY-MM-DD）：{text!r}")


def instant_told(text: str, option: str) -> datetime:
    """Return an instant; without a zone it is Chinese time. A bare date does not say which instant of it is meant."""
    try:
        if _DATE.fullmatch(text):
            raise ValueError
        instant = datetime.fromisoformat(text)
    except ValueError:
        wrong_use(f"{option} 不是有效的时刻（如 2025-12-31T18:00:00+08:00）：{text!r}")
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=LEGAL_ZONE)


class OneLineCommand(click.Command):
    """Tells wrong use in one line, without repeating how the command is used."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as wrong:
            wrong.ctx = None  # click prints the usage lines only where it knows the context
            raise


def in_one_line(command: click.Command) -> None:
    """Let a command, and those of its group, tell wrong use as `OneLineCommand` does."""

    def told(read: Callable[..., T]) -> Callable[..., T]:
        @wraps(read)
        def reading(*arguments: Any, **named: Any) -> T:
            try:
                return read(*arguments, **named)
            except click.UsageError as wrong:
                wrong.ctx = None
                raise

        return reading

    if hasattr(command.parse_args, "__wrapped__"):  # another application of this process has it already
        return
    command.parse_args = told(command.parse_args)  # type: ignore[method-assign]
    if isinstance(command, click.Group):
        command.resolve_command = told(command.resolve_command)  # type: ignore[method-assign]
        for one in command.commands.values():
            in_one_line(one)


def wrong_use(line: str) -> NoReturn:
    """Print one clear line on standard error and end with status 2."""
    click.echo(line, err=True)
    raise click.exceptions.Exit(WRONG_USE)
