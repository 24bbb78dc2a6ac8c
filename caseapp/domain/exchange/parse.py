"""Reading one case of the exchange format: everything is checked, nothing guessed, the first fault named by its
path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from caseapp.domain.divisions import DivisionTable
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import legal_date
from caseapp.domain.exchange.milestones import milestones_of, steps_of
from caseapp.domain.exchange.record import (
    PERSONAL_FIELDS,
    ExchangeParty,
    ExchangeRecord,
    Lapse,
    LapseKind,
    PartyKind,
    PartyRole,
)
from caseapp.domain.exchange.shapes import (
    amount_fen,
    as_mapping,
    as_text,
    list_at,
    mapping_at,
    optional_text_at,
    refuse_unknown_keys,
    shown,
    text_at,
    under,
    unknown_keys,
    whole_day,
    whole_number,
    word,
)
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS, Goods, IpType, Right

PartyCheck = Callable[[ExchangeParty], Message | None]
"""Says what is wrong with the numbers of a party, or None. The checks use a library and live above the domain."""
RightCheck = Callable[[Right], Message | None]
"""Says what is wrong with the number of a right, or None."""

KEYS = (
    "external_id",
    "procedure",
    "organ",
    "division",
    "ip_types",
    "source",
    "channel",
    "title",
    "summary",
    "campaigns",
    "parties",
    "rights",
    "goods",
    "amounts",
    "act_from",
    "act_to",
    "milestones",
    "steps",
)
"""The top-level keys that have a meaning, in the order in which a case is written."""

# As long as the columns that hold them (caseapp/models).
_EXTERNAL_ID = 200
_TITLE = 400
_NAME = 200
_WORD = 60
_ORGAN = 40
_NUMBER = 80
_USCC = 18
_SUMMARY = 20_000
_CAMPAIGNS = 198
"""All campaigns of a case between bars: |huhang|shuangda|."""

_ROLES = frozenset(PartyRole)
_PARTY_KEYS = frozenset({"role", "kind", "name", "uscc", *PERSONAL_FIELDS})
_RIGHT_KEYS = frozenset({"kind", "number", "title", "holder"})
_GOODS_KEYS = frozenset({"name", "spec", "quantity", "unit", "unit_price", "value"})
_AMOUNTS = frozenset({*MONEY_AMOUNTS, *COUNT_AMOUNTS})


def parse_record(
    source: Mapping[str, object],
    *,
    now: datetime,
    divisions: DivisionTable,
    check_party: PartyCheck | None = None,
    check_right: RightCheck | None = None,
) -> ExchangeRecord:
    """Return one case of the exchange format, checked and normalised.

    source   the parsed JSON object; fractions as Decimal (floats are taken by their shortest text)
    now      aware; nothing may lie after it
    raises   InputError with the path of the first fault. Not judged here: whether procedure and organ exist, and
             whether the sequence is lawful (the procedure decides) or contradictory (`history.contradictions`)
    """
    lapses: list[Lapse] = []
    act_from, act_to = _act_days(source, now)
    return ExchangeRecord(
        external_id=parse_external_id(source),
        procedure=text_at(source, "procedure", longest=_WORD),
        division=division_of(source.get("division"), divisions),
        ip_types=ip_types_of(source.get("ip_types")),
        milestones=milestones_of(source, now=now),
        organ=optional_text_at(source, "organ", longest=_ORGAN),
        source=optional_text_at(source, "source", longest=_WORD),
        channel=optional_text_at(source, "channel", longest=_WORD),
        title=optional_text_at(source, "title", longest=_TITLE),
        summary=optional_text_at(source, "summary", longest=_SUMMARY) or "",
        campaigns=_campaigns(source),
        parties=tuple(
            _party(as_mapping(item, under("parties", index)), under("parties", index), lapses, check_party)
            for index, item in enumerate(list_at(source, "parties"))
        ),
        rights=tuple(
            _right(as_mapping(item, under("rights", index)), under("rights", index), lapses, check_right)
            for index, item in enumerate(list_at(source, "rights"))
        ),
        goods=tuple(
            _goods(as_mapping(item, under("goods", index)), under("goods", index))
            for index, item in enumerate(list_at(source, "goods"))
        ),
        amounts=_amounts(source),
        act_from=act_from,
        act_to=act_to,
        steps=steps_of(source, now=now),
        extra=unknown_keys(source, frozenset(KEYS)),
        given=frozenset(key for key, value in source.items() if value is not None and not _is_blank(value)),
        lapses=tuple(lapses),
    )


def external_id_of(source: object) -> str:
    """Return the id of a record that may be broken, for the list of refusals; '' where it cannot be told."""
    value = source.get("external_id") if isinstance(source, Mapping) else None
    return shown(value) if isinstance(value, str | int) else ""


def division_of(value: object, divisions: DivisionTable, *, path: str = "division") -> str:
    """Return the code that stands today for a GB/T 2260 code. raises InputError."""
    if value is None:
        raise InputError(path, Message(N_("缺少必填内容")))
    return divisions.current(divisions.accept(as_text(value, path, longest=_WORD), field=path))


def ip_types_of(value: object, *, path: str = "ip_types") -> tuple[str, ...]:
    """Return a list of kinds of right: at least one, each known, none twice. raises InputError."""
    if value is not None and not isinstance(value, list | tuple):
        raise InputError(path, Message(N_("应为列表（[…]）")))
    if not value:
        raise InputError(path, Message(N_("至少写明一种权利类型")))
    found: list[str] = []
    for index, item in enumerate(value):
        kind = word(item, under(path, index), IpType).value
        if kind in found:
            raise InputError(under(path, index), Message(N_("“%(value)s”重复出现"), {"value": kind}))
        found.append(kind)
    return tuple(found)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def parse_external_id(source: Mapping[str, object]) -> str:
    """Return the id of a case: a text without blanks at its ends or breaks inside. raises InputError."""
    value = text_at(source, "external_id", longest=_EXTERNAL_ID)
    if value != value.strip() or "\n" in value or "\r" in value or "\t" in value:
        raise InputError("external_id", Message(N_("编号前后不得有空白，中间不得换行")))
    return value


def _party(source: Mapping[str, object], path: str, lapses: list[Lapse], check: PartyCheck | None) -> ExchangeParty:
    role = text_at(source, "role", path, longest=30)
    if role not in _ROLES:
        known = ", ".join(PartyRole)
        message = Message(N_("“%(value)s”不是本系统的当事人身份：%(known)s"), {"value": shown(role), "known": known})
        lapses.append(Lapse(LapseKind.PARTY_ROLE, under(path, "role"), message))
    if source.get("kind") is None:
        raise InputError(under(path, "kind"), Message(N_("缺少必填内容")))
    party = ExchangeParty(
        role=role,
        kind=word(source["kind"], under(path, "kind"), PartyKind),
        name=text_at(source, "name", path, longest=_NAME),
        uscc=optional_text_at(source, "uscc", path, longest=_USCC),
        personal={
            key: value
            for key in PERSONAL_FIELDS
            if (value := optional_text_at(source, key, path, longest=_TITLE)) is not None
        },
        extra=unknown_keys(source, _PARTY_KEYS, path),
    )
    wrong = check(party) if check else None
    if wrong is not None:
        lapses.append(Lapse(LapseKind.PARTY_NUMBER, under(path, "uscc"), wrong))
    return party


def _right(source: Mapping[str, object], path: str, lapses: list[Lapse], check: RightCheck | None) -> Right:
    if source.get("kind") is None:
        raise InputError(under(path, "kind"), Message(N_("缺少必填内容")))
    right = Right(
        kind=word(source["kind"], under(path, "kind"), IpType).value,
        number=optional_text_at(source, "number", path, longest=_NUMBER),
        title=optional_text_at(source, "title", path, longest=_NAME),
        holder=optional_text_at(source, "holder", path, longest=_NAME),
        extra=unknown_keys(source, _RIGHT_KEYS, path),
    )
    wrong = check(right) if check and right.number else None
    if wrong is not None:
        lapses.append(Lapse(LapseKind.RIGHT_NUMBER, under(path, "number"), wrong))
    return right


def _goods(source: Mapping[str, object], path: str) -> Goods:
    quantity, price, value = source.get("quantity"), source.get("unit_price"), source.get("value")
    return Goods(
        name=text_at(source, "name", path, longest=_NAME),
        spec=optional_text_at(source, "spec", path, longest=_NAME),
        quantity=None if quantity is None else whole_number(quantity, under(path, "quantity")),
        unit=optional_text_at(source, "unit", path, longest=_WORD),
        unit_price_fen=None if price is None else amount_fen(price, under(path, "unit_price")),
        value_fen=None if value is None else amount_fen(value, under(path, "value")),
        extra=unknown_keys(source, _GOODS_KEYS, path),
    )


def _amounts(source: Mapping[str, object]) -> dict[str, int | None]:
    told = mapping_at(source, "amounts", "")
    refuse_unknown_keys(told, _AMOUNTS, "amounts")
    found: dict[str, int | None] = {}
    for key, value in told.items():
        path = under("amounts", key)
        if value is None:
            found[key] = None
        else:
            found[key] = amount_fen(value, path) if key in MONEY_AMOUNTS else whole_number(value, path)
    return found


def _act_days(source: Mapping[str, object], now: datetime) -> tuple[date | None, date | None]:
    days = []
    for key in ("act_from", "act_to"):
        day = None if source.get(key) is None else whole_day(source[key], key)
        if day is not None and day > legal_date(now):
            raise InputError(key, Message(N_("日期在未来")))
        days.append(day)
    first, last = days
    if first is not None and last is not None and last < first:
        raise InputError("act_to", Message(N_("违法行为的终了日期早于开始日期")))
    return first, last


def _campaigns(source: Mapping[str, object]) -> tuple[str, ...]:
    found: list[str] = []
    for index, item in enumerate(list_at(source, "campaigns")):
        path = under("campaigns", index)
        tag = as_text(item, path, longest=_WORD)
        if not tag.strip() or "|" in tag:
            raise InputError(path, Message(N_("专项行动应为不含“|”的文本")))
        if tag in found:
            raise InputError(path, Message(N_("“%(value)s”重复出现"), {"value": tag}))
        found.append(tag)
    if len("|".join(found)) > _CAMPAIGNS:
        raise InputError("campaigns", Message(N_("项目过多，最多 %(count)s 个字符"), {"count": _CAMPAIGNS}))
    return tuple(found)
