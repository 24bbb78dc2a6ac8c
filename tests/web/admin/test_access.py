"""How people sign in, as their administrators see and change it; and the settings of signing in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from caseapp.domain.workflow.situation import Actor
from caseapp.queries.second_factors import enrolment, factor_state
from caseapp.services import second_factor
from caseapp.wiring import Huhang
from tests.support.telephone import code_shown
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
People = Mapping[str, Actor]


def enrol(parts: Huhang, person: Actor) -> None:
    """Give somebody a second factor."""
    import base64

    with parts.context(person) as ctx:
        second_factor.begin_enrolment(ctx)
        secret = base64.b32decode(enrolment(ctx).secret.replace(" ", ""))
        second_factor.confirm_enrolment(ctx, code_shown(secret, now=ctx.now().timestamp()))


def has_factor(parts: Huhang, person: Actor) -> bool:
    with parts.context() as ctx:
        return factor_state(ctx, person.id).confirmed_at is not None


@pytest.mark.parametrize("login", ["sysadmin", "secadmin"])
def test_an_administrator_sees_where_somebody_is_signed_in_and_ends_it(
    enter: Enter, people: People, login: str
) -> None:
    working = enter("officer")
    visitor = enter(login)
    page = f"/admin/users/{people['officer'].id}"
    assert "127.0.0.1" in visitor.get(page).text
    assert visitor.post(f"{page}/sessions", page=page).location == page
    assert working.get("/account").status_code == 303
    assert "本人的登录已全部退出" in visitor.get(page).text


def test_a_lost_telephone_is_reset_with_a_reason(enter: Enter, people: People, parts: Huhang) -> None:
    head = people["head"]
    visitor = enter("secadmin")
    page = f"/admin/users/{head.id}"
    assert "没有启用二次验证" in visitor.get(f"{page}/second-factor").text
    enrol(parts, head)
    assert "重置二次验证" in visitor.get(page).text
    assert visitor.post(f"{page}/second-factor", page=page).status_code == 422
    long = visitor.post(f"{page}/second-factor", page=page, fields={"reason": "长" * 201})
    assert long.status_code == 422
    done = visitor.post(f"{page}/second-factor", page=page, fields={"reason": "本人到场，核对证件"})
    assert done.location == page
    assert not has_factor(parts, head)


def test_an_administrators_is_reset_by_two(enter: Enter, people: People, parts: Huhang) -> None:
    target = people["sysadmin"]
    enrol(parts, target)
    page = f"/admin/users/{target.id}"
    asking, agreeing = enter("secadmin"), enter("audit")
    asking.post(f"{page}/second-factor", page=page, fields={"reason": "本人到场"})
    assert has_factor(parts, target)
    shown = asking.get(page).text
    assert "撤回申请" in shown
    assert "确认重置" not in shown
    assert "确认重置" in agreeing.get(page).text
    assert asking.post(f"{page}/second-factor/agree", page=page).status_code == 403
    assert asking.post(f"{page}/second-factor/drop", page=page).location == page
    assert "确认重置" not in agreeing.get(page).text
    asking.post(f"{page}/second-factor", page=page, fields={"reason": "本人到场"})
    assert agreeing.post(f"{page}/second-factor/agree", page=page).location == page
    assert not has_factor(parts, target)


def test_the_list_finds_who_lacks_the_second_factor(enter: Enter, people: People, parts: Huhang) -> None:
    enrol(parts, people["head"])
    found = enter("secadmin").get("/admin/users?tab=factor").text
    assert people["leader"].name in found
    assert people["head"].name not in found
    assert people["officer"].name not in found


def settings_of(visitor: Visitor) -> dict[str, str]:
    text = visitor.get("/admin/security").text
    return dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', text.split("<main", 1)[1]))


def test_the_security_administrator_sets_the_numbers(enter: Enter, people: People, parts: Huhang) -> None:
    visitor = enter("secadmin")
    fields = settings_of(visitor)
    assert (fields["password_length"], fields["idle_minutes"]) == ("10", "30")
    stale = dict(fields)
    saved = visitor.post("/admin/security", fields={**fields, "password_length": "16", "idle_minutes": "10"})
    assert saved.location == "/admin/security"
    page = visitor.get("/admin/security").text
    assert "安全设置已保存" in page
    assert "至少 16 位" in page
    assert parts.security.idle_minutes == 10
    assert "至少 16 位" in enter("officer").get("/account").text
    again = settings_of(visitor)
    assert visitor.post("/admin/security", fields=again).location == "/admin/security"
    assert "内容没有变化" in visitor.get("/admin/security").text
    assert visitor.post("/admin/security", fields=stale).status_code == 409


def test_a_number_beyond_its_limits_or_none_is_refused_beside_its_field(enter: Enter, people: People) -> None:
    visitor = enter("secadmin")
    fields = settings_of(visitor)
    for typed, words in (("7", "应在 8 至 64 之间"), ("ten", "password_length-error"), ("", "password_length-error")):
        answer = visitor.post("/admin/security", fields={**fields, "password_length": typed})
        assert answer.status_code == 422
        assert words in answer.text
        assert 'id="password_length-error"' in answer.text
    assert settings_of(visitor)["password_length"] == "10"


@pytest.mark.parametrize("login", ["sysadmin", "audit", "leader"])
def test_nobody_else_opens_the_settings(enter: Enter, people: People, login: str) -> None:
    assert enter(login).get("/admin/security").status_code == 403
