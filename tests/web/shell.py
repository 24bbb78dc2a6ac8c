"""The shell alone: real sign-in, guard, sessions and pages over a small database, with two rooms made for the tests.

The law and the engine are not started; what the shell says about any room is tested here, the rooms themselves
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template_string, request
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session, sessionmaker

from caseapp import web
from caseapp.adapters.common_passwords import PasswordList
from caseapp.adapters.name_readings import PinyinReadings
from caseapp.adapters.one_time_codes import TotpCodes
from caseapp.adapters.qr_codes import qr_svg
from caseapp.adapters.vault import KeyVault
from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.db import WRITABLE, db, prepare_engine
from caseapp.domain.errors import (
    ActionRefused,
    CaseAppError,
    ExternalError,
    InputError,
    Message,
    NotFound,
    RuleRefused,
    StaleCase,
    Unmet,
)
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.security import SecurityPolicy
from caseapp.domain.roles import Role
from caseapp.models import Account, Organ, Setting
from caseapp.queries.health import database_state
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow, public

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Nantong-2026"
LONG_STORY = "现场查获标有“海门山羊”字样的包装盒二百只。\r\n当事人不能提供合法来源。"


NEW_CASE = """
{% extends "layout/room.html" %}{% block title %}登记线索{% endblock %}{% block content %}
<form method="post" novalidate><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input type="hidden" name="idempotency_key" value="fresh"><input name="title" value="">
<textarea name="story"></textarea>
<label><input type="checkbox" name="officers" value="1">1</label>
<label><input type="checkbox" name="officers" value="2">2</label>
<select name="source"><option value="">-</option>
<option value="report" selected>举报</option><option value="found">发现</option></select>
<button name="step" value="check">提交</button></form>{% endblock %}
"""


@dataclass
class SetClock:
    """A clock that tests turn by hand."""

    instant: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


class PlainHasher:
    """Tells a right password from a wrong one without the cost of argon2."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def verify(self, encoded: str, password: str) -> bool:
        return encoded == f"plain:{password}"

    def needs_rehash(self, encoded: str) -> bool:
        return False


@dataclass
class Shell:
    """The application and what tests turn or look at."""

    app: Flask
    clock: SetClock
    engine: Engine
    done: list[dict[str, Any]] = field(default_factory=list)
    """What the test room was asked to do, and by whom."""

    def visitor(self) -> Visitor:
        """Return somebody with a browser of their own."""
        return Visitor(self)

    def change_account(self, login: str, **values: object) -> None:
        with self.engine.connect().execution_options(**{WRITABLE: True}) as connection:
            connection.execute(update(Account).where(Account.login == login).values(**values))
            connection.commit()


