"""Where one is signed in: the list, ending one place, ending all; and the cookie that holds it together."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from caseapp.models import SignInSession
from caseapp.web.shared.visitors import device_name
from tests.web.shell import Shell, Visitor

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"


def places(visitor: Visitor) -> list[str]:
    """Return the ids of the places on the account page."""
    return re.findall(r"/account/sessions/([0-9a-f]{32})/end", visitor.get("/account").text)


def token_of(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as session:
        return str(session["token"])


def test_the_account_page_lists_where_one_is_signed_in(shell: Shell) -> None:
    here = shell.visitor().signed_in("wang")
    there = shell.visitor()
    there.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    there.signed_in("wang")
    shell.visitor().signed_in("li")
    assert len(places(here)) == 2
    page = here.get("/account").text
    assert "Firefox 142 · Windows" in page
    assert len(re.findall(r"hh-badge-blue.*?本机", page)) == 1


def test_another_place_is_signed_out_from_here(shell: Shell) -> None:
    here, there = shell.visitor().signed_in("wang"), shell.visitor().signed_in("wang")
    shell.clock.move(seconds=61)
    here.get("/desk")
    other = places(here)[1]
    assert here.post(f"/account/sessions/{other}/end", page="/account").location == "/account"
    assert there.get("/desk").status_code == 303
    assert len(places(here)) == 1


def test_ending_the_session_of_this_browser_is_signing_out(shell: Shell) -> None:
    here = shell.visitor().signed_in("wang")
    answer = here.post(f"/account/sessions/{places(here)[0]}/end", page="/account")
    assert answer.location == "/sign-in"
    assert here.get("/desk").status_code == 303


def test_nobody_ends_the_session_of_another(shell: Shell) -> None:
    li = shell.visitor().signed_in("li")
    wang = shell.visitor().signed_in("wang")
    assert wang.post(f"/account/sessions/{places(li)[0]}/end", page="/account").status_code == 404
    assert li.get("/desk").status_code == 200


def test_signing_out_everywhere_ends_all_of_them(shell: Shell) -> None:
    browsers = [shell.visitor().signed_in("wang") for _ in range(3)]
    li = shell.visitor().signed_in("li")
    answer = browsers[0].post("/account/sessions/end", page="/account")
    assert answer.location == "/sign-in"
    assert "已在所有设备上退出登录" in browsers[0].get("/sign-in").text
    assert [browser.get("/desk").status_code for browser in browsers] == [303] * 3
    assert li.get("/desk").status_code == 200


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    copied = visitor.client.get_cookie(shell.app.config["SESSION_COOKIE_NAME"])
    assert copied is not None
    thief = shell.visitor()
    thief.client.set_cookie(shell.app.config["SESSION_COOKIE_NAME"], copied.value)
    assert thief.get("/desk").status_code == 200, "the cookie is the session"
    visitor.post("/sign-out", page="/desk")
    assert thief.get("/desk").status_code == 303


def test_signing_in_again_changes_the_token_and_ends_the_session_before(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    first = token_of(visitor)
    visitor.post("/sign-in", page="/account", fields={"login": "wang", "password": "Nantong-2026"})
    assert token_of(visitor) != first
    assert len(places(visitor)) == 1


def test_other_rights_change_the_token_and_keep_the_session(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    first = token_of(visitor)
    shell.change_account("wang", roles="|officer|intake_clerk|")
    assert visitor.get("/desk").status_code == 200
    assert token_of(visitor) != first
    assert visitor.get("/desk").status_code == 200
    assert len(places(visitor)) == 1


def test_last_use_is_written_once_a_minute_at_most(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    writes: list[str] = []

    @event.listens_for(shell.engine, "before_cursor_execute")
    def note(_c: Any, _cur: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("UPDATE", "INSERT", "DELETE")):
            writes.append(statement)

    for _ in range(5):
        visitor.get("/desk")
        shell.clock.move(seconds=11)
    assert writes == []
    shell.clock.move(seconds=6)
    visitor.get("/desk")
    visitor.get("/desk")
    assert len(writes) == 1
    visitor.get("/static/css/huhang.css")
    assert len(writes) == 1


def test_a_page_may_ask_how_long_the_session_lasts_without_prolonging_it(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    shell.clock.move(minutes=20)
    asked = visitor.get("/account/time-left", headers={"X-Background": "1"}).json
    assert asked["seconds"] == 600
    assert asked["token"]
    assert visitor.get("/account/time-left").json["seconds"] == 1800, "the press on 'stay signed in'"


@pytest.mark.parametrize(
    ("base_url", "secure"),
    [
        ("http://localhost", False),
        ("http://127.0.0.1:8000", False),
        ("https://localhost", True),
        ("https://ip.nantong.example", True),
        ("http://ip.nantong.example", True),
    ],
)
def test_away_from_this_machine_cookies_travel_encrypted_only(shell: Shell, base_url: str, secure: bool) -> None:
    cookie = shell.visitor().get("/sign-in", base_url=base_url).headers["Set-Cookie"]
    assert ("Secure" in cookie) is secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_that_came_in_clear_says_why_nobody_can_sign_in_there(shell: Shell) -> None:
    away = {"base_url": "http://ip.nantong.example"}
    assert "https 开头" in shell.visitor().get("/sign-in", **away).text
    assert "https 开头" not in shell.visitor().get("/sign-in").text
    behind = {"X-Forwarded-Proto": "https"}
    assert "https 开头" not in shell.visitor().get("/sign-in", headers=behind, **away).text


def test_a_session_of_nobody_and_one_that_is_gone_open_nothing(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    with visitor.client.session_transaction() as session:
        session["token"] = "made up"
    assert visitor.get("/desk").status_code == 303
    assert visitor.post("/sign-out", page="/sign-in").status_code == 303
    with visitor.client.session_transaction() as session:
        session["_user_id"] = "1".zfill(32)
    assert visitor.get("/desk").status_code == 303


def test_a_session_ended_in_another_window_is_no_fault(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    token = visitor.token("/desk")
    with Session(shell.engine) as session:
        session.connection(execution_options={"huhang_writable": True})
        session.execute(update(SignInSession).values(ended_at=shell.clock.now()))
        session.commit()
        assert session.execute(select(SignInSession.ended_at)).scalar_one() is not None
    assert visitor.post("/sign-out", fields={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (FIREFOX, "Firefox 142 · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/147.0.0.0 Safari/537.36", "Chrome 147 · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/147.0 Safari/537.36 Edg/147.0", "Edge 147 · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605 Version/26.0 Safari/605", "Safari 26 · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 MicroMessenger/8.0", "WeChat 8 · iPhone"),
        ("Mozilla/5.0 (Windows NT 6.1) Chrome/108 Safari/537.36 QihooBrowser", "360 · Windows"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_browsers_are_told_as_people_know_them(told: str, name: str) -> None:
    assert device_name(told) == name
