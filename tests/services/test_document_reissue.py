"""Papers issued without a step: voided with approval, issued anew from their own form under another number."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from caseapp.domain.errors import NotFound, RuleRefused
from caseapp.services import case_correct, document_reissue
from caseapp.services.case_act import Outcome
from caseapp.services.correction_draft import Asked
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.services.test_case_correct import ORDER, granted, paper_seq
from tests.services.test_papers import interview, text_of


def kept(course: Course, document_type: str) -> list[dict[str, Any]]:
    """Return the documents of a type in the order in which they were issued."""
    rows = [row for row in course.rows("issued_document") if row["type"] == document_type]
    return sorted(rows, key=lambda row: row["issued_at"])


def again(course: Course, case_id: str, document: str, fields: dict[str, Any]) -> Outcome:
    with course.as_("officer") as ctx:
        return document_reissue.reissue(ctx, case_id, document, fields, seen_version=course.image(case_id).version)


def test_a_voided_interview_is_issued_anew_from_what_it_said_and_names_the_old_one(course: Course) -> None:
    case_id = course.filed()
    course.act("officer", case_id, "interview_record", interview(course))
    (old,) = kept(course, "interview_record")
    course.later(days=1)
    with pytest.raises(RuleRefused, match="没有作废"):
        again(course, case_id, old["id"], interview(course))
    granted(course, case_id, Asked(paper_seq(course, case_id, old["id"]), "被询问人姓名有误"))
    with course.as_("officer") as ctx:
        fields = document_reissue.said_before(ctx, case_id, old["id"])
    assert fields["interview_officers"] == course.officers
    assert fields["interview_clerk"] == course.people["officer2"].id
    assert "interviewee_signed" not in fields
    assert fields["interview_text"] == "问：这批床品从哪里购进？\n答：从流动商贩处购进。"
    again(course, case_id, old["id"], {**fields, "interviewee_name": "翟小安"})
    _old, new = kept(course, "interview_record")
    assert json.loads(new["facts"])["paper"]["interviewee_name"] == "翟小安"
    assert course.image(case_id).documents[-1].replaces == old["id"]
    assert [row["replaced_by"] for row in course.rows("void_number")] == [new["title"]]
    text = text_of(course, new["id"])
    assert "翟小安" in text
    assert "原文书作废" in text
    assert "作废" in text_of(course, old["id"])
    with pytest.raises(RuleRefused, match="已经重新制发"):
        again(course, case_id, old["id"], fields)
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_an_order_that_needs_approval_is_issued_anew_at_the_last_signature_under_the_next_number(
    course: Course,
) -> None:
    case_id = course.filed()
    course.approved("officer", case_id, "correction_order", ORDER)
    (old,) = kept(course, "correction_order")
    course.later(days=1)
    granted(course, case_id, Asked(paper_seq(course, case_id, old["id"]), "依据有误"))
    with course.as_("officer") as ctx:
        fields = document_reissue.said_before(ctx, case_id, old["id"])
    assert fields["correction_violated"] == "《中华人民共和国商标法》第五十七条第（三）项"
    outcome = again(course, case_id, old["id"], {**fields, "correction_demand": "立即停止销售并下架。"})
    assert outcome.status == "requested"
    while outcome.status != "acted":
        request = course.image(case_id).pending_approval(course.image(case_id).main.id)
        assert request is not None
        course.later(hours=1)
        outcome = course.sign({"section_head": "head"}.get(str(request.step), str(request.step)), outcome)
    _old, new = kept(course, "correction_order")
    assert new["number"] is not None
    assert new["number"] != old["number"]
    assert [(row["number"], row["replaced_by"]) for row in course.rows("void_number")] == [
        (old["number"], new["number"])
    ]


def test_only_void_papers_of_their_own_are_issued_anew_so(course: Course) -> None:
    case_id = course.filed()
    filing = next(item for item in course.image(case_id).documents if item.action == "file_case")

    def refused(error: type[Exception], attempt: Callable[[], object]) -> None:
        before = course.everything()
        with pytest.raises(error):
            attempt()
        assert course.everything() == before

    refused(NotFound, lambda: again(course, case_id, "0" * 32, {}))
    refused(RuleRefused, lambda: again(course, case_id, filing.id, {}))
    course.act("officer", case_id, "interview_record", interview(course))
    (paper,) = kept(course, "interview_record")
    asked = Asked(paper_seq(course, case_id, paper["id"]), "有误", reissue=True)

    def propose() -> None:
        with course.as_("officer") as ctx:
            case_correct.propose(ctx, case_id, asked)

    refused(RuleRefused, propose)
