"""One process of writers: started by `tests.bench.writers`, to which it says when it is ready."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor
from tests.bench.house import ORGAN, BenchHouse, reopen
from tests.bench.transitions import take_step


def main(file: Path) -> None:
    task = json.loads(file.read_text())
    parts = reopen(task["url"], Path(task["folder"]))
    officer = Actor(task["officer"][0], task["officer"][1], ORGAN, frozenset({Role.OFFICER}))
    house = BenchHouse(task["url"], parts, (officer,), ())
    waiting = iter(task["places"])
    lock = threading.Lock()
    spans: list[float] = []
    faults: list[BaseException] = []

    print("ready", flush=True)
    start_at = float(sys.stdin.readline())

    def work() -> None:
        time.sleep(max(0.0, start_at - time.time()))
        end = start_at + task["seconds"]
        while time.time() < end:
            with lock:
                place = next(waiting, None)
            if place is None:  # a fast machine; how long it took is told
                return
            started = time.perf_counter()
            try:
                take_step(parts, house, *place)
            except BaseException as fault:  # noqa: BLE001 - told by the main thread
                faults.append(fault)
                return
            spans.append(time.perf_counter() - started)

    crew = [threading.Thread(target=work) for _ in range(task["threads"])]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if faults:
        raise faults[0]
    json.dump({"spans": spans, "seconds": time.time() - start_at}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
