"""Which passwords will do."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.policies.passwords import is_common, refuse_weak
from caseapp.domain.policies.security import SecurityPolicy

WEAK = {
    "too short": ("Kt1-mpvqz", "至少 10 位"),
    "two kinds of characters": ("kestrelmoss12", "三类"),
    "one kind of characters": ("kestrelmoss", "三类"),
    "with the login in it": ("Officer-2026", "用户名"),
    "with the name in it": ("顾海宁Kt-2026-x", "姓名"),
    "what everybody tries first": ("P@ssw0rd2026!", "常见"),
}
STRONG = {
    "lower, upper, digits": "kestrelMOSS41",
    "lower, upper, signs": "kestrel-MOSS",
    "lower, digits, signs": "kestrel-41-moss",
    "upper, digits, signs": "KESTREL-41-M",
    "all four": "Kestrel-41-moss",
    "letters of China": "海门山羊-Kt-41",
}
COMMON = ("Nantong@2026", "Admin@123456", "Qwerty@12345", "1qaz@WSX3edc", "Aa1!Aa1!Aa1!", "Summer-2026!", "abcDEF12345")


@pytest.mark.parametrize(("password", "reason"), WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused(password: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        refuse_weak(password, "officer", words=("顾海宁",))


@pytest.mark.parametrize("password", STRONG.values(), ids=STRONG)
def test_three_of_four_kinds_and_ten_characters_will_do(password: str) -> None:
    refuse_weak(password, "officer", words=("顾海宁", "顾"))


def test_the_length_is_the_one_in_force() -> None:
    refuse_weak("Kestrel-41-moss", "officer", policy=SecurityPolicy(password_length=15))
    with pytest.raises(InputError, match="至少 16 位"):
        refuse_weak("Kestrel-41-moss", "officer", policy=SecurityPolicy(password_length=16))


def test_a_name_of_one_letter_forbids_nothing() -> None:
    refuse_weak("Kestrel-41-moss", "", words=("K",))


@pytest.mark.parametrize("password", COMMON)
def test_years_and_signs_do_not_make_a_common_password_a_rare_one(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", [*STRONG.values(), "Tongzhou-2026-test", "kb12-cp34-vf56"])
def test_ordinary_passwords_are_not_taken_for_common_ones(password: str) -> None:
    assert not is_common(password)
