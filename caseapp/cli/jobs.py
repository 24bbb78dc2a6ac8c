"""`flask jobs`: the scheduler process, and one job by hand."""

from __future__ import annotations

import logging
import signal
from threading import Event
from types import FrameType

import click
from flask import current_app

from caseapp.cli.answers import context, wrong_use
from caseapp.jobs.schedule import JOBS, job_named, run_at, run_until
from caseapp.wiring import Huhang


@click.group("jobs")
def command() -> None:
    """Background jobs."""


@command.command("run")
def run() -> None:
    """Run the scheduler until it is told to stop. Several may be started; one leads, the others stand by."""
    parts: Huhang = current_app.extensions["huhang"]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_until(parts, stop)


@command.command("once")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
def once(name: str) -> None:
    """Run one job now."""
    parts: Huhang = current_app.extensions["huhang"]
    job = job_named(name)
    assert job is not None
    with context() as ctx:
        now = ctx.now()
    done = run_at(parts, job, now)
    if done is None:
        wrong_use(f"任务 {name} 未能完成，原因见日志")
    click.echo(done)
