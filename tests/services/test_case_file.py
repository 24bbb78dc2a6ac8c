"""The bound case file: order, pages, what is missing, the seal, and what a changed item does to it."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.domain.errors import ExternalError, InputError, NotFound
from caseapp.domain.evidence import EvidenceDraft
from caseapp.queries.bound_files import binding, case_file_part
from caseapp.services import (
    case_file_build,
    case_file_package,
    case_file_request,
    case_file_verify,
    evidence_add,
)
from caseapp.services.ledger_rebuild import differences
from caseapp.services.outbox_dispatch import dispatch
from caseapp.services.unit_of_work import unit_of_work
from docs.examples.verify_case_file import problems
from tests.factories.cases import Course
from tests.support import evidence_files


def empty_outbox(course: Course) -> None:
    with course.parts.context() as ctx:
        dispatch(ctx)


def bound(course: Course, case_id: str, reasons: dict[str, str] | None = None) -> str:
    with course.as_("officer") as ctx:
        file_id = case_file_request.request(ctx, case_id, reasons or {})
    empty_outbox(course)
    return file_id


def part(course: Course, case_id: str, file_id: str, name: str) -> bytes:
    with course.as_("officer") as ctx:
        return case_file_package.part_of(ctx, case_id, binding(ctx, case_id, file_id), name)[0]


def archived(course: Course) -> str:
    case_id = course.closed()
    fields = {"archived_on": course.today.isoformat(), "archive_number": "2026-XZ-0001", "archive_volumes": 2}
    course.act("officer", case_id, "archive", fields)
    empty_outbox(course)
    return case_id


def sealed_early(course: Course) -> str:
    """Return a case whose file was sealed although it is only filed: fewer papers to print."""
    case_id = course.filed()
    with course.as_("officer") as ctx, unit_of_work(ctx) as unit:
        case_file_request.queue(ctx, unit, case_id, to_seal=True)
    empty_outbox(course)
    return case_id


def listed(course: Course, case_id: str, file_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(part(course, case_id, file_id, "manifest"))
    return found


def test_a_file_is_bound_in_the_order_of_the_rules_with_running_pages(course: Course) -> None:
    case_id = course.closed()
    file_id = bound(course, case_id, {"interview_record-site_record": "当事人主动送交材料"})
    told = listed(course, case_id, file_id)
    main, side = told["volumes"]
    assert [item["title"] for item in main["items"]] == [
        "立案/不予立案审批表",
        "行政处罚决定书",
        "送达回证（行政处罚决定书）",
        "行政处罚告知书",
        "送达回证（行政处罚告知书）",
    ]
    assert [item["title"] for item in side["items"]] == [
        "案件来源登记表",
        "案件调查终结报告",
        "案件审核/法制审核表",
        "结案审批表",
        "行政处罚案件有关事项审批表",
        "行政处理决定审批表",
    ]
    pages = [item["pages"] for item in main["items"]]
    assert pages[0][0] == 1
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(pages))
    assert told["missing"] == [{"label": "询问笔录或者现场笔录", "reason": "当事人主动送交材料"}]
    assert [volume["archival"] for volume in told["volumes"]] == ["PDF/A-2b", "PDF/A-2b"]

    reader = PdfReader(io.BytesIO(part(course, case_id, file_id, "main")))
    texts = [page.extract_text().replace("\n", "") for page in reader.pages]
    assert "行政处罚案卷" in texts[0].replace(" ", "")
    assert "卷内文件目录" in texts[1]
    assert "当事人主动送交材料" in texts[-1]
    assert len(texts) == 2 + main["pages"] + 1
    assert "内部材料" in PdfReader(io.BytesIO(part(course, case_id, file_id, "side"))).pages[0].extract_text()


def test_progress_and_result_are_on_the_page_of_the_case(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        file_id = case_file_request.request(ctx, case_id, {})
        assert case_file_request.request(ctx, case_id, {}) == file_id, "one under way is enough"
        card = case_file_part(ctx, course.image(case_id))
        assert card.latest is not None
        assert card.latest.under_way
        with pytest.raises(NotFound):
            case_file_package.part_of(ctx, case_id, card.latest, "main")
    empty_outbox(course)
    with course.as_("officer") as ctx:
        card = case_file_part(ctx, course.image(case_id))
    assert card.latest is not None
    assert (card.latest.state, card.latest.done, card.latest.outdated) == ("built", card.latest.total, False)
    assert card.fragments == 2
    course.act(
        "officer", case_id, "exclude_time", {"excluded_from": course.today.isoformat(), "excluded_reason": "appraisal"}
    )
    with course.as_("officer") as ctx:
        again = case_file_part(ctx, course.image(case_id)).latest
    assert again is not None
    assert again.outdated


def test_every_part_that_leaves_is_noted_in_the_ledger(course: Course) -> None:
    case_id = course.filed()
    file_id = bound(course, case_id)
    for name in ("main", "side", "manifest", "package"):
        part(course, case_id, file_id, name)
    told = [json.loads(row["payload"]) for row in course.rows("ledger_entry") if row["kind"] == "exported"]
    assert [item["asked"]["part"] for item in told] == ["main", "side", "manifest", "package"]
    with course.as_("officer") as ctx, pytest.raises(NotFound):
        case_file_package.part_of(ctx, case_id, binding(ctx, case_id, file_id), "other")


def test_archiving_seals_the_file_and_the_ledger_says_so(course: Course) -> None:
    case_id = archived(course)
    (sealed,) = course.image(case_id).sealed_files
    assert course.ledger(case_id)[-1] == "file_sealed"
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []
        assert case_file_verify.verify(ctx, case_id) == (1, ())
        assert case_file_build.build(ctx, sealed.id) == sealed.manifest, "building again changes nothing"
        with zipfile.ZipFile(io.BytesIO(part(course, case_id, sealed.id, "package"))) as package:
            assert problems(package, ctx.ports.signer.public_key()) == []
            assert problems(package, "00" * 32) == ["signed with another key than the trusted one"]
    assert course.ledger(case_id).count("file_sealed") == 1


def test_a_changed_item_volume_or_list_is_found(course: Course) -> None:
    case_id = sealed_early(course)
    (sealed,) = course.image(case_id).sealed_files
    told = listed(course, case_id, sealed.id)
    item = told["volumes"][0]["items"][0]
    folder = course.parts.config.var / "documents"

    def change(sha256: str) -> None:
        file = folder / sha256[:2] / sha256
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-1] + b"X")

    change(item["sha256"].removeprefix("sha256:"))
    with course.parts.context() as ctx:
        _, broken = case_file_verify.verify(ctx, case_id)
    assert [one.part for one in broken] == ["main/1 立案/不予立案审批表"]
    change(sealed.side)
    with course.parts.context() as ctx:
        assert "side" in [one.part for one in case_file_verify.verify(ctx, case_id)[1]]
    change(sealed.manifest)
    with course.parts.context() as ctx:
        assert [one.part for one in case_file_verify.verify(ctx, case_id)[1]] == ["manifest"]


def test_a_package_that_was_changed_does_not_pass_the_stand_alone_check(course: Course) -> None:
    case_id = sealed_early(course)
    (sealed,) = course.image(case_id).sealed_files
    package = part(course, case_id, sealed.id, "package")

    def with_changed(name: str, change: Any) -> list[str]:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w") as new:
            for entry in old.namelist():
                new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
        with zipfile.ZipFile(target) as made:
            return problems(made)

    assert with_changed("main.pdf", lambda content: content + b" ") == ["main.pdf is not the volume that was listed"]
    later = with_changed("manifest.json", lambda content: content.replace(b'"pages":[1,1]', b'"pages":[2,2]'))
    assert "the signature does not fit the list" in later
    assert with_changed("signature.json", lambda _: b"{}") == ["the file is not sealed"]


def test_reasons_are_kept_for_the_seal_and_not_too_long(course: Course) -> None:
    case_id = course.concluded()
    bound(course, case_id, {"interview_record-site_record": "未作询问"})
    with course.as_("officer") as ctx, unit_of_work(ctx) as unit:
        case_file_request.queue(ctx, unit, case_id, to_seal=True)
    empty_outbox(course)
    (sealed,) = course.image(case_id).sealed_files
    assert listed(course, case_id, sealed.id)["missing"][0]["reason"] == "未作询问"
    with course.as_("officer") as ctx, pytest.raises(InputError):
        case_file_request.request(ctx, case_id, {"x": "长" * 201})


def test_a_file_that_cannot_be_bound_says_why_and_may_be_tried_again(course: Course) -> None:
    case_id = course.filed()
    empty_outbox(course)
    printed = next(row["pdf_sha256"] for row in course.rows("issued_document"))
    file = course.parts.config.var / "documents" / printed[:2] / printed
    kept = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(b"broken")
    with course.as_("officer") as ctx:
        file_id = case_file_request.request(ctx, case_id, {})
        with pytest.raises(ExternalError):
            case_file_build.build(ctx, file_id)
        line = binding(ctx, case_id, file_id)
        assert (line.state, bool(line.error)) == ("failed", True)
        file.write_bytes(kept)
        case_file_build.build(ctx, file_id)
        assert binding(ctx, case_id, file_id).state == "built"


def test_there_is_no_file_that_nobody_asked_for(course: Course) -> None:
    with course.as_("officer") as ctx:
        with pytest.raises(NotFound):
            case_file_build.build(ctx, "f" * 32)
        with pytest.raises(NotFound):
            binding(ctx, "f" * 32, "e" * 32)


# --- evidence ---------------------------------------------------------------------------------------------------------


def add_evidence(course: Course, case_id: str, content: bytes, name: str) -> None:
    draft = EvidenceDraft("当事人店铺", course.today, "通州区川姜镇1号", "scene", tuple(course.officers))
    with course.as_("officer") as ctx:
        evidence_add.add(ctx, case_id, io.BytesIO(content), name, draft)


def test_pictures_and_pdfs_are_bound_and_what_has_no_pages_is_named_in_the_remarks(course: Course) -> None:
    case_id = course.filed()
    add_evidence(course, case_id, evidence_files.jpeg(), "现场照片.jpg")
    add_evidence(course, case_id, evidence_files.pdf(), "进货单.pdf")
    add_evidence(course, case_id, "账目\n".encode(), "账目.txt")
    file_id = bound(course, case_id)
    main = listed(course, case_id, file_id)["volumes"][0]
    assert [(item["section"], item["kind"]) for item in main["items"][1:]] == [("证据材料", "evidence")] * 2
    reader = PdfReader(io.BytesIO(part(course, case_id, file_id, "main")))
    assert "账目.txt" in reader.pages[-1].extract_text()
    with course.as_("officer") as ctx, unit_of_work(ctx) as unit:
        case_file_request.queue(ctx, unit, case_id, to_seal=True)
    empty_outbox(course)
    with course.parts.context() as ctx:
        assert case_file_verify.verify(ctx, case_id) == (1, ())
        digest = course.image(case_id).evidence[0].file.digest.rpartition(":")[2]
    (file,) = (path for path in (course.parts.config.var / "evidence").rglob("*") if path.is_file() and path.name.endswith(digest[4:]))  # fmt: skip
    file.chmod(0o600)
    file.write_bytes(b"changed")
    with course.parts.context() as ctx:
        assert [one.part for one in case_file_verify.verify(ctx, case_id)[1]] == ["main/2 证据1　现场照片.jpg"]
