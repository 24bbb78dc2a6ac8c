"""A form that outlives its session: it comes back to its person, on its own page, and to nobody else."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import Draft
from caseapp.services.kept_forms import KEPT_BYTES, KEPT_FORMS
from tests.web.shell import LONG_STORY, Shell, Visitor

FORM = {
    "title": "海门山羊案",
    "story": LONG_STORY,
    "officers": ["2"],
    "source": "found",
    "idempotency_key": "k1",
    "step": "check",
}
STANDS_ON = {"Referer": "http://localhost/cases/new?from=desk"}


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


def outlived(
    shell: Shell, path: str = "/cases/new", *, headers: dict[str, str] | None = None, **fields: Any
) -> tuple[Visitor, Any]:
    visitor = shell.visitor().signed_in("wang")
    token = visitor.token("/cases/new")
    expire(shell)
    sent = {"csrf_token": token, **FORM, **fields}
    return visitor, visitor.post(path, fields=sent, headers={**STANDS_ON, **(headers or {})})


def sign_in_again(visitor: Visitor, page: str, login: str = "wang", password: str = "Nantong-2026") -> Any:
    fields = hidden_fields(page, "/sign-in")
    sent = {"csrf_token": fields["csrf_token"][0], "kept": fields["kept"][0], "login": login, "password": password}
    return visitor.post("/sign-in", fields=sent)


def test_text_typed_into_a_form_is_in_it_again_after_signing_in(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    assert refused.status_code == 401
    assert "已保留" in refused.text
    assert shell.done == []
    again = sign_in_again(visitor, refused.text)
    assert again.status_code == 303
    assert again.location.startswith("/cases/new?from=desk&kept=kept-")
    page = visitor.get(again.location).text
    assert "没有提交" in page
    assert '<input name="title" value="海门山羊案">' in page
    assert LONG_STORY.replace("\r\n", "\n") in page
    assert '<input type="checkbox" name="officers" value="1">' in page
    assert '<input type="checkbox" name="officers" value="2" checked>' in page
    assert '<option value="found" selected>' in page
    assert '<option value="report">' in page
    assert 'name="idempotency_key" value="k1"' in page
    assert "没有对应的栏目" not in page
    assert shell.done == [], "nothing is sent before the person says so"


def test_what_was_typed_is_sealed_and_belongs_to_its_person(shell: Shell) -> None:
    outlived(shell)
    with Session(shell.engine) as session:
        kept = session.execute(select(Draft)).scalar_one()
    assert kept.user_id == "1".zfill(32)
    assert "山羊" not in kept.content
    assert kept.content.startswith("aes-256-gcm:")


def test_a_failed_sign_in_does_not_lose_the_text(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    wrong = sign_in_again(visitor, refused.text, password="wrong")
    assert wrong.status_code == 403
    again = sign_in_again(visitor, wrong.text)
    assert "海门山羊案" in visitor.get(again.location).text


def test_another_person_at_the_same_screen_does_not_see_the_text(shell: Shell) -> None:
    visitor, refused = outlived(shell)
    name = hidden_fields(refused.text, "/sign-in")["kept"][0]
    again = sign_in_again(visitor, refused.text, "li")
    assert again.location == "/desk"
    assert "属于另一账号" in visitor.get("/desk").text
    assert "海门山羊案" not in visitor.get(f"/cases/new?kept={name}").text
    assert visitor.get(f"/kept/{name}").status_code == 404
    visitor.post(f"/kept/{name}/drop", page="/desk")
    owner = shell.visitor().signed_in("wang")
    assert "海门山羊案" in owner.get(f"/cases/new?kept={name}").text


def test_where_the_form_stands_on_no_page_of_its_own_the_text_is_shown(shell: Shell) -> None:
    visitor, refused = outlived(shell, "/cases/notes", headers={"Referer": "http://localhost/cases"})
    again = sign_in_again(visitor, refused.text)
    assert again.location.startswith("/cases?kept=")
    remains = visitor.get(again.location)
    assert remains.location.startswith("/kept/kept-")
    page = visitor.get(remains.location).text
    assert "海门山羊案" in page
    visitor.post("/cases/notes", fields=hidden_fields(page, "/cases/notes"))
    [done] = shell.done
    assert done["title"] == ["海门山羊案"]
    assert done["story"] == [LONG_STORY]
    assert visitor.post(f"{remains.location}/drop", page="/desk").status_code == 303
    assert visitor.get(remains.location).status_code == 404


@pytest.mark.parametrize("stands_on", ["", "http://elsewhere.example/cases/new", "http://localhost/account"])
def test_a_page_that_is_not_known_is_found_by_where_the_form_was_sent(shell: Shell, stands_on: str) -> None:
    visitor, refused = outlived(shell, headers={"Referer": stands_on})
    assert sign_in_again(visitor, refused.text).location.startswith("/cases/new?kept=")


def test_a_form_sent_to_nowhere_is_shown_as_text(shell: Shell) -> None:
    visitor, refused = outlived(shell, "/cases/notes", headers={"Referer": ""})
    again = sign_in_again(visitor, refused.text)
    assert again.location.startswith("/kept/kept-")


def test_what_has_no_place_on_the_page_is_shown_beside_the_form(shell: Shell) -> None:
    visitor, refused = outlived(shell, removed="一个已取消的栏目")
    page = visitor.get(sign_in_again(visitor, refused.text).location).text
    assert "没有对应的栏目" in page
    assert "一个已取消的栏目" in page


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


def test_a_form_of_nobody_is_not_kept(shell: Shell) -> None:
    refused = shell.visitor().post("/cases/new", fields=FORM)
    assert refused.status_code == 401
    assert "已保留" not in refused.text


def test_a_form_beyond_the_limit_is_not_kept_and_nobody_is_told_it_is(shell: Shell) -> None:
    _visitor, refused = outlived(shell, story="字" * KEPT_BYTES)
    assert refused.status_code == 401
    assert "已保留" not in refused.text


def test_a_name_that_was_made_up_opens_nothing(shell: Shell) -> None:
    visitor = shell.visitor()
    answer = visitor.sign_in("wang", kept="kept-made-up")
    assert answer.location == "/desk"
    assert "已过期" in visitor.get("/desk").text


def test_what_was_typed_comes_back_within_half_a_day(shell: Shell) -> None:
    _visitor, refused = outlived(shell)
    name = hidden_fields(refused.text, "/sign-in")["kept"][0]
    shell.clock.move(hours=12)
    assert shell.visitor().sign_in("wang", kept=name).location.startswith("/cases/new")
    shell.clock.move(seconds=1)
    assert shell.visitor().sign_in("wang", kept=name).location == "/desk"


def test_the_oldest_of_many_kept_forms_gives_way(shell: Shell) -> None:
    for number in range(KEPT_FORMS + 2):
        outlived(shell, title=f"第 {number} 份")
    with Session(shell.engine) as session:
        assert len(session.execute(select(Draft)).all()) == KEPT_FORMS


def test_typed_text_is_put_back_as_text_and_never_as_markup(shell: Shell) -> None:
    evil = '"><script>alert(1)</script></textarea>'
    visitor, refused = outlived(shell, title=evil, story=evil, removed=evil)
    page = visitor.get(sign_in_again(visitor, refused.text).location).text
    assert "<script>alert(1)" not in page
    assert page.count("&lt;script&gt;alert(1)") == 3


def test_a_kept_form_comes_back_after_the_second_step_too(shell: Shell) -> None:
    from tests.web.auth.test_second_factor import enrol, second_step

    codes = enrol(shell, shell.visitor().signed_in("wang"))
    visitor = shell.visitor()
    visitor.sign_in("wang")
    second_step(visitor, codes[0])
    token = visitor.token("/cases/new")
    expire(shell)
    refused = visitor.post("/cases/new", fields={"csrf_token": token, **FORM}, headers=STANDS_ON)
    step = sign_in_again(visitor, refused.text)
    assert step.location.startswith("/sign-in/code?kept=kept-")
    kept = hidden_fields(visitor.get(step.location).text, "/sign-in/code")["kept"][0]
    again = second_step(visitor, codes[1], kept=kept)
    assert "海门山羊案" in visitor.get(again.location).text


def test_part_of_a_page_is_told_beside_its_text_that_the_session_ended(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    expire(shell)
    answer = visitor.post("/cases/new", fields=FORM, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#alerts"
    assert "仍在本页" in answer.text
    assert "<html" not in answer.text


def test_a_script_is_told_that_no_time_is_left_and_nothing_more(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    expire(shell)
    answer = visitor.get("/account/time-left", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"seconds": 0})
    assert "登录已过期" not in visitor.get("/sign-in").text
