"""The same seed and days make the same year, whatever the database and whenever it is made."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from caseapp.adapters.clock import SetClock
from caseapp.models.account import Account
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.services.case_export import export_cases
from caseapp.wiring import Huhang
from tests.services.demo.conftest import load
from tests.support.app import NOW, Installations

CASES = 60


def told(parts: Huhang, folder: Path) -> tuple[bytes, list[object], list[object]]:
    """Return what a demonstration says: its export, its case ledger without the real time, its people."""
    file = folder / "export.jsonl"
    with parts.context() as ctx:
        export_cases(ctx, file, shape="exchange")
        entries = ctx.session.execute(
            select(
                LedgerEntry.chain,
                LedgerEntry.seq,
                LedgerEntry.kind,
                LedgerEntry.actor,
                LedgerEntry.occurred_at,
                LedgerEntry.recorded_at,
                LedgerEntry.payload,
            )
            .where(LedgerEntry.stream == "case")
            .order_by(LedgerEntry.id)
        ).all()
        people = ctx.session.execute(
            select(Account.id, Account.login, Account.name, Account.certificate_until).order_by(Account.login)
        ).all()
    return file.read_bytes(), [tuple(row) for row in entries], [tuple(row) for row in people]


def test_the_same_seed_and_days_make_the_same_year_on_another_day(installations: Installations, tmp_path: Path) -> None:
    first, second = installations.new(SetClock(NOW)), installations.new(SetClock(NOW + timedelta(days=40, hours=5)))
    for parts in (first, second):
        load(parts, CASES)
    assert told(first, tmp_path) == told(second, tmp_path)


def test_another_seed_makes_another_year(installations: Installations, tmp_path: Path) -> None:
    first, second = installations.new(SetClock(NOW)), installations.new(SetClock(NOW))
    load(first, 8, seed=1)
    load(second, 8, seed=2)
    one, other = told(first, tmp_path), told(second, tmp_path)
    assert one[0] != other[0]
    assert not {entry[0] for entry in one[1]} & {entry[0] for entry in other[1]}  # type: ignore[index]
