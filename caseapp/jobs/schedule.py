"""The scheduler: which job runs when, and the process that runs them.

Jobs are declared here and nowhere stored, so a start needs no clean-up. One process leads (`job_lock`); the others wait
and take over when it dies. A run belongs to a slot of time that every process computes alike; it is claimed before it
starts, so it happens once, and a slot that was missed during an outage is made up for when a scheduler leads again.
A run that was killed halfway is not repeated; every job finds in its next slot whatever is still to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor as Workers
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from caseapp.context import Context
from caseapp.domain.events import LEGAL_ZONE
from caseapp.jobs import anchor, deadlines, digest, figures, outbox, supervision, tidy
from caseapp.services import job_runs
from caseapp.services.job_lock import SchedulerLock, scheduler_lock

_EPOCH = datetime(2000, 1, 1, tzinfo=LEGAL_ZONE)
"""Slots are counted from this midnight."""
_RETRY_SECONDS = 3.0
"""How often a waiting scheduler asks for the lock."""
_BEAT_SECONDS = 5.0
_WORKERS = 4

_log = logging.getLogger(__name__)


class Parts(Protocol):
    """What the scheduler needs of the application."""

    def context(self) -> AbstractContextManager[Context]:
        """Return a Context in which the system itself acts."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the table.

    run       the one service call; returns what it did, in a few words for the record
    every     length of its slots, the first of which begins `offset` after midnight in China
    recorded  whether each run is claimed and kept; a job that claims its own pieces of work needs no claim of its slot
    """

    name: str
    run: Callable[[Context], str]
    every: timedelta
    offset: timedelta = timedelta(0)
    recorded: bool = True

    def slot(self, now: datetime) -> datetime:
        """Return the beginning of the slot that an instant lies in."""
        start = _EPOCH + self.offset
        return start + (now - start) // self.every * self.every


JOBS: tuple[Job, ...] = (
    Job("outbox", outbox.run, every=timedelta(seconds=5), recorded=False),
    Job("deadlines", deadlines.run, every=timedelta(minutes=5)),
    Job("digest", digest.run, every=timedelta(minutes=10)),
    Job("supervision", supervision.run, every=timedelta(minutes=5)),
    Job("supervision-again", supervision.run_again, every=timedelta(days=1), offset=timedelta(hours=4)),
    Job("figures", figures.run, every=timedelta(days=1), offset=timedelta(hours=2)),
    Job("figures-freeze", figures.run_freeze, every=timedelta(days=1), offset=timedelta(hours=5)),
    Job("figures-join", figures.run_join, every=timedelta(hours=6), offset=timedelta(hours=1)),
    Job("anchor", anchor.run, every=timedelta(hours=1)),
    Job("tidy", tidy.run, every=timedelta(days=1), offset=timedelta(hours=3, minutes=30)),
)


def job_named(name: str) -> Job | None:
    """Return a job of the table, or None."""
    return next((job for job in JOBS if job.name == name), None)


def run_slot(parts: Parts, job: Job) -> str | None:
    """Run a job for the slot of this moment, unless somebody else has. Returns what it did; None where it did not
    run.
    """
    with parts.context() as ctx:
        now = ctx.now()
    return run_at(parts, job, job.slot(now))


def run_at(parts: Parts, job: Job, due_at: datetime) -> str | None:
    """Run a job for one instant, once however often and wherever this is called. Returns None where it did not run.

    A failure is logged, kept with the run and told to the administrators; it never ends the scheduler.
    """
    if job.recorded:
        with parts.context() as ctx:
            if not job_runs.claim(ctx, job.name, due_at):
                return None
    try:
        with parts.context() as ctx:
            detail = job.run(ctx)
    except Exception as error:  # noqa: BLE001 - the one place that must outlive whatever a job does
        _log.exception("job %s failed", job.name)
        if job.recorded:
            with parts.context() as ctx:
                job_runs.fail(ctx, job.name, due_at, detail=f"{type(error).__name__}: {error}")
        return None
    if job.recorded:
        with parts.context() as ctx:
            job_runs.finish(ctx, job.name, due_at, detail=detail)
    return detail


def run_until(
    parts: Parts, stop: Event, *, jobs: tuple[Job, ...] = JOBS, retry_seconds: float = _RETRY_SECONDS
) -> None:
    """Lead, or wait to lead, until `stop` is set. A job that is running then is finished first."""
    waiting = False
    while not stop.is_set():
        with parts.context() as ctx:
            lock = scheduler_lock(ctx)
        if not lock.take():
            if not waiting:
                _log.info("another scheduler leads; waiting")
            waiting = True
            stop.wait(retry_seconds)
            continue
        waiting = False
        try:
            _lead(parts, lock, stop, jobs)
        finally:
            lock.release()


def _lead(parts: Parts, lock: SchedulerLock, stop: Event, jobs: tuple[Job, ...]) -> None:
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(_WORKERS)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=LEGAL_ZONE,
    )
    for job in jobs:
        trigger = IntervalTrigger(
            seconds=int(job.every.total_seconds()), start_date=_EPOCH + job.offset, timezone=LEGAL_ZONE
        )
        scheduler.add_job(run_slot, trigger, args=(parts, job), id=job.name)
    # Not as jobs of the scheduler: one that is done removes itself, which fails where the scheduler ends meanwhile.
    at_once = Workers(_WORKERS)
    for job in jobs:
        at_once.submit(run_slot, parts, job).add_done_callback(_log_failure)  # the slot we are in
    scheduler.start()
    _log.info("leading: %s", ", ".join(job.name for job in jobs))
    try:
        while lock.is_held() and _beat(parts) and not stop.wait(_BEAT_SECONDS):
            pass
    finally:
        scheduler.shutdown(wait=True)
        at_once.shutdown(wait=True)


def _log_failure(done: Future[str | None]) -> None:
    error = done.exception()
    if error is not None:
        _log.error("a job could not begin", exc_info=error)


def _beat(parts: Parts) -> bool:
    with parts.context() as ctx:
        return job_runs.beat(ctx)
