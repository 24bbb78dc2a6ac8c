"""Believable parties, rights and goods. Numbers pass their checks and cannot belong to anybody: 320699 is no division,
serials beginning with 99 have not been issued, and no resident number ends its order with 000."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final
from zlib import crc32

from caseapp.domain.facts import IpType, Right
from caseapp.services.case_intake import PartyDraft
from caseapp.services.demo.words import (
    BRANDS,
    GIVEN,
    MARKS,
    PATTERNS,
    RIGHT_HOLDERS,
    ROADS,
    SURNAMES,
    TAILS,
    UNREGISTERED,
)

_NO_DIVISION = "320699"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Ware:
    """A kind of goods: unit and range of prices in yuan."""

    name: str
    unit: str
    cheapest: int
    dearest: int
    specs: tuple[str, ...] = ("标准",)


_BEDDING: Final = (
    Ware("四件套", "套", 58, 260, ("1.5米床", "1.8米床")),
    Ware("被套", "条", 35, 120, ("200×230cm", "220×240cm")),
    Ware("枕套", "对", 9, 36, ("48×74cm",)),
    Ware("毛毯", "条", 32, 150, ("150×200cm", "200×230cm")),
    Ware("蚕丝被", "床", 160, 620, ("2斤", "4斤")),
    Ware("羽绒被", "床", 180, 660, ("200×230cm",)),
    Ware("床笠", "条", 22, 80, ("150×200cm", "180×200cm")),
    Ware("印花布", "米", 6, 28, ("幅宽235cm", "幅宽250cm")),
    Ware("抱枕", "只", 8, 35, ("45×45cm",)),
    Ware("夏凉被", "条", 28, 110, ("150×200cm",)),
)
_TOOLS: Final = (
    Ware("角磨机", "台", 68, 260, ("100型", "125型")),
    Ware("电锤", "台", 150, 480, ("26型",)),
    Ware("充电手电钻", "台", 85, 320, ("12V", "21V")),
    Ware("锂电池包", "块", 45, 160, ("21V 4.0Ah",)),
)
_CITY: Final = (
    Ware("运动鞋", "双", 45, 220, ("38-44码",)),
    Ware("羽绒服", "件", 90, 420, ("M-XXL",)),
    Ware("手机充电器", "只", 12, 60, ("快充型",)),
    Ware("洗发水", "瓶", 15, 58, ("500ml",)),
    Ware("白酒", "瓶", 60, 480, ("500ml",)),
    Ware("机油", "桶", 45, 190, ("4L",)),
)
_FOOD: Final = (
    Ware("火腿", "只", 90, 360, ("5kg",)),
    Ware("大米", "袋", 28, 75, ("10kg",)),
    Ware("文蛤", "包", 18, 66, ("500g",)),
    Ware("香芋", "箱", 35, 90, ("2.5kg",)),
    Ware("狼山鸡", "只", 45, 120, ("1.5kg",)),
)
_SILK: Final = (
    Ware("锦纶丝袜", "双", 4, 18, ("均码",)),
    Ware("枕巾", "条", 7, 26, ("50×75cm",)),
    Ware("滤布", "米", 12, 55, ("幅宽160cm",)),
    Ware("儿童家具", "件", 120, 520, ("拼装型",)),
)
_PATENTED: Final = (
    Ware("磁性窗帘轨道", "根", 18, 75, ("2米", "3米")),
    Ware("折叠婴儿床", "张", 160, 520, ("可拼接",)),
    Ware("多功能晾衣架", "个", 28, 120, ("落地式",)),
    Ware("记忆棉枕", "只", 35, 160, ("60×40cm",)),
    Ware("卷线盘", "只", 40, 150, ("30米",)),
    Ware("健身拉力器", "套", 25, 110, ("五管",)),
)
WARES: Final[Mapping[str, tuple[Ware, ...]]] = {
    "320612": _BEDDING,
    "320614": _BEDDING,
    "320613": (*_CITY, *_BEDDING[:3]),
    "320681": _TOOLS,
    "320682": (*_FOOD[:1], *_CITY[1:]),
    "320623": (*_FOOD[2:3], *_CITY[:4], *_TOOLS[:2]),
    "320685": _SILK,
    "320671": (*_CITY[2:], *_TOOLS[2:]),
    "320600": (*_CITY, *_BEDDING[:5]),
}
"""What is made and sold where, by division."""
TOWNS: Final[Mapping[str, tuple[str, ...]]] = {
    "320612": ("川姜镇", "川姜镇", "先锋街道", "兴仁镇", "金沙街道", "二甲镇"),
    "320614": ("三星镇", "三星镇", "常乐镇", "海门街道", "悦来镇"),
    "320613": ("观音山街道", "狼山镇街道", "城东街道", "秦灶街道"),
    "320681": ("吕四港镇", "汇龙镇", "王鲍镇", "惠萍镇"),
    "320682": ("如城街道", "白蒲镇", "长江镇", "磨头镇"),
    "320623": ("掘港街道", "岔河镇", "洋口镇", "长沙镇"),
    "320685": ("曲塘镇", "李堡镇", "城东镇", "大公镇"),
    "320671": ("中兴街道", "新开街道", "小海街道"),
    "320600": ("崇川区观音山街道", "通州区川姜镇", "海门区三星镇"),
}
MARKETS: Final[Mapping[str, str]] = {"320612": "南通家纺城", "320614": "叠石桥国际家纺城", "320613": "小商品市场"}
_INDICATIONS: Final = ("如皋火腿", "海安大米", "如东文蛤", "海门香芋", "狼山鸡")
"""Well-known indications of the region; each ends with the name of its goods."""
_TRADES: Final[Mapping[str, tuple[str, ...]]] = {
    "320612": ("家纺", "床上用品", "纺织品", "布业"),
    "320614": ("家纺", "绣品", "床上用品", "被业"),
    "320681": ("电动工具", "五金机电"),
    "320682": ("食品", "商贸"),
    "320623": ("商贸", "水产", "五金"),
    "320685": ("纺织", "家具", "商贸"),
}
_ORDINARY_TRADES = ("商贸", "百货", "贸易")


def respondent(chance: Random, division: str, division_name: str, kind: str) -> PartyDraft:
    """Return a firm (`company`), a one-man business (`shop`) or a natural person (`person`)."""
    town, road, number = chance.choice(TOWNS[division]), chance.choice(ROADS), chance.randint(1, 280)
    address = f"江苏省南通市{_place(division, division_name)}{town}{road}{number}号"
    manager = person_name(chance)
    if kind == "person":
        personal = {"address": address, "id_number": resident_number(chance)}
        return PartyDraft("respondent", "person", manager, None, personal)
    trade = chance.choice(_TRADES.get(division, _ORDINARY_TRADES))
    name = f"{chance.choice(BRANDS)}{chance.choice(TAILS)}{trade}"
    town = division_name.rstrip("区市县") if division != "320600" else ""
    full = f"南通{name}有限公司" if kind == "company" else f"{division_name}{name}{'商行' if town else '经营部'}"
    personal = {"address": address, "legal_representative": manager}
    return PartyDraft(
        "respondent", "organisation", full, social_credit_code(chance, "91" if kind == "company" else "92"), personal
    )


def _place(division: str, name: str) -> str:
    return "" if division == "320600" else name


def person_name(chance: Random) -> str:
    """Return the name of somebody who does not exist."""
    return f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}"


def holder_of(right: Right) -> PartyDraft | None:
    """Return the owner of a right as a party, None where it is nobody else's."""
    if right.holder is None:
        return None
    code = social_credit_code(Random(right.holder), "91")  # noqa: S311 - the same firm has the same code
    return PartyDraft("right_holder", "organisation", right.holder, code, {})


