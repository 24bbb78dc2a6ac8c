"""`make bench`: measure, print the table, and fail where a bar is missed."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measure import Line

if TYPE_CHECKING:
    from tests.support.databases import SqliteDatabases

PARTS = ("engine", "papers", "files", "transitions", "writers", "pages", "figures")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"which of {', '.join(PARTS)} (all)")
    parser.add_argument("--cases", type=int, default=100_000, help="cases of the large lists")
    parser.add_argument("--report", action="store_true", help="print only; never fail")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    os.environ["HUHANG_TEST_DURABLE"] = "1"
    lines: list[Line] = []
    for part in PARTS:
        if not asked.parts or part in asked.parts:
            sys.stderr.write(f"{part} …\n")
            lines += _measured(part, asked.cases)
    _print(lines)
    missed = [line for line in lines if not math.isnan(line.ratio) and not line.met]
    return 1 if missed and not asked.report else 0


def _measured(part: str, cases: int) -> list[Line]:
    from tests.bench.house import scratch

    with scratch() as folder:
        if part == "engine":
            from tests.bench import engine

            return engine.rows()
        if part == "papers":
            from tests.bench import papers

            return papers.rows(folder)
        if part == "files":
            from tests.bench import files

            return files.rows(folder)
        from tests.bench import pages, transitions, writers
        from tests.support import postgres
        from tests.support.databases import PostgresDatabases, SqliteDatabases

        found: list[Line] = []
        files = folder / "sqlite"
        files.mkdir()
        lite = SqliteDatabases(files)
        if part == "pages":
            return pages.rows(lite, folder, many=cases)
        if part == "figures":
            return _figures(lite, folder, cases)
        work: Callable[..., list[Line]] = transitions.rows if part == "transitions" else writers.rows
        found += work(lite, _made(folder / "lite"))
        postgres.open_session()
        try:
            found += work(PostgresDatabases(postgres.server_url(), "bench"), _made(folder / "pg"))
        except postgres.NoServer as missing:
            sys.stderr.write(f"PostgreSQL not measured: {missing}\n")
        finally:
            postgres.close_session()
        return found


def _figures(lite: SqliteDatabases, folder: Path, cases: int) -> list[Line]:
    from tests.bench import figures
    from tests.support import postgres
    from tests.support.databases import PostgresDatabases

    found = figures.rows(lite, _made(folder / "lite"), many=cases)
    postgres.open_session()
    try:
        server = PostgresDatabases(postgres.server_url(), "bench")
        found += figures.rows(server, _made(folder / "pg"), many=cases)
    except postgres.NoServer as missing:
        sys.stderr.write(f"PostgreSQL not measured: {missing}\n")
    finally:
        postgres.close_session()
    return found


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _print(lines: list[Line]) -> None:
    print("| # | 比值 | 及格 | 进取 | 结果 | 项目 | 参考 |")
    print("|---|---|---|---|---|---|---|")
    for line in lines:
        sign = "≤" if line.at_most else "≥"
        shown = "—" if math.isnan(line.ratio) else f"{line.ratio:.2f}"
        verdict = "not measured" if math.isnan(line.ratio) else line.verdict
        print(
            f"| {line.number} | {shown} | {sign} {line.attainable:g} | {sign} {line.ambitious:g} | {verdict} "
            f"| {line.what} | {line.note} |"
        )


if __name__ == "__main__":
    sys.exit(main())
