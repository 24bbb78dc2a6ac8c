"""The page of the plan's indicators: numbers are entered by who may, and shown to who sees figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.office import Office, office
from tests.web.shell import Visitor

__all__ = ["office"]

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


def test_a_number_is_entered_with_its_source_and_a_wrong_one_is_told_beside_its_field(
    enter: Callable[[str], Visitor], office: Office
) -> None:
    year = office.today().year
    visitor = enter("supervisor")
    page = visitor.get("/figures/plan")
    assert "专栏9" in page.text
    sent = {
        "kind": "measured",
        "subject": "right_holder_satisfaction",
        "division": "",
        "value": "101",
        "source": "结案后回访，回收率62%",
    }
    wrong = visitor.post(f"/figures/plan?year={year}", page="/figures/plan", fields=sent)
    assert wrong.status_code == 422
    assert "百分比不能大于 100" in wrong.text
    assert visitor.post("/figures/plan", page="/figures/plan", fields={**sent, "value": "83.5"}).status_code == 303
    text = visitor.get(f"/figures/plan?year={year}").text
    assert "83.5%" in text
    assert "回收率62%" in text
    table = visitor.get(f"/figures/plan.csv?year={year}").text
    assert "83.50" in table
    assert "2026-1" in table
    assert visitor.get("/figures/plan?year=abcd").status_code == 422
    leader = enter("leader")
    assert "填报</button>" not in leader.get("/figures/plan").text
    assert leader.post("/figures/plan", page="/figures", fields=sent).status_code == 403
