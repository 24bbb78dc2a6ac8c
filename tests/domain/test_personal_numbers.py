"""Identity numbers and telephones as they are compared, and as they are kept where they were only asked for."""

from __future__ import annotations

import pytest

from caseapp.domain.personal_numbers import comparable, mask_number, number_asked, tells_of_a_person

ID = "32061219900101123X"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("32061219900101123x", ID),
        ("320612 19900101 123X", ID),
        ("３２０６１２１９９００１０１１２３ｘ", ID),
        ("13800000001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("0086 13800000001", "13800000001"),
        ("（0513）8123 4567", "051381234567"),
        ("81234567", "81234567"),
        ("e12345678", "E12345678"),
    ],
)
def test_how_a_number_is_written_does_not_matter(typed: str, number: str) -> None:
    assert number_asked(typed) == number
    assert comparable("phone", typed) == number


@pytest.mark.parametrize(
    "text", ["", "138", "通市监案〔2026〕12号", "NT-2025-000123", "91320612MA1WAXYT01", "ZL202030123456"]
)
def test_what_is_no_number_of_a_person_is_not_looked_up(text: str) -> None:
    assert number_asked(text) is None


def test_only_numbers_and_telephones_are_looked_up() -> None:
    assert comparable("address", "13800000001") is None
    assert comparable("id_number", "不详") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (ID, "320612********123X"),
        ("3206 1219 9001 0112 3x", "320612********123X"),
        ("138 0000 0001", "138****0001"),
        ("0513-81234567", "**********67"),
        ("81234567", "******67"),
        ("E12345678", "*******78"),
    ],
)
def test_a_number_that_was_asked_for_is_kept_masked(typed: str, kept: str) -> None:
    assert mask_number(typed) == kept


def test_a_number_that_may_be_a_right_is_not_taken_for_a_person() -> None:
    assert not tells_of_a_person("12345678")
    assert tells_of_a_person("0513-8123 4567")
    assert tells_of_a_person("+86 13800000001")
