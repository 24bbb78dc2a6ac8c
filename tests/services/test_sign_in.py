"""Signing in: what is counted, when an account locks and when it opens again, and which passwords will do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select, update

from caseapp.adapters.clock import SetClock
from caseapp.adapters.hasher import Argon2Hasher
from caseapp.context import Context
from caseapp.domain.errors import InputError, NotPermitted
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.ledger_search import LedgerFilter, ledger_page
from caseapp.services import sign_in
from caseapp.services.attempts import LockRule
from caseapp.services.sign_in import SignedIn, authenticate, set_language
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import PASSWORD

As = Callable[[str], AbstractContextManager[Context]]
LOCK = LockRule(after=3, minutes=15)


def attempt(parts: Huhang, password: str = PASSWORD, login: str = "officer") -> SignedIn | str:
    """Return who signed in, or why nobody did."""
    with parts.context() as ctx:
        try:
            return authenticate(ctx, login, password, "10.0.0.1", lock=LOCK)
        except NotPermitted as refused:
            return str(refused)


def account(parts: Huhang, login: str = "officer") -> Account:
    with parts.context() as ctx:
        return ctx.session.execute(select(Account).where(Account.login == login)).scalar_one()


def told(parts: Huhang) -> list[tuple[str, dict[str, Any]]]:
    """Return what the system stream says of attempts."""
    with parts.context() as ctx:
        query = select(LedgerEntry.kind, LedgerEntry.payload)
        query = query.where(LedgerEntry.chain == "system").order_by(LedgerEntry.seq)
        rows = ctx.session.execute(query).all()
    return [(row.kind, json.loads(row.payload)) for row in rows if row.kind.startswith("sign")]


def test_the_right_password_lets_in_and_is_told(parts: Huhang, people: dict[str, Actor], clock: SetClock) -> None:
    found = attempt(parts, login="  officer ")
    assert found == SignedIn(people["officer"].id, "officer", 0, must_change_password=False)
    assert account(parts).last_login_at == clock.at
    user = people["officer"].id
    assert told(parts) == [("signed_in", {"user": user, "login": "officer", "address": "10.0.0.1", "reason": ""})]


def test_the_audit_finds_attempts_under_the_person_whose_login_was_named(
    parts: Huhang, people: dict[str, Actor], as_user: As
) -> None:
    attempt(parts)
    attempt(parts, "wrong")
    attempt(parts, "wrong", login="nobody")
    with as_user("audit") as ctx:
        found = ledger_page(ctx, LedgerFilter(actor="officer")).rows
    assert [(row.kind, row.actor) for row in found] == [
        ("sign_in_refused", people["officer"].id),
        ("signed_in", people["officer"].id),
    ]


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(parts: Huhang, people: dict[str, Actor]) -> None:
    assert attempt(parts, "wrong") == attempt(parts, "wrong", login="nobody") == "用户名或者密码不正确"
    assert [payload["reason"] for _, payload in told(parts)] == ["password", "unknown"]
    assert "wrong" not in str(told(parts)), "what was tried is nobody's business"


def test_the_stand_in_hash_of_unknown_logins_costs_as_much_as_a_real_one() -> None:
    """A malformed one would be refused at once, and the answer's haste would tell that the login does not exist."""
    parameters = Argon2Hasher((3, 65536, 4))
    assert parameters.needs_rehash(sign_in._NO_ACCOUNT) is False
    assert parameters.verify(sign_in._NO_ACCOUNT, "x") is False


def test_after_so_many_failures_in_a_row_the_account_locks_even_for_the_right_password(
    parts: Huhang, people: dict[str, Actor], clock: SetClock
) -> None:
    assert attempt(parts, "wrong") == attempt(parts, "wrong") == "用户名或者密码不正确"
    assert account(parts).failed_logins == 2
    assert "锁定 15 分钟" in str(attempt(parts, "wrong"))
    assert "锁定至 09:15" in str(attempt(parts))
    assert told(parts)[-1][1]["reason"] == "locked"


