"""The whole application over a database of its own: what service, query, web and command tests ask for.

`parts` is the installation without the web, `app` the Flask application over the same database, `clock` the time that
both read. Tables and organs are made once for each kind of database and worker, then copied for each test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from sqlalchemy import insert, select

import caseapp.models  # noqa: F401 - registers the tables
from caseapp import wiring
from caseapp.adapters.clock import SetClock
from caseapp.context import Context, Law
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.setting import Setting
from caseapp.queries.staff import staff_of
from caseapp.services.installation import AccountDraft, create_accounts, sync_organs
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from config import ROOT, Config
from tests.support.databases import Databases
from tests.support.spine import open_engine

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 2026-11-23, nine o'clock in China: where the clock of a test stands until the test moves it."""
ORGAN = "320612-ip"
PASSWORD = "Tongzhou-2026-test"

PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("intake", "金小满", Role.INTAKE_CLERK),
    ("officer", "顾海宁", Role.OFFICER),
    ("officer2", "陆文珺", Role.OFFICER),
    ("head", "钱立新", Role.SECTION_HEAD),
    ("legal", "沈思齐", Role.LEGAL_REVIEWER),
    ("leader", "施明远", Role.LEADER),
    ("supervisor", "季文澜", Role.SUPERVISOR),
    ("police", "丁卫东", Role.LIAISON),
    ("sysadmin", "管小青", Role.SYSTEM_ADMINISTRATOR),
    ("secadmin", "安守正", Role.SECURITY_ADMINISTRATOR),
    ("audit", "查明理", Role.AUDIT_ADMINISTRATOR),
)
"""One person for each role, and a second officer: login, name, role."""

_SEATS = {Role.SUPERVISOR: ("320600-ip", Scope.CITY), Role.LIAISON: ("320612-police", Scope.SENT_TO_US)}


def configuration(database_url: str, var: Path, **changes: Any) -> Config:
    """Return a configuration for a test: its own folder, cheap passwords, and nobody must enrol a second factor."""
    settings: dict[str, Any] = {
        "database_url": database_url,
        "var": var,
        "workflow_folders": (ROOT / "workflows",),
        "secret_key": "for tests only",
        "password_cost": (1, 8, 1),
        "second_factor_required": False,
        "testing": True,
    }
    return Config(**{**settings, **changes})


_READ_LAW = wiring.load_law


@cache
def shipped_law() -> Law:
    """Return what `workflows/` says, read once for each worker: nothing of it can be changed."""
    return _READ_LAW((ROOT / "workflows",), templates=ROOT / "templates")


@contextmanager
def law_at_hand() -> Iterator[None]:
    """Build applications without reading the shipped files again; other folders are read as ever."""

    def load(folders: Any, *, templates: Path, cache: Path | None = None) -> Law:
        shipped = tuple(folders) == (ROOT / "workflows",)
        return shipped_law() if shipped else _READ_LAW(folders, templates=templates, cache=cache)

    with patch.object(wiring, "load_law", load):
        yield


