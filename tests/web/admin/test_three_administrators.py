"""The three administrators at every door: what is case content is shut, and what they do is in the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from werkzeug.routing import Rule

from caseapp.domain.policies.permits import permits
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor
from caseapp.web.shared.guard import PUBLIC, entry_of
from tests.web.shell import Visitor
from tests.web.test_every_route import address

Enter = Callable[[str], Visitor]
People = Mapping[str, Actor]
LOGINS = {
    "sysadmin": Role.SYSTEM_ADMINISTRATOR,
    "secadmin": Role.SECURITY_ADMINISTRATOR,
    "audit": Role.AUDIT_ADMINISTRATOR,
}
OWN = ("admin", "auth", "api")
"""Rooms that an administrator may enter at all."""


def doors(app: Flask) -> list[Rule]:
    """Return every door that opens with GET and asks who enters."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and entry_of(app.view_functions[rule.endpoint]) != PUBLIC
    ]


@pytest.mark.parametrize("login", LOGINS)
def test_every_door_to_the_work_is_shut_to_an_administrator(app: Flask, enter: Enter, login: str) -> None:
    visitor = enter(login)
    shut = 0
    for rule in doors(app):
        entry = entry_of(app.view_functions[rule.endpoint])
        assert isinstance(entry, frozenset)
        may = any(permits((LOGINS[login],), permission) for permission in entry)
        if rule.endpoint.split(".")[0] in OWN:
            continue
        if not may:
            assert visitor.get(address(app, rule)).status_code == 403, rule
            shut += 1
        else:
            assert not any(word in rule.rule for word in ("/cases", "/approvals", "/figures", "/referrals")), rule
    assert shut > 20


def test_what_the_others_do_the_audit_administrator_finds(enter: Enter, people: People) -> None:
    officer = people["officer"].id
    page = f"/admin/users/{officer}"
    for login in ("sysadmin", "secadmin"):
        visitor = enter(login)
        assert visitor.post(f"{page}/sessions", page=page).status_code == 303
    audit = enter("audit")

    def entries(login: str) -> str:
        text: str = audit.get(f"/admin/ledger?actor={login}").text
        return text.partition("<tbody")[2].partition("</tbody")[0]

    for login in ("sysadmin", "secadmin"):
        assert "结束他人登录" in entries(login)
    assert "登录被拒" not in entries("officer2")
    attempt = Visitor(audit.shell)
    attempt.sign_in("officer2", password="wrong")
    assert "登录被拒" in entries("officer2")


def test_a_form_says_why_an_office_of_control_stands_alone(enter: Enter, people: People) -> None:
    page = f"/admin/users/{people['officer'].id}/roles"
    visitor = enter("secadmin")
    mark = re.search(r'name="mark"[^>]*value="([^"]*)"', visitor.get(page).text)
    assert mark is not None
    sent = {"mark": mark[1], "roles": ["audit_administrator", "officer"], "scope": "organ"}
    answer = visitor.post(page, page=page, fields=sent)
    assert answer.status_code == 422
    assert "应由不同的人担任" in answer.text


def test_nobody_grants_himself_a_right(enter: Enter, people: People) -> None:
    own = people["secadmin"].id
    visitor = enter("secadmin")
    with_mark = visitor.get(f"/admin/users/{people['officer'].id}/roles").text
    assert 'name="mark"' in with_mark
    fields = {"mark": "x", "roles": ["leader"], "scope": "city"}
    refused = visitor.post(f"/admin/users/{own}/roles", page="/account", fields=fields)
    assert refused.status_code in (403, 409)
    assert visitor.get("/cases").status_code == 403
