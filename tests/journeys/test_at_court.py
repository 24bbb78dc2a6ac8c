"""Our officer and the court at their own browsers: a fine is enforced, an agreement confirmed, a complaint served."""

from __future__ import annotations

import pytest

from tests.factories.cases import Course
from tests.factories.courts import OUTLINE, RULING, enforcing
from tests.factories.referrals import COURT
from tests.factories.sides import side_of
from tests.journeys.beside import card, open_side
from tests.journeys.pages import ON_SQLITE, CasePage, Visitors, fill
from tests.journeys.test_two_organs import course, ours, theirs
from tests.services.test_remedy import agreed
from tests.services.test_suit_send import SUIT, decision

__all__ = ["course"]

pytestmark = [pytest.mark.browser, ON_SQLITE]


def test_a_fine_that_stays_unpaid_is_enforced_by_the_court(visitors: Visitors, course: Course) -> None:
    case_id = enforcing(course)
    officer, court = visitors.enter("officer"), visitors.enter("court")
    page, today = CasePage(officer, case_id), course.today.isoformat()
    sent = {
        "court_organ": COURT,
        "preview": OUTLINE,
        "enforced_items": "罚款五千元",
        "enforcement_papers": ["application", "decision", "party_views", "target"],
    }
    open_side(page, "向法院送交执行申请", sent)
    proceeding = side_of(course, case_id, "court_enforcement").id
    outline = court.visit(f"/referrals/{proceeding}").inner_text("main")
    assert OUTLINE in outline
    assert course.image(case_id).title not in outline
    assert course.image(case_id).title in theirs(court, proceeding, "sign_receipt", {"receipt_signer": "书记员"})
    told = {"court_answered_on": today, "court_number": "（2026）苏0612行审8号"}
    theirs(court, proceeding, "accept_application", told)
    ruled = {"court_ruled_on": today, **RULING}
    theirs(court, proceeding, "allow_execution", ruled)
    assert "准予执行，执行中" in card(page.open(), "申请法院强制执行")
    done = {"executed_on": today, "paid_total": "5000", "execution_text": "划拨存款五千元。"}
    assert "执行完毕" in theirs(court, proceeding, "finish_execution", done)
    assert course.image(case_id).main.facts["court_execution"] == "completed"
    assert "结案（执行完毕）" in " ".join(page.open().offers)


def test_an_agreement_is_confirmed_by_the_court(visitors: Visitors, course: Course) -> None:
    case_id = agreed(course)
    officer, court = visitors.enter("officer"), visitors.enter("court")
    page, today = CasePage(officer, case_id), course.today.isoformat()
    asked = {
        "court_organ": COURT,
        "agreement_on": today,
        "requested_on": today,
        "joint_request": True,
        "preview": "双方就专利纠纷达成调解协议，共同申请司法确认。",
    }
    open_side(page, "送交司法确认申请", asked)
    proceeding = side_of(course, case_id, "judicial_confirmation").id
    assert "调解协议书" in theirs(court, proceeding, "sign_receipt", {"receipt_signer": "书记员"})
    theirs(court, proceeding, "ask_supplements", {"supplements_wanted": "双方身份证明"})
    ours(officer, case_id, proceeding, "send_supplements", {"supplements_sent": "营业执照复印件"})
    theirs(court, proceeding, "accept_request", {"accepted_on": today, "court_number": "（2026）苏0612调确1号"})
    ruled = {"ruled_on": today, "ruling_number": "（2026）苏0612调确1号之一", "ruling_text": "调解协议有效。"}
    assert "裁定协议有效" in theirs(court, proceeding, "confirm_agreement", ruled)
    facts = course.image(case_id).main.facts
    assert (facts["confirmation"], facts["confirmation_number"]) == ("court", "（2026）苏0612调确1号之一")
    assert "裁定协议有效" in page.open().page.inner_text("main")


def test_a_complaint_is_served_signed_for_and_answered(visitors: Visitors, course: Course) -> None:
    case_id = course.performing()
    draft = decision(course, case_id)
    officer, court = visitors.enter("officer"), visitors.enter("court")
    court.visit("/suits/new")
    named = {
        "organ": draft.organ,
        "number": draft.number,
        "decided_on": draft.decided_on.isoformat(),
        "party": "另一家纺织品商行",
    }
    fill(court.page.locator("main form"), {**named, **SUIT})
    court.press("main form .btn-primary")
    assert "没有找到可以经本系统送达的这份决定" in court.page.inner_text("main")
    fill(court.page.locator("main form"), {"party": draft.party})
    court.press("main form .btn-primary")
    proceeding = side_of(course, case_id, "remedy").id
    assert court.page.url.endswith(f"/referrals/{proceeding}")
    ours(officer, case_id, proceeding, "sign_suit", {"suit_served_on": course.today.isoformat()})
    defence = {
        "defence_text": "处罚合法。",
        "defence_evidence": "现场笔录",
        "defence_norms": "商标法",
        "head_in_court": "局长",
    }
    ours(officer, case_id, proceeding, "answer_suit", defence)
    answered = court.visit(f"/referrals/{proceeding}").inner_text("main")
    assert "行政诉讼答辩状" in answered
    assert "已应诉，法院审理中" in answered
