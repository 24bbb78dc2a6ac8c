"""Masking: what stays readable of a personal value, and that nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.masking import MaskedKind, mask


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张某"),
        ("张三丰", "张某某"),
        ("欧阳修", "欧阳某"),
        ("诸葛孔明", "诸葛某某"),
        pytest.param("欧阳", "欧某", id="a name that is itself a compound surname"),
        pytest.param("李王晓明", "李某某", id="four characters without a compound surname"),
        pytest.param("阿卜杜拉·买买提", "阿某某", id="name with a dot: the first character stays"),
        pytest.param("John Smith", "J***", id="Latin letters: the first letter stays"),
        pytest.param("范某甲", "范某甲", id="already masked"),
        pytest.param("顾某某", "顾某某", id="already masked twice"),
        pytest.param("王", "王某", id="surname alone"),
        pytest.param("某李建国", "某某某", id="a mark inside a real name does not let it pass"),
        pytest.param("𠮷田", "𠮷某", id="rare character outside the basic plane"),
    ],
)
def test_of_a_name_the_surname_stays(name: str, shown: str) -> None:
    assert mask(MaskedKind.PERSON_NAME, name) == shown


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (MaskedKind.ID_NUMBER, "360426199101010071", "360426********0071"),
        pytest.param(MaskedKind.ID_NUMBER, "E12345678", "*******78", id="passport"),
        (MaskedKind.PHONE, "13812345678", "138****5678"),
        (MaskedKind.PHONE, "0513-81234567", "0513-****4567"),
        pytest.param(MaskedKind.PHONE, "0513-81234567-8001", "0513-****4567", id="the extension is hidden too"),
        pytest.param(MaskedKind.PHONE, "0513-123", "0513-****", id="too short to show an end"),
        pytest.param(MaskedKind.PHONE, "4001234567", "********67", id="service number"),
        (MaskedKind.EMAIL, "zhangsan@example.cn", "z***@example.cn"),
        pytest.param(MaskedKind.EMAIL, "no address", "***", id="not understood: hidden whole"),
        (MaskedKind.BANK_ACCOUNT, "6222 0212 3456 7890 123", "***************0123"),
        pytest.param(MaskedKind.BANK_ACCOUNT, "1234", "****", id="too short to show an end of an account"),
        (MaskedKind.USCC, "91110000600037341L", "91110000600037341L"),
        (MaskedKind.ORGANISATION_NAME, "南通某家纺有限公司", "南通某家纺有限公司"),
        pytest.param(MaskedKind.PHONE, "  ", "", id="blank stays blank"),
    ],
)
def test_only_the_ends_of_a_value_stay(kind: MaskedKind, text: str, shown: str) -> None:
    assert mask(kind, text) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("江苏省南通市通州区川姜镇家纺城路8号3幢", "江苏省南通市通州区川姜镇家纺城路***"),
        ("南通市崇川区虹桥街道桃坞路44号", "南通市崇川区虹桥街道桃坞路***"),
        pytest.param("通州区川姜镇志南村12组5号", "通州区川姜镇***", id="village and group are hidden"),
        pytest.param("崇川区阳光花园三幢401室", "崇川区***", id="estate without a road"),
        pytest.param("崇川区幸福小区3幢", "崇川区***", id="an estate called 小区 is no district"),
        pytest.param("崇川区虹南社区7组", "崇川区***", id="a community called 社区 is no district"),
        pytest.param("海门区叠石桥市场A区12号", "海门区***", id="a market is no city"),
        pytest.param("崇川区青年中路八十八号", "崇川区青年中路***", id="number in Chinese numerals"),
        pytest.param("如皋市锦绣花园北区5幢", "如皋市***", id="a block is no district"),
        pytest.param("崇川区星湖大道１００号", "崇川区星湖大道***", id="full-width digits"),
        pytest.param("崇川区虹桥街道", "崇川区虹桥街道", id="nothing behind the street"),
        pytest.param("阳光花园5幢", "***", id="not understood: hidden whole"),
    ],
)
def test_an_address_is_shown_down_to_the_street(address: str, shown: str) -> None:
    assert mask(MaskedKind.ADDRESS, address) == shown


@given(st.sampled_from(list(MaskedKind)), st.text(max_size=40))
def test_masking_twice_changes_nothing_more(kind: MaskedKind, text: str) -> None:
    once = mask(kind, text)
    assert mask(kind, once) == once


@given(
    st.sampled_from([MaskedKind.ID_NUMBER, MaskedKind.PHONE, MaskedKind.BANK_ACCOUNT]),
    st.text(st.sampled_from("0123456789"), min_size=7, max_size=20),
)
def test_of_a_number_at_least_three_digits_are_hidden_and_at_most_ten_shown(kind: MaskedKind, number: str) -> None:
    shown = mask(kind, number)
    assert sum(character.isdigit() for character in shown) <= min(10, len(number) - 3)


@given(st.text(st.characters(categories=["Lo"]), min_size=2, max_size=20))
def test_no_name_passes_unmasked_unless_it_is_masked_already(name: str) -> None:
    shown = mask(MaskedKind.PERSON_NAME, name)
    assert shown != name or "某" in name
