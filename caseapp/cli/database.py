"""`flask database`: bringing the tables to the present version."""

from __future__ import annotations

import click

from caseapp.cli.answers import prepare_database


@click.group("database")
def command() -> None:
    """The database of this installation."""


@command.command("prepare")
def prepare() -> None:
    """Create or upgrade the tables and bring the organs in line with `workflows/`."""
    prepare_database()
    click.echo("数据库已就绪", err=True)
