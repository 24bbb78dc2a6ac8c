"""A scheduler in a process of its own: python -m tests.support.scheduler_process KIND URL FOLDER RECORD.

Each run of a job adds the line "job pid" to the file RECORD.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

from caseapp.context import Context
from caseapp.jobs.schedule import Job, run_until
from tests.support.spine import House, open_engine


def writer(record: Path, name: str) -> Callable[[Context], str]:
    def run(_ctx: Context) -> str:
        with record.open("a", encoding="ascii") as file:
            file.write(f"{name} {os.getpid()}\n")
        return name

    return run


def main(kind: str, url: str, folder: str, record: str) -> None:
    path = Path(record)
    jobs = (
        Job("claimed", writer(path, "claimed"), every=timedelta(hours=1)),
        Job("pulse", writer(path, "pulse"), every=timedelta(seconds=1), recorded=False),
    )
    run_until(House(kind, url, open_engine(url), Path(folder)), Event(), jobs=jobs, retry_seconds=0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
