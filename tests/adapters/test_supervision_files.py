"""`workflows/supervision.yaml` is read whole, and what it names must exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseapp.adapters.supervision_files import load_supervision
from caseapp.domain.errors import DefinitionError
from config import ROOT

SHIPPED = ROOT / "workflows" / "supervision.yaml"
ACTIONS = {
    ("referral", "decide_referral"),
    ("referral", "revoke_approval"),
    ("referral", "refuse_to_file"),
    ("referral", "give_reasons"),
    ("penalty_general", "refuse_referral"),
}
CLOCKS = {"T04", "T05", "G02", "T15", "J02", "T08", "T10", "G03", "G04"}


def test_the_shipped_rules_are_read() -> None:
    rules = load_supervision(SHIPPED, clocks=CLOCKS, actions=ACTIONS)
    assert {rule.clock for rule in rules.silences} == CLOCKS
    assert {(rule.procedure, rule.action) for rule in rules.refusals} == ACTIONS
    assert rules.repeated.least["party"] < rules.repeated.least["officer"] < rules.repeated.least["organ"]


def test_every_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "supervision.yaml"
    text = SHIPPED.read_text(encoding="utf-8").replace("clock: T04, held: organ", "clock: T99, held: nobody")
    text = text.replace("action: give_reasons", "action: keep_silent").replace("empty_words: [无,", "empty_words: [7,")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as wrong:
        load_supervision(file, clocks=CLOCKS, actions=ACTIONS)
    assert {item.path for item in wrong.value.problems} == {
        "silences/0/clock",
        "silences/0/held",
        "refusals/4/action",
        "empty_words/0",
    }