@pytest.fixture(scope="session")
def blank(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with tables and organs and nobody in it, to take copies from."""
    url = databases.create(template=migrated)
    engine = open_engine(url)
    with law_at_hand():
        parts = wiring.build(configuration(url, tmp_path_factory.mktemp("blank")), engine, clock=SetClock(NOW))
    with parts.context() as system:
        sync_organs(system)
    engine.dispose()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def peopled(databases: Databases, blank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a copy of the blank database in which the people of `PEOPLE` have their accounts."""
    url = databases.create(template=blank)
    engine = open_engine(url)
    with law_at_hand():
        enrol(wiring.build(configuration(url, tmp_path_factory.mktemp("peopled")), engine, clock=SetClock(NOW)))
    engine.dispose()
    yield url
    databases.drop(url)


@dataclass
class Installations:
    """Makes installations over copies of the blank database; a test that compares two asks for two."""

    databases: Databases
    blank: str
    folder: Path
    made: list[tuple[str, Engine]]

    def new(self, clock: SetClock, *, template: str | None = None) -> Huhang:
        """Return the parts of a new installation, without the web; `template`: over a copy of another database."""
        url = self.databases.create(template=template or self.blank)
        engine = open_engine(url)
        self.made.append((url, engine))
        var = self.folder / f"var{len(self.made)}"
        var.mkdir()
        with law_at_hand():
            return wiring.build(configuration(url, var), engine, clock=clock)

    def close(self) -> None:
        for url, engine in self.made:
            engine.dispose()
            self.databases.drop(url)


@pytest.fixture
def installations(databases: Databases, blank: str, tmp_path: Path) -> Iterator[Installations]:
    """As many installations as the test asks for."""
    made = Installations(databases, blank, tmp_path, [])
    yield made
    made.close()


@pytest.fixture
def clock() -> SetClock:
    """The time of the installation; `clock.at` is set by the test."""
    return SetClock(NOW)


@pytest.fixture
def furniture(request: pytest.FixtureRequest) -> str:
    """The URL of the database to copy for the test: with people in it where the test asks for them."""
    found: str = request.getfixturevalue("peopled" if "people" in request.fixturenames else "blank")
    return found


@pytest.fixture
def app(databases: Databases, furniture: str, tmp_path: Path, clock: SetClock) -> Iterator[Flask]:
    """The Flask application over a database with tables and organs, and with people where the test asks for them."""
    from caseapp.app import create_app
    from caseapp.db import db

    url = databases.create(template=furniture)
    var = tmp_path / "var"
    with law_at_hand():
        made = create_app(configuration(url, var), clock=clock)
    yield made
    with made.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def parts(request: pytest.FixtureRequest, installations: Installations, furniture: str, clock: SetClock) -> Huhang:
    """The installation's parts: those of `app` where the test has one, else an installation without the web."""
    if "app" in request.fixturenames:
        found: Huhang = request.getfixturevalue("app").extensions["huhang"]
        return found
    return installations.new(clock, template=furniture)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts; nobody is signed in."""
    return app.test_client()


@pytest.fixture
def ctx(parts: Huhang) -> Iterator[Context]:
    """A Context in which the system itself acts."""
    with parts.context() as system:
        yield system


@pytest.fixture
def people(parts: Huhang) -> Mapping[str, Actor]:
    """The people of `PEOPLE` by login. Their password is `PASSWORD`."""
    with parts.context() as system:
        ids = dict(system.session.execute(select(Account.login, Account.id)).all())
        staff = staff_of(system, "", ids.values())
    if PEOPLE[0][0] not in ids:
        return enrol(parts)
    found = {login: staff[ids[login]] for login, _name, _role in PEOPLE}
    return {login: Actor(one.id, one.name, one.organ, one.roles) for login, one in found.items()}


def enrol(parts: Huhang) -> Mapping[str, Actor]:
    """Give the people of `PEOPLE` their accounts and return them by login."""
    drafts = []
    for number, (login, name, role) in enumerate(PEOPLE, start=1):
        organ, scope = _SEATS.get(role, (ORGAN, Scope.ORGAN))
        certified = role in (Role.OFFICER, Role.SECTION_HEAD)
        drafts.append(
            AccountDraft(
                login=login,
                name=name,
                organ=organ,
                roles=(role,),
                scope=scope,
                password=PASSWORD,
                certificate_number=f"测F{number:06d}" if certified else None,
                certificate_from=date(2020, 1, 1) if certified else None,
                certificate_until=date(2030, 12, 31) if certified else None,
                must_change_password=False,
            )
        )
    with parts.context() as system:
        ids = create_accounts(system, drafts)
        with unit_of_work(system) as unit:  # their stories last longer than a password may
            unit.connection.execute(insert(Setting), {"name": "security:password_days", "value": "0"})
        staff = staff_of(system, "", ids)
    return {
        draft.login: Actor(person, staff[person].name, staff[person].organ, staff[person].roles)
        for draft, person in zip(drafts, ids, strict=True)
    }


@pytest.fixture
def as_user(parts: Huhang, people: Mapping[str, Actor]) -> Callable[[str], AbstractContextManager[Context]]:
    """`with as_user("officer") as ctx:` – a Context in which that person acts, with the scope of the account."""

    @contextmanager
    def acting(login: str) -> Iterator[Context]:
        with parts.context(people[login]) as context:
            yield context

    return acting
