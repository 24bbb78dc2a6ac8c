"""Trademarks, works, software, geographical indications, plant varieties: numbers without a check digit."""

from __future__ import annotations

from datetime import date

import pytest

from caseapp.adapters.identifiers import check
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import IdentifierKind, IdentifierRefused

K = IdentifierKind


@pytest.mark.parametrize(
    ("kind", "text", "value", "printed"),
    [
        (K.TRADEMARK, "3210010", "3210010", "第3210010号"),
        (K.TRADEMARK, "第 5616235 号", "5616235", "第5616235号"),
        pytest.param(K.TRADEMARK, "05616235", "5616235", "第5616235号", id="padded by another system"),
        pytest.param(K.TRADEMARK, "12345678a", "12345678A", "第12345678A号", id="divided registration"),
        pytest.param(K.TRADEMARK, "1", "1", "第1号", id="the oldest mark"),
        pytest.param(K.TRADEMARK, "G1234567", "G1234567", "第G1234567号", id="Madrid"),
        pytest.param(K.TRADEMARK, "g 654321 a", "G654321A", "第G654321A号", id="Madrid, divided"),
        (K.NICE_CLASS, "24", "24", "第24类"),
        (K.NICE_CLASS, "第 24 类", "24", "第24类"),
        (K.NICE_CLASS, "09", "9", "第9类"),
        (K.NICE_CLASS, "45", "45", "第45类"),
        (K.COPYRIGHT, "国作登字-2026-A-00037559", "国作登字-2026-A-00037559", "国作登字-2026-A-00037559"),
        (K.COPYRIGHT, "国作登字-2021-L-00268255", "国作登字-2021-L-00268255", "国作登字-2021-L-00268255"),
        pytest.param(
            K.COPYRIGHT,
            "苏作登字—2024—f—00012345",
            "苏作登字-2024-F-00012345",
            "苏作登字-2024-F-00012345",
            id="long dashes",
        ),
        pytest.param(
            K.COPYRIGHT, "作登字：10-2009-F-563", "作登字:10-2009-F-563", "作登字:10-2009-F-563", id="old form"
        ),
        (K.SOFTWARE, "软著登字第12345678号", "软著登字第12345678号", "软著登字第12345678号"),
        (K.SOFTWARE, "登记号：2019SR0123456", "2019SR0123456", "2019SR0123456"),
        (K.SOFTWARE, "2009sr012345", "2009SR012345", "2009SR012345"),
        (K.GI, "AGI01234", "AGI01234", "AGI01234"),
        (K.GI, "AGI2010-03-00251", "AGI2010-03-00251", "AGI2010-03-00251"),
        pytest.param(K.GI, "第4456789号", "4456789", "第4456789号", id="registered as a mark"),
        (K.GI, "如皋黄酒（2008年第65号公告）", "如皋黄酒(2008年第65号公告)", "如皋黄酒(2008年第65号公告)"),
        (K.GI, " 海门山羊 ", "海门山羊", "海门山羊"),
        (K.PLANT_VARIETY, "CNA20191006012", "CNA20191006012", "CNA20191006012"),
        (K.PLANT_VARIETY, "cna20080123.4", "CNA20080123.4", "CNA20080123.4"),
        (K.PLANT_VARIETY, "20180123", "20180123", "20180123"),
    ],
)
def test_every_spelling_becomes_one_number(kind: IdentifierKind, text: str, value: str, printed: str) -> None:
    number = check(kind, text)
    assert (number.value, number.printed) == (value, printed)
    assert check(kind, number.printed).value == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(K.TRADEMARK, "BERMAD", id="the sign itself is no number"),
        pytest.param(K.TRADEMARK, "123456789", id="nine digits"),
        pytest.param(K.TRADEMARK, "0", id="zero"),
        pytest.param(K.TRADEMARK, "3210010;5616235", id="two numbers in one field"),
        pytest.param(K.TRADEMARK, "G12", id="Madrid number too short"),
        pytest.param(K.NICE_CLASS, "46", id="class 46"),
        pytest.param(K.NICE_CLASS, "0", id="class 0"),
        pytest.param(K.NICE_CLASS, "24.5", id="half a class"),
        pytest.param(K.COPYRIGHT, "国作登字-2021-M-00268255", id="category behind L"),
        pytest.param(K.COPYRIGHT, "国作登字-2021-F-268255", id="serial of six digits"),
        pytest.param(K.COPYRIGHT, "美作登字-2021-F-00268255", id="region that does not exist"),
        pytest.param(K.COPYRIGHT, "国作登字-1980-F-00268255", id="before there was a register"),
        pytest.param(K.SOFTWARE, "软著登字第123号", id="too short"),
        pytest.param(K.SOFTWARE, "2019SR01234567890", id="too long"),
        pytest.param(K.GI, "茶", id="one character"),
        pytest.param(K.GI, "<script>alert(1)</script>", id="markup"),
        pytest.param(K.GI, "——", id="no letters"),
        pytest.param(K.PLANT_VARIETY, "CNA123", id="too short"),
        pytest.param(K.PLANT_VARIETY, "CNA19851006012", id="before there was a register"),
    ],
)
def test_what_no_register_could_have_given_is_refused(kind: IdentifierKind, text: str) -> None:
    with pytest.raises(IdentifierRefused) as refused:
        check(kind, text, field="number")
    assert refused.value.kind is kind
    assert refused.value.field == "number"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (K.COPYRIGHT, "国作登字-2026-A-00037559"),
        (K.SOFTWARE, "2026SR0123456"),
        (K.PLANT_VARIETY, "CNA20261006012"),
    ],
)
def test_a_number_of_a_later_year_is_refused_where_today_is_given(kind: IdentifierKind, text: str) -> None:
    assert check(kind, text, on=date(2026, 1, 1)).value == text
    with pytest.raises(IdentifierRefused, match="晚于今年"):
        check(kind, text, on=date(2025, 12, 31))


def test_each_number_names_the_kind_of_right() -> None:
    assert check(K.TRADEMARK, "3210010").ip_type is IpType.TRADEMARK
    assert check(K.SOFTWARE, "2019SR0123456").ip_type is IpType.COPYRIGHT
    assert check(K.GI, "海门山羊").ip_type is IpType.GI
    assert check(K.PLANT_VARIETY, "CNA20191006012").ip_type is IpType.PLANT_VARIETY
