"""Numbers of organisations and of people."""

from __future__ import annotations

import re
from datetime import date

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from caseapp.adapters.identifiers.spelling import spelled
from caseapp.domain.errors import N_, Message
from caseapp.domain.identifiers import Identifier, IdentifierKind, IdentifierRefused

_USCC_LENGTH = 18
# The standard leaves out I, O, S, V and Z. The first two characters may be letters: A military, N rural, Y other
# registrars; python-stdnum's own validate() asks for digits there, so only its check digit is used.
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")

_ORGANISATION_CODE = re.compile(r"([0-9A-Z]{8})-?([0-9X])")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
_RESIDENT_ID_LENGTH = 18
_OLD_RESIDENT_ID = re.compile(r"[0-9]{15}")
_PERMIT_DIVISIONS = {"81": "810000", "82": "820000", "83": "830000"}


def unified_social_credit_code(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 统一社会信用代码 (GB 32100-2015): 18 characters of its alphabet and the check character.

    The division in places 3–8 need not be one of today: codes are for life, and 100000 stands for national registrars.
    """
    code = spelled(text, field=field, kind=IdentifierKind.USCC).replace("-", "")
    if len(code) != _USCC_LENGTH:
        raise _refused(field, IdentifierKind.USCC, N_("统一社会信用代码应为 18 位（GB 32100-2015）"))
    if not _USCC.fullmatch(code):
        raise _refused(
            field,
            IdentifierKind.USCC,
            N_("统一社会信用代码由数字和大写字母组成，不使用 I、O、S、V、Z，第 3 至 8 位为数字（GB 32100-2015）"),
        )
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        raise _refused(field, IdentifierKind.USCC, N_("统一社会信用代码的校验码不符，请逐位核对（GB 32100-2015）"))
    return Identifier(IdentifierKind.USCC, code, code)


def organisation_code(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 组织机构代码 (GB 11714-1997): eight characters and a check character, printed as 60003734-1."""
    match = _ORGANISATION_CODE.fullmatch(spelled(text, field=field, kind=IdentifierKind.ORGANISATION_CODE))
    if match is None:
        raise _refused(
            field, IdentifierKind.ORGANISATION_CODE, N_("组织机构代码应为 8 位本体代码加 1 位校验码（GB 11714-1997）")
        )
    body, check_character = match.groups()
    # int(…, 36) is the standard's value of a character: 0–9, then A = 10 … Z = 35.
    total = sum(int(character, 36) * weight for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    if "0123456789X"[-total % 11] != check_character:
        raise _refused(
            field, IdentifierKind.ORGANISATION_CODE, N_("组织机构代码的校验码不符，请逐位核对（GB 11714-1997）")
        )
    return Identifier(IdentifierKind.ORGANISATION_CODE, f"{body}{check_character}", f"{body}-{check_character}")


def resident_id(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 公民身份号码 (GB 11643-1999) or the number of a Hong Kong, Macao or Taiwan residence permit.

    on  the day it is entered: a date of birth after it is refused
    Only the province of the division part is checked: codes of abolished counties stay valid for life, and a person may
    be registered under a code younger than he is. python-stdnum's own validate() refuses both, so its check digit and
    its table of provinces are used instead.
    """
    number = spelled(text, field=field, kind=IdentifierKind.RESIDENT_ID).replace("-", "")
    if _OLD_RESIDENT_ID.fullmatch(number):
        raise _refused(field, IdentifierKind.RESIDENT_ID, N_("15 位身份证号码已停止使用，请填写 18 位公民身份号码"))
    if not _RESIDENT_ID.fullmatch(number):
        if len(number) != _RESIDENT_ID_LENGTH:
            raise _refused(field, IdentifierKind.RESIDENT_ID, N_("公民身份号码应为 18 位（GB 11643-1999）"))
        raise _refused(
            field, IdentifierKind.RESIDENT_ID, N_("公民身份号码前 17 位为数字，末位为数字或 X（GB 11643-1999）")
        )
    if not _issued_somewhere(number):
        raise _refused(field, IdentifierKind.RESIDENT_ID, N_("公民身份号码的前六位不是有效的地址码（GB 11643-1999）"))
    try:
        born_on = ric.get_birth_date(number)
    except ValidationError as wrong:
        raise _refused(
            field, IdentifierKind.RESIDENT_ID, N_("公民身份号码第 7 至 14 位不是真实的日期（GB 11643-1999）")
        ) from wrong
    if on is not None and born_on > on:
        raise _refused(field, IdentifierKind.RESIDENT_ID, N_("公民身份号码中的出生日期晚于今天（GB 11643-1999）"))
    if ric.calc_check_digit(number) != number[-1]:
        raise _refused(field, IdentifierKind.RESIDENT_ID, N_("公民身份号码的校验码不符，请逐位核对（GB 11643-1999）"))
    return Identifier(IdentifierKind.RESIDENT_ID, number, number)


def _issued_somewhere(number: str) -> bool:
    if number[:2] in _PERMIT_DIVISIONS:
        return number[:6] == _PERMIT_DIVISIONS[number[:2]]
    return any("province" in properties for _, properties in numdb.get("cn/loc").info(number[:6]))


def _refused(field: str, kind: IdentifierKind, text: str) -> IdentifierRefused:
    return IdentifierRefused(field, kind, Message(text))
