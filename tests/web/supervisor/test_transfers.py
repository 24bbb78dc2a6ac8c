"""The figures of transfers as pages and files, in the house and in the liaisons' room."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

import pytest

from caseapp.cli import metrics
from caseapp.services.access_log import EXPORTED
from tests.cli.test_referral import Shell
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


def test_page_file_and_command_say_the_same_of_an_earlier_knowledge(course: Course, enter: Enter) -> None:
    received(course, course.filed())
    then, day = course.clock.at, course.today
    course.later(hours=2)
    late = course.filed()
    received(course, late)
    reader, shell = enter("supervisor"), Shell(course.parts)
    year = f"from=2026-01-01&to={day}&as_of={day}"
    for known_at, sent in ((then, 1), (None, 2)):
        told = f"{year}&{urlencode({'known_at': known_at.isoformat()})}" if known_at else year
        page = reader.get(f"/figures/transfers?{told}").text
        assert f">{sent}</a> <small>件移送</small>" in page
        links = re.findall(r'href="(/figures/transfers/cases\?[^"]+)"', page)
        listed = reader.get(links[0].replace("&amp;", "&")).text
        assert listed.count("hh-number") >= sent
        rows = list(csv.reader(reader.get(f"/figures/transfers.csv?{told}").text.lstrip("\ufeff").splitlines()))
        total = dict(zip(rows[0], rows[-1], strict=True))
        asked = ("--from", "2026-01-01", "--to", day, *(("--known-at", known_at.isoformat()) if known_at else ()))
        found = shell.json(metrics, "transfers", *asked)
        assert (int(total["移送"]), found["total"]["sent"]) == (sent, sent)
        assert int(total["公安机关审查中"]) == found["total"]["standing"]["pending"] == sent
        assert (total["截至"], found["as_of"]) == (str(day), str(day))
        assert len(reader.get(f"/figures/transfers/cases.csv?part=all&{told}").text.splitlines()) == sent + 1
        if known_at:
            assert datetime.fromisoformat(total["所知时刻"]) == known_at.replace(microsecond=0)
    restated = reader.get(f"/figures/transfers?{year}&{urlencode({'since': then.isoformat()})}").text
    moved = restated[restated.index('id="restated-title"') :]
    assert str(course.image(late).number) in moved
    assert "补录" in moved
    assert reader.get(f"/figures/transfers?{year}&known_at=yesterday").status_code == 422
    assert "移送" in shell.run(metrics, "transfers", "--from", "2026-01-01", "--to", day).stdout
    for wrong in (("--to", "2026-02-30"), ("--to", "2026-12-31", "--known-at", "2026-12-31"), ("--to", "2025-01-01")):
        assert len(shell.run(metrics, "transfers", "--from", "2026-01-01", *wrong, status=2).stderr.splitlines()) == 1
