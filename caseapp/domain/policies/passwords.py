"""Which passwords will do: long enough, mixed, and not what everybody tries first (GB/T 22239-2019, 8.1.4.1)."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.policies.own_names import Owner
from caseapp.domain.policies.security import SecurityPolicy

KINDS_WANTED: Final = 3

_LOOKS_LIKE: Final = tuple(str.maketrans("013457@$!", f"o{one}eastasi") for one in "li")
"""Signs that stand for letters; a one is an l to some and an i to others."""
_BASES: Final = frozenset(
    [
        "password",
        "passwd",
        "passw",
        "pass",
        "passwort",
        "motdepasse",
        "secret",
        "letmein",
        "welcome",
        "changeme",
        "default",
        "login",
        "user",
        "username",
        "guest",
        "admin",
        "administrator",
        "adminadmin",
        "root",
        "system",
        "sysadmin",
        "super",
        "superuser",
        "master",
        "manager",
        "oracle",
        "postgres",
        "mysql",
        "server",
        "test",
        "testtest",
        "testing",
        "tester",
        "demo",
        "demodemo",
        "example",
        "temp",
        "temporary",
        "qwerty",
        "qwertyuiop",
        "qwertyqwerty",
        "asdfgh",
        "asdfghjkl",
        "zxcvbn",
        "zxcvbnm",
        "qazwsx",
        "qazwsxedc",
        "wsxedc",
        "abc",
        "abcd",
        "abcde",
        "abcdef",
        "abcdefg",
        "abcabc",
        "aaa",
        "aaaa",
        "qqq",
        "iloveyou",
        "love",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "shadow",
        "michael",
        "jordan",
        "superman",
        "batman",
        "trustno",
        "hello",
        "helloworld",
        "freedom",
        "whatever",
        "computer",
        "internet",
        "office",
        "company",
        "business",
        "google",
        "apple",
        "microsoft",
        "windows",
        "wechat",
        "weixin",
        "taobao",
        "alipay",
        "tencent",
        "baidu",
        "mima",
        "wodemima",
        "mimamima",
        "woaini",
        "woaiwojia",
        "woaizhongguo",
        "zhongguo",
        "china",
        "chinese",
        "beijing",
        "shanghai",
        "jiangsu",
        "nantong",
        "huhang",
        "zhishichanquan",
        "zhuanli",
        "shangbiao",
        "patent",
        "trademark",
        "copyright",
        "renmin",
        "zhengfu",
        "gongan",
        "jingcha",
        "spring",
        "summer",
        "autumn",
        "winter",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
"""What remains of the passwords tried first once digits and signs at both ends are taken off. Our own list."""
_RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
)
_LONGEST_RUN: Final = 6
"""More neighbours of the alphabet or the keyboard than this in a row make a password guessable."""
_NO_LETTERS: Final = "0123456789" + "!@#$%^&*()-_=+[]{};:'\",.<>/?\\|`~ "


def refuse_weak(
    password: str,
    owner: Owner,
    *,
    common: Container[str] = frozenset(),
    policy: SecurityPolicy | None = None,
) -> None:
    """Refuse a password that breaks the policy.

    common  passwords that many people have used, in small letters (`ports.CommonPasswords`)
    raises  InputError (field 'new')
    """
    shortest = (policy or SecurityPolicy()).password_length
    if len(password) < shortest:
        raise InputError("new", Message(N_("密码至少 %(count)s 位"), {"count": shortest}))
    kinds = (
        any(character.islower() for character in password),
        any(character.isupper() for character in password),
        any(character.isdigit() for character in password),
        any(not character.isalnum() for character in password),
    )
    if sum(kinds) < KINDS_WANTED:
        raise InputError("new", Message(N_("密码须包含大写字母、小写字母、数字、符号中的三类")))
    written = _plain_forms(password)
    if any(owner.login_in(text) for text in written):
        raise InputError("new", Message(N_("密码不能包含用户名")))
    if any(owner.name_in(text) for text in written):
        raise InputError("new", Message(N_("密码不能包含姓名或者姓名的拼音")))
    if any(owner.is_all_of(text) for text in written):
        raise InputError("new", Message(N_("密码不能只由姓名、用户名的拼音或者首字母加数字、符号组成")))
    if is_common(password, common):
        raise InputError("new", Message(N_("这个密码过于常见，容易被猜中，请换一个")))


def is_common(password: str, common: Container[str] = frozenset()) -> bool:
    """Return whether a password is one of those tried first, dressed up or not: 'P@ssw0rd2026!' is 'password'."""
    small = password.casefold()
    if len(set(small)) <= len(small) // 4:
        return True
    if any(text in common or _letters(text) in _BASES or _letters(text) in common for text in _plain_forms(password)):
        return True
    return any(
        small[start : start + _LONGEST_RUN + 1] in line
        for run in _RUNS
        for line in (run, run[::-1])
        for start in range(len(small) - _LONGEST_RUN)
    )


def _plain_forms(password: str) -> tuple[str, ...]:
    """Return a password in small letters: as it is, and with the signs that stand for letters read as letters,
    once without the digits and signs at its end.
    """
    small = password.casefold()
    ended = small.rstrip(_NO_LETTERS)
    return small, ended, *(text.translate(table) for table in _LOOKS_LIKE for text in (ended, small))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())
