"""Numbers of organisations and people: check characters, alphabets, dates and places."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from caseapp.adapters.identifiers import check
from caseapp.domain.identifiers import Identifier, IdentifierKind, IdentifierRefused

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_with_check(body: str) -> str:
    """Append the check character by the text of GB 32100-2015: weights 3^(i-1) mod 31, 31 minus the remainder."""
    total = sum(USCC_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def resident_id_with_check(body: str) -> str:
    """Append the check digit by the text of GB 11643-1999."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def refusal(kind: IdentifierKind, text: str, on: date | None = None) -> IdentifierRefused:
    with pytest.raises(IdentifierRefused) as refused:
        check(kind, text, field="number", on=on)
    assert refused.value.field == "number"
    assert refused.value.kind is kind
    return refused.value


class TestUnifiedSocialCreditCode:
    @pytest.mark.parametrize(
        "text",
        [
            "91110000600037341L",
            "91110000600037341l",
            " 9111 0000-6000 3734-1L ",
            "９１１１００００６０００３７３４１Ｌ",
        ],
    )
    def test_every_spelling_becomes_the_same_code(self, text: str) -> None:
        code = check(IdentifierKind.USCC, text)
        assert code == Identifier(IdentifierKind.USCC, "91110000600037341L", "91110000600037341L")

    @pytest.mark.parametrize("opening", ["A1", "N2", "Y1", "91", "52", "1A"])
    def test_the_first_two_characters_may_be_letters(self, opening: str) -> None:
        code = uscc_with_check(f"{opening}320612MA1X0Y2QT")
        assert check(IdentifierKind.USCC, code).value == code

    def test_a_division_of_the_past_or_none_at_all_is_no_reason_to_refuse(self) -> None:
        for division in ("320683", "100000", "320602"):
            code = uscc_with_check(f"91{division}MA1X0Y2QT")
            assert check(IdentifierKind.USCC, code).value == code

    def test_each_rule_has_its_own_refusal(self) -> None:
        assert "18 位" in str(refusal(IdentifierKind.USCC, "91110000600037341"))
        assert "不使用 I、O、S、V、Z" in str(refusal(IdentifierKind.USCC, "9111000060003734IL"))
        assert "第 3 至 8 位为数字" in str(refusal(IdentifierKind.USCC, "91A10000600037341L"))
        assert "校验码不符" in str(refusal(IdentifierKind.USCC, "911100006000373410"))

    def test_a_refusal_never_repeats_the_number(self) -> None:
        assert "6000373" not in str(refusal(IdentifierKind.USCC, "911100006000373410"))

    @given(
        st.text(st.sampled_from(USCC_ALPHABET), min_size=9, max_size=9),
        st.integers(0, 17),
        st.sampled_from(USCC_ALPHABET),
    )
    def test_a_single_wrong_character_is_caught(self, organisation: str, place: int, character: str) -> None:
        code = uscc_with_check(f"91320612{organisation}")
        assert check(IdentifierKind.USCC, code).value == code
        assume(code[place] != character)
        refusal(IdentifierKind.USCC, code[:place] + character + code[place + 1 :])


class TestOrganisationCode:
    def test_the_code_is_printed_with_a_hyphen(self) -> None:
        for text in ("60003734-1", "600037341"):
            code = check(IdentifierKind.ORGANISATION_CODE, text)
            assert (code.value, code.printed) == ("600037341", "60003734-1")

    def test_the_check_character_may_be_x_or_zero(self) -> None:
        # Σ = 3·7 = 21, 21 mod 11 = 10, 11 − 10 = 1; Σ = 3·4 = 12 → X; Σ = 0 → 11 → 0.
        assert check(IdentifierKind.ORGANISATION_CODE, "70000000-1").value == "700000001"
        assert check(IdentifierKind.ORGANISATION_CODE, "40000000-X").value == "40000000X"
        assert check(IdentifierKind.ORGANISATION_CODE, "00000000-0").value == "000000000"

    def test_shape_and_check_character_are_refused_apart(self) -> None:
        assert "8 位本体代码" in str(refusal(IdentifierKind.ORGANISATION_CODE, "6000373-1"))
        assert "校验码不符" in str(refusal(IdentifierKind.ORGANISATION_CODE, "60003734-2"))

    @given(st.text(st.sampled_from("0123456789"), min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 9))
    def test_a_single_wrong_digit_is_caught(self, body: str, place: int, shift: int) -> None:
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        number = 11 - sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
        code = body + {10: "X", 11: "0"}.get(number, str(number))
        assert check(IdentifierKind.ORGANISATION_CODE, code).value == code
        wrong = str((int(code[place]) + shift) % 10)
        refusal(IdentifierKind.ORGANISATION_CODE, code[:place] + wrong + code[place + 1 :])


