"""The second factor: enrolled, asked for at sign-in, renewed, given up, reset by others."""

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
from caseapp.domain.errors import InputError, NotFound, NotPermitted, RuleRefused
from caseapp.domain.policies.one_time_codes import STEP_SECONDS
from caseapp.domain.workflow.situation import Actor
from caseapp.models import Account, LedgerEntry, Notification, RecoveryCode, SecondFactor
from caseapp.queries.second_factors import enrolment, factor_state, purpose_of, waiting_reset
from caseapp.services import second_factor
from caseapp.services import second_factor_reset as resets
from caseapp.services.attempts import LockRule
from caseapp.services.sign_in import authenticate
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import PASSWORD
from tests.support.telephone import code_shown

As = Callable[[str], AbstractContextManager[Context]]
People = Mapping[str, Actor]
LOCK = LockRule(after=3, minutes=15)


def code(ctx: Context, user_id: str, *, drift: int = 0) -> str:
    """Return the code that the person's telephone shows, `drift` steps off."""
    sealed = ctx.session.execute(select(SecondFactor.secret).where(SecondFactor.user_id == user_id)).scalar_one()
    secret = ctx.ports.vault.open(sealed, purpose=purpose_of(user_id))
    return code_shown(secret, now=ctx.now().timestamp(), drift=drift)


def enrol(ctx: Context) -> tuple[str, ...]:
    """Enrol the actor's telephone."""
    second_factor.begin_enrolment(ctx)
    return second_factor.confirm_enrolment(ctx, code(ctx, ctx.actor.id))


def passes(parts: Huhang, user_id: str, typed: str) -> str:
    """Take the second step; return '' or why not."""
    with parts.context() as ctx:
        try:
            second_factor.pass_second_factor(ctx, user_id, typed, "10.0.0.1", lock=LOCK)
        except NotPermitted as refused:
            return str(refused)
    return ""


def told(ctx: Context) -> list[tuple[str, dict[str, Any]]]:
    rows = ctx.session.execute(
        select(LedgerEntry.kind, LedgerEntry.payload).where(LedgerEntry.chain == "system").order_by(LedgerEntry.seq)
    )
    return [(row.kind, json.loads(row.payload)) for row in rows][1:]


def later(clock: SetClock, steps: int = 1) -> None:
    clock.at += timedelta(seconds=STEP_SECONDS * steps)


# --- enrolling ----------------------------------------------------------------------------------------------------


def test_nothing_is_asked_for_until_one_right_code_confirms(as_user: As, clock: SetClock) -> None:
    with as_user("head") as ctx:
        second_factor.begin_enrolment(ctx)
        shown = enrolment(ctx)
        assert shown.address.startswith("otpauth://totp/")
        assert shown.secret.replace(" ", "") in shown.address
        assert not authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK).second_factor
        with pytest.raises(InputError):
            second_factor.confirm_enrolment(ctx, "000000" if code(ctx, ctx.actor.id) != "000000" else "000001")
        codes = second_factor.confirm_enrolment(ctx, code(ctx, ctx.actor.id))
        assert len(set(codes)) == second_factor.RECOVERY_CODES
        state = factor_state(ctx, ctx.actor.id)
        assert (state.begun, state.confirmed_at, state.codes_left) == (True, clock.at, 10)
        assert authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK).second_factor
        assert ("second_factor_enrolled", {"user": ctx.actor.id}) in told(ctx)


def test_a_secret_in_force_is_never_shown_again_nor_replaced_without_a_code(as_user: As) -> None:
    with as_user("head") as ctx:
        enrol(ctx)
        with pytest.raises(NotFound):
            enrolment(ctx)
        with pytest.raises(NotFound):
            second_factor.confirm_enrolment(ctx, "123456")
        with pytest.raises(RuleRefused):
            second_factor.begin_enrolment(ctx)


def test_beginning_again_makes_another_secret(as_user: As) -> None:
    with as_user("head") as ctx:
        second_factor.begin_enrolment(ctx)
        first = enrolment(ctx).secret
        second_factor.begin_enrolment(ctx)
        assert enrolment(ctx).secret != first


