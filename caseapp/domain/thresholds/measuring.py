"""How much there is of everything that the limits look at, in a matter and the acts that count together with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from caseapp.domain.errors import N_, Message
from caseapp.domain.thresholds.matter import NOTHING_KNOWN, Matter, OtherAct, Quantity
from caseapp.domain.thresholds.rules import FLAGS, AddingUp, Condition, Offence, Threshold, ThresholdBook
from caseapp.domain.thresholds.times import repeated, years_after

_PLURAL_FROM = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """A matter as one set of rules measures it.

    amounts  by name; a name that is missing is wholly unknown
    counted  labels of the other acts whose amounts are in it
    notes    what was left out or lowered, and why
    """

    amounts: Mapping[str, Quantity] = field(default_factory=dict)
    flags: Mapping[str, bool | None] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    def quantity(self, threshold: Threshold) -> Quantity:
        """Return the sum of a limit's amounts; a circumstance counts one where it holds."""
        total = Quantity(0, exact=True)
        for name in threshold.measure:
            total += self.of(name)
        return total

    def of(self, name: str) -> Quantity:
        """Return one amount."""
        if name in FLAGS:
            told = self.flags.get(name)
            return NOTHING_KNOWN if told is None else Quantity(int(told), exact=True)
        return self.amounts.get(name, NOTHING_KNOWN)


def measure(matter: Matter, adding_up: AddingUp | None) -> Measured:
    """Return the amounts of a matter with those of the other acts that count together under the set."""
    notes: list[Message] = []
    certain: list[OtherAct] = []
    possible: list[OtherAct] = []
    for act in matter.other_acts:
        verdict, note = _counts(act, matter.act_to, adding_up)
        if note is not None:
            notes.append(note)
        if verdict is None:
            possible.append(act)
        elif verdict:
            certain.append(act)
    names = {*matter.amounts, *(name for act in (*certain, *possible) for name in act.amounts)}
    amounts = {name: _added(name, matter, certain, possible) for name in names}
    return Measured(amounts, matter.flags, tuple(act.label for act in certain), tuple(notes))


def _counts(act: OtherAct, act_to: date | None, adding_up: AddingUp | None) -> tuple[bool | None, Message | None]:
    named = {"act": act.label}
    if act.dealt_with:
        return False, Message(N_("“%(act)s”已经处理，其数额不计入"), named)
    if not act.prosecutable:
        return False, Message(N_("“%(act)s”已过追诉期限，其数额不计入"), named)
    if adding_up is None:
        return False, None
    if act.dealt_with is None:
        return None, Message(N_("“%(act)s”是否已经处理不明，其数额暂未计入"), named)
    years = adding_up.within_years
    if years is not None:
        if act.act_to is None or act_to is None:
            return None, Message(N_("“%(act)s”的行为时间不明，其数额暂未计入"), named)
        earlier, later = sorted((act.act_to, act_to))
        if years_after(earlier, years) < later:
            return False, Message(N_("“%(act)s”与本案相隔超过%(years)s年，其数额不计入"), {**named, "years": years})
    return True, Message(N_("“%(act)s”未经处理，其数额累计计入"), named)


def _added(name: str, matter: Matter, certain: list[OtherAct], possible: list[OtherAct]) -> Quantity:
    own = matter.amounts.get(name)
    total = NOTHING_KNOWN if own is None else Quantity(own, exact=True)
    others = [act.amounts.get(name) for act in certain]
    if name in ("marks", "patents"):
        # The same mark may stand in both cases: numbers of rights are not added, only their sum may be higher.
        most = max([total.at_least, *(value for value in others if value is not None)])
        settled = total.exact and all(act.amounts.get(name) == 0 for act in (*certain, *possible))
        return Quantity(most, exact=settled)
    for value in others:
        total += NOTHING_KNOWN if value is None else Quantity(value, exact=True)
    if any(act.amounts.get(name) != 0 for act in possible):
        total += NOTHING_KNOWN
    return total


def plural(offence: Offence, measured: Measured, *, one_source: bool | None) -> tuple[bool | None, Message | None]:
    """Return whether two or more marks (patents) are concerned, and what lowered the answer.

    one_source  what the set makes of several marks of one source; None where it does not ask
    """
    if not offence.plural:
        return False, None
    count = measured.of(offence.plural)
    if count.at_least >= _PLURAL_FROM:
        if offence.plural == "marks" and one_source:
            return False, Message(N_("几个商标指向同一来源，按一种商标计算，不适用两种以上的标准"))
        return True, None
    return (False if count.exact else None), None


def repeat(book: ThresholdBook, offence: Offence, matter: Matter) -> tuple[bool | None, tuple[Message, ...]]:
    """Return whether the act repeats one that was punished within the years of the law, and remarks."""
    rule = book.repeat
    if rule is None:
        return False, ()
    if matter.priors is None:
        return None, (Message(N_("二年内是否因同类行为受过处罚不明")),)
    found: bool | None = False
    notes: list[Message] = []
    for prior in matter.priors:
        if book.offence(prior.offence).group != offence.group:
            continue
        named = {"on": prior.on.isoformat()}
        if prior.kind in rule.other_kinds:
            notes.append(Message(N_("%(on)s的处理不是刑事处罚或者行政处罚，不作为受过处罚计算"), named))
            continue
        within = repeated(prior.on, rule.years, matter.act_from, matter.act_to)
        if within is False:
            notes.append(Message(N_("%(on)s的处罚与本次行为不在二年之内"), named))
        elif within and prior.fits:
            return True, (Message(N_("%(on)s因同类行为受过处罚，二年内又实施，适用较低的标准"), named),)
        elif prior.fits is not False:
            found = None
            notes.append(Message(N_("%(on)s的处罚是否属于二年内的同类行为，尚待确认"), named))
        else:
            notes.append(Message(N_("%(on)s的处罚不属于同类行为"), named))
    return found, tuple(notes)


def holds(threshold: Threshold, conditions: Mapping[Condition, bool | None], measured: Measured) -> bool | None:
    """Return whether a limit applies: its condition and its flag; None where one of them is unknown."""
    asked = [conditions.get(threshold.column, True)]
    if threshold.needs:
        asked.append(measured.flags.get(threshold.needs))
    if any(answer is False for answer in asked):
        return False
    return None if any(answer is None for answer in asked) else True
