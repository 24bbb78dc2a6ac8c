"""`workflows/joint_work.yaml` is read whole, and its mistakes are told with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseapp.adapters.division_files import load_divisions
from caseapp.adapters.joint_work_files import load_joint_work
from caseapp.adapters.organ_files import load_organs
from caseapp.domain.errors import DefinitionError
from config import ROOT

SHIPPED = ROOT / "workflows" / "joint_work.yaml"


def test_minutes_are_asked_for_where_the_plan_speaks_of_meetings() -> None:
    rules = load_joint_work(SHIPPED)
    assert {kind.id for kind in rules.kinds if kind.minutes} == {"consultation", "joint_operation"}
    assert all("四" in kind.source for kind in rules.kinds)


def test_every_department_that_the_plan_names_is_there_and_may_be_asked_to_consult() -> None:
    named = (
        "320600-justice",
        "320600-court",
        "320600-procuratorate",
        "320600-police",
    )  # 四(六)1: 司法、法院、检察、公安
    folders = [ROOT / "workflows"]
    organs = {organ.id: organ.kind for organ in load_organs(folders, load_divisions(folders))}
    consultation = next(kind for kind in load_joint_work(SHIPPED).kinds if kind.id == "consultation")
    assert {organs[organ] for organ in named} <= set(consultation.invites)


def test_every_mistake_is_told(tmp_path: Path) -> None:
    file = tmp_path / "joint_work.yaml"
    text = SHIPPED.read_text(encoding="utf-8").replace("id: clue_notice", "id: consultation")
    text = text.replace("organs: [ip_authority, market_regulation,", "organs: [ip_authority, weather,")
    file.write_text(text.replace("minutes: false", "minutes: perhaps", 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as wrong:
        load_joint_work(file)
    assert {"organs/kind", "kinds", "kinds/0/minutes", "kinds/0"} <= {item.path for item in wrong.value.problems}