def test_neither_secret_nor_recovery_codes_are_in_the_database(as_user: As) -> None:
    with as_user("head") as ctx:
        second_factor.begin_enrolment(ctx)
        secret = enrolment(ctx).secret.replace(" ", "")
        codes = second_factor.confirm_enrolment(ctx, code(ctx, ctx.actor.id))
        kept = str(list(ctx.session.execute(select(SecondFactor.__table__)))) + str(
            list(ctx.session.execute(select(RecoveryCode.__table__)))
        )
        assert secret not in kept
        assert not any(one in kept or one.replace("-", "") in kept for one in codes)


def test_a_secret_moved_to_another_account_opens_nothing(as_user: As, parts: Huhang, people: People) -> None:
    for login in ("head", "leader"):
        with as_user(login) as ctx:
            enrol(ctx)
    with parts.context() as ctx:
        stolen = ctx.session.execute(
            select(SecondFactor.secret).where(SecondFactor.user_id == people["head"].id)
        ).scalar_one()
        with pytest.raises(Exception, match="不能打开"):
            ctx.ports.vault.open(stolen, purpose=purpose_of(people["leader"].id))


# --- the second step ----------------------------------------------------------------------------------------------


def test_the_first_step_lets_nobody_in_and_the_second_does(
    as_user: As, parts: Huhang, people: People, clock: SetClock
) -> None:
    head = people["head"].id
    with as_user("head") as ctx:
        enrol(ctx)
        later(clock)
        authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK)
        at_first = ctx.session.execute(select(Account.last_login_at).where(Account.id == head)).scalar()
        assert at_first is None
        typed = f" {code(ctx, head)[:3]} {code(ctx, head)[3:]}"
    assert passes(parts, head, typed) == ""
    with as_user("audit") as ctx:
        assert ctx.session.execute(select(Account.last_login_at).where(Account.id == head)).scalar() == clock.at
        assert [(kind, payload.get("reason")) for kind, payload in told(ctx)][-2:] == [
            ("password_accepted", ""),
            ("signed_in", "totp"),
        ]


def test_digits_typed_in_full_width_are_digits(as_user: As, parts: Huhang, people: People, clock: SetClock) -> None:
    with as_user("head") as ctx:
        enrol(ctx)
        later(clock)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code(ctx, ctx.actor.id))
    assert passes(parts, people["head"].id, wide) == ""


def test_a_code_is_worth_something_once(as_user: As, parts: Huhang, people: People, clock: SetClock) -> None:
    head = people["head"].id
    with as_user("head") as ctx:
        enrol(ctx)
        assert "已经用过" in passes(parts, head, code(ctx, head)), "the code that confirmed the enrolment"
        later(clock)
        now = code(ctx, head)
        before = code(ctx, head, drift=-1)
    assert passes(parts, head, now) == ""
    assert "已经用过" in passes(parts, head, now)
    assert "已经用过" in passes(parts, head, before), "one overseen on the way, after a later one was used"


@pytest.mark.parametrize(("drift", "lets_in"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_the_telephones_clock_may_be_off_by_one_step(
    as_user: As, parts: Huhang, people: People, clock: SetClock, drift: int, lets_in: bool
) -> None:
    with as_user("head") as ctx:
        enrol(ctx)
        later(clock, 10)
        typed = code(ctx, ctx.actor.id, drift=drift)
    assert (passes(parts, people["head"].id, typed) == "") is lets_in


def test_a_recovery_code_replaces_the_telephone_once(
    as_user: As, parts: Huhang, people: People, clock: SetClock
) -> None:
    head = people["head"].id
    with as_user("head") as ctx:
        codes = enrol(ctx)
    assert passes(parts, head, codes[3].lower().replace("-", " ")) == ""
    assert passes(parts, head, codes[3]) != ""
    with as_user("leader") as ctx:
        enrol(ctx)
    assert passes(parts, people["leader"].id, codes[4]) != "", "another person's"
    with parts.context() as ctx:
        assert factor_state(ctx, head).codes_left == 9
        assert ("signed_in", "recovery") in [(kind, payload.get("reason")) for kind, payload in told(ctx)]


def test_wrong_codes_lock_the_account_and_right_passwords_between_them_do_not_help(
    as_user: As, parts: Huhang, people: People, clock: SetClock
) -> None:
    head = people["head"].id
    with as_user("head") as ctx:
        enrol(ctx)
        later(clock)
        right = code(ctx, head)
    for _ in range(2):
        with parts.context() as ctx:
            authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK)
        assert "不正确" in passes(parts, head, "WRONG")
    with parts.context() as ctx:
        authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK)
    assert "锁定 15 分钟" in passes(parts, head, "WRONG")
    assert "已锁定至" in passes(parts, head, right)
    with parts.context() as ctx, pytest.raises(NotPermitted, match="已锁定至"):
        authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK)
    clock.at += timedelta(minutes=15)
    with parts.context() as ctx:
        fresh = code(ctx, head)
    assert passes(parts, head, fresh) == ""


