"""Personal values made fit to be shown or published (市场监督管理行政处罚信息公示规定 art 6; 个人信息保护法 art 51).

The patterns follow the practice of published decisions: surname + 某; first six and last four of an ID number; a
telephone number without its middle; an address down to the street. Masking fails closed: what is not understood is
hidden whole. Every mask may be applied twice without harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

STAR = "*"
_HIDDEN = STAR * 3
_SOME = "某"


class MaskedKind(StrEnum):
    """What kind of value is shown; it decides which part stays readable."""

    PERSON_NAME = "person_name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BANK_ACCOUNT = "bank_account"
    ORGANISATION_NAME = "organisation_name"
    """Public by law (企业信息公示暂行条例): shown as it is."""
    USCC = "uscc"
    """Public by law: shown as it is."""


_COMPOUND = (
    "欧阳上官司马司徒司空司寇诸葛皇甫东方令狐慕容宇文尉迟长孙公孙夏侯轩辕端木独孤南宫西门东郭百里呼延"
    "闻人申屠太史公冶宗政濮阳淳于单于鲜于仲孙钟离赫连澹台拓跋万俟闾丘公羊谷梁完颜纳兰第五即墨左丘梁丘"
    "东门公西漆雕乐正壤驷亓官巫马"
)
_COMPOUND_SURNAMES = frozenset(_COMPOUND[place : place + 2] for place in range(0, len(_COMPOUND), 2))
_FOUR_CHARACTERS = 4
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_ALREADY_MASKED = re.compile(r"[^某]{1,2}某{1,2}[甲乙丙丁戊己庚辛壬癸等]?")
_RESIDENT_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])")
_NAME_SEPARATORS = re.compile(r"[·•‧・.]")


def mask(kind: MaskedKind, text: str) -> str:
    """Return the value as it may be shown to people who need not know all of it; blank stays blank."""
    stripped = text.strip()
    return _MASKS[kind](stripped) if stripped else ""


def mask_numbers_in(text: str) -> str:
    """Return a text with every resident identity number and mobile telephone in it masked."""
    kept = _RESIDENT_ID.sub(lambda found: mask(MaskedKind.ID_NUMBER, found[0]), text)
    return _MOBILE.sub(lambda found: mask(MaskedKind.PHONE, found[0]), kept)


def _person_name(name: str) -> str:
    """张三 → 张某, 张三丰 → 张某某, 欧阳修 → 欧阳某; with a dot or in Latin letters only the first letter stays."""
    if _ALREADY_MASKED.fullmatch(name):
        return name
    if not _HAN.match(name):
        return f"{name[0]}{_HIDDEN}"
    if _NAME_SEPARATORS.search(name) or len(name) > _FOUR_CHARACTERS:
        return f"{name[0]}{_SOME * 2}"
    # Two characters that are a compound surname would otherwise show the name whole.
    length = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return f"{name[:length]}{_SOME * min(max(len(name) - length, 1), 2)}"


def _id_number(number: str) -> str:
    """Keep the first six (division) and last four of a resident ID; of any other document only its last two."""
    resident_id_length = 18
    if len(number) == resident_id_length:
        return _keep(number, head=6, tail=4)
    return _keep(number, head=0, tail=2)


def _phone(number: str) -> str:
    """13812345678 → 138****5678; 0513-81234567 → 0513-****4567; anything shorter is hidden but for its last two."""
    if STAR in number:
        return number
    area, dash, rest = number.partition("-")
    if dash and area.startswith("0"):
        subscriber = rest.partition("-")[0]
        return f"{area}-{STAR * 4}{subscriber[-4:]}" if len(subscriber) >= 7 else f"{area}-{STAR * 4}"
    mobile_length = 11
    if len(number) == mobile_length and number.isdecimal():
        return f"{number[:3]}{STAR * 4}{number[-4:]}"
    return _keep(number, head=0, tail=2)


def _email(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{_HIDDEN}@{domain}" if at and local else _HIDDEN


_ROAD = re.compile(r"大道|路(?!桥区)|街(?!道)|[巷弄]")
# 小区 and 社区 are where people live, a 区 with a compass point or a number is a block, and 市场 is a market, no city.
_PLACE = re.compile(r"街道|[镇乡省县旗盟州]|市(?!场)|(?<![小社东南西北中一二三四五六七八九十])区")
_HOUSE = re.compile(r"[0-9０-９A-Za-zＡ-Ｚａ-ｚ*#＃]")


def _address(address: str) -> str:
    """南通市通州区川姜镇家纺城路8号 → 南通市通州区川姜镇家纺城路***; without a road the town or district stays."""
    before_house = _HOUSE.split(address, maxsplit=1)[0]
    road = _ROAD.search(before_house)
    end = road.end() if road else max((match.end() for match in _PLACE.finditer(before_house)), default=0)
    return address if end == len(address) else f"{before_house[:end]}{_HIDDEN}"


def _bank_account(number: str) -> str:
    return _keep(re.sub(r"[\s-]", "", number), head=0, tail=4)


def _shown(text: str) -> str:
    return text


def _keep(text: str, *, head: int, tail: int) -> str:
    """Hide all but the ends; a text too short to hide anything is hidden whole."""
    if len(text) <= head + tail:
        return STAR * len(text)
    return f"{text[:head]}{STAR * (len(text) - head - tail)}{text[len(text) - tail :]}"


_MASKS: Mapping[MaskedKind, Callable[[str], str]] = {
    MaskedKind.PERSON_NAME: _person_name,
    MaskedKind.ID_NUMBER: _id_number,
    MaskedKind.PHONE: _phone,
    MaskedKind.EMAIL: _email,
    MaskedKind.ADDRESS: _address,
    MaskedKind.BANK_ACCOUNT: _bank_account,
    MaskedKind.ORGANISATION_NAME: _shown,
    MaskedKind.USCC: _shown,
}
