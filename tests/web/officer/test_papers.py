"""Issued documents are PDFs of their own case, read by those who see it; every first look of an hour is kept."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote

from pypdf import PdfReader

from tests.support.office import Office
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_a_document_is_a_pdf_with_its_chinese_name(enter: Enter, office: Office) -> None:
    case = office.checking()
    (document,) = office.image(case.id).documents
    answer = enter("officer").get(f"/cases/{case.id}/documents/{document.id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert "案件来源登记表" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert "南通锦屏家纺有限公司" in text.replace("\n", "")


def test_a_document_is_opened_through_its_own_case_only(enter: Enter, office: Office) -> None:
    case, other = office.checking(), office.checking()
    (document,) = office.image(case.id).documents
    visitor = enter("officer")
    assert visitor.get(f"/cases/{other.id}/documents/{document.id}.pdf").status_code == 404
    assert visitor.get(f"/cases/{case.id}/documents/{'0' * 32}.pdf").status_code == 404
