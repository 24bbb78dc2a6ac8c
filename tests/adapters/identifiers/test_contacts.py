"""Telephone numbers and e-mail addresses."""

from __future__ import annotations

import pytest

from caseapp.adapters.identifiers import check
from caseapp.domain.identifiers import IdentifierKind, IdentifierRefused

K = IdentifierKind


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (K.MOBILE, "138 1234 5678", "13812345678"),
        (K.MOBILE, "+86-138-1234-5678", "13812345678"),
        (K.MOBILE, "008613812345678", "13812345678"),
        (K.LANDLINE, "0513-81234567", "0513-81234567"),
        (K.LANDLINE, "051381234567", "0513-81234567"),
        (K.LANDLINE, "（0513）8123 4567", "0513-81234567"),
        (K.LANDLINE, "+86 513 81234567", "0513-81234567"),
        (K.LANDLINE, "010-62083114", "010-62083114"),
        (K.LANDLINE, "0513-81234567转8001", "0513-81234567-8001"),
        (K.LANDLINE, "0513-81234567 ext. 12", "0513-81234567-12"),
        (K.LANDLINE, "400-123-4567", "4001234567"),
        (K.EMAIL, " Zhang.San@Example.CN ", "Zhang.San@example.cn"),
    ],
)
def test_every_spelling_becomes_one_number(kind: IdentifierKind, text: str, value: str) -> None:
    assert check(kind, text).value == value
    assert check(kind, value).value == value


def test_a_phone_is_a_mobile_or_a_landline_and_says_which() -> None:
    assert check(K.PHONE, "13812345678").kind is K.MOBILE
    assert check(K.PHONE, "0513-81234567").kind is K.LANDLINE


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(K.MOBILE, "12812345678", id="series that does not exist"),
        pytest.param(K.MOBILE, "1381234567", id="ten digits"),
        pytest.param(K.MOBILE, "0513-81234567", id="a landline is no mobile"),
        pytest.param(K.LANDLINE, "81234567", id="no area code"),
        pytest.param(K.LANDLINE, "513-81234567", id="area code without its zero"),
        pytest.param(K.LANDLINE, "010-6208311", id="seven digits in a city of eight"),
        pytest.param(K.LANDLINE, "0513-01234567", id="subscriber beginning with zero"),
        pytest.param(K.PHONE, "12345", id="neither"),
        pytest.param(K.EMAIL, "zhang.san", id="no at"),
        pytest.param(K.EMAIL, "zhang san@example.cn", id="space"),
        pytest.param(K.EMAIL, "a@b", id="no domain"),
        pytest.param(K.EMAIL, "", id="nothing"),
    ],
)
def test_what_cannot_be_reached_is_refused(kind: IdentifierKind, text: str) -> None:
    with pytest.raises(IdentifierRefused) as refused:
        check(kind, text, field="phone")
    assert refused.value.kind is kind
    assert refused.value.field == "phone"
