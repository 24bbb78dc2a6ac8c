"""A house without the web: tables made by the migrations, the shipped deadlines, one small procedure, a few people.

`house` is a new one for each test, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic import command
from alembic.config import Config as MigrationConfig
from flask import Flask
from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from caseapp.adapters.amount_files import load_amounts
from caseapp.adapters.calendar_files import load_calendar
from caseapp.adapters.clock import SetClock
from caseapp.adapters.clock_files import load_rule_book
from caseapp.adapters.correction_files import load_corrections
from caseapp.adapters.division_files import load_divisions
from caseapp.adapters.evidence_store import LocalEvidenceStore
from caseapp.adapters.organ_files import load_organs
from caseapp.adapters.signer import FileSigner
from caseapp.context import SYSTEM_ACTOR, Context, Law, Ports
from caseapp.db import prepare_engine
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import (
    PREVIOUS,
    SAME,
    Action,
    ApprovalStep,
    Category,
    ClockUse,
    FieldDef,
    FieldKind,
    Kind,
    MilestoneUse,
    PostState,
    Procedure,
    State,
    Text,
)
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.services.case_act import Outcome, act
from caseapp.services.case_intake import CaseRef, LeadDraft, PartyDraft, register_lead
from caseapp.services.installation import sync_organs
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.procedures import MEASURE, TEST
from tests.support.databases import Databases

REPOSITORY = Path(__file__).resolve().parents[2]
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ORGAN = "320612-ip"


def _person(number: int, name: str, *roles: Role) -> Actor:
    return Actor(f"{number:032x}", name, ORGAN, frozenset(roles))


OFFICER = _person(1, "顾海宁", Role.OFFICER)
COLLEAGUE = _person(2, "陆文珺", Role.OFFICER)
HEAD = _person(3, "钱立新", Role.SECTION_HEAD)
LEADER = _person(4, "施明远", Role.LEADER)
ADMINISTRATOR = _person(5, "管小青", Role.SYSTEM_ADMINISTRATOR)
PEOPLE = (OFFICER, COLLEAGUE, HEAD, LEADER, ADMINISTRATOR)


def _text(words: str) -> Text:
    return Text(words, words)


def _action(action_id: str, source: str, to: str, kind: MilestoneKind | None = None, **more: Any) -> Action:
    details = more.pop("details", {})
    details_from = more.pop("details_from", {})
    return Action(
        id=action_id,
        name=_text(action_id),
        sources=(source,),
        posts=(PostState(to),),
        roles=(Role.OFFICER,),
        milestone=MilestoneUse(kind, details=details, details_from=details_from) if kind else None,
        **more,
    )


SMALL = Procedure(
    id="small",
    version=1,
    name=_text("小程序"),
    kind=Kind.MAIN,
    initial="lead",
    states=(
        State("lead", _text("线索"), Category.LEAD),
        State("open", _text("调查"), Category.OPEN),
        State("paused", _text("中止"), Category.SUSPENDED),
        State("decided", _text("已决定"), Category.DECIDED),
        State("closed", _text("已结案"), Category.CLOSED),
    ),
    actions=(
        _action("file", "lead", "open", MilestoneKind.FILED, clocks=ClockUse(starts=("P10",), meets=("P01",))),
        _action("suspend", "open", "paused", MilestoneKind.SUSPENDED),
        _action("resume", "paused", PREVIOUS, MilestoneKind.RESUMED),
        _action("test", "open", SAME, MilestoneKind.EXCLUDED_FROM, details={"reason": "appraisal"}),
        _action("tested", "open", SAME, MilestoneKind.EXCLUDED_UNTIL, details={"reason": "appraisal"}),
        _action(
            "extend",
            "open",
            SAME,
            MilestoneKind.EXTENDED,
            details={"unit": "days"},
            details_from={"n": "n"},
            fields=(FieldDef("n", FieldKind.INTEGER, _text("天数"), required=True, minimum=1),),
        ),
        _action(
            "decide",
            "open",
            "decided",
            MilestoneKind.DECIDED,
            details={"outcome": "penalty"},
            clocks=ClockUse(starts=("P11",), meets=("P10",)),
            approval=(
                ApprovalStep("head", _text("科室"), Role.SECTION_HEAD),
                ApprovalStep("leader", _text("负责人"), Role.LEADER),
            ),
        ),
        _action("serve", "decided", SAME, MilestoneKind.SERVED, clocks=ClockUse(meets=("P11",))),
        _action("close", "decided", "closed", MilestoneKind.CLOSED, details={"manner": "executed"}),
        _action("reopen", "closed", "open", MilestoneKind.REOPENED, clocks=ClockUse(starts=("P10",))),
    ),
    opening=MilestoneUse(MilestoneKind.REGISTERED),
    opening_clocks=ClockUse(starts=("P01",)),
    handling_clock=("P10",),
    counts=True,
)


SIDES = tuple(replace(side, opens_from={"*": ("*lead", "*open", "*decided")}) for side in (MEASURE, TEST))
"""What may run beside the small procedure: a measure that the law ends, and a test whose time does not count."""


@cache
def law() -> Law:
    """Return the shipped deadlines, calendar, divisions, organs and amounts, with the small procedure and its sides."""
    folders = [REPOSITORY / "workflows"]
    divisions = load_divisions(folders)
    return Law(
        procedures=ProcedureSet([SMALL, *SIDES]),
        rules=load_rule_book(folders),
        calendar=load_calendar(folders),
        divisions=divisions,
        organs=load_organs(folders, divisions),
        documents={},
        policies={},
        amounts=load_amounts(folders),
        corrections=load_corrections(folders),
    )


@dataclass(slots=True)
class House:
    """One installation: its database, its clock and its folder."""

    kind: str
    url: str
    engine: Engine
    folder: Path
    clock: SetClock = field(default_factory=lambda: SetClock(START))
    signer: FileSigner = field(init=False)

    def __post_init__(self) -> None:
        self.signer = FileSigner(self.folder / "keys" / "anchor.pem")

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors"

    @contextmanager
    def context(self, actor: Actor = SYSTEM_ACTOR) -> Iterator[Context]:
        nothing: Any = SimpleNamespace()
        files = LocalEvidenceStore(self.folder / "evidence", most_bytes=1 << 20)
        with Session(self.engine, expire_on_commit=False) as session:
            yield Context(
                session=session,
                actor=actor,
                law=law(),
                ports=Ports(
                    self.clock,
                    *[nothing] * 4,
                    self.signer,
                    files,
                    *[nothing] * 4,
                    anchors_folder=str(self.anchors),
                ),
                scope="city",
            )

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**span)

    def register(self, *, received_on: Any = None, respondent: str = "南通锦屏家纺有限公司") -> CaseRef:
        """Register a lead with one respondent, who has a telephone number."""
        with self.context(OFFICER) as ctx:
            return register_lead(
                ctx,
                LeadDraft(
                    division="320612",
                    ip_types=("trademark",),
                    source="complaint",
                    summary="销售侵权床品",
                    received_on=received_on or ctx.today(),
                    procedure="small",
                    parties=(PartyDraft("respondent", "organisation", respondent, personal={"phone": "13800000001"}),),
                ),
            )

    def take(self, case_id: str, action: str, fields: Any = None, **more: Any) -> Outcome:
        """Take a step as the officer."""
        with self.context(OFFICER) as ctx:
            proceeding = ctx_proceeding(ctx, case_id)
            return act(ctx, case_id, proceeding, action, fields or {}, seen_version=None, **more)

    def execute(self, *statements: str) -> None:
        """Run SQL behind the system's back, as somebody with the database's password could."""
        with create_engine(self.url, poolclass=NullPool).begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def disarm(self) -> None:
        """Take the ledger's triggers away, as somebody who owns the database could."""
        if self.kind == "postgres":
            self.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        else:
            self.execute("DROP TRIGGER ledger_entry_no_update", "DROP TRIGGER ledger_entry_no_delete")


