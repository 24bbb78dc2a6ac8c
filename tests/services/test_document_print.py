"""Printing: from the frozen facts alone, once, kept by its hash."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from caseapp.domain.errors import ExternalError, NotFound
from caseapp.models.issued_document import IssuedDocument
from caseapp.services import document_print
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course


def paper(course: Course) -> dict[str, Any]:
    (row,) = course.rows("issued_document")
    found: dict[str, Any] = row
    return found


def test_a_paper_is_printed_once_and_kept_by_its_hash(course: Course) -> None:
    course.checking()
    document = paper(course)["id"]
    with course.as_("officer") as ctx:
        digest = document_print.print_document(ctx, document)
        course.later(hours=1)
        assert document_print.print_document(ctx, document) == digest
        content, name = document_print.pdf_of(ctx, document)
    assert hashlib.sha256(content).hexdigest() == digest
    assert content.startswith(b"%PDF-")
    assert name == "案件来源登记表.pdf"
    printed = paper(course)
    assert (printed["pdf_sha256"], printed["printed_at"]) == (digest, course.clock.at - timedelta(hours=1))


def test_a_paper_is_printed_on_demand_where_nobody_did_yet(course: Course) -> None:
    course.checking()
    with course.as_("officer") as ctx:
        content, _ = document_print.pdf_of(ctx, paper(course)["id"])
    assert paper(course)["pdf_sha256"] == hashlib.sha256(content).hexdigest()


def test_a_numbered_paper_has_its_number_in_the_name_of_the_file(course: Course) -> None:
    course.checking()
    with course.parts.context() as ctx:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(update(IssuedDocument).values(number="通州市监知罚字〔2026〕1号"))
        assert document_print.pdf_of(ctx, paper(course)["id"])[1] == "案件来源登记表 通州市监知罚字〔2026〕1号.pdf"


def test_facts_that_are_no_longer_those_that_were_frozen_are_not_printed(course: Course) -> None:
    course.checking()
    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(IssuedDocument).values(facts=paper(course)["facts"].replace("侵权", "合法")))
    with course.as_("officer") as ctx, pytest.raises(ExternalError, match="与签发时不符"):
        document_print.print_document(ctx, paper(course)["id"])
    assert paper(course)["pdf_sha256"] is None


def test_a_file_that_was_changed_on_disk_is_not_handed_out(course: Course) -> None:
    course.checking()
    document = paper(course)["id"]
    with course.as_("officer") as ctx:
        digest = document_print.print_document(ctx, document)
        (file,) = (path for path in course.parts.config.var.rglob("*") if path.is_file() and digest in path.name.replace("/", "") + path.parent.name + path.name)  # fmt: skip
        file.chmod(0o600)
        file.write_bytes(b"%PDF-other")
        with pytest.raises(ExternalError):
            document_print.pdf_of(ctx, document)


def test_a_paper_that_does_not_exist_is_not_found(course: Course) -> None:
    with course.as_("officer") as ctx:
        with pytest.raises(NotFound):
            document_print.print_document(ctx, "f" * 32)
        with pytest.raises(NotFound):
            document_print.pdf_of(ctx, "f" * 32)
