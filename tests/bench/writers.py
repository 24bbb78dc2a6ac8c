"""Rows 3 and 4: sixteen writers against one, in two processes as the server runs them; nothing lost, every chain
sound.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from caseapp.queries.case_images import load
from caseapp.queries.ledger_check import verify
from tests.bench.house import BenchHouse, furnish, reopen
from tests.bench.measure import Line, percentile
from tests.support.databases import Databases

SECONDS = 4.0
PROCESSES = 2
THREADS = 8


@dataclass(frozen=True, slots=True)
class Work:
    """How long each step took, in seconds, and how many were done a second."""

    spans: list[float]
    rate: float


def rows(databases: Databases, folder: Path) -> list[Line]:
    """Measure row 3 on PostgreSQL, row 4 on SQLite."""
    house = furnish(databases, 9000, folder)
    places = _places(house)
    house.parts.engine.dispose()
    half = len(places) // 3
    alone = _write(house, places[:half], folder, processes=1, threads=1)
    crowd = _write(house, places[half:], folder, processes=PROCESSES, threads=THREADS)
    parts = reopen(house.url, folder)
    with parts.context() as ctx:
        checked = verify(ctx)
    if checked["broken"]:
        raise AssertionError(f"chains broken under load: {checked['broken'][:3]}")
    before, after = percentile(alone.spans, 0.95) * 1000, percentile(crowd.spans, 0.95) * 1000
    note = f"{alone.rate:.0f}/s → {crowd.rate:.0f}/s, p95 {before:.1f} → {after:.1f} ms"
    if databases.kind == "postgres":
        return [Line("3", "16 个写者 / 1 个写者的吞吐（PostgreSQL）", crowd.rate / alone.rate, False, 0.8, 0.95, note)]
    return [Line("4", "16 个写者的 p95 / 1 个写者的 p95（SQLite）", after / before, True, 20, 5, note)]


def _places(house: BenchHouse) -> list[tuple[str, str, int]]:
    found = []
    with house.parts.context() as ctx:
        for case_id in house.cases:
            loaded = load(ctx, case_id)
            found.append((case_id, loaded.image.main.id, loaded.version))
    return found


def _write(
    house: BenchHouse, places: list[tuple[str, str, int]], folder: Path, *, processes: int, threads: int
) -> Work:
    """Let the writers work for a while, or until no case is left."""
    running = []
    for number in range(processes):
        task = {
            "url": house.url,
            "folder": str(folder / f"writer{processes}-{number}"),
            "officer": [house.officers[0].id, house.officers[0].name],
            "places": places[number::processes],
            "threads": threads,
            "seconds": SECONDS,
        }
        file = folder / f"task-{processes}-{number}.json"
        file.write_text(json.dumps(task))
        Path(task["folder"]).mkdir(exist_ok=True)  # type: ignore[arg-type]
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.writer", str(file)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()  # ready
    start_at = time.time() + 0.5
    for process in running:
        assert process.stdin is not None
        process.stdin.write(f"{start_at}\n")
        process.stdin.flush()
    spans: list[float] = []
    seconds = 0.0
    for process in running:
        out, _ = process.communicate(timeout=120)
        if process.returncode:
            raise AssertionError("a writer failed")
        told = json.loads(out)
        spans += told["spans"]
        seconds = max(seconds, told["seconds"])
    return Work(spans, len(spans) / seconds)
