"""A running system for the journeys: the product's own server over a database of its own, with a clock that can be
put.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from caseapp.adapters.clock import SetClock
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.workflow.situation import Actor
from caseapp.wiring import Huhang
from tests.support.app import configuration, enrol, law_at_hand
from tests.support.databases import Databases
from tests.support.office import Office

if TYPE_CHECKING:
    from flask import Flask

THREADS = 4
HEARTBEAT_SECONDS = 10


class RunningClock(SetClock):
    """A clock that runs on from where it was put, as a clock on the wall does."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self._since = monotonic()

    def now(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self._since)

    def put(self, day: str, hour: str = "09:00") -> None:
        """Go on to a day and an hour in China, never back."""
        at = datetime.combine(datetime.fromisoformat(day), time.fromisoformat(hour), tzinfo=LEGAL_ZONE)
        assert at > self.now(), f"{day} {hour} has gone by"
        self.at, self._since = at, monotonic()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed and how it ended."""

    status: int
    output: str

    @property
    def document(self) -> Any:
        return json.loads(self.output)


@dataclass(frozen=True, slots=True)
class Site:
    """The system at `url`, and the people of `tests.support.app.PEOPLE` who may sign in there."""

    app: Flask
    url: str
    clock: RunningClock
    people: Mapping[str, Actor]
    folder: Path

    @property
    def parts(self) -> Huhang:
        found: Huhang = self.app.extensions["huhang"]
        return found

    @property
    def office(self) -> Office:
        """The office at work behind the pages: brings cases to where a journey begins."""
        return Office(self.parts, self.people, self.clock)

    def flask(self, *words: str) -> Answer:
        """Run a command over the same database, as `flask …` does."""
        with self.app.app_context():
            done = self.app.test_cli_runner().invoke(args=list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Answer(done.exit_code, done.stdout)


@contextmanager
def open_site(databases: Databases, blank: str, folder: Path, *, at: datetime, people: bool = True) -> Iterator[Site]:
    """Serve a new installation over a copy of the blank database from the instant `at`; `people`: with its people."""
    from caseapp.app import create_app
    from caseapp.db import db

    url = databases.create(template=blank)
    clock = RunningClock(at)
    with law_at_hand():
        app = create_app(configuration(url, folder / "var", testing=False), clock=clock)
    enrolled = enrol(app.extensions["huhang"]) if people else {}
    with serving(app) as address:
        yield Site(app, address, clock, enrolled, folder)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application by the product's own server on a free port; give its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=THREADS)
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # In the server's own thread: it ends when it has nothing left to listen to.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
    thread.join(HEARTBEAT_SECONDS)
    server.task_dispatcher.shutdown()
    assert not thread.is_alive(), "the server did not stop"