def ctx_proceeding(ctx: Context, case_id: str) -> str:
    """Return the id of a case's main proceeding."""
    from caseapp.queries.case_images import load

    return load(ctx, case_id).image.main.id


def open_engine(url: str) -> Engine:
    """Return an engine as the application makes it."""
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False}} if url.startswith("sqlite") else {}
    engine = create_engine(url, **options)
    prepare_engine(engine)
    return engine


def migrate(engine: Engine, revision: str = "head", *, down: bool = False) -> None:
    """Bring a database to a revision, as `flask db upgrade` and `downgrade` do."""
    app = Flask("migrations")
    app.extensions["huhang"] = SimpleNamespace(engine=engine)
    config = MigrationConfig(str(REPOSITORY / "migrations" / "alembic.ini"))
    with app.app_context():
        (command.downgrade if down else command.upgrade)(config, revision)


def settle_in(house: House) -> None:
    """Put the organs and the people into a new database."""
    with house.context() as ctx:
        sync_organs(ctx)
        with unit_of_work(ctx) as unit:
            for person in PEOPLE:
                unit.connection.execute(
                    insert(Account),
                    {
                        "id": person.id,
                        "login": f"user{person.id[-1]}",
                        "name": person.name,
                        "password_hash": "none",
                        "organ_id": person.organ,
                        "roles": "".join(f"|{role.value}" for role in person.roles) + "|",
                        "scope": "organ",
                        "active": True,
                        "demo": False,
                        "must_change_password": False,
                        "failed_logins": 0,
                        "session_epoch": 0,
                        "created_at": START,
                    },
                )


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> Iterator[str]:
    """The URL of a database with tables and nothing in them, to take copies from."""
    url = databases.create()
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def furnished(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with tables, organs and people, from which each house is copied."""
    url = databases.create(template=migrated)
    engine = open_engine(url)
    settle_in(House(databases.kind, url, engine, tmp_path_factory.mktemp("house")))
    engine.dispose()
    yield url
    databases.drop(url)


@pytest.fixture
def house(databases: Databases, furnished: str, tmp_path: Path) -> Iterator[House]:
    """A new installation."""
    url = databases.create(template=furnished)
    engine = open_engine(url)
    yield House(databases.kind, url, engine, tmp_path)
    engine.dispose()
    databases.drop(url)
