"""Contact data of organs."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import InputErrors, NotFound, NotPermitted, RuleRefused
from caseapp.models import LedgerEntry
from caseapp.queries.organ_tree import OrganContact, organ
from caseapp.services.installation import sync_organs
from caseapp.services.organ_contacts import change
from tests.support.app import ORGAN

As = Callable[[str], AbstractContextManager[Context]]
CONTACT = OrganContact("通州区人民路1号", "0513-86512315", "226300", "南通农商银行通州支行")
EMPTY = OrganContact()


def told(ctx: Context) -> list[object]:
    rows = ctx.session.execute(
        select(LedgerEntry.payload).where(LedgerEntry.kind == "organ_contact_changed").order_by(LedgerEntry.seq)
    ).scalars()
    return [json.loads(row) for row in rows]


def test_a_change_is_kept_and_says_what_was_and_is(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        assert change(ctx, ORGAN, CONTACT, seen=EMPTY.mark)
        assert organ(ctx, ORGAN).row.contact == CONTACT
        moved = OrganContact("通州区建设路2号", CONTACT.phone, CONTACT.postcode, CONTACT.fee_bank)
        assert change(ctx, ORGAN, moved, seen=CONTACT.mark)
        assert told(ctx)[-1] == {"organ": ORGAN, "changed": {"address": ["通州区人民路1号", "通州区建设路2号"]}}


def test_nothing_changed_is_no_news(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        assert not change(ctx, ORGAN, EMPTY, seen=EMPTY.mark)
        assert told(ctx) == []


def test_a_new_list_of_organs_leaves_contact_data_alone(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        change(ctx, ORGAN, CONTACT, seen=EMPTY.mark)
        sync_organs(ctx)
        assert organ(ctx, ORGAN).row.contact == CONTACT


def test_a_form_over_what_somebody_changed_meanwhile_is_refused(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        change(ctx, ORGAN, CONTACT, seen=EMPTY.mark)
        with pytest.raises(RuleRefused):
            change(ctx, ORGAN, EMPTY, seen=EMPTY.mark)
        assert organ(ctx, ORGAN).row.contact == CONTACT


@pytest.mark.parametrize("login", ["secadmin", "audit", "leader"])
def test_only_the_system_administrator_keeps_them(as_user: As, login: str) -> None:
    with as_user(login) as ctx, pytest.raises(NotPermitted):
        change(ctx, ORGAN, CONTACT, seen=EMPTY.mark)


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (OrganContact(postcode="22630"), "postcode"),
        (OrganContact(postcode="２２６３００"), "postcode"),
        (OrganContact(address="路" * 201), "address"),
        (OrganContact(phone="1" * 41), "phone"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(as_user: As, contact: OrganContact, field: str) -> None:
    with as_user("sysadmin") as ctx:
        with pytest.raises(InputErrors) as refused:
            change(ctx, ORGAN, contact, seen=EMPTY.mark)
        assert {error.field for error in refused.value.errors} == {field}


def test_an_organ_that_does_not_exist_is_not_found(as_user: As) -> None:
    with as_user("sysadmin") as ctx, pytest.raises(NotFound):
        change(ctx, "999999-ip", CONTACT, seen=EMPTY.mark)
