"""Telephone numbers of mainland China and e-mail addresses."""

from __future__ import annotations

import re
from datetime import date

from email_validator import EmailNotValidError, validate_email

from caseapp.adapters.identifiers.spelling import spelled
from caseapp.domain.errors import N_, Message
from caseapp.domain.identifiers import Identifier, IdentifierKind, IdentifierRefused

_COUNTRY = r"(?:\+?86|0086)?-?"
_MOBILE = re.compile(_COUNTRY + r"(?P<number>1[3-9][0-9](?:-?[0-9]{4}){2})")
_EXTENSION = r"(?:(?:-|转|X|EXT\.?)(?P<extension>[0-9]{1,6}))?"
# Areas of two digits (10, 20–29) have numbers of eight; the others of seven or eight.
_LANDLINE = re.compile(
    _COUNTRY
    + r"\(?0?(?:(?P<metropolis>10|2[0-9])\)?-?(?P<eight>[2-9][0-9]{7})"
    + r"|(?P<area>[3-9][0-9]{2})\)?-?(?P<number>[2-9][0-9]{6,7}))"
    + _EXTENSION
)
_SERVICE = re.compile(r"(?P<number>[48]00-?[0-9]{3}-?[0-9]{4})" + _EXTENSION)


def mobile(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a mobile number: 11 digits beginning with 13–19, with or without +86."""
    match = _MOBILE.fullmatch(spelled(text, field=field, kind=IdentifierKind.MOBILE))
    if match is None:
        raise IdentifierRefused(field, IdentifierKind.MOBILE, Message(N_("手机号码为以 13 至 19 开头的 11 位数字")))
    value = match["number"].replace("-", "")
    return Identifier(IdentifierKind.MOBILE, value, value)


def landline(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a landline with its area code, or a 400/800 number; printed as 0513-81234567-8001."""
    compact = spelled(text, field=field, kind=IdentifierKind.LANDLINE)
    if match := _SERVICE.fullmatch(compact):
        value = match["number"].replace("-", "")
    elif (match := _LANDLINE.fullmatch(compact)) and _has_area_code(compact):
        value = f"0{match['metropolis'] or match['area']}-{match['eight'] or match['number']}"
    else:
        raise IdentifierRefused(
            field,
            IdentifierKind.LANDLINE,
            Message(N_("固定电话应为“区号-号码”，例如 %(example)s"), {"example": "0513-81234567"}),
        )
    if match["extension"]:
        value += f"-{match['extension']}"
    return Identifier(IdentifierKind.LANDLINE, value, value)


def phone(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a mobile or a landline number; the result says which it is."""
    for check in (mobile, landline):
        try:
            return check(text, field=field, on=on)
        except IdentifierRefused:
            continue
    raise IdentifierRefused(
        field,
        IdentifierKind.PHONE,
        Message(
            N_("电话应为 11 位手机号码，或“区号-号码”形式的固定电话，例如 %(example)s"), {"example": "0513-81234567"}
        ),
    )


def email(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check the form of an e-mail address; nobody is asked whether it exists. The domain is lower-cased."""
    try:
        address = validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as wrong:
        raise IdentifierRefused(
            field,
            IdentifierKind.EMAIL,
            Message(N_("电子邮箱格式不正确，例如 %(example)s"), {"example": "name@example.cn"}),
        ) from wrong
    return Identifier(IdentifierKind.EMAIL, address, address)


def _has_area_code(compact: str) -> bool:
    """The leading 0 of the area code may only be left out behind the country code."""
    return compact.startswith(("0", "(0", "+86", "86"))
