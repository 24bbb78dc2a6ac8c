"""Numbers of documents: written in the standard or a local style, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.errors import InputError
from caseapp.domain.numbering import DocumentNumber, NumberStyle, parse_number


def test_standard_number_has_hexagon_brackets_full_year_and_no_leading_zeros() -> None:
    text = DocumentNumber("通知", "知执字", 2026, 1).text()
    assert text == "通知知执字〔2026〕1号"
    assert "\u3014" in text
    assert "\u3015" in text


def test_an_organ_may_keep_a_local_style() -> None:
    number = DocumentNumber("闽市监", "光处", 2026, 88)
    assert number.text(NumberStyle(digits=4)) == "闽市监光处〔2026〕0088号"
    assert number.text(NumberStyle(ordinal=True)) == "闽市监光处〔2026〕第88号"


def test_a_serial_longer_than_its_padding_is_written_in_full() -> None:
    assert DocumentNumber("通知", "处罚", 2026, 12345).text(NumberStyle(digits=4)) == "通知处罚〔2026〕12345号"


@pytest.mark.parametrize(
    "typed",
    [
        "通知知执字〔2026〕1号",
        "通知知执字[2026]1号",
        "通知知执字（2026）1号",
        "通知知执字【２０２６】１ 号",
        "通知知执字(2026)1号",
    ],
)
def test_any_bracket_that_people_type_is_understood(typed: str) -> None:
    number, style = parse_number(typed, organ_words=["通知"])
    assert number == DocumentNumber("通知", "知执字", 2026, 1)
    assert number.text(style) == "通知知执字〔2026〕1号"


def test_the_longest_known_organ_word_is_split_off() -> None:
    number, _ = parse_number("通知快维调字〔2026〕3号", organ_words=["通知", "通知快维", "通州市监"])
    assert (number.organ_word, number.type_word) == ("通知快维", "调字")


def test_without_a_known_organ_word_the_series_stays_whole() -> None:
    number, _ = parse_number("甬宁知法裁字〔2025〕10号", organ_words=["通知"])
    assert (number.organ_word, number.series, number.serial) == ("", "甬宁知法裁字", 10)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("通知知执字〔26〕1号", id="short year"),
        pytest.param("通知知执字〔2026〕号", id="no serial"),
        pytest.param("通知知执字〔2026〕0号", id="serial zero"),
        pytest.param("〔2026〕1号", id="no word"),
        pytest.param("通知知执字2026-1号", id="no brackets"),
        pytest.param("通知知执字〔2026〕1", id="no 号"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_number_is_refused_and_names_its_field(wrong: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_number(wrong, field="number")
    assert refused.value.field == "number"


@pytest.mark.parametrize(
    ("organ_word", "type_word", "year", "serial"),
    [("", "", 2026, 1), ("TZ", "处罚", 2026, 1), ("通知", "处罚", 26, 1), ("通知", "处罚", 2026, 0)],
)
def test_a_number_that_could_not_be_written_is_never_made(
    organ_word: str, type_word: str, year: int, serial: int
) -> None:
    with pytest.raises(ValueError, match=r"."):
        DocumentNumber(organ_word, type_word, year, serial)


@given(
    st.text(st.sampled_from("通州海门如东启知市监执处罚字"), min_size=2, max_size=10),
    st.integers(1949, 2100),
    st.integers(1, 999_999),
    st.booleans(),
    st.sampled_from([0, 2, 4, 6]),
)
def test_every_number_is_read_back_as_it_was_written(
    series: str, year: int, serial: int, ordinal: bool, digits: int
) -> None:
    number = DocumentNumber("", series, year, serial)
    text = number.text(NumberStyle(digits, ordinal))
    read, style = parse_number(text)
    assert read == number
    assert read.text(style) == text
