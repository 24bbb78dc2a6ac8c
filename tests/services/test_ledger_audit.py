"""Auditing the ledger: what is found, and the traces that the auditor leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.errors import InputError, NotFound, NotPermitted, RuleRefused
from caseapp.domain.events import Stream
from caseapp.models import LedgerEntry
from caseapp.queries.ledger_search import LedgerFilter, ledger_entry, with_usual_span
from caseapp.services import ledger_audit
from caseapp.services.case_intake import CaseRef, LeadDraft, PartyDraft, register_lead
from caseapp.services.ledger_anchor import anchor
from tests.support.spine import House

As = Callable[[str], AbstractContextManager[Context]]


@pytest.fixture
def case(as_user: As) -> CaseRef:
    """A lead that the clerk registered."""
    with as_user("intake") as ctx:
        return register_lead(
            ctx,
            LeadDraft(
                division="320612",
                ip_types=("trademark",),
                source="complaint",
                summary="有人售假",
                received_on=ctx.today(),
                parties=(
                    PartyDraft("respondent", "organisation", "南通锦屏家纺有限公司", personal={"phone": "13800000001"}),
                ),
            ),
        )


def recorded(ctx: Context, kind: str) -> list[Any]:
    return list(
        ctx.session.execute(
            select(LedgerEntry.chain, LedgerEntry.case_id, LedgerEntry.actor, LedgerEntry.payload)
            .where(LedgerEntry.kind == kind)
            .order_by(LedgerEntry.id)
        )
    )


def newest(ctx: Context, **where: Any) -> int:
    query = select(LedgerEntry.id).filter_by(**where).order_by(LedgerEntry.id.desc()).limit(1)
    return ctx.session.execute(query).scalar_one()


# --- searching -------------------------------------------------------------------------------------------------------


def test_a_search_by_case_number_finds_its_acts_and_who_read_it_and_is_recorded(as_user: As, case: CaseRef) -> None:
    with as_user("audit") as ctx:
        page = ledger_audit.search(ctx, LedgerFilter(case=case.number))
        assert [(row.kind, row.case, row.actor_name) for row in page.rows] == [("opened", case.number, "金小满")]
        (entry,) = recorded(ctx, ledger_audit.SEARCHED)
        assert (entry.chain, json.loads(entry.payload)) == (
            "access",
            {"asked": {"case": case.number}, "shown": 1},
        )
        assert entry.actor == ctx.actor.id


def test_a_search_by_person_kind_stream_and_period_narrows(as_user: As, case: CaseRef, clock: SetClock) -> None:
    with as_user("audit") as ctx:

        def kinds(**asked: Any) -> list[str]:
            return [row.kind for row in ledger_audit.search(ctx, LedgerFilter(**asked)).rows]

        assert kinds(actor="金小满") == kinds(actor="intake") == ["opened"]
        assert set(kinds(actor="system")) == {"accounts_created", "organs_synchronised"}
        assert kinds(kind="opened") == ["opened"]
        assert kinds(stream=Stream.CASE) == ["opened"]
        assert kinds(kind="opened", first=date(2026, 11, 23), last=date(2026, 11, 23)) == ["opened"]
        assert kinds(kind="opened", last=date(2026, 11, 22)) == []
        assert kinds(kind="opened", first=date(2026, 11, 24)) == []


def test_days_of_a_period_are_days_in_china(as_user: As, case: CaseRef, clock: SetClock) -> None:
    """Half past seven in the morning of the 24th is still the 23rd in UTC."""
    clock.at += timedelta(hours=22, minutes=30)
    with as_user("audit") as ctx:
        ledger_audit.search(ctx, LedgerFilter(kind="opened"))
        found = ledger_audit.search(ctx, LedgerFilter(kind=ledger_audit.SEARCHED, first=date(2026, 11, 24)))
        assert len(found.rows) == 1
        assert ledger_audit.search(ctx, LedgerFilter(kind="opened", first=date(2026, 11, 24))).rows == ()


def test_leafing_goes_to_the_end_and_back_and_is_one_search(as_user: As, case: CaseRef, clock: SetClock) -> None:
    with as_user("audit") as ctx:
        for _ in range(120):
            clock.at += timedelta(seconds=1)
            ledger_audit.search(ctx, LedgerFilter(kind="opened"))
        asked = LedgerFilter(kind=ledger_audit.SEARCHED)
        pages = [ledger_audit.search(ctx, asked)]
        while pages[-1].after is not None:
            pages.append(ledger_audit.search(ctx, asked, after=pages[-1].after))
        assert [len(page.rows) for page in pages] == [50, 50, 20]
        ids = [row.id for page in pages for row in page.rows]
        assert ids == sorted(ids, reverse=True)
        assert len(set(ids)) == 120
        back = ledger_audit.search(ctx, asked, before=pages[1].before)
        assert [row.id for row in back.rows] == [row.id for row in pages[0].rows]
        assert len(recorded(ctx, ledger_audit.SEARCHED)) == 121


def test_a_search_without_bounds_looks_back_a_month(as_user: As) -> None:
    with as_user("audit") as ctx:
        bounded = with_usual_span(ctx, LedgerFilter(kind="opened"))
        assert bounded.first == ctx.today() - timedelta(days=30)
        for asked in (LedgerFilter(case="1"), LedgerFilter(actor="x"), LedgerFilter(first=date(2020, 1, 1))):
            assert with_usual_span(ctx, asked) == asked


def test_what_cannot_be_looked_for_is_said_and_a_forged_place_refused(as_user: As) -> None:
    wrong: list[tuple[LedgerFilter, Any, type[Exception]]] = [
        (LedgerFilter(case="没有的案号"), None, NotFound),
        (LedgerFilter(actor="没有的人"), None, NotFound),
        (LedgerFilter(first=date(2026, 2, 1), last=date(2026, 1, 1)), None, InputError),
        (LedgerFilter(), ("2026-11-23", 1), InputError),
        (LedgerFilter(), ("2026-11-23T00:00:00+00:00", "1"), InputError),
        (LedgerFilter(), ("x", 1), InputError),
        (LedgerFilter(), (1,), InputError),
    ]
    with as_user("audit") as ctx:
        for asked, after, error in wrong:
            with pytest.raises(error):
                ledger_audit.search(ctx, asked, after=after)
        assert recorded(ctx, ledger_audit.SEARCHED) == []


@pytest.mark.parametrize("login", ["sysadmin", "secadmin", "leader"])
def test_only_the_audit_administrator_audits(as_user: As, case: CaseRef, login: str) -> None:
    with as_user(login) as ctx:
        for attempt in (
            lambda: ledger_audit.search(ctx, LedgerFilter()),
            lambda: ledger_audit.read_entry(ctx, newest(ctx)),
            lambda: ledger_audit.check_case(ctx, case.id),
            lambda: ledger_audit.check_all(ctx),
        ):
            with pytest.raises(NotPermitted):
                attempt()


# --- one entry -------------------------------------------------------------------------------------------------------


def test_an_entry_is_shown_as_it_is_hashed_and_the_look_is_recorded_with_its_case(as_user: As, case: CaseRef) -> None:
    with as_user("audit") as ctx:
        entry_id = newest(ctx, kind="opened")
        detail = ledger_audit.read_entry(ctx, entry_id)
        assert json.loads(detail.payload)
        assert "13800000001" not in detail.payload
        assert (detail.sound, detail.computed) == (True, detail.row.hash)
        assert (detail.linked, detail.previous, detail.following) == (None, None, None)
        (entry,) = recorded(ctx, ledger_audit.ENTRY_READ)
        assert (entry.chain, entry.case_id) == (f"access:{case.id}", case.id)
        assert json.loads(entry.payload) == {"chain": case.id, "seq": 1}


def test_an_entry_knows_its_neighbours(as_user: As) -> None:
    with as_user("audit") as ctx:
        chain = ctx.session.execute(
            select(LedgerEntry.id).where(LedgerEntry.chain == "system").order_by(LedgerEntry.seq)
        ).scalars()
        first, other = list(chain)[:2]
        assert ledger_audit.read_entry(ctx, first).following == other
        detail = ledger_audit.read_entry(ctx, other)
        assert (detail.previous, detail.linked) == (first, True)


def test_an_entry_that_was_edited_shows_it(house: House) -> None:
    """With the triggers taken away and the text changed, the hash no longer fits."""
    ref = house.register()
    house.disarm()
    house.execute(f"UPDATE ledger_entry SET payload = '{{}}' WHERE chain = '{ref.id}'")
    with house.context() as ctx:
        detail = ledger_entry(ctx, newest(ctx, chain=ref.id))
        assert not detail.sound
        assert detail.computed != detail.row.hash


def test_an_entry_that_is_not_there_is_not_found(as_user: As) -> None:
    with as_user("audit") as ctx, pytest.raises(NotFound):
        ledger_audit.read_entry(ctx, 10_000_000)


# --- checking --------------------------------------------------------------------------------------------------------


def test_a_case_is_checked_and_the_result_recorded(as_user: As, case: CaseRef) -> None:
    with as_user("audit") as ctx:
        found = ledger_audit.check_case(ctx, f" {case.number} ")
        assert (found.case, found.cases, found.entries, found.faults) == (case.number, 1, 1, 0)
        (entry,) = recorded(ctx, ledger_audit.VERIFIED)
        assert (entry.chain, entry.case_id) == ("system", case.id)
        assert json.loads(entry.payload)["faults"] == 0
        assert ledger_audit.last_check(ctx) is None
        with pytest.raises(NotFound):
            ledger_audit.check_case(ctx, "没有的案号")


def test_the_last_check_of_the_whole_is_remembered_with_who_and_when(
    as_user: As, case: CaseRef, clock: SetClock
) -> None:
    with as_user("audit") as ctx:
        anchor(ctx)
        found = ledger_audit.check_all(ctx)
        assert (found.cases, found.faults, found.anchors) == (1, 0, 1)
        clock.at += timedelta(days=1)
        ledger_audit.check_case(ctx, case.id)
        last = ledger_audit.last_check(ctx)
        assert last is not None
        assert (last.case, last.entries, last.by) == ("", found.entries, "查明理")
        assert last.at == clock.at - timedelta(days=1)


def test_a_ledger_too_long_to_wait_for_is_checked_elsewhere(
    as_user: As, case: CaseRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_audit, "AT_ONCE", 1)
    with as_user("audit") as ctx:
        assert not ledger_audit.may_check_all(ctx)
        with pytest.raises(RuleRefused):
            ledger_audit.check_all(ctx)
        assert recorded(ctx, ledger_audit.VERIFIED) == []
