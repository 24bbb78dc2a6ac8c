"""Sessions, and forms that outlive them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from caseapp.web.shared.login import KEPT_TEXT_BYTES, same_site
from tests.web.shell import LONG_STORY, Shell, Visitor

FORM = {"title": "海门山羊案", "story": LONG_STORY, "officers": ["1", "2"], "idempotency_key": "k1"}


def hidden_fields(page: str, action: str) -> dict[str, list[str]]:
    """Return what the form with that action would send."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
    assert form is not None, page
    sent: dict[str, list[str]] = {}
    for name, text in re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form.group(0)):
        sent.setdefault(html.unescape(name), []).append(html.unescape(text))
    return sent


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


# --- a form that outlived its session ---------------------------------------------------------------------------


def outlived(shell: Shell, *, headers: dict[str, str] | None = None, **fields: Any) -> tuple[Visitor, Any]:
    visitor = shell.visitor().signed_in("wang")
    token = visitor.token("/cases/new")
    expire(shell)
    sent = {"csrf_token": token, **FORM, **fields}
    return visitor, visitor.post("/cases/new", fields=sent, headers=headers or {})


def sign_in_again(visitor: Visitor, page: str, login: str = "wang") -> Any:
    fields = hidden_fields(page, "/sign-in")
    return visitor.post(
        "/sign-in",
        fields={
            "csrf_token": fields["csrf_token"][0],
            "kept": fields["kept"][0],
            "login": login,
            "password": "Nantong-2026",
        },
    )


def test_text_typed_into_a_form_outlives_the_session(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    assert refused.status_code == 401
    assert "已保留" in refused.text
    assert shell.done == []
    again = sign_in_again(visitor, refused.text)
    assert again.status_code == 200
    assert "继续提交" in again.text
    assert shell.done == []
    visitor.post("/cases/new", fields=hidden_fields(again.text, "/cases/new"))
    [done] = shell.done
    assert done["title"] == ["海门山羊案"]
    assert done["story"] == [LONG_STORY]
    assert done["officers"] == ["1", "2"]
    assert done["idempotency_key"] == ["k1"]


def test_a_failed_sign_in_does_not_lose_the_text(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    fields = hidden_fields(refused.text, "/sign-in")
    wrong = visitor.post(
        "/sign-in",
        fields={"csrf_token": fields["csrf_token"][0], "kept": fields["kept"][0], "login": "wang", "password": "wrong"},
    )
    assert wrong.status_code == 403
    again = sign_in_again(visitor, wrong.text)
    assert "海门山羊案" in again.text


def test_another_person_at_the_same_screen_does_not_see_the_text(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    again = sign_in_again(visitor, refused.text, "li")
    assert again.status_code == 303
    assert "海门山羊案" not in visitor.get("/desk").text


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="the browser says cross-site"),
    ],
)
def test_a_form_from_elsewhere_is_not_kept(shell: Shell, headers: dict[str, str]) -> None:
    _visitor, refused = outlived(shell, headers=headers)
    assert refused.status_code == 401
    assert "已保留" not in refused.text


def test_a_form_beyond_the_limit_is_not_kept_and_nobody_is_told_it_is(shell: Shell) -> None:
    _visitor, refused = outlived(shell, story="字" * KEPT_TEXT_BYTES)
    assert refused.status_code == 401
    assert "已保留" not in refused.text


def test_a_tampered_seal_opens_nothing(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    fields = hidden_fields(refused.text, "/sign-in")
    broken = fields["kept"][0][:-2] + "xx"
    again = visitor.post(
        "/sign-in",
        fields={"csrf_token": fields["csrf_token"][0], "kept": broken, "login": "wang", "password": "Nantong-2026"},
    )
    assert again.status_code == 303


def test_typed_text_is_shown_as_text_and_never_as_markup(shell: Shell) -> None:
    visitor, refused = outlived(shell, title="<script>alert(1)</script>")
    again = sign_in_again(visitor, refused.text)
    assert "<script>alert(1)</script>" not in again.text
    assert "&lt;script&gt;alert(1)" in again.text


def test_part_of_a_page_is_told_beside_its_text_that_the_session_ended(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    expire(shell)
    answer = visitor.post("/cases/new", fields=FORM, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#alerts"
    assert "仍在本页" in answer.text
    assert "<html" not in answer.text
