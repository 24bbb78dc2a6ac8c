"""Reads the facts that `flask thresholds assess` is given (INTERFACES §5) into a matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from caseapp.adapters.exchange_files import DECODER
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.exchange.shapes import (
    amount_fen,
    as_mapping,
    as_text,
    list_at,
    mapping_at,
    refuse_unknown_keys,
    shown,
    under,
    whole_day,
    whole_number,
)
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS
from caseapp.domain.thresholds.matter import Matter, OtherAct, PriorPunishment
from caseapp.domain.thresholds.rules import FLAGS, ThresholdBook

MOST_BYTES: Final = 4 * 1024 * 1024
_KEYS: Final = frozenset(
    {"act_from", "act_to", "decided_on", "offences", "amounts", "prior_punishments", *FLAGS, "suspicion",
     "marks_of_one_source", "other_acts"}
)  # fmt: skip
_PRIOR_KEYS: Final = frozenset({"offence", "on", "kind", "fits"})
_ACT_KEYS: Final = frozenset({"label", "act_to", "amounts", "dealt_with", "prosecutable"})
_SUSPICION_KEYS: Final = frozenset({"reasonable", "police_measures_needed"})
_AMOUNTS: Final = frozenset({*MONEY_AMOUNTS, *COUNT_AMOUNTS})


def read_threshold_facts(path: Path, book: ThresholdBook) -> Matter:
    """Return the matter that a JSON file tells; what is absent or null is unknown.

    raises  InputError naming the field, where the file cannot be read or says what has no meaning
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise InputError("", Message(N_("文件过大")))
        told = DECODER.decode(content.decode("utf-8-sig").strip())
    except OSError as wrong:
        raise InputError("", Message(N_("无法读取文件 %(file)s"), {"file": path.name})) from wrong
    except (ValueError, RecursionError) as wrong:
        raise InputError("", Message(N_("文件不是有效的 JSON（UTF-8）"))) from wrong
    return matter_of(told, book)


def matter_of(told: object, book: ThresholdBook) -> Matter:
    """Return the matter that parsed facts tell. raises InputError"""
    facts = as_mapping(told, "")
    refuse_unknown_keys(facts, _KEYS, "")
    act_from, act_to, decided_on = (_day(facts, key, "") for key in ("act_from", "act_to", "decided_on"))
    if act_from and act_to and act_to < act_from:
        raise InputError("act_to", Message(N_("行为终了日期不能早于开始日期")))
    if decided_on and (act_to or act_from) and decided_on < (act_to or act_from or decided_on):
        raise InputError("decided_on", Message(N_("决定日期不能早于行为日期")))
    suspicion = mapping_at(facts, "suspicion", "")
    refuse_unknown_keys(suspicion, _SUSPICION_KEYS, "suspicion")
    return Matter(
        act_from=act_from,
        act_to=act_to,
        decided_on=decided_on,
        offences=tuple(
            dict.fromkeys(_offence(one, under("offences", index), book) for index, one in enumerate(_list(facts)))
        ),
        amounts=_amounts(facts, ""),
        priors=_priors(facts, book),
        priors_asked="prior_punishments" in facts,
        flags={name: _truth(facts, name, "") for name in FLAGS},
        one_source=_truth(facts, "marks_of_one_source", ""),
        other_acts=tuple(
            _other_act(one, under("other_acts", index)) for index, one in enumerate(list_at(facts, "other_acts"))
        ),
        reasonable=_truth(suspicion, "reasonable", "suspicion"),
        police_measures_needed=_truth(suspicion, "police_measures_needed", "suspicion"),
    )


def _list(facts: Mapping[str, object]) -> list[object]:
    found = list(list_at(facts, "offences"))
    if facts.get("offences") is not None and not found:
        raise InputError("offences", Message(N_("列出的罪名不能为空；不写这一项即为全部罪名")))
    return found


def _offence(value: object, path: str, book: ThresholdBook) -> str:
    known = [offence.id for offence in book.offences]
    if value in known:
        return str(value)
    raise InputError(
        path,
        Message(N_("“%(value)s”不在允许的取值之内：%(known)s"), {"value": shown(value), "known": ", ".join(known)}),
    )


def _day(source: Mapping[str, object], key: str, path: str) -> date | None:
    value = source.get(key)
    return None if value is None else whole_day(value, under(path, key))


def _truth(source: Mapping[str, object], key: str, path: str) -> bool | None:
    value = source.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise InputError(under(path, key), Message(N_("应为 true、false 或者 null（不明）")))


def _amounts(source: Mapping[str, object], path: str) -> dict[str, int | None]:
    told = mapping_at(source, "amounts", path)
    place = under(path, "amounts")
    refuse_unknown_keys(told, _AMOUNTS, place)
    found: dict[str, int | None] = {}
    for key, value in told.items():
        here = under(place, key)
        if value is None:
            found[key] = None
        else:
            found[key] = amount_fen(value, here) if key in MONEY_AMOUNTS else whole_number(value, here)
    return found


def _priors(facts: Mapping[str, object], book: ThresholdBook) -> tuple[PriorPunishment, ...] | None:
    if "prior_punishments" not in facts:
        return ()  # not asked: the limits for a repeat then call for a look
    if facts["prior_punishments"] is None:
        return None
    kinds = _kinds(book)
    found = []
    for index, one in enumerate(list_at(facts, "prior_punishments")):
        path = under("prior_punishments", index)
        row = as_mapping(one, path)
        refuse_unknown_keys(row, _PRIOR_KEYS, path)
        on = _day(row, "on", path)
        if on is None:
            raise InputError(under(path, "on"), Message(N_("缺少必填内容")))
        kind = row.get("kind")
        if kind not in kinds:
            raise InputError(
                under(path, "kind"),
                Message(
                    N_("“%(value)s”不在允许的取值之内：%(known)s"),
                    {"value": shown(kind), "known": ", ".join(kinds)},
                ),
            )
        fits = _truth(row, "fits", path) if "fits" in row else True
        found.append(PriorPunishment(_offence(row.get("offence"), under(path, "offence"), book), on, str(kind), fits))
    return tuple(found)


def _kinds(book: ThresholdBook) -> tuple[str, ...]:
    return (*book.repeat.kinds, *book.repeat.other_kinds) if book.repeat else ()


def _other_act(value: object, path: str) -> OtherAct:
    row = as_mapping(value, path)
    refuse_unknown_keys(row, _ACT_KEYS, path)
    prosecutable = _truth(row, "prosecutable", path)
    return OtherAct(
        label=as_text(row.get("label", ""), under(path, "label"), longest=200),
        amounts=_amounts(row, path),
        act_to=_day(row, "act_to", path),
        dealt_with=_truth(row, "dealt_with", path),
        prosecutable=prosecutable is not False,
    )
