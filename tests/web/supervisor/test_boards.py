"""The boards as pages: every number opens to as many cases as it says, within what the reader may see."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from caseapp.services.access_log import EXPORTED
from tests.factories.cases import Course, course
from tests.web.shell import Visitor
from tests.web.supervisor.test_transfers import charts

__all__ = ["course"]

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
BOARDS = ("overview", "spread", "in-hand", "strength")
MORE = ("reach", "forecast", "questions")
NUMBER = re.compile(r'<a href="(/figures/board/cases\?[^"]+)">([\d,]+)</a>')


def numbers(text: str) -> dict[str, int]:
    """Return the addresses of a page's numbers with what they say."""
    return {html.unescape(url): int(count.replace(",", "")) for url, count in NUMBER.findall(text)}


def lines_of(text: str) -> int:
    """Return how many cases a drill-down lists."""
    return text.count("<tr data-href=")


def test_every_number_of_a_board_opens_to_its_cases(course: Course, enter: Callable[[str], Visitor]) -> None:
    course.closed(campaigns=("huhang",))
    course.filed(source="report", channel="市场巡查")
    course.checking()
    for login in ("supervisor", "leader"):
        reader = enter(login)
        for board in BOARDS:
            page = reader.get(f"/figures/{board}")
            assert page.status_code == 200, board
            found = numbers(page.text)
            assert len(found) >= 7, (login, board)
            assert "R2" in page.text
            assert "行政处罚法第七十四条" in page.text
            some = list(found.items()) if login == "supervisor" else list(found.items())[:3]
            for url, count in some:
                opened = reader.get(url)
                assert (opened.status_code, lines_of(opened.text)) == (200, count), url
            for chart in charts(page.text):
                assert chart["series"], board
    reader = enter("supervisor")
    both = numbers(reader.get("/figures/overview").text)
    assert max(count for url, count in both.items() if "side=denominator" in url) == 2
    filtered = reader.get("/figures/overview?campaign=huhang&from=2026-01-01&to=2026-12-31")
    assert "100.0%" in filtered.text
    assert "护航行动" in filtered.text
    url = "/figures/board/cases.csv?measure=open"
    assert len(reader.get(url).text.splitlines()) == 2
    assert [row["kind"] for row in course.rows("ledger_entry") if row["kind"] == EXPORTED] == [EXPORTED]


def test_what_to_do_names_the_case_and_reminds_who_leads_it(course: Course, enter: Callable[[str], Visitor]) -> None:
    course.closed()
    case_id = course.filed()
    number = str(course.image(case_id).number)
    reader = enter("supervisor")
    page = reader.get("/figures/reach").text
    assert "在能够依法办结的 1 件中办结这 1 件" in page
    assert number in page
    assert "顾海宁" in page
    assert number in reader.get("/figures/overview").text
    late = reader.get(f"/figures/reach?by={course.today.isoformat()}").text
    assert "已不可能达到 95.0%：还差 1 件" in late
    sent = reader.post("/figures/reach/remind", page="/figures/reach", fields={"case": case_id})
    assert sent.status_code == 302
    assert "已发出 1 条提醒" in reader.get(sent.location).text
    assert number in enter("officer").get("/notices").text
    again = reader.post("/figures/reach/remind", page="/figures/reach", fields={"case": case_id})
    assert "今天已经提醒过" in reader.get(again.location).text
    signs = reader.get("/figures/questions").text
    assert signs.count("？") >= 6
    assert numbers(signs) == {url: count for url, count in numbers(signs).items() if "sign=" in url}
    for url, count in numbers(signs).items():
        assert lines_of(reader.get(url).text) == count, url
    assert "结案太少，不作预测" in reader.get("/figures/forecast").text


WRONG = (
    "overview?from=2026-05-01&to=2026-01-01",
    "overview?from=2027-05-01",
    "spread?from=x",
    "board/cases",
    "board/cases?measure=x",
    "board/cases?side=numerator&measure=open",
    "board/cases?side=numerator&month=2026-13",
    "board/cases?measure=open&by=x",
    "board/cases?sign=x",
    "reach?by=2020-01-01",
)


def test_the_boards_are_for_those_who_answer_for_figures_and_refuse_nonsense(
    course: Course, enter: Callable[[str], Visitor]
) -> None:
    course.filed()
    reader = enter("supervisor")
    for path in WRONG:
        assert reader.get(f"/figures/{path}").status_code == 422, path
    for login in ("officer", "police"):
        reader = enter(login)
        for board in (*BOARDS, *MORE, "board/cases?measure=open"):
            assert reader.get(f"/figures/{board}").status_code == 403, (login, board)