def test_the_lock_ends_by_itself(parts: Huhang, people: dict[str, Actor], clock: SetClock) -> None:
    for _ in range(3):
        attempt(parts, "wrong")
    clock.at = clock.at.replace(minute=14, second=59)
    assert "锁定至" in str(attempt(parts))
    clock.at = clock.at.replace(minute=15, second=0)
    assert isinstance(attempt(parts), SignedIn)
    assert (account(parts).failed_logins, account(parts).locked_until) == (0, None)


def test_after_a_lock_counting_begins_anew(parts: Huhang, people: dict[str, Actor], clock: SetClock) -> None:
    for _ in range(3):
        attempt(parts, "wrong")
    clock.at = clock.at.replace(minute=30)
    assert attempt(parts, "wrong") == "用户名或者密码不正确"
    assert account(parts).failed_logins == 1


def test_success_forgets_earlier_failures(parts: Huhang, people: dict[str, Actor]) -> None:
    attempt(parts, "wrong")
    attempt(parts, "wrong")
    attempt(parts)
    assert account(parts).failed_logins == 0
    assert attempt(parts, "wrong") == "用户名或者密码不正确"


def test_one_account_locks_and_no_other(parts: Huhang, people: dict[str, Actor]) -> None:
    for _ in range(3):
        attempt(parts, "wrong")
    assert isinstance(attempt(parts, login="officer2"), SignedIn)


def test_guesses_made_at_the_same_time_are_each_counted(
    parts: Huhang, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Barrier(3, timeout=30)
    real = Argon2Hasher.verify

    def together(self: Argon2Hasher, encoded: str, password: str) -> bool:
        gate.wait()  # all have looked at the account before any is counted
        return real(self, encoded, password)

    monkeypatch.setattr(Argon2Hasher, "verify", together)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda guess: attempt(parts, guess), ("a", "b", "c")))
    monkeypatch.undo()
    assert "锁定至" in str(attempt(parts))


def test_a_right_guess_among_too_many_at_once_does_not_get_in(
    parts: Huhang, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends a thousand guesses in one moment gets no more of them than who sends one after the other."""
    begun, wrong_ones_counted = threading.Event(), threading.Event()
    real = Argon2Hasher.verify

    def slowly(self: Argon2Hasher, encoded: str, password: str) -> bool:
        if password == PASSWORD:
            begun.set()
            wrong_ones_counted.wait(30)
        return real(self, encoded, password)

    monkeypatch.setattr(Argon2Hasher, "verify", slowly)
    with ThreadPoolExecutor(1) as pool:
        lucky = pool.submit(attempt, parts)
        begun.wait(30)
        for _ in range(3):
            attempt(parts, "wrong")
        wrong_ones_counted.set()
        assert "锁定" in str(lucky.result(30))


def test_who_has_left_does_not_get_in(parts: Huhang, people: dict[str, Actor]) -> None:
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "officer").values(active=False))
    assert attempt(parts) == "用户名或者密码不正确"


def test_a_password_hashed_more_cheaply_than_now_is_hashed_anew(parts: Huhang, people: dict[str, Actor]) -> None:
    cheap = Argon2Hasher((1, 8, 1)).hash(PASSWORD)
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "officer").values(password_hash=cheap))
    attempt(parts)
    assert account(parts).password_hash == cheap, "as dear as now: kept"
    dearer = Argon2Hasher((2, 16, 1))
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        dear = update(Account).where(Account.login == "officer").values(password_hash=dearer.hash(PASSWORD))
        unit.connection.execute(dear)
    assert isinstance(attempt(parts), SignedIn)
    assert not parts.ports.hasher.needs_rehash(account(parts).password_hash)


def test_a_reader_keeps_his_language(parts: Huhang, as_user: As) -> None:
    with as_user("officer") as ctx:
        set_language(ctx, "en")
        with pytest.raises(InputError):
            set_language(ctx, "fr")
    assert account(parts).language == "en"
    assert account(parts, "officer2").language is None
