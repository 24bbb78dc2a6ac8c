"""协作: begun with a form, answered and minuted by the organs that take part, unknown to all others."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from tests.factories.cases import Course
from tests.factories.referrals import POLICE, liaisons
from tests.services.test_matter_send import PDF
from tests.support.app import PASSWORD
from tests.web.shell import Visitor

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
Enter = Callable[[str], Visitor]
NEW = "/joint-work/new/consultation"
TOLD: dict[str, Any] = {
    "seen_version": "0",
    "idempotency_key": "b" * 32,
    "topic": "evidence",
    "subject": "电子数据取证会商",
    "body": "请就固定后台数据提出意见。",
    "invited": POLICE,
    "wanted_on": "2026-12-01",
}


def entered(app: object, login: str) -> Visitor:
    """Sign a liaison in who is not one of the people of every installation."""
    whole: Any = SimpleNamespace(app=app)
    visitor = Visitor(whole)
    visitor.sign_in(login, password=PASSWORD)
    return visitor


def test_a_consultation_goes_from_its_form_to_its_end(course: Course, enter: Enter, app: object) -> None:
    liaisons(course)
    officer = enter("officer")
    assert "没有协作事项" in officer.get("/joint-work").text
    wrong = {**TOLD, "files": (BytesIO(b"MZ"), "a.exe"), "idempotency_key": "z" * 32}
    assert officer.post(NEW, page=NEW, fields=wrong).status_code == 422
    assert "南通市公安局通州分局" in officer.get(NEW).text
    assert officer.post(NEW, page=NEW, fields={**TOLD, "subject": ""}).status_code == 422
    assert officer.post(NEW, page=NEW, fields={**TOLD, "cases": "没有的案号"}).status_code == 422
    made = officer.post(NEW, page=NEW, fields={**TOLD, "files": (BytesIO(PDF), "取证方案.pdf")})
    assert made.status_code == 303
    work = made.location
    assert "登记纪要以后才能办结" in officer.get(work).text
    police = entered(app, "police")
    assert "电子数据取证会商" in police.get("/joint-work?tab=waiting&q=取证&kind=consultation").text

    def write(visitor: Visitor, act: str, text: str, key: str) -> int:
        told = {"seen_version": "1", "idempotency_key": key * 32, "text": text}
        return visitor.post(f"{work}/{act}", page=work, fields=told).status_code

    assert write(police, "declined", "", "c") == 422
    assert write(police, "accepted", "", "d") == 303
    assert write(police, "accepted", "", "e") == 409
    assert write(police, "reply", "先固定后台订单数据。", "f") == 303
    assert write(police, "dance", "先", "g") == 404
    assert write(police, "end", "办结", "h") == 409
    assert write(officer, "minutes", "一致同意。", "i") == 303
    assert write(officer, "end", "会商完毕。", "j") == 303
    text = police.get(work).text
    for word in ("同意参加", "先固定后台订单数据。", "纪要", "会商完毕。", "已办结"):
        assert word in text
    assert "登记纪要</button>" not in text
    assert "电子数据取证会商" in officer.get("/joint-work?tab=closed").text
    paper = next(
        part.split('"', 1)[0] for part in text.split('href="') if part.split('"', 1)[0].endswith("minutes.pdf")
    )
    assert police.get(paper).mimetype == "application/pdf"
    file = next(part.split('"', 1)[0] for part in text.split('href="') if "/files/" in part.split('"', 1)[0])
    saved = police.get(file)
    assert (saved.data, saved.headers["Content-Security-Policy"]) == (PDF, "default-src 'none'; sandbox")
    assert "attachment" in saved.headers["Content-Disposition"]
    table = police.get("/joint-work.csv?tab=all").text.splitlines()
    assert [line.split(",")[0] for line in table] == ["\ufeff事由", "电子数据取证会商"]
    assert table[1].endswith("已办结")
    assert work in officer.get("/search?q=后台订单").text


def test_other_organs_find_nothing(course: Course, enter: Enter, app: object) -> None:
    liaisons(course)
    work = enter("officer").post(NEW, page=NEW, fields=TOLD).location
    for login in ("procurator", "court", "police2"):
        stranger = entered(app, login)
        assert stranger.get(work).status_code == 404
        for address in ("/joint-work?q=取证", "/joint-work?tab=all", "/joint-work.csv?tab=all"):
            assert "电子数据取证会商" not in stranger.get(address).text
        assert stranger.get(f"{work}/posts/0/files/1").status_code == 404
    assert entered(app, "court").get("/joint-work/new/joint_operation").status_code == 404
    reader = enter("supervisor")
    assert reader.get("/joint-work").status_code == 200
    assert reader.get(NEW).status_code == 403
    assert reader.get("/joint-work?tab=other").status_code == 422
    assert reader.get("/joint-work.csv?tab=other").status_code == 422
    assert reader.get("/joint-work?after=WzFd").status_code == 422
    assert enter("intake").get("/joint-work").status_code == 403
