"""Masked copies: from the frozen facts, with a ground for whatever is shown, tied to the original by its hash."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from caseapp.domain.errors import ExternalError, InputErrors, NotFound, RuleRefused
from caseapp.models.issued_document import IssuedDocument
from caseapp.services import document_print, masked_copy_issue
from caseapp.services.case_intake import PartyDraft
from caseapp.services.correction_draft import Asked
from caseapp.services.ledger_rebuild import differences
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course
from tests.services.test_case_correct import granted, paper_seq

PERSON = PartyDraft(
    "respondent", "person", "张三丰", None, {"address": "通州区川姜镇家纺城路8号", "phone": "13800000001"}
)


def decided(course: Course) -> tuple[str, dict[str, Any]]:
    case_id = course.deciding(parties=(PERSON,))
    told = {**course.decision(), "facts_found": "张三丰在其店铺销售侵权床品200件，联系电话13800000001。"}
    course.approved("officer", case_id, "decide_penalty", told)
    (row,) = (row for row in course.rows("issued_document") if row["type"] == "penalty_decision")
    return case_id, row


def text_of(course: Course, document_id: str) -> str:
    with course.as_("officer") as ctx:
        content, _ = document_print.pdf_of(ctx, document_id)
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def copy_of(course: Course) -> dict[str, Any]:
    (row,) = (row for row in course.rows("issued_document") if row["type"] == "masked_copy")
    found: dict[str, Any] = row
    return found


def test_a_masked_copy_is_a_document_of_its_own_that_names_the_original(course: Course) -> None:
    case_id, original = decided(course)
    with course.as_("officer") as ctx:
        masked_copy_issue.issue(ctx, case_id, original["id"], extra=["200件"])
        assert list(differences(ctx, case_id)) == []
    row = copy_of(course)
    facts = json.loads(row["facts"])
    assert (facts["original"]["id"], facts["original"]["digest"]) == (original["id"], original["facts_digest"])
    assert row["number"] is None
    text = text_of(course, row["id"])
    for shown in (
        "行政处罚决定书",
        original["number"],
        "张某某",
        "138****0001",
        "***，联系电话",
        original["facts_digest"][:20],
    ):
        assert shown in text
    for hidden in ("张三丰", "13800000001", "家纺城路8号", "200件"):
        assert hidden not in text
    assert "张三丰" in text_of(course, original["id"]), "the original is as it was"


def test_what_the_rule_hides_is_shown_only_with_a_ground_that_is_kept(course: Course) -> None:
    case_id, original = decided(course)
    with course.as_("officer") as ctx:
        draft = masked_copy_issue.draft(ctx, case_id, original["id"])
        (name,) = (item for item in draft.masks if item.original == "张三丰")
        for ground in ("", "要公开", "长" * 201):
            with pytest.raises(InputErrors):
                masked_copy_issue.draft(ctx, case_id, original["id"], shown={name.key: ground})
        with pytest.raises(InputErrors):
            masked_copy_issue.draft(ctx, case_id, original["id"], shown={"m99": "当事人书面同意公开"})
        masked_copy_issue.issue(ctx, case_id, original["id"], shown={name.key: "当事人书面同意公开姓名"})
    row = copy_of(course)
    assert json.loads(row["facts"])["masking"]["shown"] == [{"kind": "person_name", "ground": "当事人书面同意公开姓名"}]
    assert "张三丰" in text_of(course, row["id"])


def test_passages_that_stand_nowhere_and_too_many_are_told(course: Course) -> None:
    case_id, original = decided(course)
    with course.as_("officer") as ctx:
        with pytest.raises(InputErrors) as refused:
            masked_copy_issue.draft(ctx, case_id, original["id"], extra=["不在其中"])
        assert "不在其中" in str(refused.value.errors[0].message.values)
        with pytest.raises(InputErrors):
            masked_copy_issue.draft(ctx, case_id, original["id"], extra=["床品"] * 51)


def test_the_draft_can_be_seen_as_it_will_be_printed(course: Course) -> None:
    case_id, original = decided(course)
    with course.as_("officer") as ctx:
        assert masked_copy_issue.draft_pdf(ctx, case_id, original["id"]).startswith(b"%PDF-")


def test_only_decisions_of_the_case_whose_facts_are_intact_are_copied(course: Course) -> None:
    case_id, original = decided(course)
    notice = next(row["id"] for row in course.rows("issued_document") if row["type"] == "prior_notice")
    with course.as_("officer") as ctx:
        for case, document in ((case_id, notice), ("f" * 32, original["id"]), (case_id, "f" * 32)):
            with pytest.raises(NotFound):
                masked_copy_issue.draft(ctx, case, document)
        with unit_of_work(ctx) as unit:
            changed = original["facts"].replace("侵权", "合法")
            unit.connection.execute(
                update(IssuedDocument).where(IssuedDocument.id == original["id"]).values(facts=changed)
            )
        with pytest.raises(ExternalError):
            masked_copy_issue.draft(ctx, case_id, original["id"])


def test_a_voided_decision_is_not_made_public(course: Course) -> None:
    case_id, original = decided(course)
    granted(course, case_id, Asked(paper_seq(course, case_id, original["id"]), "内容有误"))
    with course.as_("officer") as ctx, pytest.raises(RuleRefused, match="已经作废"):
        masked_copy_issue.issue(ctx, case_id, original["id"])
