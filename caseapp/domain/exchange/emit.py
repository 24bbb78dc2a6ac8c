"""Writing a case in the exchange format: importing what was exported yields the same record.

Amounts are written as numbers with exactly two decimals (97353.00) from whole fen, never by way of a binary float; so
JSON is written here and not by `json.dumps`, which has no form for Decimal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from caseapp.domain.events import LEGAL_ZONE, Milestone, Precision, legal_date
from caseapp.domain.exchange.record import (
    ZONE_DETAIL,
    ExchangeMilestone,
    ExchangeParty,
    ExchangeRecord,
    ExchangeStep,
    PartyKind,
)
from caseapp.domain.exchange.shapes import from_json, in_yuan
from caseapp.domain.facts import MONEY_AMOUNTS, CaseImage, Goods, Party, Right

Personal = Mapping[str, Mapping[str, str | None]]
"""Party id -> personal values in clear from the erasable table; None for a value that was erased."""


def record_of(image: CaseImage, *, personal: Personal | None = None) -> ExchangeRecord:
    """Return a case as a record of the exchange format.

    personal  values in clear that the reader may see; without it none is written

    The milestones are those of the main proceeding, in the order in which they were recorded; acts without a milestone,
    side proceedings and papers have no place in the format. A case without an external id goes by its number.
    """
    known = personal or {}
    record = ExchangeRecord(
        external_id=image.display_number(),
        procedure=image.main.procedure,
        division=image.division,
        ip_types=image.ip_types,
        milestones=tuple(
            _milestone_of(item)
            for item in sorted(image.milestones, key=lambda item: item.told_by or item.seq)
            if item.proceeding == image.main.id
        ),
        organ=image.organ or None,
        source=image.source,
        channel=image.channel,
        title=image.title or None,
        summary=image.summary,
        campaigns=image.campaigns,
        parties=tuple(_party_of(party, known.get(party.id)) for party in image.parties),
        rights=image.rights,
        goods=image.goods,
        amounts=dict(image.amounts),
        act_from=image.act_from,
        act_to=image.act_to,
        extra=dict(image.extra),
    )
    return record


def taken_back(image: CaseImage) -> tuple[ExchangeMilestone, ...]:
    """Return the milestones of the main proceeding that corrections took back."""
    return tuple(_milestone_of(item) for item in image.superseded if item.proceeding == image.main.id)


def emit_record(image: CaseImage, *, personal: Personal | None = None) -> dict[str, object]:
    """Return a case as the JSON object of the exchange format; amounts are Decimals (write it with `line_of`)."""
    return to_json(record_of(image, personal=personal))


def to_json(record: ExchangeRecord) -> dict[str, object]:
    """Return a record as the JSON object it is parsed from: the same record comes back, unknown keys and all."""
    told: dict[str, object] = {
        "external_id": record.external_id,
        "procedure": record.procedure,
        "organ": record.organ,
        "division": record.division,
        "ip_types": list(record.ip_types),
        "source": record.source,
        "channel": record.channel,
        "title": record.title,
        "summary": record.summary or None,
        "campaigns": list(record.campaigns) or None,
        "parties": [_party_json(party) for party in record.parties] or None,
        "rights": [_right_json(right) for right in record.rights] or None,
        "goods": [_goods_json(goods) for goods in record.goods] or None,
        "amounts": {key: in_yuan(value) if key in MONEY_AMOUNTS else value for key, value in record.amounts.items()}
        or None,
        "act_from": record.act_from.isoformat() if record.act_from else None,
        "act_to": record.act_to.isoformat() if record.act_to else None,
        "milestones": [_milestone_json(item) for item in record.milestones],
        "steps": [_step_json(step) for step in record.steps] or None,
    }
    return {**_without_blanks(told), **_extra_json(record.extra)}


def line_of(told: Mapping[str, object]) -> str:
    """Return a JSON object as one line without a line feed at its end; Decimals are written digit by digit."""
    return _written(told)


def _milestone_of(item: Milestone) -> ExchangeMilestone:
    details = dict(item.details or {})
    keeps_hour = item.at is not None and (ZONE_DETAIL in details or legal_date(item.at) == item.on)
    if keeps_hour:
        return ExchangeMilestone(
            item.kind, item.on, Precision.INSTANT, at=item.at, recorded_at=item.recorded_at, details=details
        )
    # An act entered later than it was done has the hour of entry, not its own: the legal date is what is known.
    details.pop(ZONE_DETAIL, None)
    precision = Precision.DAY if item.precision is Precision.INSTANT else item.precision
    text = item.on.isoformat()
    text = text[:4] if precision is Precision.YEAR else text[:7] if precision is Precision.MONTH else text
    return ExchangeMilestone(item.kind, item.on, precision, text, recorded_at=item.recorded_at, details=details)


def _party_of(party: Party, personal: Mapping[str, str | None] | None) -> ExchangeParty:
    return ExchangeParty(
        role=party.role,
        kind=PartyKind(party.kind),
        name=party.name,
        uscc=party.uscc,
        personal=dict(personal or {}),
        extra=party.extra,
    )


def _milestone_json(item: ExchangeMilestone) -> dict[str, object]:
    when = {"on": item.on_text} if item.at is None else {"at": _instant_text(item.at)}
    recorded = {} if item.recorded_at is None else {"recorded_at": _instant_text(item.recorded_at)}
    return {"kind": item.kind.value, **when, **item.details, **recorded}


def _step_json(step: ExchangeStep) -> dict[str, object]:
    return {"action": step.action, "at": _instant_text(step.at), "actor": step.actor, "fields": dict(step.fields)}


def _party_json(party: ExchangeParty) -> dict[str, object]:
    told = {"role": party.role, "kind": party.kind.value, "name": party.name, "uscc": party.uscc, **party.personal}
    return {**_without_blanks(told), **_extra_json(party.extra)}


def _right_json(right: Right) -> dict[str, object]:
    told = {"kind": right.kind, "number": right.number, "title": right.title, "holder": right.holder}
    return {**_without_blanks(told), **_extra_json(right.extra)}


def _goods_json(goods: Goods) -> dict[str, object]:
    told = {
        "name": goods.name,
        "spec": goods.spec,
        "quantity": goods.quantity,
        "unit": goods.unit,
        "unit_price": in_yuan(goods.unit_price_fen),
        "value": in_yuan(goods.value_fen),
    }
    return {**_without_blanks(told), **_extra_json(goods.extra)}


def _extra_json(extra: Mapping[str, object]) -> dict[str, object]:
    return {key: from_json(value) for key, value in extra.items()}  # type: ignore[arg-type]


def _without_blanks(told: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in told.items() if value is not None}


def _instant_text(moment: datetime) -> str:
    return moment.astimezone(LEGAL_ZONE).isoformat()


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(key))}: {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    return _quoted(value)


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
