"""People in the administrators' room: who may do what there, and what each form does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from caseapp.domain.workflow.situation import Actor
from caseapp.queries.accounts import AccountFilter, AccountTab, account, account_page
from caseapp.wiring import Huhang
from tests.support.app import ORGAN, PASSWORD
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
People = Mapping[str, Actor]


def fields_of(text: str) -> dict[str, Any]:
    """Return what the page's form would send as it stands: hidden fields, lines, ticked boxes, chosen options."""
    form = re.search(r"<form(?:(?!</form>).)*?name=\"mark\".*?</form>", text, re.DOTALL)
    assert form is not None
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        found = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if found.get("type") in ("checkbox", "radio"):
            if "checked" in tag:
                sent.setdefault(found["name"], []).append(html.unescape(found["value"]))
        elif "name" in found:
            sent[found["name"]] = html.unescape(found.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def mark_of(parts: Huhang, user_id: str) -> str:
    with parts.context() as ctx:
        return account(ctx, user_id).row.mark


DOORS = {
    "sysadmin": {
        "": 200,
        "/new": 200,
        "/{officer}": 200,
        "/{officer}/edit": 200,
        "/{officer}/roles": 403,
        "/nobody": 404,
    },
    "secadmin": {
        "": 200,
        "/new": 403,
        "/{officer}": 200,
        "/{officer}/edit": 403,
        "/{officer}/roles": 200,
        "/nobody": 404,
    },
    "audit": {"": 200, "/new": 403, "/{officer}": 200, "/{officer}/edit": 403, "/{officer}/roles": 403, "/nobody": 404},
    "leader": {
        "": 403,
        "/new": 403,
        "/{officer}": 403,
        "/{officer}/edit": 403,
        "/{officer}/roles": 403,
        "/nobody": 403,
    },
}
"""What each of them is answered under /admin/users."""


def test_each_administrator_opens_what_is_his(enter: Enter, people: People) -> None:
    for login, doors in DOORS.items():
        visitor = enter(login)
        for path, status in doors.items():
            found = visitor.get("/admin/users" + path.format(officer=people["officer"].id)).status_code
            assert found == status, (login, path)


def test_the_list_is_filtered_by_view_organ_role_and_text(enter: Enter) -> None:
    visitor = enter("sysadmin")
    assert all(name in visitor.get("/admin/users").text for name in ("顾海宁", "丁卫东", "查明理"))
    narrowed = visitor.get(f"/admin/users?organ={ORGAN}&role=officer&text=陆").text
    assert "陆文珺" in narrowed
    assert "顾海宁" not in narrowed
    assert "没有符合条件的人员" in visitor.get("/admin/users?tab=locked").text
    assert visitor.get("/admin/users?tab=nonsense").status_code == 200
    assert visitor.get("/admin/users?after=nonsense").status_code == 422


def test_the_list_can_be_taken_along_as_it_is_shown(enter: Enter) -> None:
    answer = enter("audit").get(f"/admin/users.csv?organ={ORGAN}&role=officer")
    assert answer.mimetype == "text/csv"
    assert [line.split(",")[0] for line in answer.text.splitlines()[1:]] == ["顾海宁", "陆文珺"]
    assert enter("leader").get("/admin/users.csv").status_code == 403


def test_a_new_account_shows_its_password_once_and_may_do_nothing_yet(enter: Enter, parts: Huhang) -> None:
    visitor = enter("sysadmin")
    answer = visitor.post(
        "/admin/users/new",
        page="/admin/users/new",
        fields={"login": "zhou", "name": "周晓舟", "organ": ORGAN, "certificate_number": "", "mark": ""},
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = re.search(r'data-copy="([^"]+)"', answer.text)
    assert password is not None
    assert password[1] not in visitor.get("/admin/users?tab=unseated").text
    new = Visitor(visitor.shell)
    assert new.sign_in("zhou", password=password[1]).status_code == 303
    refused = new.get("/account")
    assert refused.status_code == 403
    assert "请安全管理员授予后再使用" in refused.text
    with parts.context() as ctx:
        (row,) = account_page(ctx, AccountFilter(AccountTab.UNSEATED)).rows
    assert (row.login, row.roles, row.must_change_password) == ("zhou", (), True)


def test_what_is_wrong_with_a_new_account_stands_beside_its_field(enter: Enter) -> None:
    visitor = enter("sysadmin")
    answer = visitor.post(
        "/admin/users/new",
        page="/admin/users/new",
        fields={"login": "officer", "name": "另一人", "organ": ORGAN, "mark": ""},
    )
    assert answer.status_code == 422
    assert 'id="login-error"' in answer.text
    assert "另一人" in answer.text
    empty = visitor.post("/admin/users/new", page="/admin/users/new", fields={"mark": ""})
    assert all(f'id="{name}-error"' in empty.text for name in ("login", "name", "organ"))


def test_the_form_of_a_person_shows_and_keeps_what_is_known(enter: Enter, people: People, parts: Huhang) -> None:
    visitor = enter("sysadmin")
    page = f"/admin/users/{people['officer'].id}/edit"
    sent = fields_of(visitor.get(page).text)
    assert (sent["name"], sent["organ"], sent["certificate_until"]) == ("顾海宁", ORGAN, "2030-12-31")
    answer = visitor.post(page, fields={**sent, "certificate_until": "2031-06-30"})
    assert answer.status_code == 303
    shown = visitor.get(answer.location).text
    assert "人员信息已保存" in shown
    assert "2031-06-30" in shown


def test_a_stale_form_is_refused_with_what_to_do(enter: Enter, people: People) -> None:
    visitor = enter("sysadmin")
    page = f"/admin/users/{people['officer'].id}/edit"
    sent = fields_of(visitor.get(page).text)
    assert visitor.post(page, fields={**sent, "name": "顾海"}).status_code == 303
    answer = visitor.post(page, fields={**sent, "name": "顾宁"})
    assert answer.status_code == 409
    assert "已被他人更改" in answer.text


def test_the_security_administrator_grants_roles_by_ticking(enter: Enter, people: People) -> None:
    visitor = enter("secadmin")
    page = f"/admin/users/{people['officer'].id}/roles"
    sent = fields_of(visitor.get(page).text)
    assert (sent["roles"], sent["scope"]) == (["officer"], ["organ"])
    answer = visitor.post(page, fields={**sent, "roles": ["officer", "section_head"], "scope": "below"})
    assert answer.status_code == 303
    shown = visitor.get(answer.location).text
    assert "办案人员、科室负责人" in shown
    assert "本机关及下级" in shown
    mixed = visitor.post(page, fields={**fields_of(visitor.get(page).text), "roles": ["audit_administrator", "leader"]})
    assert mixed.status_code == 422
    assert "不兼任其他角色" in mixed.text


def test_a_role_that_is_not_offered_is_refused(enter: Enter, people: People, parts: Huhang) -> None:
    visitor = enter("secadmin")
    page = f"/admin/users/{people['officer'].id}/roles"
    sent = fields_of(visitor.get(page).text)
    assert visitor.post(page, fields={**sent, "roles": ["system"]}).status_code == 422
    assert mark_of(parts, people["officer"].id) == sent["mark"]


def test_nobody_is_offered_to_change_his_own_roles_and_trying_is_refused(
    enter: Enter, people: People, parts: Huhang
) -> None:
    visitor = enter("secadmin")
    own = people["secadmin"].id
    assert f"/admin/users/{own}/roles" not in visitor.get(f"/admin/users/{own}").text
    sent = fields_of(visitor.get(f"/admin/users/{own}/roles").text)
    answer = visitor.post(f"/admin/users/{own}/roles", fields={**sent, "roles": ["leader"], "scope": "city"})
    assert answer.status_code == 403
    assert mark_of(parts, own) == sent["mark"]


def test_shutting_an_account_ends_the_persons_session(enter: Enter, people: People, parts: Huhang) -> None:
    officer = people["officer"].id
    working = enter("officer")
    assert working.get("/account").status_code == 200
    visitor = enter("sysadmin")
    page = f"/admin/users/{officer}"
    answer = visitor.post(f"{page}/deactivate", page=page, fields={"mark": mark_of(parts, officer)})
    assert answer.status_code == 303
    assert working.get("/account").status_code == 303
    assert "启用账号" in visitor.get(page).text
    again = visitor.post(f"{page}/activate", page=page, fields={"mark": mark_of(parts, officer)})
    assert again.status_code == 303
    assert enter("officer").get("/account").status_code == 200


def test_a_reset_shows_the_password_once_and_a_repeated_click_does_nothing(
    enter: Enter, people: People, parts: Huhang
) -> None:
    officer = people["officer"].id
    visitor = enter("sysadmin")
    page, mark = f"/admin/users/{officer}", mark_of(parts, officer)
    answer = visitor.post(f"{page}/password", page=page, fields={"mark": mark})
    password = re.search(r'data-copy="([^"]+)"', answer.text)
    assert answer.status_code == 200
    assert password is not None
    assert visitor.post(f"{page}/password", page=page, fields={"mark": mark}).status_code == 409
    person = Visitor(visitor.shell)
    assert person.sign_in("officer", password=PASSWORD).status_code == 403
    assert person.sign_in("officer", password=password[1]).status_code == 303
    assert person.get("/desk").location == "/account"


@pytest.mark.parametrize("login", ["sysadmin", "secadmin"])
def test_a_locked_account_is_shown_and_unlocked(enter: Enter, people: People, login: str) -> None:
    visitor = enter(login)
    stranger = Visitor(visitor.shell)
    for _ in range(5):
        stranger.sign_in("officer", password="wrong")
    page = f"/admin/users/{people['officer'].id}"
    assert "解锁" in visitor.get(page).text
    assert "顾海宁" in visitor.get("/admin/users?tab=locked").text
    assert visitor.post(f"{page}/unlock", page=page).status_code == 303
    assert stranger.sign_in("officer", password=PASSWORD).status_code == 303


def test_a_form_of_somebody_elses_office_does_nothing(enter: Enter, people: People, parts: Huhang) -> None:
    officer = people["officer"].id
    mark = mark_of(parts, officer)
    for login, actions in {
        "secadmin": ("deactivate", "activate", "password", "edit"),
        "audit": ("unlock", "deactivate", "roles"),
        "sysadmin": ("roles",),
        "leader": ("password", "roles"),
    }.items():
        visitor = enter(login)
        for action in actions:
            answer = visitor.post(f"/admin/users/{officer}/{action}", page="/account", fields={"mark": mark})
            assert answer.status_code == 403, (login, action)
    assert mark_of(parts, officer) == mark
