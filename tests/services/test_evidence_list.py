"""The list of evidence: numbered, with hashes, frozen as it was on its day."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.domain.documents import DocumentNotReady
from caseapp.domain.errors import ActionRefused
from caseapp.domain.evidence import EvidenceDraft, evidence_lines
from caseapp.queries.action_page import action_page
from caseapp.services import deputies, evidence_add, evidence_change, evidence_list, evidence_move
from caseapp.services.document_print import pdf_of
from caseapp.services.evidence_move import ItemDraft
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.support import evidence_files as files


def add(course: Course, case_id: str, content: bytes, **changes: Any) -> str:
    told: dict[str, Any] = {
        "source": "当事人店铺",
        "acquired_on": course.today,
        "place": "南通家纺城",
        "how": "scene",
        "officers": tuple(course.officers),
        "title": "现场照片",
        "proves": "销售侵权商品",
    }
    with course.as_("officer") as ctx:
        return evidence_add.add(ctx, case_id, io.BytesIO(content), "a.jpg", EvidenceDraft(**{**told, **changes})).id


def test_the_list_is_printed_from_what_stood_when_it_was_made(course: Course) -> None:
    case_id = course.filed()
    first = add(course, case_id, files.jpeg())
    gone = add(course, case_id, files.jpeg(70), title="误附的照片")
    with course.as_("officer") as ctx:
        evidence_change.withdraw(ctx, case_id, gone, reason="误附")
        draft = ItemDraft("四件套", 96, "套", "证物室", course.today, "当事人", spec="1.8米")
        evidence_move.take(ctx, case_id, draft)
        document = evidence_list.issue(ctx, case_id)
    digest = course.image(case_id).evidence[0].file.digest
    with course.as_("officer") as ctx:
        evidence_change.withdraw(ctx, case_id, first, reason="后来撤回")
        content, name = pdf_of(ctx, document)
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    assert name == "证据清单.pdf"
    for words in ("现场照片", "视听资料", digest, "顾海宁、陆文珺", "销售侵权商品", "四件套", "96套", "由顾海宁保管"):
        assert words in text, words
    assert "误附的照片" not in text
    assert "以下编号的证据已撤回，不再作为本案证据：2" in text
    [row] = [row for row in course.rows("issued_document") if row["type"] == "evidence_list"]
    assert json.loads(row["facts"])["evidence_list"][0]["digest"] == digest
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_an_empty_list_is_not_made(course: Course) -> None:
    case_id = course.checking()
    with course.as_("officer") as ctx, pytest.raises(DocumentNotReady):
        evidence_list.issue(ctx, case_id)
    with course.as_("legal") as ctx, pytest.raises(ActionRefused):
        evidence_list.issue(ctx, case_id)


def test_reports_start_with_the_evidence_of_the_case(course: Course) -> None:
    """主要证据 is offered as the list stands; what was written before is kept."""
    case_id = course.filed()
    add(course, case_id, files.jpeg())
    add(course, case_id, files.jpeg(70), title="进货单", proves="")
    image = course.image(case_id)
    assert evidence_lines(image.evidence) == "现场照片——销售侵权商品\n进货单"
    with course.as_("officer") as ctx:
        page = action_page(ctx, case_id, image.main.id, "conclude_investigation")
    assert page.facts["evidence"] == "现场照片——销售侵权商品\n进货单"


def test_the_list_names_the_principal_behind_a_deputy(course: Course) -> None:
    """Whoever put a piece in, or made the list, as somebody's deputy is named with whom he stood in for."""
    case_id = course.lead().id
    course.act(
        "leader", case_id, "assign_check", {"officers": [course.people[login].id for login in ("officer", "head")]}
    )
    week = {"first_on": course.today, "last_on": course.today + timedelta(days=6), "reason": "出差"}
    own = add(course, case_id, files.jpeg(70), title="进货单")
    with course.as_("officer") as ctx:
        deputies.name_deputy(ctx, course.people["officer"].id, course.people["officer2"].id, **week)
    with course.as_("officer2") as ctx:
        draft = EvidenceDraft(
            title="现场照片",
            source="店铺",
            acquired_on=course.today,
            place="家纺城",
            how="scene",
            officers=tuple(course.officers),
        )
        evidence_add.add(ctx, case_id, io.BytesIO(files.jpeg()), "a.jpg", draft)
        content, _ = pdf_of(ctx, evidence_list.issue(ctx, case_id))
    [row] = [row for row in course.rows("issued_document") if row["type"] == "evidence_list"]
    facts = json.loads(row["facts"])
    assert course.image(case_id).evidence[0].id == own
    assert [piece.get("taken_in_by") for piece in facts["evidence_list"]] == [None, "陆文珺（代顾海宁）"]
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    assert "录入人：陆文珺（代顾海宁）" in text
    assert "制表人：陆文珺（代顾海宁）" in text
