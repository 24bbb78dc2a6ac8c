"""Who looked at what stands in the ledger: a read once for a person, a case and an hour; exports and searches
always.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from caseapp.models.ledger_entry import LedgerEntry
from caseapp.services.access_log import note_export, note_personal_read, note_read, note_search
from tests.support.office import Office, count, office

__all__ = ["office"]


def entries(office: Office, chain: str) -> list[tuple[str, str, Any]]:
    with office.parts.context() as ctx:
        rows = ctx.session.execute(
            select(LedgerEntry.kind, LedgerEntry.actor, LedgerEntry.payload)
            .where(LedgerEntry.chain == chain, LedgerEntry.stream == "access")
            .order_by(LedgerEntry.seq)
        )
        return [(row.kind, row.actor, msgspec.json.decode(row.payload)) for row in rows]


def read(office: Office, case_id: str, login: str = "officer", what: str = "page") -> bool:
    with office.context(login) as ctx:
        return note_read(ctx, case_id, what)


def test_a_read_is_kept_once_for_a_person_a_case_and_an_hour(office: Office) -> None:
    first, second = office.register(), office.register()
    office.clock.at = office.clock.at.replace(minute=10)
    assert read(office, first.id)
    office.later(minutes=40)
    assert not read(office, first.id, what="document")
    assert read(office, second.id)
    assert read(office, first.id, "head")
    office.later(minutes=15)  # the next hour has begun
    assert read(office, first.id)
    officer, head = office.people["officer"].id, office.people["head"].id
    assert entries(office, f"access:{first.id}") == [
        ("read", officer, {"what": "page"}),
        ("read", head, {"what": "page"}),
        ("read", officer, {"what": "page"}),
    ]


def test_a_read_that_is_known_already_costs_one_statement(office: Office) -> None:
    case = office.register()
    read(office, case.id)
    with office.context("officer") as ctx:
        assert count(office.parts.engine, lambda: note_read(ctx, case.id, "page")) == 1


def test_every_look_at_personal_values_is_kept(office: Office) -> None:
    case = office.register()
    with office.context("officer") as ctx:
        note_personal_read(ctx, case.id, "")
        note_personal_read(ctx, case.id, "p1")
    assert [(kind, payload) for kind, _actor, payload in entries(office, f"access:{case.id}")] == [
        ("personal_read", {}),
        ("personal_read", {"party": "p1"}),
    ]


def test_a_look_at_personal_values_does_not_hide_a_read(office: Office) -> None:
    case = office.register()
    with office.context("officer") as ctx:
        note_personal_read(ctx, case.id, "")
    assert read(office, case.id)


def test_an_export_tells_what_was_asked_and_how_much_left_the_house(office: Office) -> None:
    with office.context("officer") as ctx:
        note_export(ctx, "case_list", {"tab": "open"}, rows=12)
        note_export(ctx, "case_list", {}, rows=1000, capped=True)
    assert [payload for _kind, _actor, payload in entries(office, "access")] == [
        {"what": "case_list", "asked": {"tab": "open"}, "rows": 12},
        {"what": "case_list", "asked": {}, "rows": 1000, "capped": True},
    ]


def test_a_search_is_kept_without_identity_numbers_and_telephones(office: Office) -> None:
    with office.context("officer") as ctx:
        note_search(ctx, "身份证320612199001011234电话13800000001")
        note_search(ctx, "91320612MA1WAXYT01")
    texts = [payload["text"] for _kind, _actor, payload in entries(office, "access")]
    assert "199001011234" not in texts[0]
    assert "13800000001" not in texts[0]
    assert texts[1] == "91320612MA1WAXYT01"


def test_reads_do_not_touch_the_version_of_a_case(office: Office) -> None:
    case = office.register()
    before = office.version(case.id)
    read(office, case.id)
    assert office.version(case.id) == before
