"""What the wrongdoers of the demonstration did, and the provisions that name and punish it on a given day (LAW 2.1,
2.4, 3.1-3.3).

Only wording: conditions and amounts of law are in `workflows/`. Fines of the demonstration are modest shares of the
turnover, well inside every multiple of the statutes cited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from caseapp.domain.facts import IpType

_TRADEMARK_2026 = date(2027, 1, 1)
_PATENT_RULES_2023 = date(2024, 1, 20)
_COMPETITION_2025 = date(2025, 10, 15)


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision, and how the version before it was numbered.

    article  as printed; `earlier` the article that stood before `since` (both dates from LAW §0)
    """

    law: str
    article: str
    since: date | None = None
    earlier: str = ""

    def line(self, on: date) -> str:
        """Return law and article in force on a day, as the form asks for them: one a line."""
        article = self.article if self.since is None or on >= self.since else self.earlier
        return f"{self.law} {article}"


@dataclass(frozen=True, slots=True)
class Violation:
    """One kind of wrong.

    act        as the name of the case says it, after 涉嫌
    verb       what was done with the goods, in running text
    fact       what was established of the right: {title}, {number}, {holder}
    others     the right belongs to somebody else, who is a party of the case
    kinds      kinds of penalty besides the confiscation of goods
    multiple   range of the fine in per cent of the turnover (of the goods' value where nothing was sold)
    identical  the sign is the same as the registered one: large amounts would be a matter for the police
    orders     what the party is ordered to do
    """

    id: str
    ip_types: tuple[IpType, ...]
    act: str
    verb: str
    violated: tuple[Provision, ...]
    basis: tuple[Provision, ...]
    fact: str
    others: bool = True
    kinds: tuple[str, ...] = ("fine",)
    multiple: tuple[int, int] = (45, 130)
    identical: bool = False
    orders: str = "责令立即停止侵权行为"
    weight: int = 1

    @property
    def nature(self) -> str:
        """Return the legal character as a full sentence."""
        return f"当事人的上述行为构成{self.act}的违法行为。"


_TM = "中华人民共和国商标法"
_CR = "中华人民共和国著作权法"
_PAT = "中华人民共和国专利法"
_PAT_RULES = "中华人民共和国专利法实施细则"
_UC = "中华人民共和国反不正当竞争法"
_GI = "地理标志产品保护办法"
_PQ = "中华人民共和国产品质量法"

_TM_PENALTY = Provision(_TM, "第七十四条", _TRADEMARK_2026, "第六十条第二款")
_PAT_PENALTY = Provision(_PAT, "第六十八条")
_ANY_PATENT: Final = (IpType.PATENT_DESIGN, IpType.PATENT_UTILITY, IpType.PATENT_INVENTION, IpType.PATENT)


def _trademark(article: str) -> Provision:
    return Provision(_TM, "第七十二条", _TRADEMARK_2026, article)


def _patent(item: str) -> Provision:
    text = f"第一款第（{item}）项"
    return Provision(_PAT_RULES, f"第一百零一条{text}", _PATENT_RULES_2023, f"第八十四条{text}")


