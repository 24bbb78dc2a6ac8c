"""The case file on its page: asked for, followed, opened; scans of what was signed by hand."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from lxml import html

from caseapp.domain.signatures import data_url
from caseapp.services.outbox_dispatch import dispatch
from tests.factories.pictures import png
from tests.support.office import Office
from tests.web.officer.forms import fields, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def hidden(page: str) -> dict[str, str]:
    return {
        str(item.get("name")): str(item.get("value") or "")
        for item in html.fromstring(page).xpath('//main//form//input[@type="hidden"]')
    }


def test_a_file_is_asked_for_followed_and_opened(enter: Enter, office: Office) -> None:
    case = office.filed()
    officer = enter("officer")
    address = f"/cases/{case.id}/file"
    assert address in officer.get(f"/cases/{case.id}?tab=documents").text
    page = officer.get(address).text
    assert "还没有装订过" in page
    assert officer.post(address, fields=hidden(page)).status_code == 303
    assert "正在装订" in officer.get(f"{address}/progress").text
    with office.parts.context() as ctx:
        dispatch(ctx)
    done = officer.get(f"{address}/progress").text
    assert "已装订" in done
    links = [str(link) for link in html.fromstring(done).xpath("//a/@href")]
    kinds = [officer.get(link).mimetype for link in links]
    assert kinds == ["application/pdf", "application/pdf", "application/json", "application/zip"]
    told = json.loads(officer.get(links[2]).data)
    assert [item["title"] for item in told["volumes"][0]["items"]] == ["立案/不予立案审批表"]


def test_who_may_not_bind_is_not_offered_it_and_refused(enter: Enter, office: Office) -> None:
    case = office.filed()
    legal = enter("legal")
    page = legal.get(f"/cases/{case.id}/file").text
    assert "装订案卷" not in words(page)
    assert legal.post(f"/cases/{case.id}/file", fields=hidden(page)).status_code == 403


def test_a_file_of_another_case_is_not_found(enter: Enter, office: Office) -> None:
    one, other = office.filed(), office.checking(respondent="南通另案家纺有限公司")
    officer = enter("officer")
    officer.post(f"/cases/{one.id}/file", fields=hidden(officer.get(f"/cases/{one.id}/file").text))
    with office.parts.context() as ctx:
        dispatch(ctx)
    link = html.fromstring(officer.get(f"/cases/{one.id}/file/progress").text).xpath("//a/@href")[0]
    assert officer.get(str(link)).status_code == 200
    assert officer.get(str(link).replace(one.id, other.id)).status_code == 404
    assert officer.get(str(link).replace("/main", "/other")).status_code == 404


# --- scans ------------------------------------------------------------------------------------------------------------


def scan_address(office: Office, case_id: str) -> str:
    return f"/cases/{case_id}/documents/{office.image(case_id).documents[-1].id}/scan"


def test_a_scan_is_taken_in_shown_and_stands_for_the_paper(enter: Enter, office: Office) -> None:
    case = office.filed()
    officer = enter("officer")
    address = scan_address(office, case.id)
    assert officer.get(address).status_code == 404
    form = hidden(officer.get(f"{address}/new").text)
    sent = {**form, "file": (io.BytesIO(png()), "签名.png")}
    assert officer.post(f"{address}/new", fields=sent).status_code == 303
    shown = officer.get(address)
    assert (shown.mimetype, shown.data) == ("image/png", png())
    assert "签名扫描件" in officer.get(f"/cases/{case.id}?tab=documents").text
    assert "上传签名后的扫描件" in officer.get(f"/cases/{case.id}?tab=timeline").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"<html><script>alert(1)</script></html>", "只接受 PDF、JPEG、PNG 文件"),
        (b"<svg onload='alert(1)'/>", "只接受 PDF、JPEG、PNG 文件"),
        (b"%PDF-1.7 broken", "已损坏"),
        (b"\x89PNG\r\n\x1a\nbroken", "已损坏"),
    ],
    ids=["empty", "page", "svg", "broken pdf", "broken picture"],
)
def test_what_is_no_scan_is_refused_and_nothing_is_kept(
    enter: Enter, office: Office, content: bytes, said: str
) -> None:
    case = office.filed()
    officer = enter("officer")
    address = scan_address(office, case.id)
    before = office.version(case.id)
    sent = {**hidden(officer.get(f"{address}/new").text), "file": (io.BytesIO(content), "x.pdf")}
    answer = officer.post(f"{address}/new", fields=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert office.version(case.id) == before


# --- signing on the page that is checked --------------------


def test_a_signature_given_before_the_text_was_checked_is_not_taken_along(enter: Enter, office: Office) -> None:
    case = office.filed()
    officer = enter("officer")
    address = f"/cases/{case.id}/proceedings/{office.image(case.id).main.id}/actions/interview_record"
    page = officer.get(address)
    assert "核对全文后在屏幕上签名" in page.text
    form = fields(page.text)
    sent = {
        **form,
        "step": "check",
        "interview_ended": form["interview_begun"],
        "interview_nth": "1",
        "interview_place": "本局询问室",
        "interview_officers": office.officers(),
        "interview_clerk": office.officers()[1],
        "interviewee_name": "翟小宁",
        "interviewee_relation": "法定代表人",
        "interview_text": "问：姓名？\n答：翟小宁。",
        "interview_confirmed": "read",
        "interviewee_signed": data_url(png()),
    }
    checked = officer.post(address, fields=sent)
    assert checked.status_code == 200, checked.text
    pads = html.fromstring(checked.text).xpath('//input[@name="interviewee_signed"]')
    assert [pad.get("value") for pad in pads] == [""]