class TestResidentId:
    @pytest.mark.parametrize(
        "text", ["360426199101010071", "360426 19910101 0071", "３６０４２６１９９１０１０１００７１"]
    )
    def test_every_spelling_becomes_the_same_number(self, text: str) -> None:
        assert check(IdentifierKind.RESIDENT_ID, text).value == "360426199101010071"

    def test_a_small_x_becomes_a_capital(self) -> None:
        number = next(
            code
            for serial in range(1000)
            if (code := resident_id_with_check(f"32061219800101{serial:03d}")).endswith("X")
        )
        assert check(IdentifierKind.RESIDENT_ID, number.lower()).value == number

    @pytest.mark.parametrize(
        "address",
        [
            pytest.param("320683", id="county-level city abolished in 2009"),
            pytest.param("320611", id="district abolished in 2020"),
            pytest.param("320614", id="district younger than the person"),
            pytest.param("810000", id="residence permit of a Hong Kong resident"),
            pytest.param("820000", id="residence permit of a Macao resident"),
            pytest.param("830000", id="residence permit of a Taiwan resident"),
        ],
    )
    def test_codes_of_the_past_and_residence_permits_are_valid(self, address: str) -> None:
        number = resident_id_with_check(f"{address}19650412123")
        assert check(IdentifierKind.RESIDENT_ID, number).value == number

    @pytest.mark.parametrize("address", ["000000", "990000", "240000", "810001"])
    def test_a_place_that_never_existed_is_refused(self, address: str) -> None:
        number = resident_id_with_check(f"{address}19650412123")
        assert "地址码" in str(refusal(IdentifierKind.RESIDENT_ID, number))

    @pytest.mark.parametrize("day", ["19990229", "19991301", "19990100", "00000101"])
    def test_the_date_must_be_real(self, day: str) -> None:
        assert "真实的日期" in str(refusal(IdentifierKind.RESIDENT_ID, resident_id_with_check(f"320612{day}123")))

    def test_a_birth_after_today_is_refused_where_today_is_given(self) -> None:
        number = resident_id_with_check("32061220261123123")
        assert check(IdentifierKind.RESIDENT_ID, number, on=date(2026, 11, 23)).value == number
        assert "晚于今天" in str(refusal(IdentifierKind.RESIDENT_ID, number, on=date(2026, 11, 22)))

    def test_each_rule_of_shape_has_its_own_refusal(self) -> None:
        assert "15 位" in str(refusal(IdentifierKind.RESIDENT_ID, "320612650412123"))
        assert "应为 18 位" in str(refusal(IdentifierKind.RESIDENT_ID, "3206121965041212"))
        assert "前 17 位为数字" in str(refusal(IdentifierKind.RESIDENT_ID, "32061219650412A231"))
        assert "校验码不符" in str(refusal(IdentifierKind.RESIDENT_ID, "360426199101010072"))

    def test_digits_of_another_script_are_no_digits(self) -> None:
        refusal(IdentifierKind.RESIDENT_ID, "٣60426199101010071")

    @given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 999), st.integers(6, 16), st.integers(1, 9))
    def test_a_single_wrong_digit_is_caught(self, born_on: date, serial: int, place: int, shift: int) -> None:
        number = resident_id_with_check(f"320612{born_on:%Y%m%d}{serial:03d}")
        assert check(IdentifierKind.RESIDENT_ID, number).value == number
        wrong = str((int(number[place]) + shift) % 10)
        refusal(IdentifierKind.RESIDENT_ID, number[:place] + wrong + number[place + 1 :])
