"""Citations of limits are told once, however many limits stand in one article."""

from __future__ import annotations

import pytest

from caseapp.domain.thresholds.rules import Provision, told_together


@pytest.mark.parametrize(
    ("articles", "told"),
    [
        pytest.param(["3(1)(1)", "3(1)(2)", "3(1)(3)"], ["甲第3条第1款第1、2、3项"], id="items of a paragraph"),
        pytest.param(["10(1)", "10(3)", "10(4)"], ["甲第10条第1、3、4款"], id="paragraphs of an article"),
        pytest.param(["5(1)", "5(1)(2)"], ["甲第5条第1款、第1款第2项"], id="a paragraph and an item of it"),
        pytest.param(["3(2)(1)", "3(4)"], ["甲第3条第2款第1项、第4款"], id="an item and a paragraph"),
        pytest.param(["3(1)(1)", "3(1)(1)"], ["甲第3条第1款第1项"], id="the same twice"),
        pytest.param(["8", "9"], ["甲第8条", "甲第9条"], id="two articles"),
        pytest.param(["8", "附件一"], ["甲第8条", "甲附件一"], id="no article at all"),
    ],
)
def test_each_article_is_told_once_with_its_parts(articles: list[str], told: list[str]) -> None:
    assert list(told_together(Provision("甲", article, "verified") for article in articles)) == told


def test_one_provision_is_told_as_ever() -> None:
    for article in ("3", "3(1)", "3(1)(2)"):
        one = Provision("法释〔2025〕5号", article, "verified")
        assert told_together([one]) == (one.told,)
