"""The page of the closure rate: what its charts are given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

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
