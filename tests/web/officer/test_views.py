"""Saved views stand as tabs over the list, each with an address that stays; columns are each person's own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from lxml import html

from tests.support.office import RESPONDENT, Office
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
SAVED = {"name": "商标待办", "query": "tab=open&ip_type=trademark&sort=due&after=xyz&evil=1"}


def tabs(visitor: Visitor, address: str = "/cases") -> dict[str, str]:
    page = html.fromstring(visitor.get(address).text)
    return {link.text_content().strip(): link.get("href") for link in page.xpath("//nav[@class='hh-tabs']//a")}


def heads(visitor: Visitor, address: str = "/cases") -> list[str]:
    page = html.fromstring(visitor.get(address).text)
    return [head.text_content().strip() for head in page.xpath("//thead//th")]


def test_a_view_is_saved_as_a_tab_and_its_address_stays(enter: Enter, office: Office) -> None:
    office.filed()
    visitor = enter("officer")
    answer = visitor.post("/cases/views", page="/cases", fields=SAVED)
    address = answer.headers["Location"]
    query = parse_qs(urlsplit(address).query)
    assert {name: values for name, values in query.items() if name != "view"} == {
        "tab": ["open"],
        "ip_type": ["trademark"],
        "sort": ["due"],
    }
    assert tabs(visitor)["商标待办"] == address
    page = html.fromstring(visitor.get(address).text)
    assert page.xpath("string(//nav[@class='hh-tabs']//a[@aria-current='page'])").strip() == "商标待办"
    assert RESPONDENT in page.text_content()
    (view,) = query["view"]
    assert visitor.get(f"/cases?view={view}").headers["Location"] == address
    assert enter("officer2").get(f"/cases?view={view}").status_code == 404
    assert enter("officer2").get(address).status_code == 200


def test_a_view_of_everything_opens_too(enter: Enter, office: Office) -> None:
    visitor = enter("officer")
    address = visitor.post("/cases/views", page="/cases", fields={"name": "全部案件", "query": ""}).headers["Location"]
    assert visitor.get(address).status_code == 200
    assert enter("officer2").get(address).status_code == 404


def test_a_view_is_renamed_changed_and_removed(enter: Enter, office: Office) -> None:
    visitor = enter("officer")
    address = visitor.post("/cases/views", page="/cases", fields=SAVED).headers["Location"]
    (view,) = parse_qs(urlsplit(address).query)["view"]
    change = f"/cases/views/{view}"
    visitor.post(change, page="/cases", fields={"step": "rename", "name": "商标"})
    assert "商标" in tabs(visitor)
    changed = visitor.get(f"/cases?category=lead&view={view}").text
    assert "更新“商标”" in changed
    visitor.post(change, page="/cases", fields={"step": "filters", "query": "category=lead"})
    assert parse_qs(urlsplit(tabs(visitor)["商标"]).query) == {"category": ["lead"], "view": [view]}
    assert visitor.post(change, page="/cases", fields={"step": "share"}).status_code == 403
    assert visitor.post(change, page="/cases", fields={"step": "burn"}).status_code == 422
    assert visitor.post("/cases/views", page="/cases", fields={"name": "商标", "query": ""}).status_code == 422
    assert "商标" in visitor.get("/cases/views").text
    visitor.post(change, page="/cases", fields={"step": "remove"})
    assert "商标" not in tabs(visitor)
    assert "还没有保存的视图" in visitor.get("/cases/views").text


def test_a_head_shares_a_view_with_the_organ(enter: Enter, office: Office) -> None:
    head = enter("head")
    address = head.post("/cases/views", page="/cases", fields=SAVED).headers["Location"]
    (view,) = parse_qs(urlsplit(address).query)["view"]
    head.post(f"/cases/views/{view}", page="/cases", fields={"step": "share"})
    officer = enter("officer")
    assert tabs(officer)["商标待办"] == address
    assert "钱立新" in officer.get("/cases/views").text
    head.post(f"/cases/views/{view}", page="/cases", fields={"step": "unshare"})
    assert "商标待办" not in tabs(officer)


def test_columns_are_kept_and_a_view_s_own_win(enter: Enter, office: Office) -> None:
    office.filed()
    visitor = enter("officer")
    usual = heads(visitor)
    answer = visitor.post(
        "/cases/columns", page="/cases", fields={"column": ["closed", "respondent"], "back": "/cases"}
    )
    assert answer.headers["Location"] == "/cases"
    assert heads(visitor) == ["案号", "案件", "当事人", "结案"]
    everything = (
        "right,state,due,officer,opened,filed,updated,respondent,organ,division,procedure,source,decided,closed"
    )
    assert len(heads(visitor, f"/cases?columns={everything}")) == 16
    assert heads(visitor, "/cases?columns=organ") == ["案号", "案件", "机关"]
    assert heads(enter("officer2")) == usual
    visitor.post("/cases/columns", page="/cases", fields={"step": "usual"})
    assert heads(visitor) == usual