def test_who_has_left_or_never_enrolled_passes_with_no_code(as_user: As, parts: Huhang, people: People) -> None:
    assert passes(parts, people["leader"].id, "123456") != ""
    with as_user("head") as ctx:
        codes = enrol(ctx)
        with unit_of_work(ctx) as unit:
            unit.connection.execute(update(Account).where(Account.login == "head").values(active=False))
    assert passes(parts, people["head"].id, codes[0]) != ""
    assert passes(parts, "f" * 32, codes[0]) != ""


# --- renewing and giving up ----------------------------------------------------------------------------------------


def test_new_recovery_codes_need_a_code_and_make_the_old_ones_void(
    as_user: As, parts: Huhang, people: People, clock: SetClock
) -> None:
    with as_user("head") as ctx:
        old = enrol(ctx)
        later(clock)
        with pytest.raises(InputError):
            second_factor.renew_recovery_codes(ctx, "WRONG", "10.0.0.1", lock=LOCK)
        new = second_factor.renew_recovery_codes(ctx, code(ctx, ctx.actor.id), "10.0.0.1", lock=LOCK)
        assert not set(old) & set(new)
        assert [kind for kind, _ in told(ctx)][-2:] == ["code_refused", "recovery_codes_renewed"]
    assert passes(parts, people["head"].id, old[0]) != ""
    assert passes(parts, people["head"].id, new[0]) == ""


def test_the_second_factor_is_given_up_against_a_code_only(as_user: As, clock: SetClock) -> None:
    with as_user("head") as ctx:
        codes = enrol(ctx)
        for _ in range(2):
            with pytest.raises(InputError):
                second_factor.give_up_second_factor(ctx, "WRONG", "10.0.0.1", lock=LOCK)
        second_factor.give_up_second_factor(ctx, codes[0], "10.0.0.1", lock=LOCK)
        assert not factor_state(ctx, ctx.actor.id).begun
        assert told(ctx)[-1] == ("second_factor_given_up", {"user": ctx.actor.id})
        assert not authenticate(ctx, "head", PASSWORD, "10.0.0.1", lock=LOCK).second_factor


def test_guessing_at_a_page_left_open_locks_too(as_user: As) -> None:
    with as_user("head") as ctx:
        codes = enrol(ctx)
        for _ in range(3):
            with pytest.raises(InputError):
                second_factor.give_up_second_factor(ctx, "WRONG", "10.0.0.1", lock=LOCK)
        with pytest.raises(NotPermitted, match="已锁定"):
            second_factor.give_up_second_factor(ctx, codes[0], "10.0.0.1", lock=LOCK)
        assert factor_state(ctx, ctx.actor.id).codes_left == 10, "a refused code is not used up"


# --- reset by others ------------------------------------------------------------------------------------------------


