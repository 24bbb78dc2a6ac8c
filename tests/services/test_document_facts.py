"""What papers are printed from: gathered from the case, the unknown left out, the reporter kept secret."""

from __future__ import annotations

from typing import Any

import pytest

from caseapp.domain.facts import Goods
from caseapp.queries.case_images import load
from caseapp.services import document_facts
from caseapp.services.case_intake import PartyDraft
from tests.factories.cases import FINDINGS, REPORT, RESPONDENT, Course


def gathered(
    course: Course, case_id: str, action: str, entered: dict[str, Any] | None = None, login: str = "officer"
) -> dict[str, Any]:
    """Return the facts for a paper of an action, as its actor would issue it today."""
    with course.as_(login) as ctx:
        image = load(ctx, case_id).image
        found = ctx.law.procedures.get(image.main.procedure).action(action)
        assert found is not None
        return document_facts.gather(ctx, image, image.main, found, entered or {}, on=course.today)


def test_a_new_lead_tells_what_is_known_and_nothing_else(course: Course) -> None:
    facts = gathered(
        course, course.lead(goods=(Goods("四件套", quantity=3),)).id, "assign_check", {"officers": course.officers}
    )
    assert facts["organ"] == {
        "name": "南通市通州区市场监督管理局（知识产权局）",
        "short": facts["organ"]["short"],
        "document_word": "通州市监",
        "address": "通州区世纪大道1号",
        "phone": "0513-80000000",
        "postcode": "226300",
    }
    assert facts["case"]["source_text"] == "12315平台"
    assert facts["case"]["registered_on"] == course.today.isoformat()
    assert not {"number", "filed_on"} & set(facts["case"])
    assert facts["parties"] == [
        {
            "role": "respondent",
            "kind": "organisation",
            "name": RESPONDENT.name,
            "address": "通州区川姜镇1号",
            "phone": "13800000001",
        }
    ]
    assert facts["rights"] == [
        {"kind": "trademark", "number": "12345678", "title": "澜庭", "holder": "南通澜庭家纺有限公司"}
    ]
    assert facts["goods"] == [{"name": "四件套", "quantity": 3}]
    assert facts["officers"] == [
        {"name": "顾海宁", "certificate_no": "测F000002"},
        {"name": "陆文珺", "certificate_no": "测F000003"},
    ]
    assert facts["demo"] is False
    assert not {"review", "service", "course", "defence_summary", "filing"} & set(facts)
    assert facts["approvals"] == []


def test_who_reported_stays_secret(course: Course) -> None:
    reporter = PartyDraft("reporter", "person", "李某某", None, {"phone": "13900000009"})
    facts = gathered(course, course.lead(parties=(RESPONDENT, reporter)).id, "assign_check")
    assert facts["parties"][1] == {"role": "reporter", "kind": "person"}
    assert "李某某" not in str(facts)
    assert "13900000009" not in str(facts)


def test_what_is_entered_wins_over_what_is_known(course: Course) -> None:
    case_id = course.concluded()
    assert gathered(course, case_id, "decide_penalty")["facts_found"] == FINDINGS["facts_found"]
    assert gathered(course, case_id, "decide_penalty", {"facts_found": "另查明。"})["facts_found"] == "另查明。"


EVIDENCE = {
    "with a dash": ("现场笔录——证明数量", [{"name": "现场笔录", "proves": "证明数量"}]),
    "with two hyphens": ("照片 -- 证明标识", [{"name": "照片", "proves": "证明标识"}]),
    "with nothing behind it": ("鉴定书", [{"name": "鉴定书"}]),
    "line by line": ("甲——子\n\n  乙——丑  ", [{"name": "甲", "proves": "子"}, {"name": "乙", "proves": "丑"}]),
    "with a dash in what it proves": ("甲——子——丑", [{"name": "甲", "proves": "子——丑"}]),
    "without a name": ("——子", []),
    "not at all": ("", []),
}
ARTICLES = {
    "plainly": ("商标法 第五十七条第（三）项", [{"law": "商标法", "article": "第五十七条第（三）项"}]),
    "in brackets": ("《商标法》第六十条", [{"law": "商标法", "article": "第六十条"}]),
    "in brackets with a blank": ("《商标法》 第六十条", [{"law": "商标法", "article": "第六十条"}]),
    "without an article": ("《商标法》", [{"law": "商标法"}]),
    "line by line": (
        "甲法 第一条\n乙法 第二条\n",
        [{"law": "甲法", "article": "第一条"}, {"law": "乙法", "article": "第二条"}],
    ),
}


def test_evidence_and_articles_are_read_line_by_line(course: Course) -> None:
    case_id = course.filed()
    for name, (text, expected) in EVIDENCE.items():
        assert gathered(course, case_id, "decide_penalty", {"evidence": text})["evidence"] == expected, name
    for name, (text, expected) in ARTICLES.items():
        facts = gathered(course, case_id, "decide_penalty", {"basis": text, "violated": text})
        assert facts["basis"] == facts["violated"] == expected, name


@pytest.mark.parametrize(("action", "result"), [("file_case", "file"), ("decline_filing", "not_file")])
def test_the_filing_form_says_what_was_decided(course: Course, action: str, result: str) -> None:
    facts = gathered(course, course.checking(), action, {"filing_findings": "甲", "filing_reasons": "乙"})
    assert facts["filing"] == {"result": result, "findings": "甲", "reasons": "乙"}


