"""What a record says beyond what is known of its case: nothing, new milestones, changed facts, or something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from caseapp.domain.errors import N_, Message
from caseapp.domain.exchange.record import ExchangeMilestone, ExchangeParty, ExchangeRecord

_PLAIN = ("organ", "division", "source", "channel", "title", "summary", "act_from", "act_to")
"""Keys whose values are compared as they stand."""
_UNORDERED = ("ip_types", "campaigns", "rights", "goods")
"""Keys whose lists say the same in any order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a record differs from what is known of its case.

    conflict  why it cannot be taken; the rest is then empty
    appended  milestones that are new, in the order of the record
    changed   keys of facts whose values differ: attributes of the record, for `amounts` and `extra` only in the keys it
              gives
    """

    appended: tuple[ExchangeMilestone, ...] = ()
    changed: tuple[str, ...] = ()
    conflict: Message | None = None

    @property
    def is_none(self) -> bool:
        """Whether the record says nothing new."""
        return not self.appended and not self.changed and self.conflict is None


def difference(
    known: ExchangeRecord,
    told: ExchangeRecord,
    *,
    last_recorded_at: datetime | None = None,
    taken_back: Sequence[ExchangeMilestone] = (),
) -> Difference:
    """Compare a record with what is known of the case of the same external id.

    known             the case as `emit.record_of` gives it
    last_recorded_at  recorded time of the last entry of the case; new milestones may not claim an earlier one
    taken_back        milestones that corrections voided or reworded here: an older file does not bring them back

    A milestone is the same when kind, date (or instant) and details are; a recorded time that is left out matches any.
    A key that the record does not give says nothing. The procedure of a case never changes: that opens a linked case.
    """
    if told.procedure != known.procedure:
        values = {"known": known.procedure, "told": told.procedure}
        return Difference(conflict=Message(N_("与已有案件冲突：程序由“%(known)s”变为“%(told)s”"), values))
    left, appended = _matched(known.milestones, told.milestones)
    if left:
        values = {"kind": left[0].kind.value, "on": left[0].on_text or left[0].on.isoformat()}
        return Difference(
            conflict=Message(N_("与已有案件冲突：已有节点“%(kind)s”（%(on)s）在新记录中缺失或被改动"), values)
        )
    gone = {item.identity for item in taken_back}
    again = next((item for item in appended if item.identity in gone), None)
    if again is not None:
        values = {"kind": again.kind.value, "on": again.on_text or again.on.isoformat()}
        return Difference(
            conflict=Message(N_("与已有案件冲突：节点“%(kind)s”（%(on)s）已在本系统更正，不能按原样再次收入"), values)
        )
    if last_recorded_at is not None and any(
        item.recorded_at is not None and item.recorded_at < last_recorded_at for item in appended
    ):
        return Difference(conflict=Message(N_("与已有案件冲突：新增节点的记录时间早于案件最后一次记录")))
    return Difference(appended, _changed(known, told))


def _matched(
    known: Sequence[ExchangeMilestone], told: Sequence[ExchangeMilestone]
) -> tuple[list[ExchangeMilestone], tuple[ExchangeMilestone, ...]]:
    """Pair equal milestones; return the known ones without a partner, and the told ones without one.

    Those that claim a recorded time choose first, so that a twin without one is left for whatever remains.
    """
    left = list(known)
    fresh: list[int] = []
    for index in sorted(range(len(told)), key=lambda index: told[index].recorded_at is None):
        partner = next((item for item in left if _is_same(item, told[index])), None)
        if partner is None:
            fresh.append(index)
        else:
            left.remove(partner)
    return left, tuple(told[index] for index in sorted(fresh))


def _is_same(known: ExchangeMilestone, told: ExchangeMilestone) -> bool:
    agrees = told.recorded_at is None or known.recorded_at is None or told.recorded_at == known.recorded_at
    return agrees and known.identity == told.identity


def _changed(known: ExchangeRecord, told: ExchangeRecord) -> tuple[str, ...]:
    found = [key for key in _PLAIN if key in told.given and getattr(known, key) != getattr(told, key)]
    found += [
        key for key in _UNORDERED if key in told.given and not _same_items(getattr(known, key), getattr(told, key))
    ]
    if "parties" in told.given and not _same_parties(known.parties, told.parties):
        found.append("parties")
    if any(known.amounts.get(key) != value for key, value in told.amounts.items()):
        found.append("amounts")
    if any(known.extra.get(key) != value for key, value in told.extra.items()):
        found.append("extra")
    return tuple(sorted(found))


def _same_items(known: Sequence[object], told: Sequence[object]) -> bool:
    return Counter(map(_frozen, known)) == Counter(map(_frozen, told))


def _frozen(item: object) -> str:
    # Records are frozen but hold mappings, so they have no hash; their text is the same when they are.
    return repr(_sorted(item))


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((key, _sorted(item)) for key, item in value.items())
    if hasattr(value, "__dataclass_fields__"):
        return [(name, _sorted(getattr(value, name))) for name in value.__dataclass_fields__]
    return value


def _same_parties(known: Sequence[ExchangeParty], told: Sequence[ExchangeParty]) -> bool:
    """Compare parties in any order; personal values only where the record gives one that was not erased here."""
    if not _same_items([_impersonal(party) for party in known], [_impersonal(party) for party in told]):
        return False
    ordered = (sorted(parties, key=lambda party: _frozen(_impersonal(party))) for parties in (known, told))
    return all(
        party is not None and other is not None and _agrees(party.personal, other.personal)
        for party, other in zip_longest(*ordered)
    )


def _impersonal(party: ExchangeParty) -> ExchangeParty:
    return replace(party, personal={})


def _agrees(known: Mapping[str, str | None], told: Mapping[str, str | None]) -> bool:
    # What was erased stays erased: an old file that still carries it must not bring it back.
    return all(key in known and known[key] in (None, value) for key, value in told.items())
