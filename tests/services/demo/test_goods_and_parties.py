"""Invented names and numbers: well formed, and nobody's."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from caseapp.adapters import identifiers
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import IdentifierKind
from caseapp.services.demo.goods_and_parties import (
    TOWNS,
    WARES,
    holder_of,
    resident_number,
    respondent,
    right_of,
    social_credit_code,
    ware_of,
)
from caseapp.services.demo.violations import VIOLATIONS
from caseapp.services.demo.words import BRANDS, GIVEN, MARKS, PATTERNS, RIGHT_HOLDERS, ROADS, SURNAMES, TAILS

ON = date(2026, 6, 1)


@pytest.mark.parametrize("kind", ["91", "92"])
@pytest.mark.parametrize("seed", range(20))
def test_credit_codes_pass_their_check_and_belong_to_no_division(kind: str, seed: int) -> None:
    code = social_credit_code(Random(seed), kind)
    assert identifiers.check(IdentifierKind.USCC, code, field="uscc", on=ON).value == code
    assert code[2:8] == "320699"
    assert "320699" not in TOWNS


@pytest.mark.parametrize("seed", range(20))
def test_resident_numbers_pass_their_check_and_are_never_given(seed: int) -> None:
    number = resident_number(Random(seed))
    assert identifiers.check(IdentifierKind.RESIDENT_ID, number, field="id", on=ON).value == number
    assert number[14:17] == "000"


@pytest.mark.parametrize("ip_type", list(IpType))
@pytest.mark.parametrize("seed", range(8))
def test_rights_pass_the_check_of_their_register(ip_type: IpType, seed: int) -> None:
    right = right_of(Random(seed), ip_type, ON, "四件套", others=True)
    assert right.title
    assert right.holder
    if right.number:
        identifiers.check_right(ip_type, right.number, field="number", on=ON)


def test_the_same_mark_always_has_the_same_number_and_owner() -> None:
    rights = [right_of(Random(seed), IpType.TRADEMARK, ON, "枕套", others=True) for seed in range(200)]
    assert len({right.title for right in rights}) > 10
    assert len({(right.title, right.number, right.holder) for right in rights}) == len(
        {right.title for right in rights}
    )
    first = holder_of(rights[0])
    assert first is not None
    assert first == holder_of(rights[0])


def test_a_sign_that_nobody_registered_has_neither_number_nor_owner() -> None:
    right = right_of(Random(1), IpType.TRADEMARK, ON, "枕套", others=False)
    assert (right.number, right.holder) == (None, None)
    assert right.title not in MARKS
    assert holder_of(right) is None


@pytest.mark.parametrize("division", sorted(WARES))
@pytest.mark.parametrize("kind", ["company", "shop", "person"])
def test_parties_have_an_address_and_somebody_to_speak_for_them(division: str, kind: str) -> None:
    party = respondent(Random(3), division, "通州区", kind)
    assert party.role == "respondent"
    assert party.kind == ("person" if kind == "person" else "organisation")
    assert party.personal["address"]
    assert (party.uscc is None) == (kind == "person")
    assert party.personal.get("legal_representative") or kind == "person"
    assert ware_of(Random(3), division, IpType.TRADEMARK) in WARES[division]


def test_every_character_can_be_printed_bold() -> None:
    words = "".join((*SURNAMES, *GIVEN, *BRANDS, *TAILS, *MARKS, *PATTERNS, *RIGHT_HOLDERS, *ROADS))
    wrongs = "".join(item.act + item.fact + item.orders for item in VIOLATIONS.values())
    assert (words + wrongs).replace("—", "").encode("gb2312")


# --- Provisions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("violation", "on", "violated", "basis"),
    [
        pytest.param("tm_sell", date(2026, 12, 31), "中华人民共和国商标法 第五十七条第（三）项", "中华人民共和国商标法 第六十条第二款", id="last day of the law of 2019"),
        pytest.param("tm_sell", date(2027, 1, 1), "中华人民共和国商标法 第七十二条", "中华人民共和国商标法 第七十四条", id="first day of the law of 2026"),
        pytest.param("tm_unregistered", date(2027, 1, 1), "中华人民共和国商标法 第六十二条", "中华人民共和国商标法 第六十二条", id="unregistered marks from 2027"),
        pytest.param("pat_mark", date(2024, 1, 19), "中华人民共和国专利法实施细则 第八十四条第一款第（一）项", "中华人民共和国专利法 第六十八条", id="patent rules until 2024-01-19"),
        pytest.param("pat_mark", date(2024, 1, 20), "中华人民共和国专利法实施细则 第一百零一条第一款第（一）项", "中华人民共和国专利法 第六十八条", id="patent rules from 2024-01-20"),
        pytest.param("uc_confusion", date(2025, 10, 14), "中华人民共和国反不正当竞争法 第六条", "中华人民共和国反不正当竞争法 第十八条", id="competition law of 2019"),
        pytest.param("uc_confusion", date(2025, 10, 15), "中华人民共和国反不正当竞争法 第七条", "中华人民共和国反不正当竞争法 第二十三条", id="competition law of 2025"),
    ],
)  # fmt: skip
def test_provisions_are_those_of_the_day(violation: str, on: date, violated: str, basis: str) -> None:
    wrong = VIOLATIONS[violation]
    assert [item.line(on) for item in wrong.violated] == [violated]
    assert [item.line(on) for item in wrong.basis] == [basis]
