"""Letterheads: every change a version, papers keep theirs, and nobody keeps another organ's."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from caseapp.domain.errors import InputErrors, NotPermitted, RuleRefused
from caseapp.queries.letterheads import LetterheadText, letterhead, letterheads, phrases_for
from caseapp.services import document_print, letterhead_change
from tests.factories.cases import Course
from tests.support.app import ORGAN

OWN = LetterheadText(
    0,
    "南通市通州区知识产权局文件",
    "南通市通州区知识产权局\n执法专用",
    "联系人：执法科",
    {"approval": ("同意，请从速。",)},
)


def change(course: Course, text: LetterheadText, login: str = "sysadmin", organ: str = ORGAN) -> int:
    with course.as_(login) as ctx:
        return letterhead_change.change(ctx, organ, text)


def notice_of(course: Course, case_id: str) -> tuple[str, str]:
    """Return frozen facts and text of the prior notice of a case."""
    row = next(
        item for item in course.rows("issued_document") if (item["case_id"], item["type"]) == (case_id, "prior_notice")
    )
    with course.as_("officer") as ctx:
        content, _ = document_print.pdf_of(ctx, row["id"])
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return row["facts"], re.sub(r"\s+", "", text)


def noticed(course: Course) -> str:
    case_id = course.concluded()
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    return case_id


def test_papers_carry_the_letterhead_of_the_day_they_were_issued(course: Course) -> None:
    before = noticed(course)
    assert change(course, OWN) == 1
    after = noticed(course)
    assert "letterhead" not in json.loads(notice_of(course, before)[0])["organ"]
    facts, text = notice_of(course, after)
    assert json.loads(facts)["organ"]["letterhead"]["version"] == 1
    for said in ("南通市通州区知识产权局文件", "执法专用", "联系人：执法科"):
        assert said in text
        assert said not in notice_of(course, before)[1]


def test_a_change_is_a_version_and_an_entry_and_the_same_again_is_none(course: Course) -> None:
    assert change(course, OWN) == 1
    assert change(course, replace(OWN, version=1)) == 1
    assert change(course, replace(OWN, version=1, head="另一标志")) == 2
    with course.parts.context() as ctx:
        assert [item.version for item in letterheads(ctx, ORGAN)] == [2, 1]
        assert letterhead(ctx, ORGAN).head == "另一标志"
        assert phrases_for(ctx, ORGAN, "approval") == ("同意，请从速。",)
        assert phrases_for(ctx, ORGAN, "site_text") == ()
    assert course.ledger("system").count("letterhead_changed") == 2


def test_a_form_made_from_an_older_version_is_refused(course: Course) -> None:
    change(course, OWN)
    with pytest.raises(RuleRefused):
        change(course, replace(OWN, head="晚到的更改"))


def test_only_who_keeps_the_organ_may_change_it(course: Course) -> None:
    for login in ("officer", "secadmin", "leader"):
        with pytest.raises(NotPermitted):
            change(course, OWN, login)
    with pytest.raises(NotPermitted):
        change(course, OWN, organ="320613-ip")


@pytest.mark.parametrize(
    "text",
    [
        replace(OWN, head="长" * 61),
        replace(OWN, head="\U0001f409"),
        replace(OWN, phrases={"elsewhere": ("x",)}),
        replace(OWN, phrases={"approval": ("长" * 301,)}),
        replace(OWN, phrases={"approval": ("短",) * 21}),
    ],
    ids=["too long", "not printable", "no such place", "phrase too long", "too many"],
)
def test_what_cannot_be_printed_or_offered_is_refused(course: Course, text: LetterheadText) -> None:
    with pytest.raises(InputErrors):
        change(course, text)


def test_what_was_typed_can_be_seen_before_it_is_kept(course: Course) -> None:
    with course.as_("sysadmin") as ctx:
        pdf = letterhead_change.preview_pdf(ctx, ORGAN, OWN)
    text = re.sub(r"\s+", "", PdfReader(BytesIO(pdf)).pages[0].extract_text())
    assert "南通市通州区知识产权局文件" in text
    assert "草稿" in text
    assert course.rows("letterhead") == []
