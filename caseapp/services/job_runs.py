"""Runs of scheduled jobs: each is claimed once, however many schedulers there are, and its end is written down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.models.job_run import JobRun
from caseapp.models.setting import Setting
from caseapp.queries.scheduler import HEARTBEAT
from caseapp.services import notify
from caseapp.services.unit_of_work import unit_of_work

LONGEST_DETAIL = 2000

_CLAIM = {
    "sqlite": sqlite.insert(JobRun).on_conflict_do_nothing().returning(JobRun.job),
    "postgresql": postgresql.insert(JobRun).on_conflict_do_nothing().returning(JobRun.job),
}
_SQLITE_BEAT, _POSTGRES_BEAT = sqlite.insert(Setting), postgresql.insert(Setting)
_BEAT = {
    "sqlite": _SQLITE_BEAT.on_conflict_do_update(index_elements=["name"], set_={"value": _SQLITE_BEAT.excluded.value}),
    "postgresql": _POSTGRES_BEAT.on_conflict_do_update(
        index_elements=["name"], set_={"value": _POSTGRES_BEAT.excluded.value}
    ),
}


def claim(ctx: Context, job: str, due_at: datetime) -> bool:
    """Claim the run of a job that is due at an instant. Returns False where somebody else has claimed it."""
    with unit_of_work(ctx) as unit:
        claimed = unit.connection.execute(
            _CLAIM[unit.connection.dialect.name],
            {
                "job": job,
                "due_at": due_at,
                "started_at": ctx.now(),
                "finished_at": None,
                "status": "running",
                "detail": None,
            },
        ).first()
    return claimed is not None


def finish(ctx: Context, job: str, due_at: datetime, *, detail: str) -> None:
    """Write down that a claimed run is done, and what it did."""
    _end(ctx, job, due_at, "done", detail)


def fail(ctx: Context, job: str, due_at: datetime, *, detail: str) -> None:
    """Write down that a claimed run failed, and tell the system administrators, once a day for each job."""
    _end(ctx, job, due_at, "failed", detail)
    with unit_of_work(ctx) as unit:
        notify.tell_system_administrators(
            ctx,
            unit,
            kind="job_failed",
            key=f"job-failed:{job}:{ctx.today().isoformat()}",
            message=Message(N_("后台任务 %(job)s 运行失败：%(why)s"), {"job": job, "why": detail[:200]}),
        )


def _end(ctx: Context, job: str, due_at: datetime, status: str, detail: str) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(JobRun)
            .where(JobRun.job == job, JobRun.due_at == due_at)
            .values(finished_at=ctx.now(), status=status, detail=detail[:LONGEST_DETAIL])
        )


def beat(ctx: Context) -> bool:
    """Leave the scheduler's sign of life. Returns False where the database cannot be written now."""
    try:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(
                _BEAT[unit.connection.dialect.name], {"name": HEARTBEAT, "value": ctx.now().isoformat()}
            )
    except OperationalError:
        return False
    return True
