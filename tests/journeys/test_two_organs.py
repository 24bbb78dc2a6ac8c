"""Two organs and more at their own browsers: refused and filed after all, handed back and penalised, sent to us."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.cases import CONTACT, REPORT, Course
from tests.factories.referrals import (
    COURT,
    GOODS,
    HANDED,
    OUTLINE,
    PROCURATORATE,
    RECEIPT,
    answered,
    liaisons,
    prosecuting,
    ready,
    refused,
)
from tests.factories.sides import open_side, side_of
from tests.journeys.pages import ON_SQLITE, CasePage, Person, Values, Visitors, fill
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, ON_SQLITE]


@pytest.fixture(scope="module")
def course(site: Site) -> Course:
    """The office at work behind the pages, with liaisons of police, procuratorate and court."""
    made = Course(site.parts, site.people, site.clock)
    made.reached_at(CONTACT)
    return Course(site.parts, {**site.people, **liaisons(made)}, site.clock)


def ours(person: Person, case_id: str, proceeding: str, action: str, values: Values) -> CasePage:
    """Take an act of our side: its form, the check, the case page."""
    page = CasePage(person, case_id)
    person.visit(f"/cases/{case_id}/proceedings/{proceeding}/actions/{action}")
    fill(page.form, values)
    page.check()
    page.send()
    return page


def theirs(person: Person, proceeding: str, action: str, values: Values) -> str:
    """Take an act of another organ; return what its page of the referral then shows."""
    person.visit(f"/referrals/{proceeding}/acts/{action}")
    fill(person.page.locator("main form"), values)
    person.press("main form .btn-primary")
    assert person.page.url.endswith(f"/referrals/{proceeding}"), person.page.inner_text("main")
    return person.page.inner_text("main")


def test_what_the_police_refuse_twice_is_filed_because_the_procuratorate_says_so(
    site: Site, visitors: Visitors, course: Course
) -> None:
    case_id = course.filed()
    proceeding, today = refused(course, case_id), course.today.isoformat()
    officer, police, procurator = (visitors.enter(login) for login in ("officer", "police", "procurator"))
    ours(officer, case_id, proceeding, "ask_reconsideration", {"review_grounds": "当事人曾因同类行为被处罚。"})
    upheld = {"review_on": today, "review_number": "通公复〔2026〕1号", "review_reasons": "证据不足。"}
    assert "当事人曾因同类行为被处罚。" in theirs(police, proceeding, "uphold_refusal", upheld)

    procurator.visit("/referrals")
    assert procurator.fetch(f"/referrals/{proceeding}")[0] == 404
    asked = {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案而不立案。"}
    ours(officer, case_id, proceeding, "ask_supervision", asked)
    assert "微信、支付宝流水" in procurator.visit(f"/referrals/{proceeding}").inner_text("main")
    theirs(procurator, proceeding, "ask_reasons", {"reasons_asked_number": "通检不立〔2026〕1号"})
    theirs(police, proceeding, "give_reasons", {"reasons_text": "主观明知证据不足。"})
    order = {"order_number": "通检通立〔2026〕1号", "order_reasons": "送达回证证明其明知。"}
    assert "主观明知证据不足。" in theirs(procurator, proceeding, "tell_to_file", order)
    filed = {"filed_on": today, "filing_number": "通公立〔2026〕9号"}
    assert "公安机关已立案" in theirs(police, proceeding, "file_case", filed)

    assert "公安机关已立案" in CasePage(officer, case_id).open().page.inner_text("main")
    assert "通公立〔2026〕9号" in procurator.visit(f"/referrals/{proceeding}").inner_text("main")
    assert side_of(course, case_id, "referral").state == "filed"


def test_what_is_handed_over_is_signed_for_and_filed_and_the_goods_follow(
    site: Site, visitors: Visitors, course: Course
) -> None:
    case_id = course.filed()
    ready(course, case_id)
    proceeding, today = side_of(course, case_id, "referral").id, course.today.isoformat()
    officer, police = visitors.enter("officer"), visitors.enter("police")
    police.visit("/referrals")
    assert police.fetch(f"/referrals/{proceeding}")[0] == 404
    ours(officer, case_id, proceeding, "hand_over", HANDED)
    before = police.visit(f"/referrals/{proceeding}").inner_text("main")
    assert OUTLINE in before
    assert "微信、支付宝流水" not in before
    assert "微信、支付宝流水" in theirs(police, proceeding, "sign_receipt", RECEIPT)
    filed = {"filed_on": today, "filing_number": "通公立〔2026〕11号"}
    assert "公安机关已立案" in theirs(police, proceeding, "file_case", filed)
    ours(officer, case_id, proceeding, "hand_over_goods", {"handed_on": today, **GOODS})
    assert "证据卷一册" in theirs(police, proceeding, "sign_goods", {"goods_signer": "丁卫东"})
    side = side_of(course, case_id, "referral")
    met = {clock.rule for clock in side.clocks if clock.met}
    assert met >= {"T08", "T15"}, "both sides kept their terms"


def penalised(course: Course, case_id: str) -> None:
    """Go on with a case that came back, up to the fine."""
    course.act("officer", case_id, "conclude_investigation", REPORT)
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    course.act("officer", case_id, "serve_prior_notice", course.service(course.today.isoformat()))
    course.act("officer", case_id, "waive_defence", {"waived_on": course.today.isoformat(), "waiver_evidence": "声明"})
    course.act("officer", case_id, "submit_for_decision")
    course.approved("officer", case_id, "decide_penalty", course.decision())


def test_what_the_police_hand_back_is_penalised_here(site: Site, visitors: Visitors, course: Course) -> None:
    case_id = course.filed()
    proceeding = prosecuting(course, case_id)
    police, officer = visitors.enter("police"), visitors.enter("officer")
    told = {
        "outcome_on": course.today.isoformat(),
        "outcome_number": "通公撤〔2026〕1号",
        "outcome_text": "犯罪情节显著轻微，建议给予行政处罚。",
    }
    theirs(police, proceeding, "withdraw_criminal_case", told)
    page = CasePage(officer, case_id).open()
    assert "刑事程序终结待处理" in page.page.inner_text("main")
    ours(officer, case_id, proceeding, "resume_case", {"settlement": "依法给予行政处罚。"})
    assert page.state == "调查取证"
    penalised(course, case_id)
    assert "处罚决定" in page.open().state
    assert "依法给予行政处罚。" in police.visit(f"/referrals/{proceeding}").inner_text("main")


def test_a_fine_paid_before_the_judgment_is_set_off(site: Site, visitors: Visitors, course: Course) -> None:
    case_id = course.performing()
    proceeding = prosecuting(course, case_id)
    answered(
        course, course.people["police"], proceeding, "send_to_procuratorate", {"procuratorate_organ": PROCURATORATE}
    )
    answered(course, course.people["procurator"], proceeding, "prosecute", {"court_organ": COURT})
    court, officer = visitors.enter("court"), visitors.enter("officer")
    assert OUTLINE in court.visit(f"/referrals/{proceeding}").inner_text("main")
    judgment: dict[str, Any] = {
        "outcome": "convicted",
        "outcome_on": course.today.isoformat(),
        "outcome_number": "（2026）苏0612刑初1号",
        "criminal_fine": "100000",
        "outcome_text": "判处罚金十万元。",
    }
    theirs(court, proceeding, "judge", judgment)
    settle = {"earlier_fine": "5000", "fine_set_off": "6000", "settlement": "罚款折抵罚金。"}
    officer.visit(f"/cases/{case_id}/proceedings/{proceeding}/actions/conclude")
    page = CasePage(officer, case_id)
    fill(page.form, settle)
    officer.press('form#act button[value="check"]')
    assert "第35条" in officer.page.inner_text("main")
    ours(officer, case_id, proceeding, "conclude", {**settle, "fine_set_off": "5000"})
    facts = side_of(course, case_id, "referral").facts
    assert (facts["fine_set_off"], facts["criminal_fine"]) == (500_000, 10_000_000)
    assert "已办结" in court.visit(f"/referrals/{proceeding}").inner_text("main")


def test_a_matter_sent_to_us_is_signed_for_completed_and_answered(
    site: Site, visitors: Visitors, course: Course
) -> None:
    case_id = course.filed()
    sent = {
        "authority_organ": PROCURATORATE,
        "reverse_ground": "not_prosecuted",
        "reverse_number": "通检意〔2026〕2号",
        "reverse_opinion": "已决定不起诉，建议给予行政处罚。",
        "paper_ref": "通检意〔2026〕2号",
    }
    open_side(course, case_id, "reverse_referral", "send_matter", sent, by="intake")
    proceeding = side_of(course, case_id, "reverse_referral").id
    officer, procurator = visitors.enter("officer"), visitors.enter("procurator")
    assert "待签收" in procurator.visit(f"/referrals/{proceeding}").inner_text("main")
    ours(officer, case_id, proceeding, "sign_matter", {"matter_received_on": course.today.isoformat()})
    ours(officer, case_id, proceeding, "ask_papers", {"papers_wanted": "讯问笔录复印件"})
    assert "讯问笔录复印件" in procurator.visit(f"/referrals/{proceeding}").inner_text("main")
    theirs(procurator, proceeding, "send_papers", {"papers_sent": "讯问笔录三份"})
    reply = {"reply_kind": "under_way", "reply_text": "已立案调查，将依法处罚。"}
    ours(officer, case_id, proceeding, "reply_result", reply)
    assert "已立案调查，将依法处罚。" in procurator.visit(f"/referrals/{proceeding}").inner_text("main")
    assert "已办结" in theirs(procurator, proceeding, "accept_reply", {"accepted_by": "检察官助理"})
    assert site.office.image(case_id).main.state == "investigating"
