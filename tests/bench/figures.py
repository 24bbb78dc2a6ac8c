"""Closure figures over a read model of many cases: what the supervisor's page costs (docs/performance.md).

The rows are put straight into the read model: it is the reading that is measured. The floor is what a program without
a read model would do: go through all cases once and count.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, text

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.db import WRITABLE
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.policy import Dimension
from caseapp.models.case_division import CaseDivision
from caseapp.models.closure_case import ClosureCase
from caseapp.models.milestone import MilestoneRow
from caseapp.queries.closure import closure_rate
from caseapp.queries.figures import FigureQuestion, figures
from caseapp.services.closure_flows_join import join_flows
from caseapp.wiring import build
from tests.bench.measure import Line, ratios, timed
from tests.support.app import configuration
from tests.support.databases import Databases, PostgresDatabases
from tests.support.spine import migrate, open_engine

TODAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRST, DAYS = date(2016, 12, 1), 3640
DIVISIONS = ("320600", "320612", "320613", "320614", "320623", "320681", "320682", "320685")
TYPES = ("|trademark|", "|trademark|", "|copyright|", "|patent_design|", "|gi|", "|trademark|copyright|")
PROCEDURES = ("penalty_general", "penalty_general", "penalty_simplified", "patent_dispute", "mediation")
SOURCES = ("complaint", "inspection", "transfer", "report")
MANNERS = ("executed", "executed", "mediated", "withdrawn", "adjudicated")
_AT_ONCE = 20_000


def cases(count: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield rows of closure_case with the milestones of those that are not plain; one in fifty is not."""
    dice = random.Random(5)
    for number in range(count):
        case_id = f"{number:032x}"
        filed_on = FIRST + timedelta(days=number * DAYS // count)
        closed_on: date | None = filed_on + timedelta(days=dice.randrange(10, 240))
        if closed_on > TODAY.date() or dice.random() < 0.03:
            closed_on = None
        plain = number % 50 != 0
        known = datetime.combine(closed_on or filed_on, datetime.min.time(), UTC) + timedelta(hours=30)
        told = not plain or known > TODAY - timedelta(days=70) or date(2025, 3, 1) <= (closed_on or filed_on)
        yield {
            "case_id": case_id, "proceeding_id": case_id, "procedure": dice.choice(PROCEDURES), "procedure_version": 1,
            "source": dice.choice(SOURCES), "ip_types": dice.choice(TYPES), "division": dice.choice(DIVISIONS),
            "plain": plain, "filed_on": filed_on, "closed_on": closed_on,
            "manner": dice.choice(MANNERS) if closed_on and plain else None, "known_since": min(known, TODAY),
        }, _milestones(case_id, filed_on, closed_on, min(known, TODAY), plain=plain) if told else []  # fmt: skip


def _milestones(
    case_id: str, filed_on: date, closed_on: date | None, known: datetime, *, plain: bool
) -> list[dict[str, Any]]:
    told = [("filed", filed_on)]
    if closed_on is not None and not plain:
        told += [("closed", filed_on + timedelta(days=5)), ("reopened", filed_on + timedelta(days=8))]
    if closed_on is not None:
        told += [("closed", closed_on)]
    return [
        {
            "case_id": case_id, "seq": seq, "proceeding_id": case_id, "kind": kind, "on_date": on,
            "order_at": datetime.combine(on, datetime.min.time(), UTC), "precision": "day", "recorded_at": known,
            "manner": "executed" if kind == "closed" else None, "irregular": False,
        }
        for seq, (kind, on) in enumerate(told, start=1)
    ]  # fmt: skip


def fill(engine: Engine, count: int) -> None:
    """Put that many cases into the read model."""
    lite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITABLE: True}) as connection:
        if lite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        else:
            for table in ("closure_case", "milestone", "case_division"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_case_id")
        made = cases(count)
        while some := list(islice(made, _AT_ONCE)):
            connection.execute(insert(ClosureCase), [row for row, _ in some])
            rest = [item for _, told in some for item in told]
            connection.execute(insert(MilestoneRow), rest)
            connection.execute(
                insert(CaseDivision),
                [
                    {
                        "case_id": row["case_id"], "ordinal": 1, "code": row["division"], "on_date": row["filed_on"],
                        "recorded_at": row["known_since"],
                    }
                    for row, told in some
                    if told
                ],
            )  # fmt: skip
        connection.commit()


def rows(databases: Databases, folder: Path, *, many: int) -> list[Line]:
    """Measure the page, a restatement and each policy over that many cases."""
    engine = open_engine(databases.create())
    migrate(engine)
    fill(engine, many)
    parts = build(configuration(str(engine.url), folder), engine, clock=SetClock(TODAY))
    name = "PostgreSQL" if isinstance(databases, PostgresDatabases) else "SQLite"
    with parts.context() as ctx:
        join_flows(ctx)
        ctx.session.rollback()
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
        sums = connection.exec_driver_sql("SELECT count(*) FROM closure_flow").scalar_one()
        sys.stderr.write(f"{name} {many:,}: {sums:,} sums\n")
    with parts.context() as ctx:
        return list(_measured(ctx, name, many))


def _measured(ctx: Context, name: str, many: int) -> Iterator[Line]:
    year = Period(date(2026, 1, 1), TODAY.date())
    past = Period(date(2025, 3, 1), date(2025, 3, 31))
    by = (Dimension.DIVISION, Dimension.IP_TYPE, Dimension.MONTH)
    decade = Period(FIRST, TODAY.date())

    def page() -> float:
        return timed(lambda: _fresh(ctx, lambda: figures(ctx, FigureQuestion("R2", year, None, None))))

    def cells() -> float:
        return timed(lambda: _fresh(ctx, lambda: closure_rate(ctx, "R2", decade, by=by)))

    def scan() -> float:
        return timed(lambda: _fresh(ctx, lambda: _scan(ctx)))

    for number, what, measured in (
        ("13", "区划×类型×月份 121 个月的结案率 ÷ 逐案扫描", cells),
        ("13a", "结案率页面 ÷ 逐案扫描", page),
    ):
        ratio, product, floor = ratios(measured, scan, rounds=3)
        yield Line(
            number, f"{what}（{name}，{many:,} 件）", ratio, True, 0.10, 0.05,
            f"{product * 1000:.0f} ms / {floor * 1000:.0f} ms",
        )  # fmt: skip
    for policy in ("R1", "R2", "R3", "R4", "R5"):
        took = min(timed(lambda: _fresh(ctx, lambda: closure_rate(ctx, policy, year))) for _ in range(2))  # noqa: B023
        sys.stderr.write(f"{name} {many:,} {policy} of the year: {took * 1000:.0f} ms\n")
    for words, work in (
        ("R2 known a month ago", lambda: closure_rate(ctx, "R2", year, known_at=TODAY - timedelta(days=30))),
        ("R2 of a past month", lambda: closure_rate(ctx, "R2", past)),
        ("R2 from mid-month", lambda: closure_rate(ctx, "R2", Period(date(2026, 1, 12), date(2026, 10, 17)))),
    ):
        took = min(timed(lambda: _fresh(ctx, work)) for _ in range(2))  # noqa: B023
        sys.stderr.write(f"{name} {many:,} {words}: {took * 1000:.0f} ms\n")


def _fresh(ctx: Context, work: Callable[[], object]) -> object:
    """Do it as a request does: in a transaction of its own."""
    try:
        return work()
    finally:
        ctx.session.rollback()


def _scan(ctx: Context) -> None:
    """Count filings and closings by division, kind of right and month from the cases themselves."""
    for column in ("filed_on", "closed_on"):
        lite = ctx.session.get_bind().dialect.name == "sqlite"
        month = f"substr({column}, 1, 7)" if lite else f"to_char({column}, 'YYYY-MM')"
        ctx.session.execute(
            text(
                f"SELECT division, ip_types, {month}, count(*) FROM closure_case "
                f"WHERE {column} IS NOT NULL GROUP BY 1, 2, 3"
            )
        ).all()
