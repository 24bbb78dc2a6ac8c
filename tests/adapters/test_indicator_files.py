"""The shipped targets of the city plan."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from caseapp.adapters.indicator_files import load_indicators
from caseapp.domain.errors import DefinitionError

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SHIPPED = {item.id: item for item in load_indicators(WORKFLOWS)}


@pytest.mark.parametrize(
    ("indicator", "target", "words"),
    [
        ("closure_rate", 95, "案件结案率达到95%以上"),
        ("public_awareness", 75, "全社会知识产权认知度超过75%"),
        ("right_holder_satisfaction", 80, "权利人满意度超过80%"),
        ("cases_per_year", 800, "800件以上"),
        ("enforcement_officers", 40, "综合执法骨干40名"),
        ("risk_projects", 100, "100项"),
    ],
)
def test_the_targets_are_those_of_the_plan(indicator: str, target: int, words: str) -> None:
    assert SHIPPED[indicator].target == target
    assert words in SHIPPED[indicator].sentence
    assert SHIPPED[indicator].source == "通政办发〔2017〕29号"


def test_a_target_is_a_floor() -> None:
    closure_rate = SHIPPED["closure_rate"]
    assert closure_rate.policy == "R2"
    assert closure_rate.is_met_by(Decimal("95"))
    assert not closure_rate.is_met_by(Decimal("94.99"))


def test_a_target_listed_twice_is_refused(tmp_path: Path) -> None:
    rows = (
        (WORKFLOWS / "indicators.yaml").read_text(encoding="utf-8").replace("id: public_awareness", "id: closure_rate")
    )
    (tmp_path / "indicators.yaml").write_text(rows, encoding="utf-8")
    with pytest.raises(DefinitionError, match="used twice"):
        load_indicators(tmp_path)
