"""Numbers of trademarks, works, software, geographical indications and plant varieties. None has a check digit.

The registers print no complete rule for most of them: patterns marked [recalled] are kept as wide as the numbers
known to exist, so that a real right is not refused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from caseapp.adapters.identifiers.spelling import spelled
from caseapp.domain.errors import N_, Message
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import Identifier, IdentifierKind, IdentifierRefused

_NATIONAL_MARK = re.compile(r"第?0*(?P<number>[1-9][0-9]{0,7})(?P<part>[A-Z]{0,2})号?")
_MADRID_MARK = re.compile(r"第?G-?0*(?P<number>[1-9][0-9]{4,6})(?P<part>[A-Z]?)号?")
_NICE_CLASS = re.compile(r"第?0?(?P<number>[1-9][0-9]?)类?")
_LAST_NICE_CLASS = 45

_REGIONS = "国京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新"
_WORK = re.compile(
    rf"(?P<region>[{_REGIONS}])作登字-?(?P<year>[0-9]{{4}})-?(?P<category>[A-L])-?(?P<serial>[0-9]{{8}})号?"
)
# Before the numbers were unified, provinces wrote their own two digits: 作登字:10-2009-F-563 (10 = Jiangsu) [recalled].
_OLD_WORK = re.compile(
    r"(?:作登字)?[:第]?(?P<region>[0-9]{2})-(?P<year>(?:19|20)[0-9]{2})-(?P<category>[A-L])-(?P<serial>[0-9]{1,8})号?"
)
_FIRST_YEAR_OF_WORKS = 1991

_SOFTWARE_CERTIFICATE = re.compile(r"软著登字第?(?P<number>[A-Z]{0,2}[0-9]{4,8})号?")
_SOFTWARE_REGISTRATION = re.compile(r"(?:登记号:?)?(?P<year>(?:19|20)[0-9]{2})-?SR-?(?P<serial>[0-9]{4,7})")

_AGRICULTURAL_GI = re.compile(r"AGI-?(?P<rest>[0-9]{4,6}|[0-9]{4}-[0-9]{2}-[0-9]{4,6})")
_GI_NAME = re.compile(r"(?=.*[\u3400-\u9fffA-Za-z])[^\x00-\x1f\x7f<>]{2,60}")

_VARIETY = re.compile(
    r"CNA(?P<year>(?:19|20)[0-9]{2})(?:(?P<old>[0-9]{4})(?:\.?(?P<check>[0-9A-Z]))?|(?P<new>[0-9]{7}))"
)
_FOREST_VARIETY = re.compile(r"第?(?P<year>(?:19|20)[0-9]{2})(?P<serial>[0-9]{4})号?")
_FIRST_YEAR_OF_VARIETIES = 1999


def trademark(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 商标注册号: one to eight digits, a letter for a divided registration; or G and a Madrid number."""
    compact = spelled(text, field=field, kind=IdentifierKind.TRADEMARK)
    if match := _MADRID_MARK.fullmatch(compact):
        value = f"G{match['number']}{match['part']}"
    elif match := _NATIONAL_MARK.fullmatch(compact):
        value = f"{match['number']}{match['part']}"
    else:
        raise _refused(
            field,
            IdentifierKind.TRADEMARK,
            N_("商标注册号为 1 至 8 位数字（可带分割后缀字母），马德里国际注册为 G 加 5 至 7 位数字"),
        )
    return Identifier(IdentifierKind.TRADEMARK, value, f"第{value}号", IpType.TRADEMARK)


