"""What a case of the demonstration is about: the act, the parties, the rights, the goods and the money, which agree
with each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from caseapp.domain.facts import Goods, IpType, Right
from caseapp.services.case_intake import PartyDraft
from caseapp.services.demo.goods_and_parties import MARKETS, Ware, holder_of, respondent, right_of, ware_of
from caseapp.services.demo.violations import VIOLATIONS, Violation

YUAN: Final = 100

SLIGHT, SMALL, MIDDLE, NEAR, LARGE, CRIME, SPOT = "slight", "small", "middle", "near", "large", "crime", "spot"
"""How big a case is. Same signs stay small, or they would be a matter for the police or come near that; large ones come
to a hearing.
"""

_TURNOVER: Final = {
    SLIGHT: (120, 900),
    SMALL: (900, 26_000),
    MIDDLE: (9_000, 88_000),
    NEAR: (44_000, 48_500),
    LARGE: (95_000, 240_000),
    CRIME: (120_000, 960_000),
    SPOT: (150, 1_100),
}
"""Range of the turnover in yuan, by scale."""
_LARGE_SHARE: Final = (118, 190)
LARGE_REVIEW: Final = 30_000 * YUAN
"""Fines from which the local list of this demonstration asks for legal review."""
_ONLINE: Final = ("某综合电商平台", "某短视频直播平台", "某社区团购平台", "某二手交易平台")


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts of a case in fen. The fine is what is proposed first; what is decided is never more."""

    turnover: int
    gains: int
    unsold_value: int
    fine: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about.

    also      a second wrong by the same goods, where several rights are concerned
    ware      the goods in words, by what is wrong with them
    place     where the goods were found
    repeated  the party was found out before
    platform  the platform where they were offered, if any
    """

    violation: Violation
    also: Violation | None
    respondent: PartyDraft
    holder: PartyDraft | None
    rights: tuple[Right, ...]
    ware: str
    goods: tuple[Goods, ...]
    money: Money
    act_from: date
    act_to: date
    place: str
    platform: str | None
    repeated: bool

    @property
    def ip_types(self) -> tuple[str, ...]:
        """Return the kinds of right, the leading one first."""
        return tuple(dict.fromkeys(right.kind for right in self.rights))

    @property
    def title(self) -> str:
        """Return the name of the case: party, 涉嫌, act, 案."""
        return f"{self.respondent.name}涉嫌{self.violation.act}{'等' if self.also else ''}案"

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return the wrongs, the leading one first."""
        return (self.violation, self.also) if self.also else (self.violation,)


def make_matter(
    chance: Random,
    *,
    violation: Violation,
    ip_type: IpType,
    also: Violation | None,
    scale: str,
    division: str,
    division_name: str,
    known: PartyDraft | None,
    found_on: date,
) -> Matter:
    """Return a matter whose parts agree.

    known     a party that broke the law before, if it is to be the same again
    found_on  the day the lead came in: the acts lie before it
    """
    party = known or respondent(chance, division, division_name, _party_kind(chance, scale))
    types = [(ip_type, violation), *([(also.ip_types[0], also)] if also else [])]
    ware = ware_of(chance, division, ip_type)
    rights = tuple(right_of(chance, kind, found_on, ware.name, others=wrong.others) for kind, wrong in types)
    name = _named(violation, ware.name, rights[0])
    goods, money = _goods_and_money(chance, violation, ware, name, scale)
    act_to = found_on - timedelta(days=chance.randint(0, 5))
    return Matter(
        violation=violation,
        also=also,
        respondent=party,
        holder=next((holder_of(right) for right in rights if right.holder), None),
        rights=rights,
        ware=name,
        goods=goods,
        money=money,
        act_from=act_to - timedelta(days=chance.randint(6, 160)),
        act_to=act_to,
        place=_place(chance, division, party),
        platform=chance.choice(_ONLINE) if chance.random() < 0.38 else None,
        repeated=known is not None,
    )


def lighter(money: Money, per_cent: int) -> Money:
    """Return the amounts with the fine cut to a share of what was proposed."""
    return replace(money, fine=max(money.fine * per_cent // 100 // (100 * YUAN), 1) * 100 * YUAN)


def _party_kind(chance: Random, scale: str) -> str:
    if scale in (LARGE, CRIME):
        return "company"
    return chance.choices(("company", "shop", "person"), (40, 48, 12))[0]


def _place(chance: Random, division: str, party: PartyDraft) -> str:
    if division in MARKETS and chance.random() < 0.6:
        return f"{MARKETS[division]}{chance.choice('ABCDE')}区{chance.randint(1, 4)}层{chance.randint(101, 988)}号商铺"
    return "其经营场所" if party.kind == "organisation" else "其租用的仓库"


def _named(violation: Violation, ware: str, right: Right) -> str:
    if violation.id == "tm_labels":
        return f"“{right.title}”吊牌、包装袋"
    if right.kind in (IpType.TRADEMARK, IpType.GI):
        return f"标有“{right.title}”字样的{ware}"
    return f"印有“{right.title}”花型的{ware}" if right.kind is IpType.COPYRIGHT else ware


def _goods_and_money(
    chance: Random, violation: Violation, ware: Ware, name: str, scale: str
) -> tuple[tuple[Goods, ...], Money]:
    labels = violation.id == "tm_labels"
    price = (chance.randint(1, 4) * 10) if labels else chance.randint(ware.cheapest, ware.dearest) * YUAN
    low, high = _TURNOVER[scale]
    wanted = int(low * (high / low) ** chance.random()) * YUAN
    pieces = max(wanted // price, 2)
    sold = 0 if scale == SPOT and chance.random() < 0.3 else max(pieces * chance.randint(25, 80) // 100, 1)
    unsold = pieces - sold
    unit, spec = ("件", "印制品") if labels else (ware.unit, chance.choice(ware.specs))
    goods = (Goods(name, spec, unsold, unit, price, unsold * price),) if unsold else ()
    turnover = pieces * price
    gains = sold * price * chance.randint(18, 34) // 100 // YUAN * YUAN
    share = chance.randint(*(violation.multiple if scale != LARGE else _LARGE_SHARE))
    # The law reckons these fines by the gains, not by the turnover.
    base = (
        max(gains, turnover // 4)
        if "confiscate_gains" in violation.kinds and violation.id.startswith("pat")
        else turnover
    )
    fine = max(base * share // 100 // (100 * YUAN), 2) * 100 * YUAN
    kinds = [kind for kind in violation.kinds if kind != "confiscate_gains" or gains > 0]
    if goods and violation.id not in ("tm_unregistered", "pat_mark", "pat_sell", "pat_brochure"):
        kinds.insert(0, "confiscate_goods")
    return goods, Money(turnover, gains, unsold * price, fine, tuple(kinds))


def violation_for(chance: Random, allowed: tuple[str, ...]) -> Violation:
    """Return one of the wrongs by their frequency; all of them where none is named."""
    choice = [VIOLATIONS[item] for item in allowed] or [item for item in VIOLATIONS.values() if item.weight]
    return chance.choices(choice, [max(item.weight, 1) for item in choice])[0]
