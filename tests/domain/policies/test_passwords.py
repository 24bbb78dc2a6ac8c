"""Which passwords will do."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.policies.own_names import Owner
from caseapp.domain.policies.passwords import is_common, refuse_weak
from caseapp.domain.policies.security import SecurityPolicy

GU = Owner("officer", "顾海宁", (("gu",), ("hai",), ("ning", "zhu")))
WEAK = {
    "too short": ("Kt1-mpvqz", "至少 10 位"),
    "two kinds of characters": ("kestrelmoss12", "三类"),
    "one kind of characters": ("kestrelmoss", "三类"),
    "with the login in it": ("Officer-2026", "用户名"),
    "with the login in it, its parts apart": ("Off-icer-2026", "用户名"),
    "with the name in it": ("顾海宁Kt-2026-x", "姓名"),
    "with the name in pinyin": ("GuHaining@26", "姓名的拼音"),
    "with the syllables of the name apart": ("Kt-Gu.Hai-Ning-41", "姓名的拼音"),
    "with the surname last": ("HaiNingGu-41", "姓名的拼音"),
    "with the given name alone": ("Haining-mo-41", "姓名的拼音"),
    "with the name in another reading": ("Guhaizhu-2026", "姓名的拼音"),
    "with the name in pinyin, dressed up": ("Guh@in1ng-kt", "姓名的拼音"),
    "initials and a year": ("Ghn@2026-11", "首字母"),
    "initials and a day of birth": ("ghn-19880512", "首字母"),
    "the surname, initials and a year": ("GuHN_202611", "首字母"),
    "initials, the surname last": ("Hn-Gu-2026", "首字母"),
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
        refuse_weak(password, GU)


@pytest.mark.parametrize("password", STRONG.values(), ids=STRONG)
def test_three_of_four_kinds_and_ten_characters_will_do(password: str) -> None:
    refuse_weak(password, GU)


def test_the_length_is_the_one_in_force() -> None:
    refuse_weak("Kestrel-41-moss", GU, policy=SecurityPolicy(password_length=15))
    with pytest.raises(InputError, match="至少 16 位"):
        refuse_weak("Kestrel-41-moss", GU, policy=SecurityPolicy(password_length=16))


def test_a_name_of_one_letter_forbids_nothing() -> None:
    refuse_weak("Kestrel-41-moss", Owner("", "K"))


@pytest.mark.parametrize("password", COMMON)
def test_years_and_signs_do_not_make_a_common_password_a_rare_one(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", [*STRONG.values(), "Tongzhou-2026-test", "kb12-cp34-vf56"])
def test_ordinary_passwords_are_not_taken_for_common_ones(password: str) -> None:
    assert not is_common(password)


@pytest.mark.parametrize(
    ("owner", "password"),
    [
        pytest.param(Owner("wz", "吕布", (("lv",), ("bu",))), "Lyubu-4121-x", id="ü typed as yu"),
        pytest.param(Owner("wz", "吕布", (("lv",), ("bu",))), "Lubu-4121-xy", id="ü typed as u"),
        pytest.param(
            Owner("wz", "欧阳修", (("ou",), ("yang",), ("xiu",))), "Xiuouyang-41", id="a surname of two signs"
        ),
        pytest.param(Owner("wz", "Tom Wang"), "Tom.Wang-4121", id="a name in letters"),
        pytest.param(Owner("gu.haining", "顾海宁"), "Gu_Haining-4121", id="the login's parts joined otherwise"),
    ],
)
def test_names_are_known_however_they_are_written(owner: Owner, password: str) -> None:
    with pytest.raises(InputError, match=r"姓名|用户名"):
        refuse_weak(password, owner)


def test_a_short_given_name_alone_forbids_nothing() -> None:
    refuse_weak("Kestrel-Weimar-41", Owner("wz", "王伟", (("wang",), ("wei",))))


def test_a_name_of_which_no_sign_can_be_read_forbids_only_itself() -> None:
    refuse_weak("Kestrel-41-moss", Owner("wz", "𠮷𠮷", ()))


def test_a_password_on_the_list_of_others_is_refused_with_or_without_digits_and_signs() -> None:
    common = frozenset({"margarita", "k1ngd0m-of"})
    for password in ("Margarita-2026", "M@rg4rita!!26", "K1ngd0m-of"):
        with pytest.raises(InputError, match="常见"):
            refuse_weak(password, GU, common=common)
    refuse_weak("Margarita-kestrel-26", GU, common=common)
