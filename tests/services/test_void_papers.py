"""A void document is marked wherever it can be opened, and its number is given to no other."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from caseapp.domain.errors import InputError
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.search import Group, question_of, search_page
from caseapp.services import document_scan
from caseapp.services.correction_draft import Asked
from tests.factories.cases import Course
from tests.factories.pictures import png
from tests.services.test_case_correct import granted, paper_seq, text_of


def blank_pdf() -> bytes:
    found = pikepdf.new()
    found.add_blank_page(page_size=(595, 842))
    target = BytesIO()
    found.save(target)
    return target.getvalue()


@pytest.mark.parametrize("content", [pytest.param(png(), id="a picture"), pytest.param(blank_pdf(), id="a PDF")])
def test_the_signed_scan_of_a_void_paper_is_stamped_and_no_other_is_taken_in(course: Course, content: bytes) -> None:
    case_id = course.filed()
    paper = next(item for item in course.image(case_id).documents if item.action == "file_case")
    with course.as_("officer") as ctx:
        document_scan.attach(ctx, case_id, paper.id, content)
        assert document_scan.scan_of(ctx, case_id, paper.id)[0] == content
    granted(course, case_id, Asked(paper_seq(course, case_id, paper.id), "内容有误"))
    with course.as_("officer") as ctx:
        stamped, media, name = document_scan.scan_of(ctx, case_id, paper.id)
        record = course.image(case_id).document(paper.id)
        assert record is not None
        assert ctx.ports.files.get(record.scan) == content
        with pytest.raises(InputError):
            document_scan.attach(ctx, case_id, paper.id, content)
    assert media == "application/pdf"
    assert name.endswith("（作废）.pdf")
    assert "作废" in text_of(stamped)
    assert "内容有误" in text_of(stamped)


def test_a_void_paper_is_found_and_marked_and_its_number_stays_taken(course: Course) -> None:
    case_id = course.filed()
    paper = next(item for item in course.image(case_id).documents if item.action == "file_case")
    with course.as_("officer") as ctx:
        asked = question_of(ctx, CaseFilter(text="立案审批"))
        assert asked is not None
        assert [row.void for row in search_page(ctx, Group.DOCUMENTS, asked).rows if row.target == paper.id] == [False]
    granted(course, case_id, Asked(paper_seq(course, case_id, paper.id), "内容有误", reissue=True))
    with course.as_("officer") as ctx:
        found = {row.target: row.void for row in search_page(ctx, Group.DOCUMENTS, asked).rows}
    new = next(item for item in course.image(case_id).documents if item.replaces == paper.id)
    assert (found[paper.id], found[new.id]) == (True, False)
    numbers = [row["number"] for row in course.rows("issued_document") if row["number"]]
    assert len(numbers) == len(set(numbers))
