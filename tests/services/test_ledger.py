"""The chains that are not cases: shared by everybody, and sound however many write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from caseapp.domain.events import Stream
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.ledger_head import LedgerHead
from caseapp.queries.ledger_check import verify
from caseapp.services import ledger
from caseapp.services.unit_of_work import unit_of_work
from tests.support.spine import House


def append(house: House, number: int, *, stream: Stream = Stream.ACCESS, case_id: str | None = None) -> None:
    with house.context() as ctx, unit_of_work(ctx) as unit:
        ledger.append_beside(ctx, unit, stream=stream, kind="export", payload={"number": number}, case_id=case_id)


def heads(house: House) -> dict[str, int]:
    with house.context() as ctx:
        return {row.chain: row.seq for row in ctx.session.execute(select(LedgerHead.chain, LedgerHead.seq))}


def test_reads_of_a_case_have_a_chain_of_their_own(house: House) -> None:
    case_id = house.register().id
    append(house, 1)
    append(house, 2, case_id=case_id)
    append(house, 3, stream=Stream.SYSTEM, case_id=case_id)
    assert heads(house) == {"system": 2, "access": 1, f"access:{case_id}": 1}


def test_writers_at_the_same_time_wait_for_each_other_and_none_is_lost(house: House) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: append(house, number), range(30)))
    assert heads(house)["access"] == 30
    with house.context() as ctx:
        told = ctx.session.execute(select(LedgerEntry.payload).where(LedgerEntry.chain == "access")).scalars()
        assert len(set(told)) == 30
        assert verify(ctx)["broken"] == []


def test_a_clock_that_was_set_back_does_not_break_a_chain(house: House) -> None:
    append(house, 1)
    house.clock.at -= timedelta(hours=5)
    append(house, 2)
    with house.context() as ctx:
        assert verify(ctx)["broken"] == []
