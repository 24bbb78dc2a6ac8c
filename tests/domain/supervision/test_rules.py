"""What counts as no reason, and from how many cases on amounts below a limit are repeated."""

from __future__ import annotations

import pytest

from caseapp.domain.supervision.rules import SupervisionRules, gives_no_reason, own_words
from tests.support.app import shipped_law

RULES = shipped_law().supervision


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 。\n",
        "无",
        "略。",
        "不构成犯罪",
        "经研究决定，不予移送。",
        "证据不足；情节轻微",
        "同上，同上，同上",
        "不移送不移送",
    ],
)
def test_a_phrase_that_fits_every_case_is_no_reason(text: str) -> None:
    assert gives_no_reason(text, RULES)


@pytest.mark.parametrize(
    "text",
    [
        "数额经核减后为四万二千元，低于五万元。",
        "标识近似而不相同，不属于同一种商品。",
        "证据不足：微信流水不能证明收款来自侵权商品",
    ],
)
def test_words_about_the_case_are_a_reason(text: str) -> None:
    assert not gives_no_reason(text, RULES)


def test_what_is_left_of_a_text_are_its_own_letters() -> None:
    assert own_words("经研究决定，不予移送：Ａ 1。", RULES.empty_words) == "A1"
    assert own_words("不予移送", ()) == "不予移送"


def test_without_rules_nothing_is_silence_and_everything_a_reason() -> None:
    rules = SupervisionRules()
    assert rules.silence("T05") is None
    assert not gives_no_reason("", rules)
    assert RULES.silence("T05") is not None
