"""Jobs run once for each slot of time, whoever runs them, and an outage costs no more than its own time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.events import LEGAL_ZONE
from caseapp.jobs.schedule import JOBS, Job, job_named, run_at, run_slot, run_until
from caseapp.models.job_run import JobRun
from caseapp.queries.notifications import notices
from caseapp.queries.scheduler import lease
from tests.support.spine import ADMINISTRATOR, REPOSITORY, START, House

HOUR = timedelta(hours=1)
PATIENCE = 20.0


class Counted:
    """A job that counts its runs."""

    def __init__(self) -> None:
        self.runs = 0
        self.job = Job("counted", self, every=HOUR)

    def __call__(self, ctx: Context) -> str:
        self.runs += 1
        return f"run {self.runs}"


def rows(house: House) -> list[Any]:
    with house.context() as ctx:
        return list(ctx.session.execute(select(JobRun.__table__).order_by(JobRun.due_at)))


def wait_for(claim: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not claim():
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.05)


def test_a_slot_begins_at_the_same_instant_for_everybody() -> None:
    nightly = Job("n", str, every=timedelta(days=1), offset=timedelta(hours=3, minutes=30))
    before = datetime(2026, 3, 2, 3, 29, 59, tzinfo=LEGAL_ZONE)
    assert nightly.slot(before) == datetime(2026, 3, 1, 3, 30, tzinfo=LEGAL_ZONE)
    assert nightly.slot(before + timedelta(seconds=1)) == datetime(2026, 3, 2, 3, 30, tzinfo=LEGAL_ZONE)
    hourly = Job("h", str, every=HOUR)
    assert hourly.slot(datetime(2026, 3, 2, 1, 59, tzinfo=UTC)) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_job_runs_once_in_each_slot(house: House) -> None:
    counted = Counted()
    assert run_slot(house, counted.job) == "run 1"
    assert run_slot(house, counted.job) is None
    house.later(minutes=59)
    assert run_slot(house, counted.job) is None
    house.later(minutes=1)
    assert run_slot(house, counted.job) == "run 2"
    assert [(row.status, row.detail) for row in rows(house)] == [("done", "run 1"), ("done", "run 2")]


def test_after_an_outage_a_job_runs_once_and_not_for_every_slot_it_missed(house: House) -> None:
    counted = Counted()
    run_slot(house, counted.job)
    house.later(hours=50)
    for _ in range(3):
        run_slot(house, counted.job)
    assert counted.runs == 2


def test_schedulers_that_fire_at_the_same_moment_run_it_once(house: House) -> None:
    counted = Counted()
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: run_slot(house, counted.job), range(12)))
    assert counted.runs == 1
    assert [result for result in results if result] == ["run 1"]


def test_a_job_that_fails_is_kept_and_told_once_a_day_and_runs_again_in_the_next_slot(house: House) -> None:
    def fail(_ctx: Context) -> str:
        raise RuntimeError("no paper")

    job = Job("failing", fail, every=HOUR)
    for _ in range(3):
        assert run_slot(house, job) is None
        house.later(hours=1)
    assert [(row.status, row.detail) for row in rows(house)] == [("failed", "RuntimeError: no paper")] * 3
    with house.context(ADMINISTRATOR) as ctx:
        told = [str(notice.message) for notice in notices(ctx)]
    assert len(told) == 1
    assert "no paper" in told[0]


def test_a_job_that_claims_its_own_work_leaves_no_rows(house: House) -> None:
    counted = Counted()
    job = Job("open", counted, every=HOUR, recorded=False)
    run_slot(house, job)
    run_slot(house, job)
    assert (counted.runs, rows(house)) == (2, [])


def test_every_job_of_the_table_runs_in_a_new_house(house: House) -> None:
    for job in JOBS:
        assert run_at(house, job, START) is not None, job.name
    assert [row.status for row in rows(house)] == ["done"] * (len(JOBS) - 1)


def test_the_table_holds_what_a_running_house_needs() -> None:
    needed = {
        "outbox",
        "deadlines",
        "digest",
        "supervision",
        "supervision-again",
        "anchor",
        "tidy",
        "figures",
        "figures-join",
        "figures-freeze",
    }
    assert {job.name for job in JOBS} == needed
    assert job_named("anchor") in JOBS
    assert job_named("nothing") is None


def test_of_two_schedulers_one_leads_and_both_end_when_told(house: House) -> None:
    counted, stop = Counted(), Event()
    schedulers = [
        Thread(target=run_until, args=(house, stop), kwargs={"jobs": (counted.job,), "retry_seconds": 0.05})
        for _ in range(2)
    ]
    for scheduler in schedulers:
        scheduler.start()
    wait_for(lambda: counted.runs == 1 and [row.status for row in rows(house)] == ["done"])
    stop.set()
    for scheduler in schedulers:
        scheduler.join(PATIENCE)
    assert not any(scheduler.is_alive() for scheduler in schedulers)
    assert counted.runs == 1


def test_a_scheduler_that_leads_gives_signs_of_life(house: House) -> None:
    with house.context() as ctx:
        assert lease(ctx) is None
    stop = Event()
    scheduler = Thread(target=run_until, args=(house, stop), kwargs={"jobs": ()})
    scheduler.start()

    def has_beaten() -> bool:
        with house.context() as ctx:
            return lease(ctx) == START

    wait_for(has_beaten)
    stop.set()
    scheduler.join(PATIENCE)


@pytest.fixture
def start(house: House, tmp_path: Path) -> Any:
    """Start schedulers in processes of their own, all writing to one file."""
    record = tmp_path / "record"
    record.touch()
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.support.scheduler_process"]
        process = subprocess.Popen([*command, house.kind, house.url, str(tmp_path), str(record)], cwd=REPOSITORY)
        started.append(process)
        return process

    begin.lines = lambda: record.read_text(encoding="ascii").split("\n")[:-1]  # type: ignore[attr-defined]
    yield begin
    for process in started:
        process.kill()
        process.wait(PATIENCE)


def test_another_process_takes_over_when_the_leader_is_killed_and_no_run_happens_twice(
    house: House, start: Any
) -> None:
    processes = [start(), start()]
    wait_for(lambda: {line.split()[0] for line in start.lines()} == {"claimed", "pulse"})
    leader = int(start.lines()[0].split()[1])
    assert leader in {process.pid for process in processes}
    os.kill(leader, signal.SIGKILL)
    wait_for(lambda: sum(line.startswith("pulse") and not line.endswith(f" {leader}") for line in start.lines()) > 1)
    claimed = [line for line in start.lines() if line.startswith("claimed")]
    assert len(claimed) == 1, "the second leader finds the slot claimed"
    assert len(rows(house)) == 1