def nice_class(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a class of goods or services of the Nice classification, 1–45."""
    match = _NICE_CLASS.fullmatch(spelled(text, field=field, kind=IdentifierKind.NICE_CLASS))
    if match is None or int(match["number"]) > _LAST_NICE_CLASS:
        raise _refused(field, IdentifierKind.NICE_CLASS, N_("商品和服务类别为第 1 至 45 类（尼斯分类）"))
    return Identifier(IdentifierKind.NICE_CLASS, match["number"], f"第{match['number']}类", IpType.TRADEMARK)


def work_registration(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 作品登记号: region, year, category A–L, serial, as in 国作登字-2021-L-00268255 (国版函〔2016〕1号)."""
    compact = spelled(text, field=field, kind=IdentifierKind.COPYRIGHT)
    if match := _WORK.fullmatch(compact):
        value = f"{match['region']}作登字-{match['year']}-{match['category']}-{match['serial']}"
    elif match := _OLD_WORK.fullmatch(compact):
        value = f"作登字:{match['region']}-{match['year']}-{match['category']}-{match['serial']}"
    else:
        raise _refused(
            field,
            IdentifierKind.COPYRIGHT,
            N_("作品登记号的格式为“地区简称＋作登字-年份-类别字母-8 位序号”，例如 %(example)s"),
            example="苏作登字-2024-F-00012345",
        )
    _refuse_year(field, IdentifierKind.COPYRIGHT, int(match["year"]), _FIRST_YEAR_OF_WORKS, on)
    return Identifier(IdentifierKind.COPYRIGHT, value, value, IpType.COPYRIGHT)


def software_registration(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a software number: certificate 软著登字第12345678号 or registration 2019SR0123456."""
    compact = spelled(text, field=field, kind=IdentifierKind.SOFTWARE)
    if match := _SOFTWARE_CERTIFICATE.fullmatch(compact):
        value = f"软著登字第{match['number']}号"
    elif match := _SOFTWARE_REGISTRATION.fullmatch(compact):
        _refuse_year(field, IdentifierKind.SOFTWARE, int(match["year"]), _FIRST_YEAR_OF_WORKS, on)
        value = f"{match['year']}SR{match['serial']}"
    else:
        raise _refused(
            field,
            IdentifierKind.SOFTWARE,
            N_("软件著作权应填写证书号（软著登字第……号）或登记号（年份＋SR＋序号），例如 %(example)s"),
            example="2019SR0123456",
        )
    return Identifier(IdentifierKind.SOFTWARE, value, value, IpType.COPYRIGHT)


def geographical_indication(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 地理标志: an AGI number of an agricultural product, else the protected name or its announcement.

    Products protected by announcement have no number of one form; a GI registered as a mark goes by its mark number.
    """
    compact = spelled(text, field=field, kind=IdentifierKind.GI)
    if match := _AGRICULTURAL_GI.fullmatch(compact):
        value = f"AGI{match['rest']}"
        return Identifier(IdentifierKind.GI, value, value, IpType.GI)
    if (match := _NATIONAL_MARK.fullmatch(compact)) and not match["part"]:
        return Identifier(IdentifierKind.GI, match["number"], f"第{match['number']}号", IpType.GI)
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not _GI_NAME.fullmatch(name):
        raise _refused(
            field, IdentifierKind.GI, N_("地理标志应填写登记号、商标注册号或 2 至 60 个字符的保护名称（公告号）")
        )
    return Identifier(IdentifierKind.GI, name, name, IpType.GI)


def plant_variety(text: str, *, field: str, on: date | None = None) -> Identifier:
    """Check a 品种权号: CNA + year + digits for crops, year + four digits for forest plants [recalled]."""
    compact = spelled(text, field=field, kind=IdentifierKind.PLANT_VARIETY)
    if match := _VARIETY.fullmatch(compact):
        if match["new"]:
            value = f"CNA{match['year']}{match['new']}"
        else:
            value = f"CNA{match['year']}{match['old']}" + (f".{match['check']}" if match["check"] else "")
    elif match := _FOREST_VARIETY.fullmatch(compact):
        value = f"{match['year']}{match['serial']}"
    else:
        raise _refused(
            field,
            IdentifierKind.PLANT_VARIETY,
            N_("植物新品种权号为“CNA＋年份＋数字”，林业品种为年份加 4 位数字，例如 %(example)s"),
            example="CNA20191006012",
        )
    _refuse_year(field, IdentifierKind.PLANT_VARIETY, int(match["year"]), _FIRST_YEAR_OF_VARIETIES, on)
    return Identifier(IdentifierKind.PLANT_VARIETY, value, value, IpType.PLANT_VARIETY)


def _refuse_year(field: str, kind: IdentifierKind, year: int, first: int, on: date | None) -> None:
    if year < first:
        raise _refused(field, kind, N_("号码中的年份早于该登记制度开始的 %(year)s 年"), year=first)
    if on is not None and year > on.year:
        raise _refused(field, kind, N_("号码中的年份晚于今年"))


def _refused(field: str, kind: IdentifierKind, text: str, **values: object) -> IdentifierRefused:
    return IdentifierRefused(field, kind, Message(text, values))
