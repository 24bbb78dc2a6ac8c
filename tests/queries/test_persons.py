"""Looking up people by a whole number: exact, under the same rights as the case, and gone with the value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from caseapp.context import Context, NoVault
from caseapp.domain.facts import Party
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.personal_value import PersonalValue
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.persons import persons_with
from caseapp.services.case_facts import add_party, change
from caseapp.services.case_intake import PartyDraft
from caseapp.services.personal import sought_by
from caseapp.services.unit_of_work import unit_of_work
from tests.support.office import PHONE, Office, office

__all__ = ["office"]

ID = "32061219900101123X"


def found(ctx: Context, text: str, **filters: str) -> list[tuple[str, str, str]]:
    return [(one.case_id, one.name, one.masked) for one in persons_with(ctx, CaseFilter(text=text, **filters))]


def keeper(phone: str = "13900000002") -> PartyDraft:
    return PartyDraft("respondent", "person", "翟小宁", None, {"id_number": ID.lower(), "phone": phone})


def test_a_party_is_found_by_its_whole_number_however_it_is_written(office: Office) -> None:
    case = office.register(parties=(keeper(),))
    with office.context("officer") as ctx:
        for text in (ID, "320612 19900101 123x", "３２０６１２１９９００１０１１２３X"):
            assert found(ctx, text) == [(case.id, "翟小宁", "320612********123x")], text
        assert found(ctx, "+86 139-0000-0002") == [(case.id, "翟小宁", "139****0002")]
        for part in (ID[:-1], "1990010", "1390000000", "13900000003", "翟小宁", ""):
            assert found(ctx, part) == [], part
        assert found(ctx, ID, category="closed") == []
        assert found(ctx, ID, category="lead") != []


def test_several_cases_come_newest_first_and_no_more_than_asked(office: Office) -> None:
    first = office.register(parties=(keeper(),))
    office.later(days=3)
    second = office.register(parties=(keeper(),))
    with office.context("officer") as ctx:
        assert [row[0] for row in found(ctx, ID)] == [second.id, first.id]
        assert [one.case_id for one in persons_with(ctx, CaseFilter(text=ID), most=1)] == [second.id]


def test_what_may_not_be_seen_is_not_found(office: Office) -> None:
    case = office.register(parties=(keeper(),), login="officer2")
    with office.parts.context() as ctx:
        change(ctx, case.id, {"restricted": True}, reason="涉及商业秘密", seen_version=office.version(case.id))
    with office.context("officer") as ctx:
        assert found(ctx, ID) == []
    with office.context("head") as ctx:
        assert [row[0] for row in found(ctx, ID)] == [case.id]


def test_a_value_that_was_replaced_is_found_no_more(office: Office) -> None:
    case = office.register(parties=(keeper(),))
    (old,) = (party for party in office.image(case.id).parties if isinstance(party, Party))
    with office.context("officer") as ctx:
        add_party(
            ctx, case.id, keeper("13900000009"), reason="更正电话", seen_version=office.version(case.id),
            replaces=old.id,
        )  # fmt: skip
        assert found(ctx, "13900000002") == []
        assert len(found(ctx, "13900000009")) == 1


def test_neither_database_nor_ledger_tells_the_number(office: Office) -> None:
    office.register(parties=(keeper(),))
    with office.parts.context() as ctx:
        kept = set(ctx.session.execute(select(PersonalValue.sought)).scalars())
        assert len(kept) == 2
        assert all(one.startswith("hmac-sha256:") and "139" not in one[:15] for one in kept)
        told = "".join(ctx.session.execute(select(LedgerEntry.payload)).scalars())
        assert not any(one in told for one in (*kept, ID, "13900000002"))
        without_key = sought_by(_keyless(ctx), "phone", PHONE)
        assert without_key is None
        assert persons_with(_keyless(ctx), CaseFilter(text=ID)) == ()


def _keyless(ctx: Context) -> Context:
    return replace(ctx, ports=replace(ctx.ports, vault=NoVault()))


def test_the_value_is_not_erased_without_what_it_is_found_by(office: Office) -> None:
    office.register(parties=(keeper(),))
    with office.context("officer") as ctx:
        with pytest.raises(IntegrityError), unit_of_work(ctx) as unit:
            unit.connection.execute(update(PersonalValue).values(value=None))
        with unit_of_work(ctx) as unit:
            unit.connection.execute(update(PersonalValue).values(value=None, sought=None))
        assert found(ctx, ID) == []
