"""Our decision is attacked: reconsideration, lawsuit, what becomes of the case; an agreement is confirmed in time."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.queries.referral_desk import shared_page
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.factories.courts import COURT, by_court, court_liaison
from tests.factories.sides import act_in, open_side, side_of
from tests.services.test_dispute_life import REQUEST, service

sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


def clocks(course: Course, case_id: str, procedure: str = "remedy") -> dict[str, bool | None]:
    """Return the clocks of the side proceeding: True met, False ended, None running."""
    return {clock.rule: clock.met for clock in side_of(course, case_id, procedure).clocks}


def step(course: Course, case_id: str, action: str, **fields: object) -> None:
    """Take a step of our own in the remedy."""
    act_in(course, case_id, "remedy", action, fields)


def paper(course: Course, kind: str) -> tuple[str | None, dict[str, Any]]:
    """Return number and frozen facts of the remedy in the only paper of a kind that was issued."""
    (row,) = (row for row in course.rows("issued_document") if row["type"] == kind)
    return row["number"], json.loads(row["facts"])["remedy"]


def suit(course: Course, sued: str) -> dict[str, Any]:
    return {
        "court_organ": COURT,
        "suit_served_on": course.today.isoformat(),
        "suit_number": "（2026）苏0612行初9号",
        "plaintiff": "南通锦屏家纺有限公司",
        "sued_by": "respondent",
        "sued": sued,
        "suit_claims": "请求撤销处罚决定。",
        "paper_ref": "应诉通知书9号",
    }


def test_a_fine_is_reconsidered_upheld_sued_against_and_annulled(course: Course) -> None:
    case_id = course.performing()
    on = course.today.isoformat()
    asked = {
        "remedy_kind": "reconsideration",
        "remedy_on": on,
        "remedy_body": "通州区人民政府",
        "remedy_claimant": "南通锦屏家纺有限公司",
        "remedy_claims": "处罚过重。",
    }
    open_side(course, case_id, "remedy", "note_reconsideration", asked)
    assert course.image(case_id).main.pauses[-1].reason == "remedy"
    step(course, case_id, "receive_copy", copy_received_on=on)
    step(course, case_id, "answer_reconsideration", replied_on=on, reply_text="处罚适当。", reply_evidence="现场笔录")
    assert clocks(course, case_id) == {"P25d": None, "P25b": True}
    number, said = paper(course, "reconsideration_reply")
    assert re.fullmatch(r"\w+知复答字〔2026〕\d+号", number or "")
    assert (said["body"], said["reply_evidence"]) == ("通州区人民政府", ["现场笔录"])
    course.later(days=40)
    ended = {"remedy_ended_on": course.today.isoformat(), "remedy_result": "upheld", "remedy_number": "复决1号"}
    step(course, case_id, "record_reconsideration", **ended)
    assert course.image(case_id).main.facts["remedy_result"] == "upheld"
    assert clocks(course, case_id)["P26b"] is None
    with pytest.raises(ActionRefused) as caught:
        step(course, case_id, "end_after_reconsideration")
    assert {item.guard for item in caught.value.unmet} == {"clock_expired"}
    with pytest.raises(ActionRefused) as caught:
        step(course, case_id, "note_suit", **suit(course, "organ"))
    assert {item.guard for item in caught.value.unmet} >= {"defendant_fits"}
    step(course, case_id, "note_suit", **suit(course, "both"))
    assert course.image(case_id).main.facts["remedy_kind"] == "lawsuit"
    defence = {
        "defence_text": "处罚合法。",
        "defence_evidence": "现场笔录",
        "defence_norms": "商标法",
        "head_in_court": "局长",
    }
    step(course, case_id, "answer_suit", **defence)
    assert clocks(course, case_id)["C07"] is True
    number, said = paper(course, "statement_of_defence")
    assert (number, said["court"], said["norms"]) == (None, "南通市通州区人民法院", ["商标法"])
    assert said["suit_on"] == course.today.isoformat()
    proceeding = side_of(course, case_id, "remedy").id
    with course.parts.context(court_liaison(course)) as ctx:
        page = shared_page(ctx, proceeding)
        assert {"行政处罚决定书", "行政诉讼答辩状"} <= {paper.title for paper in page.papers}
        assert "复决1号" not in str(page.acts) + str(page.carried)
    judged = {
        "judged_on": course.today.isoformat(),
        "remedy_result": "annulled",
        "judgment_number": "（2026）苏0612行初9号",
        "judgment_text": "撤销处罚决定。",
    }
    by_court(course, proceeding, "judge", judged)
    assert clocks(course, case_id)["C08"] is None
    course.later(days=20)
    with pytest.raises(ActionRefused):
        step(course, case_id, "appeal", appealed_on=course.today.isoformat(), appeal_grounds="……")
    by_court(course, proceeding, "declare_effective", {"remedy_ended_on": course.today.isoformat()})
    main = course.image(case_id).main
    assert (main.facts["remedy_result"], main.pauses[-1].until) == ("annulled", course.today)
    assert side_of(course, case_id, "remedy").category == "closed"
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_only
def test_a_judgment_may_be_appealed_and_the_decision_be_found_unlawful(course: Course) -> None:
    case_id = course.performing()
    open_side(course, case_id, "remedy", "note_suit", suit(course, "organ"))
    proceeding = side_of(course, case_id, "remedy").id
    on = course.today.isoformat()
    judged = {"judged_on": on, "remedy_result": "annulled", "judgment_number": "9号", "judgment_text": "撤销。"}
    by_court(course, proceeding, "judge", judged)
    step(course, case_id, "appeal", appealed_on=on, appeal_grounds="事实清楚。")
    assert clocks(course, case_id) == {"C07": False, "C08": True, "C10": None}
    final = {
        "remedy_ended_on": on,
        "remedy_result": "unlawful",
        "judgment_number": "10号",
        "judgment_text": "确认违法。",
    }
    by_court(course, proceeding, "judge_finally", final)
    main = course.image(case_id).main
    assert side_of(course, case_id, "remedy").state == "final"
    assert (main.facts["remedy_result"], main.pauses[-1].until) == ("unlawful", course.today)
    undone = {"undo_cause": "remedy", "undo_next": "close", "undo_reason": "判决确认违法，不再处理。"}
    course.approved("officer", case_id, "undo_decision", undone)
    assert "P22" in {clock.rule for clock in course.image(case_id).main.clocks if clock.met is None}


def agreed(course: Course) -> str:
    """Mediate a dispute until both agree; returns the id of the case."""
    facts = {"request_items": "赔偿损失", "mediation_subject": "reward"}
    case_id = course.lead(**{**REQUEST, "procedure": "mediation", "facts": facts}).id
    course.act("head", case_id, "assign_request", {"officers": course.officers})
    course.act("officer", case_id, "issue_opinion_notice", facts)
    course.act("officer", case_id, "serve_opinion_notice", service(course))
    on = course.today.isoformat()
    course.act("officer", case_id, "record_consent", {"opinion_on": on, "opinion_text": "同意调解"})
    session = {"session_on": on, "session_time": "9时30分", "session_place": "调解室"}
    filing = {"case_name": "某专利纠纷调解案", **session, "officers": course.officers}
    course.approved("officer", case_id, "file_case", filing)
    agreement = {"agreed_on": on, "dispute_facts": "职务发明报酬", "agreement_terms": "支付5万元", "payment_duty": True}
    course.act("officer", case_id, "reach_agreement", agreement)
    return case_id


@sqlite_only
def test_an_agreement_is_confirmed_by_the_court_when_both_ask_in_time(course: Course) -> None:
    case_id = agreed(course)
    effective = course.today.isoformat()
    asked = {
        "court_organ": COURT,
        "agreement_on": effective,
        "joint_request": True,
        "preview": "双方就职务发明报酬达成调解协议，共同申请司法确认。",
    }
    course.later(days=31)
    with pytest.raises(ActionRefused) as caught:
        late = {**asked, "requested_on": course.today.isoformat()}
        open_side(course, case_id, "judicial_confirmation", "send_request", late)
    assert {item.guard for item in caught.value.unmet} == {"within_days_of"}
    with pytest.raises(ActionRefused) as caught:
        alone = {**asked, "requested_on": effective, "joint_request": False}
        open_side(course, case_id, "judicial_confirmation", "send_request", alone)
    assert "fact_equals" in {item.guard for item in caught.value.unmet}
    open_side(course, case_id, "judicial_confirmation", "send_request", {**asked, "requested_on": effective})
    proceeding = side_of(course, case_id, "judicial_confirmation").id
    by_court(course, proceeding, "sign_receipt", {"receipt_signer": "联络员2"})
    with course.parts.context(court_liaison(course)) as ctx:
        assert any("调解协议书" in paper.title for paper in shared_page(ctx, proceeding).papers)
    on = course.today.isoformat()
    by_court(course, proceeding, "accept_request", {"accepted_on": on, "court_number": "（2026）苏0612调确1号"})
    ruled = {"ruled_on": on, "ruling_number": "（2026）苏0612调确1号之一", "ruling_text": "调解协议有效。"}
    by_court(course, proceeding, "confirm_agreement", ruled)
    facts = course.image(case_id).main.facts
    assert (facts["confirmation"], facts["confirmed_by"]) == ("court", "南通市通州区人民法院")
    assert clocks(course, case_id, "judicial_confirmation") == {"C02": True}
