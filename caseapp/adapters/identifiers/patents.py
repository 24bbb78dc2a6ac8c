"""Numbers of patents: the application or patent number with its check digit, and the publication number without one."""

from __future__ import annotations

import re
from datetime import date

from caseapp.adapters.identifiers.spelling import spelled
from caseapp.domain.errors import N_, Message
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import Identifier, IdentifierKind, IdentifierRefused

TWELVE_DIGITS_FROM = date(2003, 10, 1)
"""Applications of this day and later are numbered in twelve digits (ZC 0006-2003); earlier ones in eight."""

_PATENT = re.compile(r"(?P<prefix>ZL|CN)?(?P<body>[0-9]{12}|[0-9]{8})(?:\.?(?P<check>[0-9X]))?")
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_KINDS = {
    "1": IpType.PATENT_INVENTION,
    "2": IpType.PATENT_UTILITY,
    "3": IpType.PATENT_DESIGN,
    "8": IpType.PATENT_INVENTION,
    "9": IpType.PATENT_UTILITY,
}
_PCT_KINDS = "89"
_FIRST_YEAR = 1985
_FIRST_PCT_YEAR = 1994
_FIRST_YEAR_WITH_CHECK_DIGIT = 1989

_PUBLICATION = re.compile(r"CN-?(?P<body>[1-3](?:[0-9]{8}|[0-9]{6}))-?(?P<document>[ABCDSUY][0-9]?)")
_PUBLICATION_KINDS = {"1": "ABC", "2": "UY", "3": "SD"}


def patent_number(text: str, *, field: str, on: date | None = None, applied_on: date | None = None) -> Identifier:
    """Check a patent or application number of either era and say which kind of patent it is.

    text        with or without ZL or CN, spaces and the point: ZL201220572874.0, 99113861.9
    on          the day it is entered: a later application year is refused
    applied_on  the application date, where known: era and year of the number must agree with it
    value       the bare number with its point, equal for every spelling; the prefix is kept in `printed`
    Numbers of 1985–1988 have no check digit; PCT kinds (8 invention, 9 utility model) exist since 1994 [recalled].
    """
    match = _PATENT.fullmatch(spelled(text, field=field, kind=IdentifierKind.PATENT).replace("-", ""))
    if match is None:
        raise _refused(
            field,
            N_("专利号应为“ZL＋12 位数字＋小数点＋校验位”，2003 年 10 月前申请的为 8 位数字加校验位（ZC 0006-2003）"),
        )
    body, check_digit = match["body"], match["check"]
    twelve_digits = len(body) == len(_WEIGHTS)
    year = int(body[:4]) if twelve_digits else _year_of_two_digits(body[:2])
    kind = body[4] if twelve_digits else body[2]
    if kind not in _KINDS or (kind in _PCT_KINDS and year < _FIRST_PCT_YEAR):
        raise _refused(
            field,
            N_("专利号中的种类码应为 1（发明）、2（实用新型）、3（外观设计）、8 或 9（PCT 国际申请）（ZC 0006-2003）"),
        )
    _refuse_wrong_era(field, twelve_digits, year, on, applied_on)
    if check_digit is None:
        if twelve_digits or year >= _FIRST_YEAR_WITH_CHECK_DIGIT:
            raise _refused(field, N_("专利号缺少小数点后的校验位（ZC 0006-2003）"))
        value = body
    else:
        if check_digit != patent_check_digit(body):
            raise _refused(field, N_("专利号的校验位不符，请逐位核对（ZC 0006-2003）"))
        value = f"{body}.{check_digit}"
    return Identifier(IdentifierKind.PATENT, value, f"{match['prefix'] or ''}{value}", _KINDS[kind])


def patent_check_digit(body: str) -> str:
    """Return the check digit of 8 or 12 digits: Σ digit × weight mod 11, ten written as X (ZC 0006-2003)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=False))
    return "0123456789X"[total % 11]


def patent_publication(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a publication number: CN, seven or nine digits, document code (A, B, C, U, Y, S, D); no check digit.

    The first digit names the kind of patent and must agree with the code.
    """
    match = _PUBLICATION.fullmatch(spelled(text, field=field, kind=IdentifierKind.PATENT_PUBLICATION))
    if match is None:
        raise _refused(
            field,
            N_("专利公开（公告）号应为“CN＋9 位数字＋文献种类代码（A、B、U、S 等）”，早期为 7 位数字"),
            IdentifierKind.PATENT_PUBLICATION,
        )
    body, document = match["body"], match["document"]
    if document[0] not in _PUBLICATION_KINDS[body[0]]:
        raise _refused(field, N_("专利公开（公告）号的首位数字与文献种类代码不一致"), IdentifierKind.PATENT_PUBLICATION)
    value = f"CN{body}{document}"
    return Identifier(IdentifierKind.PATENT_PUBLICATION, value, value, _KINDS[body[0]])


def _year_of_two_digits(digits: str) -> int:
    century = 1900 if int(digits) >= _FIRST_YEAR % 100 else 2000
    return century + int(digits)


def _refuse_wrong_era(field: str, twelve_digits: bool, year: int, on: date | None, applied_on: date | None) -> None:
    first, last = (TWELVE_DIGITS_FROM.year, date.max.year) if twelve_digits else (_FIRST_YEAR, TWELVE_DIGITS_FROM.year)
    if not first <= year <= last:
        raise _refused(
            field, N_("2003 年 10 月 1 日起申请的专利号为 12 位数字，此前为 8 位数字，请核对年份（ZC 0006-2003）")
        )
    if on is not None and year > on.year:
        raise _refused(field, N_("专利号中的申请年份晚于今年"))
    if applied_on is not None and (year != applied_on.year or twelve_digits != (applied_on >= TWELVE_DIGITS_FROM)):
        raise _refused(field, N_("专利号与申请日不一致（2003 年 10 月 1 日起申请的为 12 位数字）"))


def _refused(field: str, text: str, kind: IdentifierKind = IdentifierKind.PATENT) -> IdentifierRefused:
    return IdentifierRefused(field, kind, Message(text))