_ALL = (
    Violation(
        "tm_sell",
        (IpType.TRADEMARK,),
        "销售侵犯注册商标专用权的商品",
        "销售",
        (_trademark("第五十七条第（三）项"),),
        (_TM_PENALTY,),
        "“{title}”注册商标（第{number}号）由{holder}注册，核定使用商品包括涉案商品，至案发仍在有效期内；涉案商品使用的标识与其相同，当事人未取得许可。",
        identical=True,
        weight=44,
    ),
    Violation(
        "tm_similar",
        (IpType.TRADEMARK,),
        "侵犯注册商标专用权",
        "生产、销售",
        (_trademark("第五十七条第（二）项"),),
        (_TM_PENALTY,),
        "“{title}”注册商标（第{number}号）由{holder}注册，核定使用商品包括涉案商品；涉案商品使用的标识与其近似，容易导致混淆，当事人未取得许可。",
        multiple=(35, 110),
        weight=18,
    ),
    Violation(
        "tm_labels",
        (IpType.TRADEMARK,),
        "销售擅自制造的注册商标标识",
        "销售未经授权制造的",
        (_trademark("第五十七条第（四）项"),),
        (_TM_PENALTY,),
        "“{title}”注册商标（第{number}号）由{holder}注册；涉案标识系未经授权制造，当事人不能提供合法来源。",
        identical=True,
        weight=5,
    ),
    Violation(
        "tm_unregistered",
        (IpType.TRADEMARK,),
        "将未注册商标冒充注册商标使用",
        "在尚未核准注册的标识旁加注注册标记，销售",
        (Provision(_TM, "第六十二条", _TRADEMARK_2026, "第五十二条"),),
        (Provision(_TM, "第六十二条", _TRADEMARK_2026, "第五十二条"),),
        "经查询，“{title}”未经核准注册，当事人在商品包装和网页上标注注册标记，系将未注册商标冒充注册商标使用。",
        others=False,
        multiple=(8, 14),
        orders="责令限期改正，停止标注注册标记",
        weight=7,
    ),
    Violation(
        "pat_mark",
        (IpType.PATENT_DESIGN, IpType.PATENT_UTILITY, IpType.PATENT_INVENTION),
        "假冒专利",
        "在专利权终止后继续标注专利标识，生产、销售",
        (_patent("一"),),
        (_PAT_PENALTY,),
        "涉案商品标注的专利（{number}）因未缴年费已经终止，当事人在终止后继续标注专利标识。",
        others=False,
        kinds=("fine", "confiscate_gains"),
        multiple=(20, 60),
        orders="责令改正并予公告",
        weight=9,
    ),
    Violation(
        "pat_sell",
        (IpType.PATENT_DESIGN, IpType.PATENT_UTILITY),
        "销售假冒专利的产品",
        "销售标注他人专利号的",
        (_patent("二"),),
        (_PAT_PENALTY,),
        "涉案商品标注的专利号（{number}）的专利权人为{holder}，当事人未经许可销售标注该专利号的产品。",
        kinds=("fine", "confiscate_gains"),
        multiple=(20, 60),
        orders="责令改正并予公告",
        weight=7,
    ),
    Violation(
        "pat_brochure",
        (IpType.PATENT_INVENTION, IpType.PATENT_UTILITY),
        "假冒专利",
        "在网店详情页和说明书中将专利申请称为专利，销售",
        (_patent("三"),),
        (_PAT_PENALTY,),
        "当事人所称专利（{number}）尚未被授予专利权，其说明书和网页的表述足以使公众误认。",
        others=False,
        kinds=("fine", "confiscate_gains"),
        multiple=(20, 60),
        orders="责令改正并予公告",
        weight=5,
    ),
    Violation(
        "cr_pattern",
        (IpType.COPYRIGHT,),
        "侵犯著作权（复制、发行美术作品）",
        "未经著作权人许可，生产、销售",
        (Provision(_CR, "第五十三条第（一）项"),),
        (Provision(_CR, "第五十三条"),),
        "“{title}”美术作品（{number}）的著作权人为{holder}；涉案花型与该作品实质性相似，当事人未取得许可，侵权商品公开销售，损害公共利益。",
        kinds=("warning", "confiscate_gains", "fine"),
        multiple=(120, 240),
        identical=True,
        orders="责令停止侵权行为",
        weight=9,
    ),
    Violation(
        "gi_name",
        (IpType.GI,),
        "擅自使用地理标志产品名称",
        "销售产自产地范围以外的",
        (Provision(_GI, "第三十条第（一）项"),),
        (Provision(_PQ, "第五十三条"),),
        "“{title}”为受保护的地理标志，涉案产品产自产地范围以外，当事人不是专用标志合法使用人。",
        multiple=(30, 70),
        orders="责令改正",
        weight=4,
    ),
    Violation(
        "uc_confusion",
        (IpType.OTHER,),
        "实施混淆行为",
        "擅自使用与他人有一定影响的商品包装、装潢近似的标识，销售",
        (Provision(_UC, "第七条", _COMPETITION_2025, "第六条"),),
        (Provision(_UC, "第二十三条", _COMPETITION_2025, "第十八条"),),
        "{holder}的{title}经长期使用，已有一定影响；涉案商品的包装、装潢与其近似，足以引人误认。",
        multiple=(50, 150),
        orders="责令停止违法行为",
        weight=3,
    ),
    Violation(
        "uc_secret",
        (IpType.TRADE_SECRET,),
        "侵犯商业秘密",
        "离职人员违反保密义务，使用原单位客户名单和工艺参数，生产、销售",
        (Provision(_UC, "第十条", _COMPETITION_2025, "第九条"),),
        (Provision(_UC, "第二十六条", _COMPETITION_2025, "第二十一条"),),
        "{holder}主张的{title}不为公众所知悉并采取了保密措施；当事人的使用情况有待查证。",
        orders="责令停止违法行为",
        weight=0,
    ),
    Violation(
        "variety",
        (IpType.PLANT_VARIETY,),
        "侵犯植物新品种权",
        "未经许可生产、销售授权品种的",
        (Provision("中华人民共和国种子法", "第二十八条"),),
        (Provision("中华人民共和国种子法", "第七十二条"),),
        "{holder}主张的{title}权属情况有待查证。",
        weight=0,
    ),
)

VIOLATIONS: Final[Mapping[str, Violation]] = {item.id: item for item in _ALL}
"""Every kind of wrong by its id."""

PATENT_KINDS: Final = _ANY_PATENT
