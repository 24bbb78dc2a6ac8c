"""One door to all checks, and the check that belongs to a kind of right."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.adapters.identifiers import check, check_right
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import IdentifierKind, IdentifierRefused


@given(st.sampled_from(list(IdentifierKind)), st.text(max_size=60))
def test_no_text_breaks_a_check(kind: IdentifierKind, text: str) -> None:
    with contextlib.suppress(IdentifierRefused):
        identifier = check(kind, text, field="number")
        assert check(kind, identifier.value).value == identifier.value


@pytest.mark.parametrize(
    ("ip_type", "text", "kind"),
    [
        (IpType.PATENT, "ZL201220572874.0", IdentifierKind.PATENT),
        (IpType.PATENT_UTILITY, "ZL201220572874.0", IdentifierKind.PATENT),
        (IpType.PATENT_UTILITY, "CN 202345678 U", IdentifierKind.PATENT_PUBLICATION),
        (IpType.PATENT_INVENTION, "CN102345678B8", IdentifierKind.PATENT_PUBLICATION),
        (IpType.TRADEMARK, "3210010", IdentifierKind.TRADEMARK),
        (IpType.COPYRIGHT, "苏作登字-2024-F-00012345", IdentifierKind.COPYRIGHT),
        (IpType.COPYRIGHT, "2019SR0123456", IdentifierKind.SOFTWARE),
        (IpType.COPYRIGHT, "软著登字第12345678号", IdentifierKind.SOFTWARE),
        (IpType.GI, "海门山羊", IdentifierKind.GI),
        (IpType.PLANT_VARIETY, "CNA20191006012", IdentifierKind.PLANT_VARIETY),
    ],
)
def test_a_right_is_checked_by_the_register_of_its_kind(ip_type: IpType, text: str, kind: IdentifierKind) -> None:
    identifier = check_right(ip_type, text)
    assert identifier is not None
    assert identifier.kind is kind


@pytest.mark.parametrize("text", ["ZL201220572874.0", "CN202345678U"])
def test_a_number_of_another_kind_of_patent_is_refused(text: str) -> None:
    with pytest.raises(IdentifierRefused, match="专利种类"):
        check_right(IpType.PATENT_DESIGN, text, field="rights-0-number")


@pytest.mark.parametrize("ip_type", [IpType.TRADE_SECRET, IpType.OTHER])
def test_rights_that_no_register_numbers_are_not_judged(ip_type: IpType) -> None:
    assert check_right(ip_type, "配方") is None


def test_an_application_number_with_check_digit_x_is_no_publication() -> None:
    with pytest.raises(IdentifierRefused) as refused:
        check_right(IpType.PATENT, "CN201220572874X")
    assert refused.value.kind is IdentifierKind.PATENT
