"""Signing in and out."""

from __future__ import annotations

import pytest

from tests.web.shell import PASSWORD, Shell


def test_the_right_password_opens_the_first_room(shell: Shell) -> None:
    answer = shell.visitor().sign_in("wang")
    assert (answer.status_code, answer.location) == (303, "/desk")


@pytest.mark.parametrize(
    ("login", "password"), [("wang", "wrong"), ("nobody", PASSWORD)], ids=["wrong password", "unknown login"]
)
def test_a_refusal_does_not_tell_whether_the_login_exists(shell: Shell, login: str, password: str) -> None:
    answer = shell.visitor().sign_in(login, password=password)
    assert answer.status_code == 403
    assert "用户名或者密码不正确" in answer.text
    assert password not in answer.text


def test_an_empty_form_says_what_is_missing(shell: Shell) -> None:
    answer = shell.visitor().sign_in("", password="")
    assert answer.status_code == 422
    assert "请填写“用户名”" in answer.text
    assert "请填写“密码”" in answer.text


def test_a_locked_account_says_until_when_and_refuses_the_right_password(shell: Shell) -> None:
    visitor = shell.visitor()
    for _ in range(3):
        visitor.sign_in("wang", password="wrong")
    locked = visitor.sign_in("wang")
    assert locked.status_code == 403
    assert "已锁定至 09:15" in locked.text
    shell.clock.move(minutes=16)
    assert visitor.sign_in("wang").status_code == 303


def test_signing_in_needs_the_token_of_the_page(shell: Shell) -> None:
    answer = shell.visitor().post("/sign-in", fields={"login": "wang", "password": PASSWORD})
    assert answer.status_code == 400
    assert PASSWORD not in answer.text


def test_who_is_signed_in_is_not_asked_again(shell: Shell) -> None:
    assert shell.visitor().signed_in("wang").get("/sign-in?next=/cases").location == "/cases"


def test_signing_in_leads_nowhere_else(shell: Shell) -> None:
    answer = shell.visitor().sign_in("wang", path="/sign-in?next=//evil.example/x")
    assert answer.location == "/desk"


def test_signing_out_ends_the_session(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    assert visitor.get("/sign-out").status_code == 405
    answer = visitor.post("/sign-out", page="/desk")
    assert answer.location == "/sign-in"
    assert "您已退出登录" in visitor.get("/sign-in").text
    assert visitor.get("/desk").status_code == 303


# --- demonstration ------------------------------------------------------------------------------------------------


def test_a_demonstration_offers_its_people_on_this_machine(demo_shell: Shell) -> None:
    page = demo_shell.visitor().get("/sign-in").text
    assert "演示账号" in page
    assert PASSWORD in page
    assert page.index("办案人员") < page.index("机关负责人") < page.index("司法联络员")


def test_one_press_signs_in_as_one_of_them(demo_shell: Shell) -> None:
    visitor = demo_shell.visitor()
    answer = visitor.post("/sign-in/as?next=/cases", page="/sign-in", fields={"login": "wang"})
    assert (answer.status_code, answer.location) == (303, "/cases")
    assert "王芳" in visitor.get("/desk").text


FROM_ELSEWHERE = [
    pytest.param({"environ_overrides": {"REMOTE_ADDR": "10.0.0.7"}}, id="another machine"),
    pytest.param({"headers": {"X-Forwarded-For": "10.0.0.7"}}, id="another machine behind a proxy on this one"),
    pytest.param({"base_url": "http://ip.nantong.example"}, id="another name of this machine"),
]


@pytest.mark.parametrize("way", FROM_ELSEWHERE)
def test_a_demonstration_offers_nobody_to_another_machine(demo_shell: Shell, way: dict[str, object]) -> None:
    page = demo_shell.visitor().get("/sign-in", **way).text
    assert "演示账号" not in page
    assert PASSWORD not in page


@pytest.mark.parametrize("way", FROM_ELSEWHERE[:2])
def test_the_right_password_of_a_demonstration_account_is_worth_nothing_elsewhere(
    demo_shell: Shell, way: dict[str, object]
) -> None:
    visitor = demo_shell.visitor()
    token = visitor.token()
    fields = {"csrf_token": token, "login": "wang", "password": PASSWORD}
    answer = visitor.post("/sign-in", fields=fields, **way)
    assert answer.status_code == 403
    assert "只能在本机" in answer.text
    assert visitor.get("/desk").status_code == 303


def test_an_ordinary_database_offers_nobody(shell: Shell) -> None:
    visitor = shell.visitor()
    assert "演示账号" not in visitor.get("/sign-in").text
    answer = visitor.post("/sign-in/as", page="/sign-in", fields={"login": "wang"})
    assert answer.status_code == 403
    assert visitor.get("/desk").status_code == 303
