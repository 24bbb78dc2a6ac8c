"""Whether the system is fit to work, and a few numbers about it. Nothing here tells anything about a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from alembic.config import Config as MigrationConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, literal, select, table
from sqlalchemy.exc import SQLAlchemyError

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.models.outbox import OutboxMessage
from caseapp.queries.scheduler import lease

_FILLED_BY_MIGRATIONS = frozenset({"alembic_version", "setting"})
SCHEDULER_SILENT_AFTER = timedelta(minutes=1)
"""The scheduler is taken for dead after so long without a sign of life; it gives one every few seconds."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a load balancer and an administrator ask.

    caught_up   whether everything is written that an upgrade of the tables left to the program: until then a search
                finds too little
    scheduler   whether one gave a sign of life lately; a dead scheduler delays reminders and papers but falsifies no
                deadline, so it does not count against `ready`
    """

    database: bool
    migrations: bool
    definitions: bool
    caught_up: bool
    scheduler: bool

    @property
    def ready(self) -> bool:
        """Return whether requests can be served."""
        return self.database and self.migrations and self.definitions and self.caught_up


class DatabaseState(StrEnum):
    """What a database holds, seen from this version of the program."""

    READY = "ready"
    BLANK = "blank"
    """No tables yet."""
    OTHER = "other"
    """Tables of another version, or of something else."""
    SILENT = "silent"
    """It does not answer."""


def database_state(engine: Engine, migrations: Path) -> DatabaseState:
    """Return what the database holds.

    Takes the engine because a database that is gone cannot give a Context.

    migrations  the folder of Alembic's scripts
    """
    config = MigrationConfig()
    config.set_main_option("script_location", str(migrations))
    try:
        with engine.connect() as connection:
            heads = set(MigrationContext.configure(connection).get_current_heads())
            if heads == set(ScriptDirectory.from_config(config).get_heads()):
                return DatabaseState.READY
            return DatabaseState.OTHER if inspect(connection).get_table_names() else DatabaseState.BLANK
    except SQLAlchemyError:
        return DatabaseState.SILENT


def revision_of_unused(engine: Engine) -> str | None:
    """Return the revision of tables that hold nothing yet, '' where there are none; None for a database in use.

    What a migration itself puts in (`setting`, the search index) is nothing.
    """
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        for name in names:
            if name in _FILLED_BY_MIGRATIONS or name.startswith("search_index"):
                continue
            if connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first() is not None:
                return None
        return MigrationContext.configure(connection).get_current_revision() or ""


def scheduler_is_alive(ctx: Context) -> bool:
    """Return whether a scheduler gave a sign of life lately."""
    seen = lease(ctx)
    return seen is not None and ctx.now() - seen <= SCHEDULER_SILENT_AFTER


def gauges_for_anybody() -> Mapping[str, float]:
    """Return what may be told to whoever reaches the port: that it answers, and nothing that a case could change."""
    return {"up": 1}


def gauges(ctx: Context) -> Mapping[str, float]:
    """Return numbers for a monitoring system, by name without prefix: how much there is, and how much waits."""
    session = ctx.session
    return {
        "cases": session.execute(select(func.count()).select_from(CaseFile)).scalar_one(),
        "cases_open": session.execute(
            select(func.count()).select_from(CaseFile).where(CaseFile.category.in_(("open", "suspended", "decided")))
        ).scalar_one(),
        "clocks_running": session.execute(
            select(func.count()).select_from(ClockRun).where(ClockRun.ended_on.is_(None))
        ).scalar_one(),
        "clocks_past_due": session.execute(
            select(func.count())
            .select_from(ClockRun)
            .where(ClockRun.ended_on.is_(None), ClockRun.due_on.is_not(None), ClockRun.due_on < ctx.today())
        ).scalar_one(),
        "outbox_waiting": session.execute(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.done_at.is_(None))
        ).scalar_one(),
    }
