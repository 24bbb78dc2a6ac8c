"""The papers of disputes and mediations: what 专利纠纷行政裁决和调解办法 asks of each, on the page and in the PDF."""

from __future__ import annotations

import re
from typing import Any

import pytest

from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.document_renderer import DocumentRenderer
from tests.adapters.test_document_renderer import text_of
from tests.adapters.test_pdf import print_document, texts_of
from tests.support.document_facts import DISPUTE_PAPERS, DOCUMENTS_FILE, TEMPLATES, dispute_facts, full_facts, part

TYPES = load_document_types(DOCUMENTS_FILE, templates_dir=TEMPLATES)
RENDERER = DocumentRenderer(TEMPLATES)


def paper(kind: str, facts: dict[str, Any] | None = None) -> str:
    return text_of(RENDERER.render_html(TYPES[kind], facts or dispute_facts(), preview=False))


def with_dispute(**changes: Any) -> dict[str, Any]:
    facts = dispute_facts()
    part(facts, "dispute").update(changes)
    return facts


def test_the_decision_rejects_inside_where_there_is_no_infringement() -> None:
    text = paper("adjudication", with_dispute(verdict="rejected", orders=[]))
    assert "裁决如下：驳回请求人的请求。" in text
    assert "强制执行" not in text
    assert "自收到本裁决书之日起十五日内" in text


def test_a_decision_in_part_stops_and_rejects() -> None:
    text = paper("adjudication", with_dispute(verdict="partly"))
    assert "1．立即停止销售被控侵权的四件套；2．立即停止许诺销售，下架网店商品链接。驳回请求人的其他请求。" in text


def test_a_direct_order_names_the_decision_in_force() -> None:
    text = paper("adjudication", with_dispute(earlier="通知知裁字〔2025〕3号行政裁决书"))
    assert "通知知裁字〔2025〕3号行政裁决书已经认定侵权行为成立并发生法律效力" in text
    assert "第三十四条" in text


def test_a_hearing_in_absence_is_said_to_be_one() -> None:
    facts = dispute_facts()
    part(facts, "oral").update(attendance="respondent_absent")
    assert "在被请求人缺席的情况下进行了口头审理" in paper("adjudication", facts)
    assert "缺席处理" in paper("oral_hearing_record", facts)


def test_terms_come_with_the_facts() -> None:
    facts = with_dispute(answer_days=12, answer_days_abroad=None, suit_days=20)
    part(facts, "mediation").update(opinion_days=9)
    assert "自收到之日起十二日内向本局提交答辩书。" in paper("answer_notice", facts)
    assert "没有固定住所" not in paper("answer_notice", facts)
    assert "二十日内" in paper("adjudication", facts)
    assert "自收到之日起九日内提交意见陈述书" in paper("opinion_notice", facts)


def test_a_patent_number_is_printed_with_its_letters_once() -> None:
    bare = with_dispute(patents=[{"kind": "patent_design", "number": "202430380182.4", "title": "被套"}])
    for facts in (bare, dispute_facts()):
        text = paper("answer_notice", facts)
        assert re.search(r"（专利号：ZL20\d{10}\.\d）", text)


def test_refusals_and_cancellations_tell_the_general_remedies_not_those_of_a_decision() -> None:
    for kind in ("dispute_refusal_notice", "cancellation_decision"):
        text = paper(kind)
        assert "六十日内" in text
        assert "六个月内" in text
        assert "十五日内" not in text


@pytest.mark.parametrize(("mediation", "article"), [(True, "第六十九条"), (False, "第三十六条")])
def test_a_cancellation_rests_on_the_article_of_its_procedure(mediation: bool, article: str) -> None:
    assert article in paper("cancellation_decision", with_dispute(mediation=mediation))


OLDER = {
    "20": {"law": "专利行政执法办法", "article": "13"},
    "22": {"law": "专利行政执法办法", "article": "14"},
    "other": {"law": "中华人民共和国专利法", "article": "65"},
}


def test_papers_of_an_older_clock_cite_the_text_that_governs() -> None:
    answer = paper("answer_notice", with_dispute(older=OLDER))
    assert "依据《专利行政执法办法》第十四条的规定，请自收到之日起" in answer
    assert "依据《专利纠纷行政裁决和调解办法》第二十二条的规定，请自收到之日起" in paper("answer_notice")
    assert "符合《专利行政执法办法》规定的条件" in paper("dispute_filing_notice", with_dispute(older=OLDER))


@pytest.mark.parametrize("kind", DISPUTE_PAPERS)
def test_no_paper_before_the_newer_text_names_it(kind: str) -> None:
    facts = with_dispute(older=OLDER)
    part(facts, "registration").update(older=True)
    part(facts, "sampling").update(older=True)
    assert "专利纠纷行政裁决和调解办法" not in paper(kind, facts)


def test_an_article_that_the_older_text_lacks_is_cited_from_the_newer_once_that_binds() -> None:
    later = {key: value for key, value in OLDER.items() if key != "other"}
    assert "《专利纠纷行政裁决和调解办法》第九条" in paper("clue_letter", with_dispute(older=later))


def test_an_agreement_without_payment_says_nothing_of_the_notary() -> None:
    facts = dispute_facts()
    assert "公证机构" in paper("mediation_agreement", facts)
    part(facts, "agreement").update(payment=False)
    assert "公证机构" not in paper("mediation_agreement", facts)
    assert "司法确认" in paper("mediation_agreement", facts)


@pytest.mark.parametrize(
    ("manner", "ticked"),
    [
        ("adjudicated", "行政裁决书"),
        ("executed", "行政裁决书"),
        ("mediated", "调解协议书"),
        ("withdrawn", "撤销案件决定书"),
        ("terminated", "撤销案件决定书"),
        ("merged", "其他应予结案的情形"),
    ],
)
def test_the_closing_form_ticks_the_closing_form_of_article_30(manner: str, ticked: str) -> None:
    facts = dispute_facts()
    facts["closing"] = {"manner": manner, "summary": "已处理完毕", "execution": "已停止侵权"}
    text = paper("closing_approval", facts)
    assert f"□√{ticked}" in text
    assert text.count("√") == 1
    assert "被请求人南通锦屏家纺有限公司" in text
    assert "请求人" not in paper("closing_approval", full_facts())


@pytest.mark.parametrize("kind", DISPUTE_PAPERS)
def test_every_paper_is_read_back_from_its_pdf(kind: str) -> None:
    for text in texts_of(print_document(kind)):
        assert TYPES[kind].name["zh"] in text
        assert "南通市通州区知识产权局" in text
        assert "【" not in text
