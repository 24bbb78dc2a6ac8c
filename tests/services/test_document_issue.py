"""Issuing papers: number, frozen facts, ledger entry and print order in one transaction; previews write nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from caseapp.domain.documents import DocumentNotReady, FrozenFacts
from caseapp.domain.errors import NotFound
from caseapp.queries.case_images import entries_of
from caseapp.queries.organ_tree import OrganContact
from caseapp.services import case_facts, document_issue
from caseapp.services.case_act import act
from tests.factories.cases import Course


def issued(course: Course, document_type: str) -> dict[str, Any]:
    (row,) = (row for row in course.rows("issued_document") if row["type"] == document_type)
    found: dict[str, Any] = row
    return found


def test_a_numbered_paper_is_issued_with_number_frozen_facts_entry_and_print_order(course: Course) -> None:
    case_id = course.deciding()
    course.approved("officer", case_id, "decide_penalty", course.decision())
    paper = issued(course, "penalty_decision")
    assert (paper["number"], paper["title"], paper["action"]) == (
        "通州市监知罚字〔2026〕1号",
        "行政处罚决定书",
        "decide_penalty",
    )
    assert (paper["issued_on"], paper["issued_at"]) == (course.today, course.clock.at)
    facts = json.loads(paper["facts"])
    assert (facts["number"], facts["issued_on"]) == (paper["number"], course.today.isoformat())
    assert facts["decision"]["fine_fen"] == 500_000
    assert FrozenFacts(paper["type"], paper["template_version"], paper["facts"], paper["facts_digest"]).intact

    with course.parts.context() as ctx:
        issues = [entry.payload["document"] for entry in entries_of(ctx, case_id) if entry.kind == "document_issued"]
    (told,) = (one for one in issues if one["id"] == paper["id"])
    assert (told["number"], told["facts_digest"]) == (paper["number"], paper["facts_digest"])
    assert paper["id"] in {document.id for document in course.image(case_id).documents}
    assert f"print:{paper['id']}" in course.rows("outbox", "key")
    assert ("penalty", 1) in course.rows("number_series", "series", "last")


def test_a_paper_without_a_series_takes_no_number(course: Course) -> None:
    course.checking()
    paper = issued(course, "lead_register")
    assert paper["number"] is None
    assert "number" not in json.loads(paper["facts"])
    assert course.rows("number_series", "series") == ["lead"]


def test_what_changes_later_does_not_change_what_was_issued(course: Course) -> None:
    case_id = course.checking()
    before = issued(course, "lead_register")
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"summary": "另有情况"}, reason="更正", seen_version=None)
    assert issued(course, "lead_register") == before


def test_a_paper_of_an_act_of_an_earlier_day_carries_that_day(course: Course) -> None:
    case_id = course.deciding()
    course.approved("officer", case_id, "decide_penalty", course.decision())
    served_on = course.today
    course.later(days=3).act("officer", case_id, "serve_decision", course.service(served_on.isoformat()))
    receipts = [row for row in course.rows("issued_document") if row["type"] == "service_receipt"]
    assert {row["issued_on"] for row in receipts} == {served_on, served_on - timedelta(days=10)}


# --- previews --------------------------------------------------------------------------------------------------------


def preview(course: Course, case_id: str, action: str, paper: str, entered: dict[str, Any]) -> document_issue.Preview:
    with course.as_("officer") as ctx:
        proceeding = course.image(case_id).main.id
        return document_issue.preview(ctx, case_id, proceeding, action, paper, entered)


def test_a_preview_shows_the_draft_and_lists_what_is_missing_and_writes_nothing(course: Course) -> None:
    case_id = course.checking()
    before = course.everything()
    draft = preview(course, case_id, "file_case", "filing_approval", {"filing_findings": "有侵权床品"})
    assert "有侵权床品" in draft.html
    assert [item.path for item in draft.missing] == ["filing.reasons"], "signatures are not asked yet"
    assert draft.unprintable == ()
    assert course.everything() == before


def test_a_preview_names_the_characters_that_cannot_be_printed(course: Course) -> None:
    case_id = course.checking()
    entered = {"filing_findings": "有侵权床品", "filing_reasons": "\U0001f409"}
    draft = preview(course, case_id, "file_case", "filing_approval", entered)
    assert [(item.path, item.character) for item in draft.unprintable] == [("filing.reasons", "\U0001f409")]


def test_a_preview_can_be_had_as_a_pdf(course: Course) -> None:
    case_id = course.checking()
    with course.as_("officer") as ctx:
        proceeding = course.image(case_id).main.id
        pdf = document_issue.preview_pdf(ctx, case_id, proceeding, "file_case", "filing_approval", {})
    assert pdf.startswith(b"%PDF-")


def test_there_is_no_preview_of_what_the_action_does_not_issue(course: Course) -> None:
    case_id = course.checking()
    with course.as_("officer") as ctx:
        main = course.image(case_id).main.id
        for proceeding, action, paper in (
            ("f" * 32, "file_case", "filing_approval"),
            (main, "fly", "filing_approval"),
            (main, "file_case", "penalty_decision"),
        ):
            with pytest.raises(NotFound):
                document_issue.preview(ctx, case_id, proceeding, action, paper, {})


# --- taken over in bulk ----------------------------------------------------------------------------------------------


def test_where_papers_are_not_issued_none_is_and_nothing_is_asked_for_them(course: Course) -> None:
    case_id = course.lead(summary="x").id
    with course.as_("head") as ctx:
        bulk = replace(ctx, issues_documents=False)
        main = course.image(case_id).main.id
        act(bulk, case_id, main, "assign_check", {"officers": course.officers}, seen_version=None)
    assert course.rows("issued_document") == []
    assert course.ledger(case_id) == ["opened", "acted"]


def test_a_paper_that_became_incomplete_while_it_waited_is_not_issued(course: Course) -> None:
    """Nothing of the last signature stays where its paper cannot be issued."""
    case_id = course.concluded()
    course.act("legal", case_id, "review_case", course.review())
    request = course.act("officer", case_id, "issue_prior_notice")
    course.sign("head", request)
    course.reached_at(OrganContact())
    before = course.everything()
    with pytest.raises(DocumentNotReady) as refused:
        course.sign("leader", request)
    assert [item.path for item in refused.value.missing] == ["organ.address", "organ.phone"]
    assert course.everything() == before