def test_the_security_administrator_resets_a_lost_telephone(as_user: As, people: People) -> None:
    head = people["head"].id
    with as_user("head") as ctx:
        enrol(ctx)
    with as_user("secadmin") as ctx:
        with pytest.raises(InputError):
            resets.reset_second_factor(ctx, head, reason="  ")
        assert resets.reset_second_factor(ctx, head, reason="本人到场") is True
        assert factor_state(ctx, head).begun is False
        assert ctx.session.execute(select(Account.session_epoch).where(Account.id == head)).scalar() == 1
        notices = ctx.session.execute(select(Notification.kind).where(Notification.user_id == head)).scalars().all()
        assert notices == ["second_factor_reset"]
        kind, payload = told(ctx)[-1]
        assert (kind, payload["user"], payload["reason"]) == ("second_factor_reset", head, "本人到场")
        with pytest.raises(RuleRefused):
            resets.reset_second_factor(ctx, head, reason="本人到场")
        with pytest.raises(NotFound):
            resets.reset_second_factor(ctx, "f" * 32, reason="x")


@pytest.mark.parametrize("login", ["sysadmin", "audit", "leader", "officer"])
def test_nobody_else_resets(as_user: As, people: People, login: str) -> None:
    with as_user("head") as ctx:
        enrol(ctx)
    with as_user(login) as ctx, pytest.raises(NotPermitted):
        resets.reset_second_factor(ctx, people["head"].id, reason="x")


def test_an_administrator_is_reset_by_two_people_and_never_by_himself(as_user: As, people: People) -> None:
    target = people["sysadmin"].id
    for login in ("sysadmin", "secadmin"):
        with as_user(login) as ctx:
            enrol(ctx)
    with as_user("secadmin") as ctx:
        with pytest.raises(NotPermitted, match="自己"):
            resets.reset_second_factor(ctx, ctx.actor.id, reason="x")
        assert resets.reset_second_factor(ctx, target, reason="本人到场") is False
        assert factor_state(ctx, target).begun
        waiting = waiting_reset(ctx, target)
        assert waiting is not None
        assert (waiting.asked_by, waiting.reason) == (ctx.actor.id, "本人到场")
        with pytest.raises(RuleRefused, match="等待"):
            resets.reset_second_factor(ctx, target, reason="再次")
        with pytest.raises(NotPermitted, match="申请人"):
            resets.agree_to_reset(ctx, target)
    with as_user("sysadmin") as ctx, pytest.raises(NotPermitted, match="自己"):
        resets.agree_to_reset(ctx, target)
    with as_user("leader") as ctx, pytest.raises(NotPermitted):
        resets.agree_to_reset(ctx, target)
    with as_user("audit") as ctx:
        resets.agree_to_reset(ctx, target)
        assert not factor_state(ctx, target).begun
        assert waiting_reset(ctx, target) is None
        asked, done = told(ctx)[-2:]
        assert asked[0] == "second_factor_reset_asked"
        assert (done[0], done[1]["asked_by"]) == ("second_factor_reset", people["secadmin"].id)
        with pytest.raises(NotFound):
            resets.agree_to_reset(ctx, target)


@pytest.mark.parametrize("login", ["secadmin", "audit"])
def test_a_request_is_taken_back_or_turned_down(as_user: As, people: People, login: str) -> None:
    target = people["sysadmin"].id
    with as_user("sysadmin") as ctx:
        enrol(ctx)
    with as_user("secadmin") as ctx:
        resets.reset_second_factor(ctx, target, reason="x")
    with as_user("officer") as ctx, pytest.raises(NotPermitted):
        resets.drop_reset(ctx, target)
    with as_user(login) as ctx:
        resets.drop_reset(ctx, target)
        assert waiting_reset(ctx, target) is None
        assert factor_state(ctx, target).begun
        assert told(ctx)[-1][0] == "second_factor_reset_dropped"


def test_the_last_resort_is_the_machine_itself(as_user: As, ctx: Context, people: People) -> None:
    with as_user("secadmin") as acting:
        enrol(acting)
        with pytest.raises(NotPermitted):
            resets.reset_at_the_machine(acting, "secadmin", reason="x")
    assert resets.reset_at_the_machine(ctx, "secadmin", reason="手机丢失") is True
    assert resets.reset_at_the_machine(ctx, "secadmin", reason="手机丢失") is False
    assert not factor_state(ctx, people["secadmin"].id).begun
    assert told(ctx)[-1][1]["asked_by"] == "system"
    with pytest.raises(NotFound):
        resets.reset_at_the_machine(ctx, "nobody", reason="x")
