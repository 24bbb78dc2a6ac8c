"""The figures of transfers as pages and files, in the house and in the liaisons' room."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from caseapp.services.access_log import EXPORTED
from tests.factories.cases import Course, course
from tests.factories.referrals import handed_over, received
from tests.web.shell import Visitor

__all__ = ["course"]

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
Enter = Callable[[str], Visitor]


def charts(text: str) -> list[dict[str, object]]:
    """Return what the charts of a page are given."""
    found = re.findall(r'<script type="application/json" id="\w+-data">(.*?)</script>', text, re.S)
    return [json.loads(one) for one in found]


def test_numbers_lead_to_their_transfers_on_both_sides(course: Course, enter: Enter) -> None:
    case_id = course.filed()
    received(course, case_id)
    handed_over(course, course.filed())
    title, number = course.image(case_id).title, str(course.image(case_id).number)
    for login, root in (("supervisor", "/figures/transfers"), ("police", "/referrals/figures")):
        reader = enter(login)
        text = reader.get(root).text
        organs, _steps = charts(text)
        series = organs["series"]
        assert isinstance(series, list)
        assert [part["data"][0]["value"] for part in series] == [0, 0, 2, 0]
        links = sorted(set(re.findall(rf'href="({root}/cases\?[^"]+)"', text)))
        assert len(links) >= 4, login
        for link in links:
            listed = reader.get(link.replace("&amp;", "&"))
            assert listed.status_code == 200, link
            assert "没有这样的移送" not in listed.text, link
        everything = reader.get(f"{root}/cases?part=all").text
        assert title in everything
        assert (number in everything) is (login == "supervisor")
        table = reader.get(f"{root}.csv").text.splitlines()
        assert table[-1].split(",")[:3] == ["合计", "", "2"]
        assert len(reader.get(f"{root}/cases.csv?part=all").text.splitlines()) == 3
        for wrong in (
            "?part=x",
            "?part=standing&name=x",
            "?part=all&from=x",
            "?part=all&from=2026-02-01&to=2026-01-01",
        ):
            assert reader.get(f"{root}/cases{wrong}").status_code == 422, wrong
        assert "这一期间没有移送的案件" in reader.get(f"{root}?from=2020-01-01&to=2020-12-31").text
    exports = [row for row in course.rows("ledger_entry") if row["kind"] == EXPORTED]
    assert len(exports) == 4


def test_each_room_keeps_its_figures_to_its_own_people(enter: Enter) -> None:
    for login, paths in (
        ("officer", ("/figures/transfers", "/referrals/figures")),
        ("police", ("/figures/transfers", "/figures/transfers.csv", "/figures/transfers/cases")),
        ("supervisor", ("/referrals/figures", "/referrals/figures.csv", "/referrals/figures/cases.csv")),
    ):
        reader = enter(login)
        assert [reader.get(path).status_code for path in paths] == [403] * len(paths), login
