"""Money: yuan in, fen inside, capitals out."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.errors import InputError
from caseapp.domain.money import MAX_FEN, capital, fen, yuan, yuan_text


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param("97353.00", 9_735_300, id="text with two decimals"),
        pytest.param("97353", 9_735_300, id="text without decimals"),
        pytest.param("97,353.5", 9_735_350, id="text with thousands separators"),
        pytest.param("￥９７，３５３．００ 元", 9_735_300, id="full-width text with currency signs"),
        pytest.param(97353, 9_735_300, id="whole yuan"),
        pytest.param(97353.0, 9_735_300, id="float of whole yuan"),
        pytest.param(0.1, 10, id="float whose text is exact"),
        pytest.param(Decimal("0.01"), 1, id="one fen"),
        pytest.param(Decimal("1.500"), 150, id="zeros behind the fen change nothing"),
        pytest.param(Decimal("1E+3"), 100_000, id="decimal with an exponent"),
        pytest.param("0", 0, id="nothing"),
        pytest.param(Decimal("-0.00"), 0, id="minus nothing is nothing"),
        pytest.param(Decimal(MAX_FEN) / 100, MAX_FEN, id="the largest amount"),
    ],
)
def test_yuan_become_whole_fen(amount: object, expected: int) -> None:
    assert fen(amount) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "amount",
    [
        pytest.param("0.001", id="finer than one fen"),
        pytest.param(Decimal("1E-200"), id="far finer than one fen"),
        pytest.param(0.1 + 0.2, id="float that is not exact"),
        pytest.param(1.005, id="float finer than one fen"),
        pytest.param("-1", id="negative text"),
        pytest.param(-5, id="negative number"),
        pytest.param("1,23", id="separator in the wrong place"),
        pytest.param("5万元", id="unit in words"),
        pytest.param("1e3", id="scientific notation"),
        pytest.param("٣", id="digits of another script"),
        pytest.param("", id="nothing typed"),
        pytest.param(True, id="truth is no amount"),
        pytest.param(float("nan"), id="not a number"),
        pytest.param(Decimal("Infinity"), id="infinite"),
        pytest.param(10**17, id="beyond the largest amount"),
        pytest.param("9" * 1000, id="digits without end"),
        pytest.param(Decimal("1E+999999"), id="huge exponent"),
    ],
)
def test_what_is_no_amount_is_refused_and_names_its_field(amount: object) -> None:
    with pytest.raises(InputError) as refused:
        fen(amount, field="turnover")  # type: ignore[arg-type]
    assert refused.value.field == "turnover"


def test_a_refusal_says_which_rule_is_broken() -> None:
    with pytest.raises(InputError, match="最多保留两位小数"):
        fen("12.345")
    with pytest.raises(InputError, match="不能为负数"):
        fen("-12")


@given(st.integers(0, MAX_FEN))
def test_fen_survive_the_way_through_yuan(amount_fen: int) -> None:
    assert fen(yuan(amount_fen)) == amount_fen
    assert fen(yuan_text(amount_fen)) == amount_fen


@given(st.integers(0, 10**14))
def test_json_numbers_of_ordinary_size_are_read_exactly_even_as_floats(amount_fen: int) -> None:
    assert fen(json.loads(f"{yuan(amount_fen)}")) == amount_fen


def test_yuan_are_shown_with_two_decimals_and_separators() -> None:
    assert yuan(9_735_300) == Decimal("97353.00")
    assert str(yuan(9_735_300)) == "97353.00"
    assert yuan_text(123_456_789_005) == "1,234,567,890.05"
    assert yuan_text(-5) == "-0.05"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # The five examples of 《正确填写票据和结算凭证的基本规定》, rule 4, in the first of the forms it allows.
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("12300", "壹万贰仟叁佰元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0.55", "伍角伍分"),
        ("10", "壹拾元整"),
        ("11", "壹拾壹元整"),
        ("10.05", "壹拾元零伍分"),
        ("100", "壹佰元整"),
        ("101", "壹佰零壹元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("10010", "壹万零壹拾元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("1000000", "壹佰万元整"),
        ("1001000", "壹佰万壹仟元整"),
        ("5003020.50", "伍佰万叁仟零贰拾元零伍角"),
        ("10000000", "壹仟万元整"),
        ("10500000", "壹仟零伍拾万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("105000000", "壹亿零伍佰万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("110000001", "壹亿壹仟万零壹元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capitals_follow_the_rules_of_payment_documents(amount: str, words: str) -> None:
    assert capital(fen(amount)) == f"人民币{words}"


def _read_capital(text: str) -> int:
    """Read capitals back, independently of how they were written: value of each unit times the number before it."""
    whole_text, yuan_sign, rest = text.removeprefix("人民币").removesuffix("整").partition("元")
    if not yuan_sign:
        whole_text, rest = "", whole_text
    small = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}

    def number(words: str) -> int:
        for unit, value in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
            head, found, tail = words.rpartition(unit) if unit == "亿" else words.partition(unit)
            if found:
                return number(head) * value + number(tail)
        return small[words.lstrip("零") or "零"]

    jiao, _, fen_words = rest.rpartition("角")
    return number(whole_text) * 100 + number(jiao) * 10 + number(fen_words.removesuffix("分"))


@given(st.integers(0, MAX_FEN))
def test_capitals_can_be_read_back_as_the_same_amount(amount_fen: int) -> None:
    words = capital(amount_fen)
    assert _read_capital(words) == amount_fen
    assert "零零" not in words
    assert words.endswith("整") == (amount_fen % 100 == 0)


@pytest.mark.parametrize("amount_fen", [-1, MAX_FEN + 1])
def test_amounts_outside_the_range_have_no_capital_form(amount_fen: int) -> None:
    with pytest.raises(ValueError, match="no capital form"):
        capital(amount_fen)
