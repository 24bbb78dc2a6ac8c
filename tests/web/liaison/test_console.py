"""监督: a procurator sees rows with figures and no party; police, courts and officers see none at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.factories.cases import Course
from tests.factories.referrals import liaisons, reported
from tests.support.app import PASSWORD
from tests.web.shell import Visitor

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
Enter = Callable[[str], Visitor]


def entered(app: object, login: str) -> Visitor:
    """Sign a liaison in who is not one of the people of every installation."""
    whole: Any = SimpleNamespace(app=app)
    visitor = Visitor(whole)
    visitor.sign_in(login, password=PASSWORD)
    return visitor


def test_the_list_belongs_to_the_procuratorate_and_the_supervisor(course: Course, enter: Enter, app: object) -> None:
    case_id = course.filed()
    reported(course, case_id)
    course.later(days=6)
    liaisons(course)
    procurator = entered(app, "procurator")
    text = procurator.get("/supervision").text
    for word in ("决定是否移送", "行政执法机关逾期未办", "逾期沉默", course.image(case_id).display_number()):
        assert word in text
    assert "锦屏" not in text
    assert 'href="/supervision"' in procurator.get("/referrals").text
    assert "没有这样的线索" in procurator.get("/supervision?tab=asked").text
    assert "没有应当移送" in procurator.get("/supervision?kind=limb").text
    assert procurator.get("/supervision?tab=none").status_code == 422
    assert procurator.get("/supervision?after=WzFd").status_code == 422
    supervisor = enter("supervisor").get("/supervision")
    assert "锦屏" in supervisor.text
    for login in ("police", "court", "officer", "leader", "head"):
        visitor = entered(app, login)
        assert visitor.get("/supervision").status_code == 403
        assert 'href="/supervision"' not in visitor.get("/account").text


def test_a_letter_is_written_from_a_row_and_its_paper_can_be_read(course: Course, app: object) -> None:
    case_id = course.filed()
    reported(course, case_id)
    course.later(days=6)
    liaisons(course)
    procurator = entered(app, "procurator")
    found = re.search(r'href="(/supervision/[^"]*letter[^"]*)"', procurator.get("/supervision").text)
    assert found is not None
    page = found[1].replace("&amp;", "&")
    form = procurator.get(page)
    assert "决定是否移送" in form.text
    assert "锦屏" not in form.text
    told = {"seen_version": "0", "idempotency_key": "l" * 32, "letter_number": "通检意〔2026〕1号"}
    assert procurator.post(page, page=page, fields=told).status_code == 422
    told |= {"letter_facts": "逾期未作决定。", "letter_opinion": "请书面回复。"}
    sent = procurator.post(page, page=page, fields=told)
    assert (sent.status_code, sent.location.startswith("/referrals/")) == (303, True)
    letter = procurator.get(sent.location).text
    assert "检察意见书" in letter
    assert "锦屏" not in letter
    paper = re.search(r'href="(/referrals/[^"]*[.]pdf)"', letter)
    assert paper is not None
    assert procurator.get(paper[1]).mimetype == "application/pdf"
    assert "查看往来" in procurator.get("/supervision?tab=asked").text
    for wrong in (f"/supervision/{case_id}/limb/letter", f"/supervision/{case_id}/nothing/letter"):
        assert procurator.get(wrong).status_code == 404
    assert entered(app, "supervisor").get(page).status_code == 403
    assert entered(app, "court").get(page).status_code == 403
