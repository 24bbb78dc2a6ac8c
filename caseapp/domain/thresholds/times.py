"""Which set of interpretations an act is held against (高检发释字〔2001〕5号 arts 2-3; 刑法 art 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from caseapp.domain.thresholds.matter import Matter
from caseapp.domain.thresholds.rules import RuleSet, ThresholdBook


@dataclass(frozen=True, slots=True)
class SetInQuestion:
    """A set that an act is held against.

    day      day by which versions within the set are chosen: the last day of the act in it
    touched  an act day lies in it; False: it is newer than the act and governs only where it is more favourable, or
             where the texts of the act's time are silent
    """

    rule_set: RuleSet
    day: date
    touched: bool


def years_after(day: date, years: int) -> date:
    """Return the same day some years later (or, for negative years, earlier); 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def judged_on(matter: Matter, today: date) -> date:
    """Return the day of the decision, or today while the case is pending."""
    return matter.decided_on or today


def sets_in_question(book: ThresholdBook, matter: Matter, today: date) -> tuple[SetInQuestion, ...]:
    """Return the sets in order: those that an act day touches, and newer ones while the case is pending.

    An unknown first or last day may lie anywhere up to the decision. An act before every set is judged by the newest
    one of the day of the decision: its own time had no text.
    """
    decided = judged_on(matter, today)
    last_act = matter.act_to or max(decided, matter.act_from or decided)
    found: list[SetInQuestion] = []
    for rule_set in book.sets:
        last = book.last_day(rule_set)
        begun = last is None or matter.act_from is None or matter.act_from <= last
        if rule_set.first <= last_act and begun:
            found.append(SetInQuestion(rule_set, min(last_act, last or last_act), touched=True))
        elif last_act < rule_set.first <= decided:
            found.append(SetInQuestion(rule_set, min(decided, last or decided), touched=False))
    if found and not any(item.touched for item in found):
        return (found[-1],)
    return tuple(found)


def repeated(punished_on: date, years: int, act_from: date | None, act_to: date | None) -> bool | None:
    """Return whether an act day lies after an earlier punishment and within `years` of it; None where unknown."""
    until = years_after(punished_on, years)
    if act_to is not None and act_to <= punished_on:
        return False
    if act_from is not None and act_from > until:
        return False
    if act_from is not None and act_from > punished_on:
        return True
    # The act began before the punishment, or on a day nobody knows: it counts when it surely went on afterwards.
    if act_to is None:
        return None
    return True if act_from is not None or act_to <= until else None
