"""Rules for corrections: the shipped ones, what another office may add, and what is refused with file and place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from caseapp.adapters.correction_files import load_corrections
from caseapp.adapters.definition_files import check_definitions
from caseapp.domain.errors import ActionRefused, DefinitionError, DefinitionProblem
from caseapp.domain.roles import Role
from caseapp.domain.workflow.correction_rules import CORRECT, CorrectionRules

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
OWN = "procedure: parking\nversion: 1\n"


def rule(**changes: Any) -> dict[str, Any]:
    return {
        "id": "parking_corrections",
        "procedures": ["parking"],
        "name": {"zh": "更正", "en": "Correction"},
        "help": {"zh": "说明", "en": "Help"},
        "asked_by": ["officer"],
        "approval": [{"id": "leader", "name": {"zh": "审批", "en": "Leader"}, "role": "leader"}],
        **changes,
    }


def folder(tmp_path: Path, *rules: dict[str, Any], name: str = "more") -> Path:
    found = tmp_path / name
    (found / "procedures").mkdir(parents=True)
    (found / "procedures" / "parking.v1.yaml").write_text(OWN, encoding="utf-8")
    with (found / "corrections.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"corrections": list(rules)}, file)
    return found


def problems(*folders: Path) -> list[DefinitionProblem]:
    with pytest.raises(DefinitionError) as wrong:
        load_corrections([WORKFLOWS, *folders])
    return list(wrong.value.problems)


def test_the_shipped_rule_holds_for_every_procedure_and_two_sign() -> None:
    rules = load_corrections([WORKFLOWS])
    found = rules.of("penalty_general")
    assert found is rules.of("whatever")
    assert found.action.id == CORRECT
    assert found.action.roles == (Role.OFFICER, Role.SECTION_HEAD)
    assert [step.id for step in found.steps_for(frozenset({Role.OFFICER}))] == ["section_head", "leader"]
    assert [step.id for step in found.steps_for(frozenset({Role.SECTION_HEAD}))] == ["leader"]
    assert [step.id for step in found.steps_for(frozenset({Role.LEADER}))] == ["section_head", "leader"]
    standing = found.standing("within_clock")
    assert standing is not None
    assert str(standing.citation) == "《行政诉讼法》第74条"
    assert found.standing("hearing_notice_in_time") is None


def test_another_office_adds_a_rule_for_a_procedure_of_its_own(tmp_path: Path) -> None:
    rules = load_corrections([WORKFLOWS, folder(tmp_path, rule())])
    assert [item.id for item in rules] == ["correct_entry", "parking_corrections"]
    assert [step.role for step in rules.of("parking").action.approval] == [Role.LEADER]
    assert rules.of("penalty_general").id == "correct_entry"


def test_the_same_rule_said_twice_is_one_rule(tmp_path: Path) -> None:
    folders = [folder(tmp_path, rule()), folder(tmp_path, rule(), name="again")]
    assert len(load_corrections([WORKFLOWS, *folders]).rules) == 2


@pytest.mark.parametrize(
    ("wrong", "place", "broken"),
    [
        pytest.param(rule(id="correct_entry"), "/corrections/0/id", "override", id="the id of a shipped rule"),
        pytest.param(
            rule(procedures="*"), "/corrections/0/procedures", "override", id="a second rule for every procedure"
        ),
        pytest.param(
            rule(procedures=["penalty_general"]), "/corrections/0/procedures", "override", id="a shipped procedure"
        ),
        pytest.param(rule(approval=[]), "/corrections/0/approval", "schema", id="nobody signs"),
        pytest.param(rule(asked_by=["leader"]), "/corrections/0/approval/0/role", "own_word", id="who asks signs last"),
        pytest.param(
            rule(asked_by=["system_administrator"]), "/corrections/0/asked_by/0", "schema", id="an administrator"
        ),
        pytest.param(rule(days=3), "/corrections/0", "schema", id="an unknown key"),
        pytest.param(
            rule(
                stands=[
                    {
                        "guard": "no_such",
                        "reason": {"zh": "a", "en": "a"},
                        "law": "x",
                        "article": "1",
                        "confidence": "design",
                    }
                ]
            ),
            "/corrections/0/stands/0/guard",
            "guard",
            id="a condition that does not exist",
        ),
        pytest.param(
            rule(approval=[rule()["approval"][0]] * 2), "/corrections/0/approval/1/id", "unique", id="a step twice"
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_place(
    wrong: dict[str, Any], place: str, broken: str, tmp_path: Path
) -> None:
    more = folder(tmp_path, wrong)
    found = problems(more)
    assert (str(more / "corrections.yaml"), place, broken) in [(item.file, item.path, item.rule) for item in found]


def test_the_check_of_definitions_tells_it_too(tmp_path: Path) -> None:
    more = folder(tmp_path, rule(asked_by=["leader"]))
    (found,) = check_definitions([WORKFLOWS / "procedures" / "recusal.v1.yaml"], [WORKFLOWS, more])
    assert (found.file, found.rule) == (str(more / "corrections.yaml"), "own_word")


def test_two_rules_for_one_procedure_are_refused(tmp_path: Path) -> None:
    found = problems(folder(tmp_path, rule(), rule(id="other")))
    assert [(item.path, item.rule) for item in found] == [("/corrections/1/procedures", "override")]


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    more = folder(tmp_path, rule())
    (more / "corrections.yaml").write_text("corrections: [", encoding="utf-8")
    assert [(item.file, item.rule) for item in problems(more)] == [(str(more / "corrections.yaml"), "unreadable")]


def test_without_a_rule_for_every_procedure_the_process_does_not_start(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "corrections.schema.json").write_bytes((WORKFLOWS / "corrections.schema.json").read_bytes())
    with pytest.raises(DefinitionError) as wrong:
        load_corrections([shipped])
    assert [item.rule for item in wrong.value.problems] == ["every"]
    with pytest.raises(ActionRefused):
        CorrectionRules().of("penalty_general")
