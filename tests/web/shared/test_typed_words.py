"""What was typed, shown away from its form: by the labels of the form, in the reader's language."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

from caseapp.adapters.clock import SetClock
from tests.support.app import PASSWORD
from tests.support.office import Office, office
from tests.web.shell import Visitor

__all__ = ["office"]

Enter = Callable[[str], Visitor]
LEAD = {
    "summary": "举报人称网店销售假冒四件套",
    "source": "complaint",
    "ip_types": ["trademark", "patent_design"],
    "parties-1-name": "南通锦屏家纺有限公司",
    "parties-1-role": "respondent",
    "amounts-sales": "97353.00",
    "not_repeated": "y",
    "given_up_since": "一个已取消的栏目",
    "seen_version": "1",
    "step": "submit",
    "title": " ",
}


def said(page: str) -> dict[str, str]:
    """Return what a page lists as typed: label -> text."""
    listed = page.split('<dl class="hh-summary">', 1)[1].split("</dl>", 1)[0]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", listed, re.S)
    return {html.unescape(label): " ".join(re.sub(r"<[^>]*>", " ", text).split()) for label, text in pairs}


def remains(visitor: Visitor, path: str, fields: dict[str, object], language: str = "zh") -> dict[str, str]:
    """Send a form with an old token; return what the page that shows it again lists."""
    visitor.post("/language", page="/account", fields={"language": language})
    answer = visitor.post(path, fields={**fields, "csrf_token": "old"}, headers={"Referer": "http://localhost/desk"})
    assert answer.status_code == 400
    return said(answer.text)


def test_a_lead_is_shown_by_the_labels_of_its_form(enter: Enter) -> None:
    assert remains(enter("intake"), "/cases/new", LEAD) == {
        "线索内容": "举报人称网店销售假冒四件套",
        "案件来源": "投诉",
        "权利类型": "商标 外观设计",
        "名称或者姓名（第 2 行）": "南通锦屏家纺有限公司",
        "身份（第 2 行）": "当事人",
        "销售金额": "97353.00",
        "已核对上列案件，本线索不是重复登记": "是",
        "其他内容": "一个已取消的栏目",
    }


def test_an_act_is_shown_by_the_labels_of_its_definition_in_the_readers_language(enter: Enter, office: Office) -> None:
    case = office.told()
    action = office.parts.procedures.get("penalty_general").action("file_case")
    assert action is not None
    labels = {one.id: one.label.en for one in action.fields}
    path = f"/cases/{case.id}/proceedings/{office.image(case.id).main.id}/actions/file_case"
    officers = office.officers()
    typed = {"case_name": "海门山羊案", "officers": officers, "lead_officer": officers[0]}
    listed = remains(enter("officer"), path, typed, "en")
    assert listed[labels["case_name"]] == "海门山羊案"
    assert "顾海宁" in listed[labels["officers"]], "people by name, not by what the program calls them"
    assert listed["Lead officer"].startswith("顾海宁")
    assert len(listed) == 3


def test_an_act_in_a_case_that_one_may_not_see_is_shown_without_the_names_of_the_program(
    enter: Enter, office: Office
) -> None:
    path = f"/cases/{'f' * 32}/proceedings/{'f' * 32}/actions/file_case"
    assert remains(enter("officer"), path, {"case_name": "海门山羊案"}) == {"其他内容": "海门山羊案"}


def test_what_has_no_place_on_its_page_any_more_has_a_label_there_too(enter: Enter, clock: SetClock) -> None:
    visitor = enter("intake")
    token = visitor.token("/cases/new")
    clock.at += timedelta(hours=2)
    here = {"Referer": "http://localhost/cases/new"}
    refused = visitor.post("/cases/new", fields={**LEAD, "csrf_token": token}, headers=here)
    kept = refused.text.split('name="kept"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    again = visitor.sign_in("intake", password=PASSWORD, kept=kept)
    page = visitor.get(again.location).text
    assert "举报人称网店销售假冒四件套" in page
    assert said(page[page.index("没有对应的栏目") :]) == {
        "名称或者姓名（第 2 行）": "南通锦屏家纺有限公司",
        "身份（第 2 行）": "当事人",
        "已核对上列案件，本线索不是重复登记": "是",
        "其他内容": "一个已取消的栏目",
    }