class Visitor:
    """A browser: keeps cookies, sends a page's token back, and tells where a form came from."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.client: FlaskClient = shell.app.test_client()

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def token(self, path: str = "/sign-in") -> str:
        """Return the token in the head of a page."""
        text = self.get(path, follow_redirects=True).text
        return text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def post(self, path: str, *, page: str = "", fields: dict[str, Any] | None = None, **options: Any) -> Any:
        """Send a form as a page of the site does; `page` is the page that it stands on ('' sends no token)."""
        sent = {**({"csrf_token": self.token(page)} if page else {}), **(fields or {})}
        headers = {"Origin": "http://localhost", **options.pop("headers", {})}
        return self.client.post(path, data=sent, headers=headers, **options)

    def sign_in(self, login: str, *, password: str = PASSWORD, path: str = "/sign-in", **fields: str) -> Any:
        return self.post(path, page="/sign-in", fields={"login": login, "password": password, **fields})

    def signed_in(self, login: str) -> Visitor:
        assert self.sign_in(login).status_code == 303
        return self


PEOPLE = (
    ("wang", "王芳", Role.OFFICER),
    ("li", "李强", Role.SECTION_HEAD),
    ("chen", "陈立", Role.LEADER),
    ("sun", "孙静", Role.SUPERVISOR),
    ("zhou", "周涛", Role.LIAISON),
    ("wu", "吴刚", Role.SYSTEM_ADMINISTRATOR),
)


def build_shell(folder: Path, *, demo: bool = False, second_factor: bool = False) -> Shell:
    """Make the shell over a fresh database with the organ, one person for each of `PEOPLE`, and the test rooms.

    second_factor  whether approvers and administrators must have one
    """
    clock = SetClock()
    app = Flask("caseapp", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "caseapp" / "static"))
    app.config.update(
        SECRET_KEY="for tests only", TESTING=True, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'shell.sqlite3'}"
    )
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        prepare_engine(engine)
    sessions = sessionmaker(bind=engine, expire_on_commit=False)
    _fill(engine, sessions, clock, demo)
    ports = SimpleNamespace(
        clock=clock,
        hasher=PlainHasher(),
        vault=KeyVault(folder / "vault.key"),
        codes=TotpCodes(),
        readings=PinyinReadings(),
        common_passwords=PasswordList(),
    )
    law: Any = SimpleNamespace(procedures=SimpleNamespace(latest=lambda: ("penalty_general",)))

    @contextmanager
    def context(actor: Any = None, *, time: Any = None) -> Iterator[Context]:
        session = sessions()
        try:
            outside: Any = ports
            yield Context(session, actor or SYSTEM_ACTOR, law, outside, scope="city", demo=demo, time=time)
        finally:
            session.close()

    parts = app.extensions["huhang"] = SimpleNamespace(
        config=SimpleNamespace(second_factor_required=second_factor, evidence_megabytes=8),
        security=SecurityPolicy(lock_after=3, password_days=0),
        security_at=lambda version: parts.security,
        qr_svg=qr_svg,
        ports=ports,
        law=law,
        engine=engine,
        demo=demo,
        context=context,
        database_state=lambda: database_state(parts.engine, ROOT / "migrations"),
    )
    shell = Shell(app, clock, engine)
    web.register(app, ("auth", "api"))
    _rooms(shell)
    return shell


def _fill(engine: Engine, sessions: sessionmaker[Session], clock: SetClock, demo: bool) -> None:
    with engine.connect().execution_options(**{WRITABLE: True}) as connection:
        db.metadata.create_all(connection)
        connection.commit()
    with sessions() as session:
        session.connection(execution_options={WRITABLE: True})
        organ = {"id": "320612-ip", "name_zh": "南通市通州区知识产权局", "short_zh": "通州区局", "path": "320612-ip/"}
        for column in Organ.__table__.columns:
            if not column.nullable and column.default is None:
                organ.setdefault(column.name, "x" if column.type.python_type is str else column.type.python_type(1))
        session.add(Organ(**organ))
        session.flush()
        for number, (login, name, role) in enumerate(PEOPLE, start=1):
            session.add(
                Account(
                    id=f"{number:032x}",
                    login=login,
                    name=name,
                    password_hash=PlainHasher().hash(PASSWORD),
                    organ_id="320612-ip",
                    roles=f"|{role}|",
                    scope="organ",
                    certificate_number="32060012345",
                    certificate_until=date(2027, 5, 31),
                    demo=demo,
                    created_at=clock.now(),
                )
            )
        if demo:
            session.add_all([Setting(name="demo", value="1"), Setting(name="demo_password", value=PASSWORD)])
        session.commit()


def _rooms(shell: Shell) -> None:
    officer = Blueprint("officer", __name__)

    @officer.get("/desk")
    @allow(Permission.DESK_SEE)
    def desk() -> str:
        return render_template_string(
            '{% extends "layout/room.html" %}{% block title %}今日{% endblock %}'
            "{% block content %}{{ viewer.name }}{% endblock %}"
        )

    @officer.route("/cases/new", methods=["GET", "POST"])
    @allow(Permission.LEAD_REGISTER)
    def new_case() -> Any:
        if request.method == "POST":
            shell.done.append({**request.form.to_dict(flat=False), "actor": ctx().actor.id, "scope": ctx().scope})
            flash("线索已登记", "success")
            return redirect("/desk", 303)
        return render_template_string(NEW_CASE)

    @officer.post("/cases/notes")
    @allow(Permission.CASE_NOTE)
    def note() -> Any:
        shell.done.append(request.form.to_dict(flat=False))
        return redirect("/cases", 303)

    @officer.get("/cases")
    @allow(Permission.CASE_LIST)
    def case_list() -> str:
        return desk()

    @officer.get("/search")
    @allow(Permission.CASE_LIST)
    def search() -> str:
        return desk()

    @officer.get("/forgotten")
    def forgotten() -> str:
        return "a view whose author forgot to say who may enter"

    @officer.get("/errors/<kind>")
    @allow(Permission.CASE_READ)
    def errors(kind: str) -> str:
        raise {
            "input": InputError("on", Message("日期应写成 2026-11-22 的样子")),
            "missing": NotFound(Message("没有这件案件")),
            "rule": RuleRefused(Message("已过 %(days)s 日", {"days": 15})),
            "action": ActionRefused(
                "file", [Unmet(Message("执法人员不足 %(n)s 人", {"n": 2}), "section_head", "《行政处罚法》第42条")]
            ),
            "stale": StaleCase(3, 4),
            "fault": CaseAppError(Message("说不清的错误")),
            "outside": ExternalError(Message("打印服务没有响应")),
        }[kind]

    @officer.get("/broken")
    @allow(Permission.CASE_READ)
    def broken() -> str:
        raise ZeroDivisionError("a secret detail")

    @officer.get("/open")
    @public
    def open_view() -> str:
        return f"{ctx().actor.id}|{sorted(ctx().actor.roles)}|{ctx().scope}"

    shell.app.register_blueprint(officer)
