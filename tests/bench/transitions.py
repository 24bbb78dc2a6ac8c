"""Rows 1, 2 and 6: a durable step through the service layer beside the raw driver running the very same SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import make_url

from caseapp import db
from caseapp.db import WRITABLE, Bound, Sent
from caseapp.domain.roles import Scope
from caseapp.queries.case_images import load
from caseapp.services import case_rows
from caseapp.services.case_act import act
from caseapp.wiring import Huhang
from tests.bench.house import BenchHouse, furnish, reopen
from tests.bench.measure import Line, ratios, timed
from tests.support.databases import Databases

ROUNDS = 7
STEPS = 40
"""Steps a round; every round and variant has cases of its own."""


def take_step(parts: Huhang, house: BenchHouse, case_id: str, proceeding_id: str, version: int) -> None:
    """Take one ordinary step: guards, roles, version, ledger, milestone, a paused clock, the closure projection."""
    with parts.context() as system:
        ctx = system.acting_as(house.officers[0], scope=Scope.ORGAN)  # as a page does
        act(
            ctx,
            case_id,
            proceeding_id,
            "exclude_time",
            {"excluded_from": ctx.today().isoformat(), "excluded_reason": "appraisal"},
            seen_version=version,
            idempotency_key=f"bench-{case_id}-{version}",
        )


def rows(databases: Databases, folder: Path) -> list[Line]:
    """Measure rows 1 (SQLite) or 2 (PostgreSQL), and on SQLite row 6."""
    lite = databases.kind == "sqlite"
    house = furnish(databases, STEPS * (ROUNDS + 2) * (2 if lite else 1), folder)
    # The floor repeats what a recorded twin did: listening to every statement would slow down the product itself.
    house.parts.engine.dispose()
    twin_url = databases.create(template=house.url)
    told = reopen(databases.create(template=house.url), _made(folder / "told"))
    places = _places(house)
    groups = [places[at : at + STEPS] for at in range(0, len(places), STEPS)]
    waiting = iter(groups[: ROUNDS + 2])
    latest: list[Bound] = []

    def product() -> float:
        group = next(waiting)
        seconds = timed(lambda: [take_step(house.parts, house, *place) for place in group])
        with recording(told) as statements:
            for place in group:
                take_step(told, house, *place)
        latest[:] = statements
        return seconds

    raw = _raw_sqlite(twin_url) if lite else _raw_postgres(twin_url)

    def floor() -> float:
        return timed(lambda: raw(latest))

    # The floor replays what the product has just done, so the product always goes first here.
    quotients = []
    absolute: list[tuple[float, float]] = []
    product(), floor()
    for _ in range(ROUNDS):
        above, below = product(), floor()
        quotients.append(above / below)
        absolute.append((above, below))
    quotients.sort()
    middle = quotients[len(quotients) // 2]
    above, below = sorted(absolute)[len(absolute) // 2]
    note = f"{above / STEPS * 1000:.2f} ms a step, raw {below / STEPS * 1000:.2f} ms"
    if lite:
        found = [Line("1", "服务层一步 / 裸驱动同样的 SQL（SQLite FULL）", middle, True, 2.5, 2.0, note)]
        found.append(_upkeep(house, groups[ROUNDS + 2 :]))
        return found
    return [Line("2", "服务层一步 / 裸驱动同样的 SQL（PostgreSQL）", middle, True, 2.0, 1.6, note)]


def _places(house: BenchHouse) -> list[tuple[str, str, int]]:
    found = []
    with house.parts.context() as ctx:
        for case_id in house.cases:
            loaded = load(ctx, case_id)
            found.append((case_id, loaded.image.main.id, loaded.version))
    return found


def _upkeep(house: BenchHouse, groups: list[list[tuple[str, str, int]]]) -> Line:
    """Row 6: what keeping the closure projection costs a step."""
    waiting = iter(groups)

    def with_projection() -> float:
        group = next(waiting)
        return timed(lambda: [take_step(house.parts, house, *place) for place in group])

    def without() -> float:
        kept = case_rows.closure_rows
        case_rows.closure_rows = lambda image, law: []  # type: ignore[assignment]
        try:
            return with_projection()
        finally:
            case_rows.closure_rows = kept

    ratio, above, below = ratios(with_projection, without, rounds=(len(groups) - 2) // 2)
    note = f"{above / STEPS * 1000:.2f} / {below / STEPS * 1000:.2f} ms"
    return Line("6", "维护结案率投影：有 / 无", ratio, True, 1.10, 1.05, note)


@contextmanager
def recording(parts: Huhang) -> Iterator[list[Bound]]:
    """Record every statement the engine executes, and its transactions."""
    found: list[Bound] = []

    def before(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        found.append((statement, parameters, many))

    def begun(connection: Any) -> None:
        immediate = parts.engine.dialect.name == "sqlite" and connection.get_execution_options().get(WRITABLE)
        found.append(("BEGIN IMMEDIATE" if immediate else "BEGIN", None, False))

    def ended(connection: Any) -> None:
        found.append(("COMMIT", None, False))

    def undone(connection: Any) -> None:
        found.append(("ROLLBACK", None, False))

    hooks: list[tuple[str, Callable[..., None]]] = [
        ("before_cursor_execute", before),
        ("begin", begun),
        ("commit", ended),
        ("rollback", undone),
    ]
    for name, hook in hooks:
        event.listen(parts.engine, name, hook)
    sent = db._sent

    def recorded(connection: Any, bound: Bound) -> Sent:
        found.append(bound)
        return sent(connection, bound)

    db._sent = recorded
    try:
        yield found
    finally:
        db._sent = sent
        for name, hook in hooks:
            event.remove(parts.engine, name, hook)


def _raw_sqlite(url: str) -> Callable[[list[Bound]], None]:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")
    return lambda statements: _run(connection.cursor(), statements)


def _raw_postgres(url: str) -> Callable[[list[Bound]], None]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, autocommit=True)
    return lambda statements: _run(connection.cursor(), statements)


def _run(cursor: Any, statements: list[Bound]) -> None:
    open_transaction = False
    for statement, parameters, many in statements:
        if statement.startswith("BEGIN"):
            if open_transaction:  # the pool ended the one before without telling
                cursor.execute("ROLLBACK")
            open_transaction = True
        elif statement in ("COMMIT", "ROLLBACK"):
            if not open_transaction:
                continue
            open_transaction = False
        if many:
            cursor.executemany(statement, parameters)
        elif parameters:
            cursor.execute(statement, parameters)
        else:
            cursor.execute(statement)
        if cursor.description:
            cursor.fetchall()
    if open_transaction:
        cursor.execute("ROLLBACK")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


__all__ = ["rows", "take_step"]
