"""The procuratorate sends a matter from its room; what was disclosed and written stands on both sides' pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from tests.factories.cases import Course
from tests.factories.courts import court_liaison
from tests.factories.referrals import answered, liaisons, received
from tests.factories.sides import act_in
from tests.services.test_matter_send import OPINION, PDF, case_of
from tests.services.test_packages import trust
from tests.services.test_suit_send import SUIT, decision
from tests.support.app import ORGAN, PASSWORD, Installations
from tests.web.shell import Visitor

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
Enter = Callable[[str], Visitor]


def liaison(app: object, who: str) -> Visitor:
    whole: Any = SimpleNamespace(app=app)
    visitor = Visitor(whole)
    visitor.sign_in(who, password=PASSWORD)
    return visitor


def test_the_procurator_sends_an_opinion_and_both_sides_read_it_and_its_paper(
    course: Course, app: object, enter: Enter
) -> None:
    liaisons(course)
    procurator = liaison(app, "procurator")
    assert "/referrals/new" in procurator.get("/referrals").text
    page = "/referrals/new"
    assert "不起诉，需要给予行政处罚" in procurator.get(page).text
    sent = {
        "seen_version": "0",
        "idempotency_key": "k" * 32,
        "organ": ORGAN,
        "respondent": "南通锦屏家纺有限公司",
        "respondent_kind": "organisation",
        "ip_types": "trademark",
        **OPINION,
    }
    assert procurator.post(page, page=page, fields={**sent, "respondent": ""}).status_code == 422
    refused = procurator.post(page, page=page, fields={**sent, "files": (BytesIO(b"plain"), "a.txt")})
    assert refused.status_code == 422
    assert "只接受 PDF、JPEG、PNG 文件" in refused.text
    answer = procurator.post(page, page=page, fields={**sent, "files": (BytesIO(PDF), "不起诉决定书.pdf")})
    assert answer.status_code == 303
    matter = str(answer.location)
    text = procurator.get(matter).text
    assert "通检刑不诉检意〔2026〕1号" in text
    address = next(part.split('"', 1)[0] for part in text.split('href="') if "/files/" in part.split('"', 1)[0])
    assert procurator.get(address).data == PDF
    assert procurator.get(address[:-1] + ("0" if address[-1] != "0" else "1")).status_code == 404
    case_id = case_of(course, SimpleNamespace(proceeding=matter.rsplit("/", 1)[-1]))  # type: ignore[arg-type]
    ours = enter("head").get(f"/cases/{case_id}?tab=acts").text
    assert "不起诉决定书.pdf" in ours
    assert "/acts/" in ours
    for who in ("police", "officer", "leader"):
        assert enter(who).get(page).status_code == (200 if who == "police" else 403)
    assert enter("police").get(matter).status_code == 404


def test_a_matter_for_an_organ_on_another_network_is_given_out_as_a_package(
    course: Course, app: object, installations: Installations
) -> None:
    liaisons(course)
    with course.parts.context() as here, installations.new(course.clock).context() as there:
        trust(here, there, ORGAN)
    procurator = liaison(app, "procurator")
    sent = {
        "seen_version": "0",
        "idempotency_key": "k" * 32,
        "organ": ORGAN,
        "respondent": "南通锦屏家纺有限公司",
        "respondent_kind": "organisation",
        "ip_types": "trademark",
        "files": (BytesIO(PDF), "不起诉决定书.pdf"),
        **OPINION,
    }
    matter = str(procurator.post("/referrals/new", page="/referrals/new", fields=sent).location)
    text = procurator.get(matter).text
    assert "请下载数据包送交对方" in text
    assert "下载回执" not in text
    address = next(part.split('"', 1)[0] for part in text.split('href="') if "/files/" in part.split('"', 1)[0])
    assert procurator.get(address).data == PDF
    given = procurator.post(f"{matter}/package", page=matter, fields={})
    assert (given.mimetype, given.data[:2]) == ("application/zip", b"PK")
    assert "南通锦屏家纺有限公司涉嫌侵犯注册商标专用权案" in procurator.get("/referrals").text
    assert course.rows("case_file") == []


def test_letters_and_the_boundary_of_what_was_disclosed_stand_on_both_pages(course: Course, enter: Enter) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    act_in(course, case_id, "referral", "remark_ours", {"remark": "当事人另有一处仓库。"})
    police = enter("police")
    page = f"/referrals/{proceeding}"
    before = police.get(page).text
    assert "当事人另有一处仓库。" in before
    form = before.split("remark_police", 1)[1].split("</form>", 1)[0]
    fields = {
        part.split('"', 1)[0]: part.split('value="', 1)[1].split('"', 1)[0]
        for part in form.split('name="')[1:]
        if 'value="' in part.split(">", 1)[0]
    }
    sent = police.post(f"{page}/acts/remark_police", fields={**fields, "remark": "已派员核查。"})
    assert sent.status_code == 303
    for text in (police.get(page).text, enter("officer").get(f"/cases/{case_id}?tab=acts").text):
        for words in (
            "已派员核查。",
            "当事人另有一处仓库。",
            "起公开“移送公安机关”",
            "涉嫌犯罪案件移送书",
            "没有列出的材料没有向对方公开",
        ):
            assert words in text, words
        assert "起公开“致函对方”" not in text
    assert "向贵机关公开了什么" in police.get(page).text
    answered(course, course.people["police"], proceeding, "remark_police", {"remark": "又及。"})
    assert police.get(page).text.index("已派员核查。") < police.get(page).text.rindex("又及。")


def test_a_court_serves_a_complaint_by_the_number_of_the_decision_and_cannot_probe_for_cases(
    course: Course, app: object, enter: Enter
) -> None:
    case_id = course.performing()
    draft = decision(course, case_id)
    court_liaison(course)
    court, page = liaison(app, "court"), "/suits/new"
    assert page in court.get("/referrals").text
    assert page not in liaison(app, "procurator").get("/referrals").text
    form = {"seen_version": "0", "organ": ORGAN, "number": draft.number, "party": draft.party, **SUIT}
    form["decided_on"] = draft.decided_on.isoformat()
    assert court.post(page, page=page, fields={**form, "number": "", "idempotency_key": "a" * 32}).status_code == 422
    bodies = []
    for key, changes in (("b", {"party": "某人"}), ("c", {"sued": "both"})):
        answer = court.post(page, page=page, fields={**form, **changes, "idempotency_key": key * 32})
        assert answer.status_code == 409
        bodies.append(re.search(r'<div class="hh-errors".*?</div>', answer.text, re.DOTALL))
    assert len({found and found.group() for found in bodies}) == 1, "what is wrong is not told"
    sent = court.post(page, page=page, fields={**form, "idempotency_key": "d" * 32})
    assert sent.status_code == 303
    shown = court.get(str(sent.location)).text
    assert "法院已送达，待签收" in shown
    assert str(course.image(case_id).number) not in shown
    assert "签收起诉状副本" in enter("officer").get(f"/cases/{case_id}").text
    assert [enter("police").get(page).status_code, enter("officer").get(page).status_code] == [404, 403]