def test_a_review_says_of_what_kind_it_is_and_why(course: Course) -> None:
    case_id = course.filed()
    course.act("officer", case_id, "conclude_investigation", {**REPORT, "legal_review_grounds": ["complex", "local"]})
    entered = {"review_received_on": "2026-11-23", "review_verdict": "agree", "review_opinion": "同意。"}
    legal = gathered(course, case_id, "review_legally", entered, "legal")["review"]
    assert (legal["kind"], legal["reviewer"], legal["completed_on"]) == ("legal", "沈思齐", course.today.isoformat())
    assert legal["ground"] == "案件情况疑难复杂、涉及多个法律关系；本机关法制审核清单所列"
    plain = gathered(course, case_id, "review_case", {**entered, "legal_review_grounds": None}, "legal")["review"]
    assert (plain["kind"], "ground" in plain) == ("case", False)
    heard = gathered(course, case_id, "review_after_hearing", {**entered, "legal_review_grounds": []}, "legal")[
        "review"
    ]
    assert heard["ground"] == "经过听证程序"


def test_a_decision_knows_notice_defence_payment_and_remedies(course: Course) -> None:
    case_id = course.deciding()
    facts = gathered(course, case_id, "decide_penalty", course.decision())
    assert facts["notice"]["number"] == "通州市监知告字〔2026〕1号"
    assert facts["notice"]["served_on"] == "2026-11-23"
    assert facts["defence"] == {"working_days": 5, "status": "waived"}
    assert facts["decision"]["fine_fen"] == 500_000
    assert facts["decision"]["kinds"] == ["fine"]
    assert facts["decision"]["public"] is True
    assert "number" not in facts["decision"]
    assert facts["payment"]["bank"] == "某银行"
    assert facts["payment"]["days"] == 15
    assert facts["remedies"]["reconsideration_organ"] == "南通市通州区人民政府" or facts["remedies"][
        "reconsideration_organ"
    ].endswith("人民政府")
    assert facts["remedies"]["lawsuit_court"] == "南通市通州区人民法院"
    assert facts["remedies"]["reconsideration_first"] is False
    warned = gathered(course, case_id, "decide_penalty", {"decided_kinds": ["warning"], "payment_bank": None})
    assert warned["decision"]["public"] is False, "a mere warning is not published"
    assert warned["payment"]["bank"] == "某银行通州支行", "the organ's own where none is entered"


HEARINGS: dict[str, tuple[dict[str, Any], bool]] = {
    "not for a small fine": ({"proposed_fine": 9_999_999}, False),
    "for a great fine": ({"proposed_fine": 10_000_000}, True),
    "for great gains": ({"proposed_fine": 0, "proposed_gains": 6_000_000, "proposed_goods_value": 4_000_000}, True),
    "not for small gains": (
        {"proposed_fine": 0, "proposed_gains": 6_000_000, "proposed_goods_value": 3_999_999},
        False,
    ),
    "for a severe penalty": ({"proposed_severe": ["close_down"]}, True),
}


def test_the_notice_says_whether_a_hearing_may_be_asked_for(course: Course) -> None:
    case_id = course.concluded()
    for name, (entered, entitled) in HEARINGS.items():
        assert gathered(course, case_id, "issue_prior_notice", entered)["hearing"]["entitled"] is entitled, name


def test_the_limits_of_a_hearing_are_lower_for_a_person(course: Course) -> None:
    person = PartyDraft("respondent", "person", "张某", None, {"address": "通州区"})
    case_id = course.concluded(parties=(person,))
    great, small = ({"proposed_fine": fen} for fen in (1_000_000, 999_999))
    assert gathered(course, case_id, "issue_prior_notice", great)["hearing"]["entitled"] is True
    assert gathered(course, case_id, "issue_prior_notice", small)["hearing"]["entitled"] is False


def test_a_receipt_names_the_paper_that_is_served(course: Course) -> None:
    case_id = course.deciding()
    course.approved("officer", case_id, "decide_penalty", course.decision())
    service = gathered(course, case_id, "serve_decision", course.service("2026-12-03"))["service"]
    assert service["documents"] == [{"name": "行政处罚决定书", "number": "通州市监知罚字〔2026〕1号"}]
    assert (service["receiver"], service["received_by"], service["method"]) == (RESPONDENT.name, "张某", "direct")
    assert service["servers"] == ["顾海宁", "陆文珺"]
    assert service["on"] == course.today.isoformat()


def test_a_defence_that_was_made_is_told_with_its_finding(course: Course) -> None:
    case_id = course.concluded()
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    course.act("officer", case_id, "serve_prior_notice", course.service(course.today.isoformat()))
    made = {"defence_on": course.today.isoformat(), "defence_summary": "不知情"}
    course.act("officer", case_id, "record_defence", made)
    course.act("officer", case_id, "consider_defence", {"defence_verdict": "rejected", "defence_finding": "无证据"})
    defence = gathered(course, case_id, "decide_penalty")["defence"]
    assert (defence["status"], defence["summary"], defence["finding"]) == ("made", "不知情", "无证据")


def test_signatures_follow_who_asked(course: Course) -> None:
    case_id = course.checking()
    request = course.act("officer", case_id, "file_case", course.filing())
    course.sign("head", request, opinion="拟同意。")
    steps = [
        (item["step"], item["name"], item.get("opinion"))
        for item in gathered(course, case_id, "file_case")["approvals"]
    ]
    assert steps == [("officer", "顾海宁", None), ("section_head", "钱立新", "拟同意。")]
    assert gathered(course, case_id, "decline_filing")["approvals"] == []
