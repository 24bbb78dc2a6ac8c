"""Whether the system is fit to work, and a few numbers about it. Nothing here tells anything about a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from alembic.config import Config as MigrationConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.models.job_run import JobRun
from caseapp.models.outbox import OutboxMessage

SCHEDULER_SILENT_AFTER = timedelta(minutes=15)
"""The scheduler is taken for dead when no run was begun for so long; its shortest period is well below."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a load balancer and an administrator ask.

    scheduler   whether a job was begun lately; a dead scheduler delays reminders and papers but falsifies no deadline,
                so it does not count against `ready`
    """

    database: bool
    migrations: bool
    definitions: bool
    scheduler: bool

    @property
    def ready(self) -> bool:
        """Return whether requests can be served."""
        return self.database and self.migrations and self.definitions


def readiness(ctx: Context, *, migrations: Path) -> Readiness:
    """Look whether the database answers, stands at the newest migration, definitions are loaded and jobs are begun.

    migrations  the folder of Alembic's scripts
    """
    definitions = bool(ctx.law.procedures.latest())
    try:
        ctx.session.execute(text("SELECT 1"))
        stands_at = set(MigrationContext.configure(ctx.session.connection()).get_current_heads())
    except SQLAlchemyError:
        return Readiness(database=False, migrations=False, definitions=definitions, scheduler=False)
    config = MigrationConfig()
    config.set_main_option("script_location", str(migrations))
    current = stands_at == set(ScriptDirectory.from_config(config).get_heads())
    if not current:
        return Readiness(database=True, migrations=False, definitions=definitions, scheduler=False)
    begun = ctx.session.execute(select(func.max(JobRun.started_at))).scalar()
    return Readiness(
        database=True,
        migrations=True,
        definitions=definitions,
        scheduler=begun is not None and ctx.now() - begun <= SCHEDULER_SILENT_AFTER,
    )


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
