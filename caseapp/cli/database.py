"""`flask database`: bringing the tables to the present version."""

from __future__ import annotations

import click
from flask import current_app
from flask_migrate import upgrade

from caseapp.cli.answers import context
from caseapp.services.installation import sync_organs


@click.group("database")
def command() -> None:
    """The database of this installation."""


@command.command("prepare")
def prepare() -> None:
    """Create or upgrade the tables and bring the organs in line with `workflows/`."""
    prepare_database()
    click.echo("数据库已就绪", err=True)


def prepare_database() -> None:
    """Run the migrations and synchronise the organs; nothing happens where all is up to date."""
    upgrade(directory=current_app.extensions["migrate"].directory)
    with context() as ctx:
        sync_organs(ctx)
