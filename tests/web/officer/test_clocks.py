"""A deadline with its wall calendar: as a page that prints, and as a part of the case page."""

from __future__ import annotations

from collections.abc import Callable

from lxml import html

from tests.support.office import Office
from tests.web.officer.forms import words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_the_page_tells_rule_article_and_every_day(enter: Enter, office: Office) -> None:
    case = office.checking()
    main = office.image(case.id).main.id
    page = enter("officer").get(f"/cases/{case.id}/clocks/{main}/0").text
    text = words(page)
    for part in (
        "线索核查并决定是否立案",
        "P01",
        "程序规定 第18条",
        "15 个工作日",
        "自 2026-11-23 周一 次日起计算",
        "2026-12-14",
    ):
        assert part in text
    days = html.fromstring(page).xpath("//td[contains(@class,'is-counted')]")
    assert len(days) == 15
    assert len(html.fromstring(page).xpath("//td[contains(@class,'is-due')]")) == 1


def test_the_case_page_takes_the_calendar_as_a_part(enter: Enter, office: Office) -> None:
    case = office.checking()
    main = office.image(case.id).main.id
    part = enter("officer").get(f"/cases/{case.id}/clocks/{main}/0", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "hh-month" in part


def test_a_clock_that_is_none_is_not_found(enter: Enter, office: Office) -> None:
    case = office.checking()
    visitor = enter("officer")
    main = office.image(case.id).main.id
    assert visitor.get(f"/cases/{case.id}/clocks/{main}/9").status_code == 404
    assert visitor.get(f"/cases/{case.id}/clocks/{'0' * 32}/0").status_code == 404
    assert visitor.get(f"/cases/{case.id}/clocks/{main}/-1").status_code == 404
