"""Patent numbers of both eras, and publication numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.adapters.identifiers import check, patent_number
from caseapp.adapters.identifiers.patents import patent_check_digit
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import IdentifierKind, IdentifierRefused

PATENT, PUBLICATION = IdentifierKind.PATENT, IdentifierKind.PATENT_PUBLICATION


def refusal(text: str, kind: IdentifierKind = PATENT, on: date | None = None) -> str:
    with pytest.raises(IdentifierRefused) as refused:
        check(kind, text, field="number", on=on)
    assert refused.value.field == "number"
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "value", "ip_type"),
    [
        ("200510030457.8", "200510030457.8", IpType.PATENT_INVENTION),
        ("200510025251.6", "200510025251.6", IpType.PATENT_INVENTION),
        ("201220572874.0", "201220572874.0", IpType.PATENT_UTILITY),
        ("99113861.9", "99113861.9", IpType.PATENT_INVENTION),
        # Numbers of published cases.
        ("ZL202223163715.8", "202223163715.8", IpType.PATENT_UTILITY),
        ("ZL202430380182.4", "202430380182.4", IpType.PATENT_DESIGN),
        ("ZL201580027396.1", "201580027396.1", IpType.PATENT_INVENTION),
        ("ZL201110183274.5", "201110183274.5", IpType.PATENT_INVENTION),
        ("ZL201480007081.6", "201480007081.6", IpType.PATENT_INVENTION),
        ("ZL201430009113.9", "201430009113.9", IpType.PATENT_DESIGN),
    ],
)
def test_real_numbers_of_both_eras_pass_and_name_their_kind(text: str, value: str, ip_type: IpType) -> None:
    number = check(PATENT, text)
    assert (number.value, number.ip_type, number.printed) == (value, ip_type, text)


@pytest.mark.parametrize(
    "text",
    [
        "ZL201220572874.0",
        "zl 2012 2 0572874.0",
        "CN201220572874.0",
        "2012205728740",
        "ＺＬ２０１２２０５７２８７４．０",
    ],
)
def test_every_spelling_has_the_same_value(text: str) -> None:
    assert check(PATENT, text).value == "201220572874.0"


def test_the_prefix_is_kept_for_print_only() -> None:
    assert check(PATENT, "zl201220572874.0").printed == "ZL201220572874.0"
    assert check(PATENT, "CN201220572874.0").printed == "CN201220572874.0"
    assert check(PATENT, "201220572874.0").printed == "201220572874.0"


def test_the_check_digit_ten_is_written_x() -> None:
    body = next(f"20052{serial:07d}" for serial in range(100) if patent_check_digit(f"20052{serial:07d}") == "X")
    assert check(PATENT, f"{body}.x").value == f"{body}.X"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("201220572874.1", "校验位不符", id="wrong check digit"),
        pytest.param("201220572874", "缺少", id="check digit missing"),
        pytest.param("99113861", "缺少", id="check digit missing in the old form"),
        pytest.param("201240572874.0", "种类码", id="kind that does not exist"),
        pytest.param("89800001.0", "种类码", id="PCT before China joined"),
        pytest.param("200210030457.8", "核对年份", id="twelve digits before 2003"),
        pytest.param("05113861.9", "核对年份", id="eight digits after 2003"),
        pytest.param("84113861.9", "核对年份", id="before the first patent law"),
        pytest.param("手机外观", "ZC 0006-2003", id="no number"),
        pytest.param("", "请填写", id="nothing"),
        pytest.param("1" * 500, "过长", id="digits without end"),
    ],
)
def test_each_broken_rule_is_named(text: str, rule: str) -> None:
    assert rule in refusal(text)


def test_numbers_before_1989_have_no_check_digit() -> None:
    number = check(PATENT, "88100001")
    assert (number.value, number.ip_type) == ("88100001", IpType.PATENT_INVENTION)


def test_pct_numbers_of_both_eras_are_inventions_or_utility_models() -> None:
    assert check(PATENT, f"02828001.{patent_check_digit('02828001')}").ip_type is IpType.PATENT_INVENTION
    assert check(PATENT, f"98900001.{patent_check_digit('98900001')}").ip_type is IpType.PATENT_UTILITY


def test_an_application_of_a_later_year_is_refused_where_today_is_given() -> None:
    assert check(PATENT, "202430380182.4", on=date(2024, 1, 1)).value == "202430380182.4"
    assert "晚于今年" in refusal("202430380182.4", on=date(2023, 12, 31))


@pytest.mark.parametrize(
    ("body", "applied_on", "agrees"),
    [
        ("03113861", date(2003, 9, 30), True),
        ("03113861", date(2003, 10, 1), False),
        ("200310113861", date(2003, 10, 1), True),
        ("200310113861", date(2003, 9, 30), False),
        ("200510030457", date(2005, 1, 10), True),
        ("200510030457", date(2006, 1, 10), False),
    ],
)
def test_twelve_digits_begin_with_applications_of_october_2003(body: str, applied_on: date, agrees: bool) -> None:
    text = f"{body}.{patent_check_digit(body)}"
    if agrees:
        assert patent_number(text, field="number", applied_on=applied_on).value == text
    else:
        with pytest.raises(IdentifierRefused, match="申请日不一致"):
            patent_number(text, field="number", applied_on=applied_on)


@given(
    st.integers(2004, 2026), st.sampled_from("12389"), st.integers(0, 9_999_999), st.integers(5, 11), st.integers(1, 9)
)
def test_a_single_wrong_digit_is_caught(year: int, kind: str, serial: int, place: int, shift: int) -> None:
    body = f"{year}{kind}{serial:07d}"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    text = f"{body}.{'0123456789X'[total % 11]}"
    assert check(PATENT, text).value == text
    wrong = str((int(body[place]) + shift) % 10)
    assert "校验位不符" in refusal(body[:place] + wrong + text[place + 1 :])


@given(st.integers(89, 99), st.sampled_from("123"), st.integers(0, 99_999), st.integers(3, 7), st.integers(1, 9))
def test_a_single_wrong_digit_of_the_old_form_is_caught(
    year: int, kind: str, serial: int, place: int, shift: int
) -> None:
    body = f"{year}{kind}{serial:05d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, range(2, 10), strict=True))
    text = f"{body}.{'0123456789X'[total % 11]}"
    assert check(PATENT, text).value == text
    wrong = str((int(body[place]) + shift) % 10)
    assert "校验位不符" in refusal(body[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize(
    ("text", "value", "ip_type"),
    [
        ("CN 102345678 A", "CN102345678A", IpType.PATENT_INVENTION),
        ("CN102345678B", "CN102345678B", IpType.PATENT_INVENTION),
        ("CN1003001C", "CN1003001C", IpType.PATENT_INVENTION),
        ("CN202345678U", "CN202345678U", IpType.PATENT_UTILITY),
        ("cn302345678s", "CN302345678S", IpType.PATENT_DESIGN),
        ("CN102345678B8", "CN102345678B8", IpType.PATENT_INVENTION),
    ],
)
def test_publication_numbers_have_a_document_code_and_no_check_digit(text: str, value: str, ip_type: IpType) -> None:
    number = check(PUBLICATION, text)
    assert (number.value, number.ip_type) == (value, ip_type)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("102345678A", "CN＋9 位数字"),
        ("CN12345678A", "CN＋9 位数字"),
        ("CN102345678", "CN＋9 位数字"),
        ("CN302345678U", "不一致"),
        ("CN102345678S", "不一致"),
    ],
)
def test_a_publication_number_agrees_with_its_document_code(text: str, rule: str) -> None:
    assert rule in refusal(text, PUBLICATION)
