"""Sessions: how they begin, how long they last, what ends them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseapp.web.shared.login import same_site
from tests.web.shell import Shell


def expire(shell: Shell) -> None:
    shell.clock.move(minutes=31)


@pytest.mark.parametrize(
    "target", ["/cases", "/cases?q=a&tab=b", "/cases/0123#notes"], ids=["path", "with a query", "with a fragment"]
)
def test_a_path_of_this_site_may_be_gone_to(target: str) -> None:
    assert same_site(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        None,
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "cases",
        "/a\r\nX: y",
    ],
)
def test_a_path_elsewhere_is_not_gone_to(target: str | None) -> None:
    assert same_site(target) == ""


def test_signing_in_starts_a_new_session(shell: Shell) -> None:
    visitor = shell.visitor()
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    visitor.signed_in("wang")
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(shell: Shell) -> None:
    answer = shell.visitor().sign_in("wang")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_idle_session_ends(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    shell.clock.move(minutes=29)
    assert visitor.get("/desk").status_code == 200
    shell.clock.move(minutes=29)
    assert visitor.get("/desk").status_code == 200
    expire(shell)
    answer = visitor.get("/desk")
    assert answer.location == "/sign-in?next=/desk"
    assert "登录已过期" in visitor.get(answer.location).text


def test_a_session_ends_after_its_whole_length_however_busy(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    for _ in range(36):
        shell.clock.move(minutes=20)
        assert visitor.get("/desk").status_code == 200
    shell.clock.move(minutes=1)
    assert visitor.get("/desk").status_code == 303


def test_asking_in_the_background_does_not_keep_a_session_alive(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    shell.clock.move(minutes=20)
    visitor.get("/desk", headers={"X-Background": "1"})
    shell.clock.move(minutes=11)
    assert visitor.get("/desk").status_code == 303


def test_raising_the_epoch_ends_every_session_of_the_person(shell: Shell) -> None:
    first, second = shell.visitor().signed_in("wang"), shell.visitor().signed_in("wang")
    shell.change_account("wang", session_epoch=1)
    assert first.get("/desk").status_code == 303
    assert second.get("/desk").status_code == 303


def test_shutting_an_account_ends_its_sessions(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    shell.change_account("wang", active=False)
    assert visitor.get("/desk").status_code == 303


def test_a_session_stolen_to_another_browser_is_worth_nothing(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    assert visitor.get("/desk", headers={"User-Agent": "another browser"}).status_code == 303


def test_who_got_a_password_from_somebody_must_change_it_first(shell: Shell) -> None:
    shell.change_account("wang", must_change_password=True)
    visitor = shell.visitor().signed_in("wang")
    assert visitor.get("/desk").location == "/account"
    assert "请先设置自己的密码" in visitor.get("/account").text


def test_an_old_password_is_changed_before_anything_else(shell: Shell) -> None:
    parts = shell.app.extensions["huhang"]
    parts.security = replace(parts.security, password_days=90)
    visitor = shell.visitor().signed_in("wang")
    assert visitor.get("/desk").status_code == 200
    shell.clock.move(days=89, hours=23)
    assert shell.visitor().signed_in("wang").get("/desk").status_code == 200
    shell.clock.move(hours=1)
    late = shell.visitor().signed_in("wang")
    assert late.get("/desk").location == "/account"
    page = late.get("/account").text
    assert "密码已到期" in page
    assert "每 90 天须更换一次" in page
    late.post(
        "/account/password",
        page="/account",
        fields={"current": "Nantong-2026", "new": "Haimen+Goat-77", "repeat": "Haimen+Goat-77"},
    )
    assert late.get("/desk").status_code == 200


def test_the_password_of_a_demonstration_does_not_age(demo_shell: Shell) -> None:
    parts = demo_shell.app.extensions["huhang"]
    parts.security = replace(parts.security, password_days=90)
    demo_shell.clock.move(days=400)
    assert demo_shell.visitor().signed_in("wang").get("/desk").status_code == 200
