"""A paper made again on a page of its own names the voided one in whose place it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from caseapp.adapters.clock import SetClock
from caseapp.domain.connections import TransferKind
from caseapp.domain.facts import DocumentRecord
from caseapp.domain.workflow.situation import Actor
from caseapp.services import case_transfer, evidence_list, masked_copy_issue
from caseapp.services.correction_draft import Asked
from caseapp.services.ledger_rebuild import differences
from caseapp.wiring import Huhang
from tests.factories.cases import CONTACT, Course
from tests.factories.custody import attach
from tests.factories.organs import CITY, HAIMEN, neighbours
from tests.services.test_case_correct import granted, paper_seq
from tests.support.evidence_files import jpeg


@pytest.fixture
def course(parts: Huhang, people: Mapping[str, Actor], clock: SetClock) -> Course:
    made = Course(parts, {**people, **neighbours(parts)}, clock)
    made.reached_at(CONTACT)
    return made


def papers(course: Course, case_id: str, type_id: str) -> list[DocumentRecord]:
    return [item for item in course.image(case_id).documents if item.type == type_id]


def void(course: Course, case_id: str, type_id: str) -> str:
    """Have the last paper of a kind voided; return its id."""
    last = papers(course, case_id, type_id)[-1]
    granted(course, case_id, Asked(paper_seq(course, case_id, last.id), "内容有误"))
    return last.id


def said(course: Course, document_id: str) -> Any:
    (facts,) = (row["facts"] for row in course.rows("issued_document") if row["id"] == document_id)
    return json.loads(facts)


def sound(course: Course, case_id: str) -> bool:
    with course.parts.context() as ctx:
        return list(differences(ctx, case_id)) == []


def test_a_masked_copy_replaces_the_void_one_of_its_decision_and_a_standing_one_is_no_predecessor(
    course: Course,
) -> None:
    case_id = course.performing()
    (decision,) = papers(course, case_id, "penalty_decision")

    def copied(document_id: str) -> DocumentRecord:
        with course.as_("officer") as ctx:
            masked_copy_issue.issue(ctx, case_id, document_id)
        return papers(course, case_id, "masked_copy")[-1]

    copied(decision.id)
    assert copied(decision.id).replaces is None
    first, second = (item.id for item in papers(course, case_id, "masked_copy"))
    assert void(course, case_id, "masked_copy") == second
    third = copied(decision.id)
    assert third.replaces == second
    assert copied(decision.id).replaces is None, "it has its successor already"
    assert "replaces" not in said(course, third.id), "the public text is the decision's"
    assert first
    assert sound(course, case_id)


def test_the_copy_of_a_decision_that_was_issued_anew_replaces_the_copy_of_the_void_one(course: Course) -> None:
    case_id = course.performing()
    (old,) = papers(course, case_id, "penalty_decision")
    with course.as_("officer") as ctx:
        masked_copy_issue.issue(ctx, case_id, old.id)
    voided = void(course, case_id, "masked_copy")
    granted(course, case_id, Asked(paper_seq(course, case_id, old.id), "文号有误", reissue=True))
    with course.as_("officer") as ctx:
        masked_copy_issue.issue(ctx, case_id, papers(course, case_id, "penalty_decision")[-1].id)
    assert papers(course, case_id, "masked_copy")[-1].replaces == voided


def test_a_list_of_evidence_names_the_void_one(course: Course) -> None:
    case_id = course.filed()
    attach(course, case_id, jpeg())
    with course.as_("officer") as ctx:
        evidence_list.issue(ctx, case_id)
    voided = void(course, case_id, "evidence_list")
    with course.as_("officer") as ctx:
        again = evidence_list.issue(ctx, case_id)
    assert papers(course, case_id, "evidence_list")[-1].replaces == voided
    assert said(course, again)["replaces"]["title"] == "证据清单"
    assert sound(course, case_id)


def test_a_letter_replaces_the_void_one_to_the_same_organ_only(course: Course) -> None:
    case_id = course.filed()

    def sent(receiver: str) -> DocumentRecord:
        with course.as_("leader") as ctx:
            case_transfer.send(ctx, case_id, TransferKind.MOVE, receiver, reason="违法行为发生地", seen_version=None)
            case_transfer.recall(ctx, course.image(case_id).transfers[-1].id, reason="材料有误", seen_version=None)
        return papers(course, case_id, "transfer_letter")[-1]

    sent(HAIMEN)
    voided = void(course, case_id, "transfer_letter")
    assert sent(CITY).replaces is None
    letter = sent(HAIMEN)
    assert letter.replaces == voided
    assert said(course, letter.id)["replaces"]["number"] == said(course, voided)["number"]
    assert sound(course, case_id)
