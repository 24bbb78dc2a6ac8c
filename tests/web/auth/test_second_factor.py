"""The second step of signing in, and enrolling for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.policies.one_time_codes import STEP_SECONDS
from caseapp.models import SecondFactor
from caseapp.queries.second_factors import purpose_of
from tests.support.telephone import code_shown
from tests.web.shell import Shell, Visitor, build_shell

PAGE = "/account/second-factor"


@pytest.fixture
def strict(tmp_path: Path) -> Shell:
    """The shell of an installation in which approvers and administrators must have a second factor."""
    return build_shell(tmp_path, second_factor=True)


def code(shell: Shell) -> str:
    """Return what the telephone of the only person enrolled shows."""
    vault: Any = shell.app.extensions["huhang"].ports.vault
    with Session(shell.engine) as session:
        kept = session.execute(select(SecondFactor)).scalar_one()
    secret = vault.open(kept.secret, purpose=purpose_of(kept.user_id))
    return code_shown(secret, now=shell.clock.now().timestamp())


def enrol(shell: Shell, visitor: Visitor) -> list[str]:
    """Enrol the visitor; return the recovery codes."""
    assert visitor.post(PAGE, page=PAGE).status_code == 303
    shown = visitor.post(f"{PAGE}/confirm", page=PAGE, fields={"code": code(shell)})
    assert shown.status_code == 200
    return re.findall(r"<li><code>([^<]*)</code></li>", shown.text)


def second_step(visitor: Visitor, typed: str, path: str = "/sign-in/code", **fields: str) -> Any:
    return visitor.post(path, page="/sign-in/code", fields={"code": typed, **fields})


@pytest.mark.parametrize("login", ["li", "chen", "wu"], ids=["section head", "leader", "administrator"])
def test_whose_role_demands_it_can_do_nothing_before_enrolling(strict: Shell, login: str) -> None:
    visitor = strict.visitor().signed_in(login)
    for path in ("/account/time-left", "/account"):
        assert visitor.get(path).status_code == 200
    if login != "wu":
        answer = visitor.get("/desk")
        assert (answer.status_code, answer.location) == (303, PAGE)
    if login == "li":
        assert visitor.post("/cases/new", page="/account", fields={"title": "x"}).location == PAGE
        assert strict.done == []
    page = visitor.get(PAGE).text
    assert "启用前不能办理业务" in page
    assert len(enrol(strict, visitor)) == 10
    assert visitor.get("/account").status_code == 200
    if login != "wu":
        assert visitor.get("/desk").status_code == 200


def test_who_need_not_is_not_asked(strict: Shell) -> None:
    assert strict.visitor().signed_in("wang").get("/desk").status_code == 200


def test_a_demonstration_does_not_demand_it(tmp_path: Path) -> None:
    shell = build_shell(tmp_path, demo=True, second_factor=True)
    assert shell.visitor().signed_in("li").get("/desk").status_code == 200


def test_a_password_set_by_others_comes_before_enrolling(strict: Shell) -> None:
    strict.change_account("li", must_change_password=True)
    visitor = strict.visitor().signed_in("li")
    assert visitor.get(PAGE).location == "/account"


def test_the_page_shows_a_picture_that_is_a_file_of_its_own(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    assert visitor.get(f"{PAGE}/code.svg").status_code == 404
    visitor.post(PAGE, page=PAGE)
    page = visitor.get(PAGE).text
    assert f'src="{PAGE}/code.svg"' in page
    picture = visitor.get(f"{PAGE}/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"


def test_a_wrong_code_is_refused_beside_its_field_and_the_same_secret_stays(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    visitor.post(PAGE, page=PAGE)
    before = code(shell)
    answer = visitor.post(f"{PAGE}/confirm", page=PAGE, fields={"code": "no code"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert code(shell) == before
    assert visitor.post(f"{PAGE}/confirm", page=PAGE, fields={}).status_code == 422


def test_recovery_codes_are_shown_once(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    codes = enrol(shell, visitor)
    assert len(set(codes)) == 10
    for path in (PAGE, "/account"):
        page = visitor.get(path).text
        assert not any(one in page for one in codes)
    assert "未用的备用码：10 个" in visitor.get(PAGE).text


def test_a_right_password_alone_opens_nothing(shell: Shell) -> None:
    enrol(shell, shell.visitor().signed_in("wang"))
    shell.clock.move(seconds=STEP_SECONDS)
    visitor = shell.visitor()
    answer = visitor.sign_in("wang", path="/sign-in?next=/cases")
    assert answer.location == "/sign-in/code?next=/cases"
    assert visitor.get("/desk").status_code == 303
    assert "王芳" not in visitor.get("/sign-in/code").text
    wrong = second_step(visitor, "no code")
    assert wrong.status_code == 403
    assert "验证码不正确" in wrong.text
    assert second_step(visitor, "").status_code == 422
    arrived = second_step(visitor, code(shell), path="/sign-in/code?next=/cases")
    assert (arrived.status_code, arrived.location) == (303, "/cases")
    assert visitor.get("/desk").status_code == 200


def test_a_code_seen_over_the_shoulder_is_worth_nothing(shell: Shell) -> None:
    enrol(shell, shell.visitor().signed_in("wang"))
    shell.clock.move(seconds=STEP_SECONDS)
    first, second = shell.visitor(), shell.visitor()
    for visitor in (first, second):
        visitor.sign_in("wang")
    assert second_step(first, code(shell)).status_code == 303
    assert second_step(second, code(shell)).status_code == 403
    assert second.get("/desk").status_code == 303


def test_the_second_step_waits_five_minutes_and_asks_for_the_password_again(shell: Shell) -> None:
    codes = enrol(shell, shell.visitor().signed_in("wang"))
    assert shell.visitor().get("/sign-in/code").location == "/sign-in"
    visitor = shell.visitor()
    visitor.sign_in("wang")
    token = visitor.token("/sign-in/code")
    shell.clock.move(seconds=301)
    answer = visitor.post("/sign-in/code", fields={"csrf_token": token, "code": codes[0]})
    assert answer.location == "/sign-in"
    assert visitor.get("/desk").status_code == 303


def test_sessions_ended_between_the_steps_stay_ended(shell: Shell) -> None:
    codes = enrol(shell, shell.visitor().signed_in("wang"))
    visitor = shell.visitor()
    visitor.sign_in("wang")
    shell.change_account("wang", session_epoch=7)
    second_step(visitor, codes[0])
    assert visitor.get("/desk").status_code == 303


def test_codes_are_replaced_and_the_telephone_changed_against_a_code(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    old = enrol(shell, visitor)
    for place in ("codes", "give-up"):
        for typed in ("", "wrong"):
            assert visitor.post(f"{PAGE}/{place}", page=PAGE, fields={"code": typed}).status_code == 422
    new = visitor.post(f"{PAGE}/codes", page=PAGE, fields={"code": old[0]})
    fresh = re.findall(r"<li><code>([^<]*)</code></li>", new.text)
    assert len(fresh) == 10
    assert visitor.post(f"{PAGE}/give-up", page=PAGE, fields={"code": old[1]}).status_code == 422, "void by now"
    assert visitor.post(f"{PAGE}/give-up", page=PAGE, fields={"code": fresh[0]}).status_code == 403, "locked by now"
    shell.clock.move(minutes=16)
    assert visitor.post(f"{PAGE}/give-up", page=PAGE, fields={"code": fresh[1]}).location == PAGE
    assert "开始登记" in visitor.get(PAGE).text
    assert shell.visitor().sign_in("wang").location == "/desk"


def test_a_demonstration_account_with_a_second_factor_is_asked_for_it_after_one_press(demo_shell: Shell) -> None:
    enrol(demo_shell, demo_shell.visitor().signed_in("wang"))
    answer = demo_shell.visitor().post("/sign-in/as", page="/sign-in", fields={"login": "wang"})
    assert answer.location == "/sign-in/code"
