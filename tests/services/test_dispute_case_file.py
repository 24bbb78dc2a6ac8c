"""The bound files of disputes and mediations: their own order, what is missing, the seal on archiving."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.queries.bound_files import binding
from caseapp.services import case_file_package, case_file_request, case_file_verify
from caseapp.services.ledger_rebuild import differences
from caseapp.services.outbox_dispatch import dispatch
from docs.examples.verify_case_file import problems
from tests.factories.cases import Course
from tests.services.test_dispute_life import REQUEST, filed, panel, service

__all__ = ["panel"]

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


def part(course: Course, case_id: str, file_id: str, name: str) -> bytes:
    with course.as_("officer") as ctx:
        return case_file_package.part_of(ctx, case_id, binding(ctx, case_id, file_id), name)[0]


def listed(course: Course, case_id: str, file_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(part(course, case_id, file_id, "manifest"))
    return found


def test_a_dispute_is_bound_in_its_own_order(course: Course, panel: list[str]) -> None:
    case_id = filed(course, panel)
    course.act("officer", case_id, "serve_request", service(course))
    with course.as_("officer") as ctx:
        file_id = case_file_request.request(ctx, case_id, {})
    with course.parts.context() as ctx:
        dispatch(ctx)
    told = listed(course, case_id, file_id)
    main, side = told["volumes"]
    assert [(item["section"], item["title"]) for item in main["items"]] == [
        ("请求、补正和受理文书", "受理通知书"),
        ("对当事人制发的其他文书及送达回证", "答辩通知书"),
        ("对当事人制发的其他文书及送达回证", "送达回证（答辩通知书）"),
    ]
    assert [(item["section"], item["title"]) for item in side["items"]] == [("立案审批表", "专利侵权纠纷立案审批表")]
    assert told["missing"] == []
    cover = PdfReader(io.BytesIO(part(course, case_id, file_id, "main"))).pages[0].extract_text()
    assert "专利侵权纠纷行政裁决案卷" in cover.replace(" ", "")
    assert "被请求人" in cover


def test_archiving_a_mediation_seals_its_file(course: Course) -> None:
    facts = {"request_items": "确认权属", "mediation_subject": "other"}
    case_id = course.lead(**{**REQUEST, "procedure": "mediation", "facts": facts}).id
    course.act("head", case_id, "assign_request", {"officers": course.officers})
    course.act("officer", case_id, "issue_opinion_notice", facts)
    course.act("officer", case_id, "serve_opinion_notice", service(course))
    course.later(days=4)
    opinion = {"opinion_on": course.today.isoformat(), "opinion_text": "同意调解"}
    course.act("officer", case_id, "record_consent", opinion)
    session = {"session_on": course.today.isoformat(), "session_time": "9时30分", "session_place": "调解室"}
    filing = {"case_name": "某专利纠纷调解案", **session, "officers": course.officers}
    course.approved("officer", case_id, "file_case", filing)
    agreement = {
        "agreed_on": course.today.isoformat(),
        "dispute_facts": "共有人署名",
        "agreement_terms": "增加署名",
        "payment_duty": False,
    }
    course.act("officer", case_id, "reach_agreement", agreement)
    course.approved("officer", case_id, "close_mediated", {"closing_manner": "mediated", "closing_summary": "已履行"})
    course.act("officer", case_id, "archive", {"archived_on": course.today.isoformat(), "archive_number": "2026-TJ-1"})
    with course.parts.context() as ctx:
        dispatch(ctx)
        assert list(differences(ctx, case_id)) == []
        assert case_file_verify.verify(ctx, case_id) == (1, ())
        (sealed,) = course.image(case_id).sealed_files
        with zipfile.ZipFile(io.BytesIO(part(course, case_id, sealed.id, "package"))) as package:
            assert problems(package, ctx.ports.signer.public_key()) == []
    told = listed(course, case_id, sealed.id)
    main, side = told["volumes"]
    assert [item["title"] for item in main["items"]] == [
        "调解受理通知书",
        "调解协议书",
        "陈述意见通知书",
        "送达回证（陈述意见通知书）",
    ]
    assert [(item["section"], item["title"]) for item in side["items"]] == [("结案审批表", "结案审批表")]
    assert told["missing"] == []
