"""The page of the closure rate: what its charts are given."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

from caseapp.services.figure_snapshot import freeze_last
from tests.support.office import Office, office
from tests.web.shell import Visitor

__all__ = ["office"]


def test_rates_stand_in_a_column_of_their_own_where_the_target_line_does_not_cross_them(
    enter: Callable[[str], Visitor], office: Office
) -> None:
    office.filed()
    page = enter("supervisor").get("/figures").text
    told = re.search(r'id="divisions-data">(.*?)</script>', page, re.S)
    assert told is not None
    chart = json.loads(told.group(1))
    names, rates = chart["yAxis"]
    assert (len(names["data"]), rates["data"], rates["position"]) == (1, ["0.0%"], "right")
    [bars] = chart["series"]
    assert "label" not in bars
    assert bars["markLine"]["data"] == [{"xAxis": 95.0}]


def test_every_line_of_a_file_says_by_what_it_was_counted(enter: Callable[[str], Visitor], office: Office) -> None:
    office.filed()
    today = office.today()
    asked = f"policy=R2@2026-1&from={today.replace(day=1)}&to={today}&known_at={today}T23:00"
    supervisor = enter("supervisor")
    page = supervisor.get(f"/figures/cases?{asked}").text
    assert "R2 · 版本 2026-1" in page
    head, line = csv.reader(io.StringIO(supervisor.get(f"/figures/cases.csv?{asked}").text.removeprefix("\ufeff")))
    told = dict(zip(head, line, strict=True))
    assert (told["口径"], told["口径版本"], told["截至"]) == ("R2", "2026-1", str(today))
    assert told["所知时刻"] == f"{today}T23:00:00+08:00"
    assert supervisor.get("/figures?policy=R2@1999-1").status_code == 422


def test_a_frozen_quarter_is_shown_beside_today_and_handed_out_signed(
    enter: Callable[[str], Visitor], office: Office
) -> None:
    office.filed()
    office.later(days=100)
    with office.parts.context() as ctx:
        name = freeze_last(ctx)
    supervisor = enter("supervisor")
    assert "/figures/quarters" in supervisor.get("/figures").text
    assert f"/figures/quarters/{name}" in supervisor.get("/figures/quarters").text
    page = supervisor.get(f"/figures/quarters/{name}").text
    assert "今日所知" in page
    assert "改动过" not in page
    told = supervisor.get(f"/figures/quarters/{name}.json").json
    assert json.loads(told["document"])["quarter"] == name
    assert supervisor.get("/figures/quarters/2026-Q9").status_code == 422
    assert supervisor.get("/figures/quarters/1999-Q1").status_code == 404
    head = enter("head")
    assert "/figures/quarters" not in head.get("/figures").text
    assert head.get("/figures/quarters").status_code == 403
