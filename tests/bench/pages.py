"""Rows 7, 8 and 12, the case page, and the closure rate at 100,000 cases: pages asked of the real application."""

from __future__ import annotations

import gc
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, login_required, login_user
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from caseapp.app import create_app
from caseapp.db import WRITABLE, db
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.policy import Dimension
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.queries.closure import closure_rate
from caseapp.web.shared.paging import encode_cursor
from tests.bench.house import FILED_ON, PASSWORD, furnish
from tests.bench.measure import Line, cpu, ratios, timed
from tests.support.app import configuration
from tests.support.databases import Databases

FEW = 1_000
PAGES = 12
"""Requests a round."""


def rows(databases: Databases, folder: Path, *, many: int) -> list[Line]:
    """Measure on SQLite with `FEW` and `many` cases; the many are copies of real ones."""
    small, large = folder / "few", folder / "many"
    small.mkdir(), large.mkdir()
    few = _grown(databases, small, FEW)
    lots = _grown(databases, large, many)
    first_few, first_lots = _asker(few), _asker(lots)
    gc.collect()
    gc.freeze()  # as `flask serve` does
    lines = []
    ratio, above, below = ratios(lambda: cpu(first_lots), lambda: cpu(first_few))
    lines.append(Line("7", f"案件列表 CPU：{many:,} 件 / {FEW:,} 件", ratio, True, 1.3, 1.15, _each(above, below)))
    last = _asker(lots, last=True)
    ratio, above, below = ratios(lambda: timed(last), lambda: timed(first_lots))
    lines.append(Line("8", f"列表末页 / 首页（{many:,} 件，键集分页）", ratio, True, 1.5, 1.1, _each(above, below)))
    bare = _bare(lots)
    ratio, above, below = ratios(lambda: cpu(first_lots), lambda: cpu(bare))
    lines.append(Line("12", "列表页 CPU / 裸 Flask 列表（同样的行）", ratio, True, 3, 2, _each(above, below)))
    few_page, lots_page = _case_asker(few), _case_asker(lots)
    ratio, above, below = ratios(lambda: cpu(lots_page), lambda: cpu(few_page))
    lines.append(Line("—", f"案件页 CPU：{many:,} 件 / {FEW:,} 件", ratio, True, 1.3, 1.15, _each(above, below)))
    lines.append(_closure(lots, many))
    return lines


def _each(above: float, below: float) -> str:
    return f"{above / PAGES * 1000:.1f} / {below / PAGES * 1000:.1f} ms a page"


def _grown(databases: Databases, folder: Path, cases: int) -> Flask:
    """Return the application over so many cases: 300 real ones, copied with their rows."""
    house = furnish(databases, min(cases, 300), folder)
    app = create_app(configuration(house.url, folder))
    copies = -(-cases // 300) - 1
    if copies > 0:
        with house.parts.engine.connect().execution_options(**{WRITABLE: True}) as connection:
            for table, keys in _COPIED.items():
                columns = [row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))]
                chosen = ", ".join(keys.get(column, column) for column in columns)
                connection.execute(
                    text(
                        f"INSERT INTO {table} ({', '.join(columns)}) "
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :copies) "
                        f"SELECT {chosen} FROM {table}, n"
                    ),
                    {"copies": copies},
                )
            connection.commit()
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return app


_ID = "substr(case_id, 1, 24) || printf('%08x', i)"
_COPIED = {
    "case_file": {
        "id": "substr(id, 1, 24) || printf('%08x', i)",
        "external_id": "external_id || '-' || i",
        "opened_on": "date(opened_on, '-' || (i % 3000) || ' days')",
        "filed_on": "date(filed_on, '-' || (i % 3000) || ' days')",
        "updated_at": "datetime(updated_at, '-' || i || ' minutes')",
        "image": "'{}'",
    },
    "case_ip_type": {"case_id": _ID},
    "closure_case": {
        "case_id": _ID,
        "filed_on": "date(filed_on, '-' || (i % 3000) || ' days')",
        "closed_on": "CASE WHEN i % 20 THEN date(filed_on, '-' || (i % 3000 - 80) || ' days') END",
    },
}


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    answer = client.post("/sign-in", data={"login": "bench1", "password": PASSWORD, "csrf_token": token[1]})
    assert answer.status_code in (302, 303), answer.status_code
    return client


