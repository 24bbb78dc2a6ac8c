"""The list of people: its views, its pages, and where somebody stands with the certificate of enforcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from caseapp.context import Context
from caseapp.domain.errors import InputError, NotFound
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models import Account
from caseapp.queries.accounts import (
    AccountFilter,
    AccountList,
    AccountTab,
    CertificateState,
    account,
    account_page,
    certificate_state,
)
from caseapp.services.installation import AccountDraft, create_accounts
from caseapp.services.unit_of_work import unit_of_work
from tests.support.app import ORGAN, PASSWORD

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.usefixtures("people")


def change(ctx: Context, login: str, **values: Any) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == login).values(**values))


def logins(page: AccountList) -> list[str]:
    return [row.login for row in page.rows]


@pytest.mark.parametrize(
    ("number", "first", "last", "needed", "state"),
    [
        pytest.param(None, None, None, True, CertificateState.MISSING, id="an officer without one"),
        pytest.param(None, None, None, False, CertificateState.NOT_NEEDED, id="a clerk without one"),
        pytest.param("1", None, None, True, CertificateState.VALID, id="without an end"),
        pytest.param("1", None, TODAY, True, CertificateState.EXPIRING, id="today is still valid"),
        pytest.param("1", None, TODAY - timedelta(days=1), True, CertificateState.EXPIRED, id="ended yesterday"),
        pytest.param("1", None, TODAY + timedelta(days=60), True, CertificateState.EXPIRING, id="ends in sixty days"),
        pytest.param("1", None, TODAY + timedelta(days=61), True, CertificateState.VALID, id="ends in sixty-one"),
        pytest.param("1", TODAY + timedelta(days=1), None, True, CertificateState.NOT_YET, id="begins tomorrow"),
    ],
)
def test_where_somebody_stands_with_the_certificate(
    number: str | None, first: date | None, last: date | None, needed: bool, state: CertificateState
) -> None:
    assert certificate_state(number, first, last, needed=needed, today=TODAY) is state


def test_people_stand_in_the_order_of_their_organs_from_above(ctx: Context) -> None:
    page = account_page(ctx, AccountFilter())
    assert [row.login for row in page.rows if row.organ_id == ORGAN] == sorted(
        row.login for row in page.rows if row.organ_id == ORGAN
    )
    assert logins(page)[0] == "supervisor"
    assert page.total == len(page.rows) == 11


def test_every_page_is_reached_forwards_and_backwards(ctx: Context) -> None:
    whole = logins(account_page(ctx, AccountFilter()))
    forwards: list[AccountList] = [account_page(ctx, AccountFilter(), limit=4)]
    while forwards[-1].after is not None:
        forwards.append(account_page(ctx, AccountFilter(), after=forwards[-1].after, limit=4))
    assert [login for page in forwards for login in logins(page)] == whole
    assert forwards[0].before is None
    back = account_page(ctx, AccountFilter(), before=forwards[-1].before, limit=4)
    assert logins(back) == logins(forwards[-2])
    first = account_page(ctx, AccountFilter(), before=back.before, limit=4)
    assert (logins(first), first.before) == (logins(forwards[0]), None)
    assert first.after is not None


@pytest.mark.parametrize("key", [("only one",), (1, "a"), ("a", None)])
def test_a_forged_place_is_refused(ctx: Context, key: Any) -> None:
    with pytest.raises(InputError):
        account_page(ctx, AccountFilter(), after=key)


@pytest.fixture
def troubled(ctx: Context) -> Context:
    """A house where something is the matter with several people."""
    change(ctx, "officer2", certificate_until=TODAY + timedelta(days=30))
    change(ctx, "officer", certificate_number=None)
    change(ctx, "head", locked_until=ctx.now() + timedelta(minutes=5))
    change(ctx, "legal", locked_until=ctx.now() - timedelta(minutes=5))
    change(ctx, "intake", active=False)
    create_accounts(ctx, [AccountDraft("new", "新来", ORGAN, (), Scope.OWN, PASSWORD)])
    return ctx


@pytest.mark.parametrize(
    ("tab", "found"),
    [
        (AccountTab.CERTIFICATE, ["officer", "officer2"]),
        (AccountTab.LOCKED, ["head"]),
        (AccountTab.INACTIVE, ["intake"]),
        (AccountTab.UNSEATED, ["new"]),
    ],
)
def test_each_view_shows_whom_it_is_about(troubled: Context, tab: AccountTab, found: list[str]) -> None:
    assert logins(account_page(troubled, AccountFilter(tab))) == found


def test_the_usual_view_leaves_out_shut_accounts_and_all_shows_them(troubled: Context) -> None:
    assert "intake" not in logins(account_page(troubled, AccountFilter()))
    assert "intake" in logins(account_page(troubled, AccountFilter(AccountTab.ALL)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (AccountFilter(text="OFFIC"), ["officer", "officer2"]),
        (AccountFilter(text="海宁"), ["officer"]),
        (AccountFilter(text="%"), []),
        (AccountFilter(role=Role.SECTION_HEAD), ["head"]),
        (AccountFilter(organ="320600-ip"), ["supervisor"]),
        (AccountFilter(organ="320612-police", role=Role.LEADER), []),
    ],
)
def test_the_list_is_narrowed(ctx: Context, asked: AccountFilter, found: list[str]) -> None:
    assert logins(account_page(ctx, asked)) == found


def test_a_mark_changes_with_what_an_administrator_changes_and_with_nothing_else(
    ctx: Context, people: Mapping[str, Actor]
) -> None:
    officer = people["officer"].id
    before = account(ctx, officer).row.mark
    change(ctx, "officer", failed_logins=2, last_login_at=ctx.now(), language="en")
    assert account(ctx, officer).row.mark == before
    change(ctx, "officer", scope=Scope.CITY.value)
    assert account(ctx, officer).row.mark != before


def test_somebody_who_does_not_exist_is_not_found(ctx: Context) -> None:
    with pytest.raises(NotFound):
        account(ctx, "0" * 32)