def right_of(chance: Random, ip_type: IpType, on: date, ware: str, *, others: bool) -> Right:
    """Return a right of that kind, as the register would show it. The same mark or pattern always has the same owner.

    ware    the goods it is about
    others  it belongs to somebody else; what is nobody's right is only named
    """
    if ip_type is IpType.TRADEMARK and not others:
        return Right(ip_type, None, chance.choice(UNREGISTERED), None)
    if ip_type is IpType.TRADEMARK:
        mark = chance.choice(MARKS)
        return Right(ip_type, f"99{_register_number(mark)}", mark, _owner(mark))
    if ip_type is IpType.COPYRIGHT:
        pattern = chance.choice(PATTERNS)
        return Right(ip_type, f"苏作登字-{_year(pattern)}-F-99{_register_number(pattern)}", pattern, _owner(pattern))
    if ip_type is IpType.GI:
        name = next((item for item in _INDICATIONS if item.endswith(ware)), chance.choice(_INDICATIONS))
        return Right(ip_type, name, name, "地理标志产地行业协会（演示）")
    holder = chance.choice(RIGHT_HOLDERS) if others else None
    kinds = {IpType.PATENT_INVENTION: "1", IpType.PATENT_UTILITY: "2", IpType.PATENT_DESIGN: "3"}
    if ip_type in kinds:
        body = f"{on.year - chance.randint(2, 4)}{kinds[ip_type]}99{chance.randint(0, 99_999):05d}"
        return Right(ip_type, f"ZL{body}.{_patent_check(body)}", ware, holder)
    titles = {
        IpType.OTHER: "商品包装、装潢",
        IpType.TRADE_SECRET: "客户名单和工艺参数",
        IpType.PLANT_VARIETY: "水稻新品种",
    }
    return Right(ip_type, None, titles.get(ip_type, ware), holder)


def _register_number(name: str) -> str:
    return f"{crc32(name.encode()) % 1_000_000:06d}"


def _year(name: str) -> int:
    return 2019 + crc32(name.encode()) % 5


def _owner(name: str) -> str:
    return RIGHT_HOLDERS[crc32(name.encode()) % len(RIGHT_HOLDERS)]


def ware_of(chance: Random, division: str, ip_type: IpType) -> Ware:
    """Return goods that fit the place and the right."""
    if ip_type in (IpType.PATENT_DESIGN, IpType.PATENT_UTILITY, IpType.PATENT_INVENTION, IpType.PATENT):
        wares: tuple[Ware, ...] = (*_PATENTED, *_TOOLS) if division == "320681" else _PATENTED
        return chance.choice(wares)
    if ip_type is IpType.GI:
        return chance.choice(_FOOD)
    if ip_type is IpType.COPYRIGHT:
        return chance.choice(_BEDDING)
    if ip_type is IpType.PLANT_VARIETY:
        return Ware("水稻种子", "袋", 40, 90, ("5kg",))
    return chance.choice(WARES[division])


def social_credit_code(chance: Random, kind: str) -> str:
    """Return a unified social credit code whose check character is right (GB 32100-2015)."""
    body = f"{kind}{_NO_DIVISION}{''.join(chance.choice('0123456789ABCDEFGHJKLMNPQRTUWXY') for _ in range(9))}"
    total = sum(_USCC_ALPHABET.index(sign) * weight for sign, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_ALPHABET[-total % 31]


def resident_number(chance: Random) -> str:
    """Return a resident number whose check digit is right (GB 11643-1999), with an order number that is never given."""
    born = date(chance.randint(1968, 2001), chance.randint(1, 12), chance.randint(1, 28))
    body = f"{_NO_DIVISION}{born:%Y%m%d}000"
    total = sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _patent_check(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, _PATENT_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]