def _asker(app: Flask, *, last: bool = False) -> Callable[[], None]:
    client = _signed_in(app)
    url = _last_page(app) if last else "/cases"

    def ask() -> None:
        for _ in range(PAGES):
            answer = client.get(url)
            assert answer.status_code == 200, answer.status_code
            assert b"data-href" in answer.data

    return ask


def _last_page(app: Flask) -> str:
    """Return the address of the last page: the one that follows the row fifty places before the end."""
    connection = sqlite3.connect(_path(app))
    edge = connection.execute("SELECT opened_on, id FROM case_file ORDER BY opened_on, id LIMIT 1 OFFSET 50").fetchone()
    return f"/cases?after={encode_cursor(edge)}"


def _path(app: Flask) -> str:
    return str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database)


def _case_asker(app: Flask) -> Callable[[], None]:
    client = _signed_in(app)
    with app.app_context():
        found = db.session.execute(
            select(CaseFile.id).where(CaseFile.image != "{}").order_by(CaseFile.id).limit(PAGES)
        ).scalars()
        urls = [f"/cases/{case_id}" for case_id in found]

    def ask() -> None:
        for url in urls:
            answer = client.get(url)
            assert answer.status_code == 200, answer.status_code

    return ask


def _bare(app: Flask) -> Callable[[], None]:
    """Return a bare Flask page that lists the same fifty rows from the same file to somebody who is signed in.

    It has Flask-Login and one query of SQLAlchemy Core, as the floor of the project's measurements; no rights, no
    layout, no filters.
    """
    engine = create_engine(f"sqlite:///{_path(app)}")
    bare = Flask("bare")
    bare.secret_key = "bench"
    manager = LoginManager(bare)
    table = CaseFile.__table__
    shown = [table.c[name] for name in _BARE_COLUMNS]
    listed = select(*shown).order_by(table.c.opened_on.desc(), table.c.id.desc()).limit(50)

    @manager.user_loader
    def load(user_id: str) -> UserMixin | None:
        with engine.connect() as connection:
            found = connection.execute(select(Account.id).where(Account.id == user_id)).scalar()
        if found is None:
            return None
        user = UserMixin()
        user.id = found
        return user

    @bare.get("/sign-in")
    def sign_in() -> str:
        with engine.connect() as connection:
            login_user(load(connection.execute(select(Account.id).limit(1)).scalar_one()))
        return ""

    @bare.get("/list")
    @login_required
    def listing() -> str:
        with engine.connect() as connection:
            found = connection.execute(listed).mappings().all()
        return render_template_string(_BARE, rows=found)

    client = bare.test_client()
    assert client.get("/sign-in").status_code == 200

    def ask() -> None:
        for _ in range(PAGES):
            assert client.get("/list").status_code == 200

    return ask


_BARE_COLUMNS = (
    "id", "external_id", "title", "respondent", "division", "state", "category", "opened_on", "filed_on", "next_due_on",
)  # fmt: skip
_BARE = """<!doctype html><title>cases</title><table>{% for row in rows %}<tr>
<td><a href="/cases/{{ row.id }}">{{ row.external_id }}</a></td><td>{{ row.title }}</td><td>{{ row.respondent }}</td>
<td>{{ row.division }}</td><td>{{ row.state }}</td><td>{{ row.category }}</td><td>{{ row.opened_on }}</td>
<td>{{ row.filed_on }}</td><td>{{ row.next_due_on }}</td></tr>{% endfor %}</table>"""


def _closure(app: Flask, many: int) -> Line:
    """The closure rate by division over all cases beside reading the same narrow table once."""
    parts = app.extensions["huhang"]
    period = Period(FILED_ON.replace(month=1, day=1), FILED_ON.replace(month=12, day=31))
    connection = sqlite3.connect(_path(app))

    def product() -> float:
        with parts.context() as ctx:
            return timed(lambda: closure_rate(ctx, "R2", period, by=(Dimension.DIVISION,)))

    def floor() -> float:
        return timed(
            lambda: connection.execute(
                "SELECT division, filed_on, closed_on, count(*) FROM closure_case GROUP BY 1, 2, 3"
            ).fetchall()
        )

    ratio, above, below = ratios(product, floor)
    return Line(
        "—",
        f"结案率（{many:,} 件，按区划）/ 同表分组一遍",
        ratio,
        True,
        3,
        1.5,
        f"{above * 1000:.0f} / {below * 1000:.0f} ms",
    )
