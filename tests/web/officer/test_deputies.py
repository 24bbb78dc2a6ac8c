"""The page of deputies: naming, leave, taking back; what a deputy may open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caseapp.domain.workflow.situation import Actor
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_a_deputy_is_named_allowed_and_taken_back(enter: Enter, office: Office, people: Mapping[str, Actor]) -> None:
    office.register()
    head, leader, officer = enter("head"), enter("leader"), enter("officer")
    sent = fields(head.get("/deputies").text)
    wrong = send(head, "/deputies", sent, deputy=people["head"].id, last_on="2026-11-30", reason="学习")
    assert wrong.status_code == 422
    assert "不能由本人代理本人" in wrong.text
    assert officer.get("/approvals").status_code == 403
    done = send(head, "/deputies", sent, deputy=people["officer"].id, last_on="2026-11-30", reason="学习")
    assert done.location == "/deputies"
    again = send(head, "/deputies", sent, deputy=people["officer"].id, last_on="2026-11-30", reason="学习")
    assert again.status_code == 422
    assert "已另有代理人" in again.text
    shown = leader.get("/deputies").text
    assert "待准许" in words(shown)
    allow = next(part.split('"')[0] for part in shown.split('action="')[1:] if part.split('"')[0].endswith("/allow"))
    assert "/allow" not in officer.get("/deputies").text
    assert leader.post(allow, fields={"csrf_token": fields(shown)["csrf_token"]}).status_code == 303
    assert officer.get("/approvals").status_code == 200
    assert officer.get("/cases/" + "0" * 32 + "/officers").status_code == 403
    back = officer.get("/deputies").text
    revoke = allow.replace("/allow", "/revoke")
    assert revoke in back
    assert officer.post(revoke, fields={"csrf_token": fields(back)["csrf_token"]}).status_code == 303
    assert officer.get("/approvals").status_code == 403
    assert "已收回" in words(leader.get("/deputies").text)
