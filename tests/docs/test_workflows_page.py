"""The worked example of docs/workflows.md is a definition that passes the checks."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

from caseapp.adapters.definition_files import check_definitions
from caseapp.domain.workflow.check import check
from caseapp.domain.workflow.effects import EFFECTS
from caseapp.domain.workflow.parse import parse

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")


def example() -> str:
    return re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]


def test_the_example_is_sound() -> None:
    procedure, problems = parse(YAML(typ="safe", pure=True).load(example()), file="docs/workflows.md")
    assert problems == ()
    assert procedure is not None
    assert check(procedure) == ()


def test_the_example_has_the_shape_of_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(example(), encoding="utf-8")
    problems = check_definitions([path], [ROOT / "workflows"])
    assert {problem.rule for problem in problems} == {"unknown-clock"}


def test_every_effect_is_described() -> None:
    for name in EFFECTS:
        assert f"`{name}" in PAGE
