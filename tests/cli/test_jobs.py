"""`flask jobs`: one job by hand, and the process that runs them all."""

from __future__ import annotations

import os
import signal
from threading import Timer

import pytest

from caseapp.cli.jobs import command
from caseapp.jobs.schedule import JOBS
from caseapp.queries.anchor_files import numbers_in
from caseapp.queries.scheduler import lease
from tests.cli.conftest import Run
from tests.support.spine import House


@pytest.mark.parametrize("name", [job.name for job in JOBS])
def test_every_job_can_be_run_by_hand_again_and_again(house: House, run: Run, name: str) -> None:
    for _ in range(2):
        done = run(command, "once", name)
        assert done.exit_code == 0
        assert done.stdout.strip()
        house.later(seconds=1)


def test_a_job_by_hand_does_its_work(house: House, run: Run) -> None:
    house.register()
    run(command, "once", "anchor")
    assert numbers_in(house.anchors) == [1]


def test_a_job_that_nobody_knows_is_wrong_use(house: House, run: Run) -> None:
    assert run(command, "once", "nothing").exit_code == 2


def test_the_scheduler_runs_until_it_is_told_to_stop(house: House, run: Run) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    teller = Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM))
    teller.start()
    try:
        assert run(command, "run").exit_code == 0
    finally:
        teller.cancel()
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    with house.context() as ctx:
        assert lease(ctx) is not None
