"""Sessions: begun, used, given another token, ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.errors import NotFound, NotPermitted
from caseapp.domain.policies.security import SecurityPolicy
from caseapp.domain.workflow.situation import Actor
from caseapp.models import Account, LedgerEntry, SignInSession
from caseapp.queries.sessions import KnownSession, live_sessions, session_of
from caseapp.services import sessions
from caseapp.services.tidying import SESSIONS_KEPT, tidy
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang

As = Callable[[str], AbstractContextManager[Context]]
People = Mapping[str, Actor]
POLICY = SecurityPolicy(idle_minutes=30, session_hours=12)


def begin(ctx: Context, person: Actor, **more: Any) -> str:
    told = {"epoch": 0, "device": "Firefox", "address": "10.0.0.1", **more}
    return sessions.begin_session(ctx, person.id, **told)


def known(ctx: Context, token: str) -> KnownSession:
    ctx.session.rollback()
    found = session_of(ctx, token)
    assert found is not None
    return found


def told(ctx: Context) -> list[tuple[str, str, dict[str, Any]]]:
    rows = ctx.session.execute(
        select(LedgerEntry.kind, LedgerEntry.actor, LedgerEntry.payload)
        .where(LedgerEntry.chain == "system")
        .order_by(LedgerEntry.seq)
    )
    return [
        (row.kind, row.actor, json.loads(row.payload))
        for row in rows
        if row.kind.startswith(("signed_out", "sessions"))
    ]


def test_the_token_finds_the_session_and_is_kept_nowhere(ctx: Context, people: People) -> None:
    token = begin(ctx, people["officer"])
    found = known(ctx, token)
    assert (found.user.login, found.ended, found.rights_changed) == ("officer", False, False)
    row = ctx.session.execute(select(SignInSession)).scalar_one()
    assert token not in row.token_hash
    assert row.token_hash.startswith("sha256:")
    assert session_of(ctx, "another") is None


def test_nobody_begins_a_session_of_an_account_that_does_not_exist(ctx: Context, people: People) -> None:
    with pytest.raises(NotFound):
        sessions.begin_session(ctx, "f" * 32, epoch=0, device="", address="")


def test_the_session_this_browser_had_before_ends(ctx: Context, people: People) -> None:
    first = begin(ctx, people["officer"])
    second = begin(ctx, people["officer2"], instead_of=first)
    assert known(ctx, first).ended
    assert not known(ctx, second).ended


@pytest.mark.parametrize(
    ("idle", "whole", "over"),
    [
        pytest.param({"minutes": 30}, {"hours": 12}, False, id="just in time"),
        pytest.param({"minutes": 30, "seconds": 1}, {}, True, id="idle for too long"),
        pytest.param({}, {"hours": 12, "seconds": 1}, True, id="too old, however busy"),
    ],
)
def test_a_session_lasts_as_long_as_the_settings_say(
    ctx: Context, people: People, clock: SetClock, idle: dict[str, int], whole: dict[str, int], over: bool
) -> None:
    found = known(ctx, begin(ctx, people["officer"]))
    now = clock.at + timedelta(**(whole or idle))
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(SignInSession).values(seen_at=now - timedelta(**idle)))
    token_row = ctx.session.execute(select(SignInSession).execution_options(populate_existing=True)).scalar_one()
    assert found.started_at == token_row.started_at
    aged = KnownSession(found.id, found.user, found.started_at, token_row.seen_at, ended=False, rights_changed=False)
    assert aged.is_over(POLICY, now) is over


def test_a_use_is_kept(ctx: Context, people: People, clock: SetClock) -> None:
    token = begin(ctx, people["officer"])
    clock.at += timedelta(minutes=5)
    sessions.note_seen(ctx, known(ctx, token).id)
    assert known(ctx, token).seen_at == clock.at


@pytest.mark.parametrize(
    "change", [{"session_epoch": 1}, {"active": False}], ids=["another epoch", "the account is shut"]
)
def test_a_change_of_the_account_ends_its_sessions(ctx: Context, people: People, change: dict[str, object]) -> None:
    token = begin(ctx, people["officer"])
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "officer").values(**change))
    assert known(ctx, token).ended


def test_other_rights_ask_for_another_token(ctx: Context, people: People) -> None:
    token = begin(ctx, people["officer"])
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "officer").values(scope="city"))
    before = known(ctx, token)
    assert before.rights_changed
    renewed = sessions.renew_token(ctx, before.id)
    after = known(ctx, renewed)
    assert (after.id, after.rights_changed) == (before.id, False)
    assert session_of(ctx, token) is None
    with pytest.raises(NotFound):
        sessions.renew_token(ctx, "f" * 32)


def test_the_list_shows_where_somebody_is_signed_in_now(ctx: Context, people: People, clock: SetClock) -> None:
    officer = people["officer"]
    begin(ctx, officer, device="forgotten")
    clock.at += timedelta(minutes=31)
    ended = begin(ctx, officer, device="signed out")
    begin(ctx, officer, device="from before a reset", epoch=-1)
    begin(ctx, officer, device="first")
    begin(ctx, people["officer2"], device="a colleague's")
    clock.at += timedelta(minutes=1)
    begin(ctx, officer, device="second")
    place = known(ctx, ended).id
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(SignInSession).where(SignInSession.id == place).values(ended_at=clock.at))
    assert [one.device for one in live_sessions(ctx, officer.id, POLICY)] == ["second", "first"]


def test_one_ends_ones_own_session_and_no_other(as_user: As, people: People) -> None:
    with as_user("officer") as ctx:
        here, there = begin(ctx, people["officer"]), begin(ctx, people["officer"])
        foreign = known(ctx, begin(ctx, people["officer2"])).id
        place = known(ctx, there).id
        sessions.end_own_session(ctx, place)
        assert known(ctx, there).ended
        assert not known(ctx, here).ended
        for wrong in (place, foreign, "f" * 32):
            with pytest.raises(NotFound):
                sessions.end_own_session(ctx, wrong)
        officer = people["officer"].id
        assert told(ctx) == [("signed_out", officer, {"user": officer, "session": place})]


def test_signing_out_everywhere_ends_every_session_and_is_told(as_user: As, people: People) -> None:
    with as_user("officer") as ctx:
        tokens = [begin(ctx, people["officer"]) for _ in range(2)]
        colleague = begin(ctx, people["officer2"])
        sessions.end_own_sessions(ctx)
        assert all(known(ctx, token).ended for token in tokens)
        assert not known(ctx, colleague).ended
        assert live_sessions(ctx, people["officer"].id, POLICY) == ()
        assert [kind for kind, _actor, _payload in told(ctx)] == ["signed_out_everywhere"]


@pytest.mark.parametrize("login", ["sysadmin", "secadmin"])
def test_an_administrator_ends_somebodys_sessions(as_user: As, people: People, login: str) -> None:
    officer = people["officer"].id
    with as_user(login) as ctx:
        token = begin(ctx, people["officer"])
        sessions.end_sessions_of(ctx, officer)
        assert known(ctx, token).ended
        assert told(ctx) == [("sessions_ended", people[login].id, {"user": officer})]
        with pytest.raises(NotFound):
            sessions.end_sessions_of(ctx, "f" * 32)


@pytest.mark.parametrize("login", ["officer", "leader", "audit"])
def test_nobody_else_ends_the_sessions_of_others(as_user: As, people: People, login: str) -> None:
    with as_user(login) as ctx, pytest.raises(NotPermitted):
        sessions.end_sessions_of(ctx, people["officer2"].id)


def test_old_sessions_are_tidied_away_and_living_ones_are_not(parts: Huhang, people: People, clock: SetClock) -> None:
    with parts.context() as ctx:
        begin(ctx, people["officer"])
        clock.at += SESSIONS_KEPT + timedelta(days=1)
        begin(ctx, people["officer"])
        assert tidy(ctx).sessions == 1
        assert len(live_sessions(ctx, people["officer"].id, POLICY)) == 1
