"""Words for numbers that identify bodies, people and rights, and the refusal when one breaks its rule.

The checks themselves use a library and live in `caseapp.adapters.identifiers`; everyone else works with these words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caseapp.domain.errors import InputError, Message
from caseapp.domain.facts import IpType


class IdentifierKind(StrEnum):
    """Kinds of number (or name, where the register has no number) that can be checked."""

    USCC = "uscc"
    """统一社会信用代码, GB 32100-2015."""
    RESIDENT_ID = "resident_id"
    """公民身份号码, GB 11643-1999, and the residence permits of Hong Kong, Macao and Taiwan residents."""
    ORGANISATION_CODE = "organisation_code"
    """组织机构代码, GB 11714-1997."""
    PATENT = "patent"
    """专利号 or 申请号, ZC 0006-2003 and its predecessors."""
    PATENT_PUBLICATION = "patent_publication"
    """公开号 or 公告号."""
    TRADEMARK = "trademark"
    """商标注册号, national or Madrid."""
    NICE_CLASS = "nice_class"
    """类似商品和服务 class, 1–45."""
    COPYRIGHT = "copyright"
    """作品登记号."""
    SOFTWARE = "software"
    """计算机软件著作权 certificate or registration number."""
    GI = "gi"
    """地理标志: number where there is one, else name."""
    PLANT_VARIETY = "plant_variety"
    """植物新品种权号."""
    MOBILE = "mobile"
    LANDLINE = "landline"
    PHONE = "phone"
    """Mobile or landline."""
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that passed its checks.

    value    normalised: two spellings of one number have equal values (search and compare by it)
    printed  as documents write it, e.g. ZL201220572874.0, 第3210010号
    ip_type  kind of right the number itself gives away, e.g. patent_utility; else None
    """

    kind: IdentifierKind
    value: str
    printed: str
    ip_type: IpType | None = None


class IdentifierRefused(InputError):
    """A number breaks the rule of its kind. The message names the rule and never repeats the number."""

    def __init__(self, field: str, kind: IdentifierKind, message: Message) -> None:
        self.kind = kind
        super().__init__(field, message)
