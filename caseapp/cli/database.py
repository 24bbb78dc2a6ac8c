"""`flask database`: bringing the tables to the present version."""

from __future__ import annotations

import click

from caseapp.cli.answers import prepare_database


@click.group("database")
def command() -> None:
    """The database of this installation."""


@command.command("prepare")
@click.option("--numbers", is_flag=True, help="index identity numbers and telephones anew, after the key was changed")
def prepare(numbers: bool) -> None:
    """Create or upgrade the tables, bring the organs in line with `workflows/`, and write what an upgrade left out."""
    prepare_database(numbers=numbers)
    click.echo("数据库已就绪", err=True)
