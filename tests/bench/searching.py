"""`python -m tests.bench.searching [--cases N]`: how long searches take, one line a question, best of three: looked up
among the texts of all organs, and among those of the organs in sight, both in one run.

The cases are made below the services, for it is the index that is measured: random hanzi, one summary a case, a note in
every second, a long document in every fifth. The word 铜钹 stands in two of three cases of every organ but one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

from sqlalchemy import insert

from caseapp.adapters.clock import SystemClock
from caseapp.context import Context
from caseapp.domain.roles import Role, Scope
from caseapp.domain.search_text import fold
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.queries import search_lookup
from caseapp.queries.case_list import case_list
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.search import Group, question_of, search_page
from caseapp.services import search_index
from caseapp.services.installation import sync_organs
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang, build
from tests.bench.house import scratch
from tests.support import postgres
from tests.support.app import configuration
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.spine import migrate, open_engine

MINE, OTHERS = "320612-ip", ("320600-ip", "320613-ip", "320681-ip")
ME = "a" * 32
COMMON, ABSENT = "铜钹", "罍"
HANZI = "".join(chr(0x4E00 + place * 7) for place in range(600))
VIEWERS = {
    "全市": Actor(ME, "督查", "320600-ip", frozenset({Role.SUPERVISOR})),
    "本机关": Actor(ME, "办案人员", MINE, frozenset({Role.OFFICER})),
    "本人": Actor(ME, "办案人员", MINE, frozenset({Role.OFFICER})),
}
SCOPES = {"全市": Scope.CITY, "本机关": Scope.ORGAN, "本人": Scope.OWN}
QUESTIONS = {
    "没有的字": ABSENT,
    "常见的字": HANZI[5],
    "别处常见、本机关没有": COMMON,
    "两个词": f"{COMMON} {HANZI[5]}",
}
_AT_ONCE = 2000


def _text(dice: random.Random, letters: int, organ: str) -> str:
    text = "".join(dice.choices(HANZI, k=letters))
    return text + COMMON if organ != MINE and dice.random() < 2 / 3 else text


def _cases(count: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    dice = random.Random(11)
    for number in range(count):
        case_id, organ = f"{dice.getrandbits(128):032x}", dice.choice((MINE, *OTHERS))
        case = {
            "id": case_id, "version": 1, "head_hash": "0" * 64, "number": f"第{number}号", "title": "案件",
            "organ_id": organ, "division": "320612", "procedure": "penalty_general", "procedure_version": 1,
            "proceeding_id": case_id, "state": "lead", "category": "open", "counts": True, "ip_types": "",
            "campaigns": "", "respondent": "", "opened_on": date(2016, 1, 1) + timedelta(days=number * 3600 // count),
            "restricted": False, "demo": False, "origin": "user", "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
            "image": "{}",
        }  # fmt: skip
        texts = [("case", 0, _text(dice, 60, organ)), ("party", 0, _text(dice, 8, organ))]
        if number % 2:
            texts.append(("note", 1, _text(dice, 40, organ)))
        if number % 5 == 0:
            texts.append(("document", 2, _text(dice, 800, organ)))
        yield case, [_row(case_id, organ, *told) for told in texts]


def _row(case_id: str, organ: str, kind: str, place: int, text: str) -> dict[str, Any]:
    return {
        "case_id": case_id, "organ_id": organ, "kind": kind, "place": place, "target": None, "text": text,
        "folded": fold(text),
    }  # fmt: skip


def _fill(parts: Huhang, count: int) -> None:
    with parts.context() as ctx:
        sync_organs(ctx)
        made = _cases(count)
        while batch := list(islice(made, _AT_ONCE)):
            with unit_of_work(ctx) as unit:
                unit.connection.execute(insert(CaseFile), [case for case, _ in batch])
                mine = [
                    {"case_id": case["id"], "user_id": ME, "ordinal": 0}
                    for number, (case, _) in enumerate(batch)
                    if case["organ_id"] == MINE and number % 50 == 0
                ]
                unit.connection.execute(insert(CaseOfficer), mine)
                search_index.add(unit.connection, [row for _, rows in batch for row in rows])
        connection = ctx.session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
        ctx.session.commit()


def _search(ctx: Context, text: str) -> None:
    asked = question_of(ctx, CaseFilter(text=text))
    assert asked is not None
    for group in Group:
        search_page(ctx, group, asked, limit=5)


def _list(ctx: Context, text: str) -> None:
    case_list(ctx, CaseFilter(text=text))


def _measure(parts: Huhang) -> None:
    for viewer, actor in VIEWERS.items():
        for name, text in QUESTIONS.items():
            for page, run in (("搜索", _search), ("案件列表", _list)):
                with parts.context(actor) as ctx:
                    seen = ctx.acting_as(actor, scope=SCOPES[viewer].value)
                    with patch.object(search_lookup, "organs_in_sight", lambda _: None):
                        everywhere = _best(run, seen, text)
                    in_sight = _best(run, seen, text)
                print(f"{viewer}\t{name}\t{page}\t{everywhere:.0f} ms\t{in_sight:.0f} ms", flush=True)


def _best(run: Callable[[Context, str], None], ctx: Context, text: str) -> float:
    """Return the milliseconds of the best of three."""
    found = []
    for _ in range(3):
        begun = perf_counter()
        run(ctx, text)
        found.append((perf_counter() - begun) * 1000)
        ctx.session.rollback()
    return min(found)


def _on(databases: Databases, folder: Path, count: int) -> None:
    url = databases.create()
    engine = open_engine(url)
    migrate(engine)
    parts = build(configuration(url, folder / "var"), engine, clock=SystemClock())
    begun = perf_counter()
    _fill(parts, count)
    print(f"# {engine.dialect.name}: {count} cases in {perf_counter() - begun:.0f} s", flush=True)
    _measure(parts)
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    asked = parser.parse_args()
    with scratch() as folder:
        if not asked.postgres:
            (folder / "lite").mkdir()
            _on(SqliteDatabases(folder / "lite"), folder, asked.cases)
            return
        postgres.open_session()
        try:
            _on(PostgresDatabases(postgres.server_url(), "bench"), folder, asked.cases)
        finally:
            postgres.close_session()


if __name__ == "__main__":
    sys.exit(main())
