"""Holding a matter against every limit: one limb per offence, grade and set, and what follows for the referral.

A result comes with its proof: each limit with the amount, its condition and article, and what was left out and why.
Amounts and counts only ever raise a result. What may lower one (marks of one source, an act dealt with) says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from caseapp.domain.errors import Message
from caseapp.domain.thresholds.halves import Halves, halves
from caseapp.domain.thresholds.matter import Matter, Quantity
from caseapp.domain.thresholds.measuring import Measured, holds, measure, plural, repeat
from caseapp.domain.thresholds.rules import (
    Condition,
    Grade,
    Offence,
    Provision,
    Result,
    RuleSet,
    SuspicionRule,
    Threshold,
    ThresholdBook,
)
from caseapp.domain.thresholds.times import SetInQuestion, judged_on, sets_in_question


class Outcome(StrEnum):
    """What one limit shows: reached, below, still open (an amount or a condition is unknown), or not in question."""

    MET = "met"
    BELOW = "below"
    OPEN = "open"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Line:
    """One limit and what there is of its amount.

    applies  whether its condition holds; None where unknown
    near     not reached, but by the share at which people are warned
    """

    threshold: Threshold
    value: Quantity
    applies: bool | None
    outcome: Outcome
    near: bool


@dataclass(frozen=True, slots=True)
class Fired:
    """A limit that is reached: value and limit in fen or numbers. half: by the rule of two halves."""

    measure: str
    value: int
    limit: int
    condition: Condition
    provision: Provision
    half: bool = False


@dataclass(frozen=True, slots=True)
class Limb:
    """One grade of one offence under one set.

    governs  whether the result counts by the rule of time, and not only for comparison
    touched  whether an act day lies in the set
    halves   the rules of two halves
    counted  labels of other acts whose amounts are in it
    """

    offence: str
    rule_set: RuleSet
    grade: Grade
    result: Result
    fired: tuple[Fired, ...]
    lines: tuple[Line, ...]
    halves: tuple[Halves, ...] = ()
    touched: bool = True
    governs: bool = True
    counted: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def near(self) -> tuple[Line, ...]:
        """Return the limits that are nearly reached."""
        return tuple(line for line in self.lines if line.near)

    @property
    def warns(self) -> bool:
        """Return whether something is near, by a limit or by the rule of two halves."""
        return bool(self.near) or any(item.near for item in self.halves)


class Referral(StrEnum):
    """What follows. It never says that there is no need to refer."""

    REQUIRED = "required"
    CONSIDER = "consider"
    NOT_SHOWN = "not_shown"


class Reason(StrEnum):
    """Why a referral is required or to be considered."""

    ENTRY_MET = "entry_met"
    SUSPICION = "suspicion"
    UNKNOWN = "unknown"
    NEAR = "near"
    HALF_NEAR = "half_near"
    SETS_DISAGREE = "sets_disagree"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The second limb: reasonable suspicion that needs measures of the police. in_force: the rule existed by then."""

    result: Result
    provision: Provision | None
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that holding a matter against the limits shows."""

    limbs: tuple[Limb, ...]
    suspicion: Suspicion
    referral: Referral
    reasons: tuple[Reason, ...]

    @classmethod
    def nothing(cls) -> Assessment:
        """Return what a matter shows to which no offence applies."""
        return cls((), Suspicion(Result.NOT_SHOWN, None), Referral.NOT_SHOWN, ())

    @property
    def met(self) -> tuple[Limb, ...]:
        """Return the entry limbs that are met and count."""
        return tuple(limb for limb in self.limbs if limb.grade is Grade.ENTRY and limb.governs and _is_met(limb))


def assess(book: ThresholdBook, matter: Matter, *, today: date) -> Assessment:
    """Hold a matter against the limits of the offences it names, or of all.

    today  what pending means: newer sets count up to this day where no decision was made

    raises  KeyError for an offence that the book does not know
    """
    offences = [book.offence(one) for one in matter.offences] or list(book.offences)
    questioned = sets_in_question(book, matter, today)
    limbs: list[Limb] = []
    amounts = {one.rule_set.id: measure(matter, book.adding_up.get(one.rule_set.id)) for one in questioned}
    for offence in offences:
        found = _limbs_of(book, offence, matter, questioned, amounts)
        limbs += _governing(found, certain=matter.act_from is not None and matter.act_to is not None)
    suspicion = _suspicion(book.suspicion, matter, judged_on(matter, today))
    referral, reasons = _referral(limbs, suspicion)
    return Assessment(tuple(limbs), suspicion, referral, reasons)


# --- limbs ------------------------------------------------------------------------------------------------------------


def _limbs_of(
    book: ThresholdBook,
    offence: Offence,
    matter: Matter,
    questioned: Iterable[SetInQuestion],
    amounts: Mapping[str, Measured],
) -> list[Limb]:
    found: list[Limb] = []
    for asked in questioned:
        measured = amounts[asked.rule_set.id]
        upper = _limb(book, offence, matter, asked, measured, Grade.UPPER)
        entry = _limb(book, offence, matter, asked, measured, Grade.ENTRY)
        if entry is None:
            continue
        if upper is not None and _is_met(upper) and not _is_met(entry):
            # What is grave enough for the upper band is a crime all the more.
            entry = replace(entry, result=Result.MET, fired=upper.fired)
        found += [entry] if upper is None else [entry, upper]
    return found


def _limb(
    book: ThresholdBook, offence: Offence, matter: Matter, asked: SetInQuestion, measured: Measured, grade: Grade
) -> Limb | None:
    set_id = asked.rule_set.id
    limits = [
        limit
        for limit in book.limits_of(offence.id, set_id, grade, asked.day)
        if limit.crime_from is None or matter.act_to is None or matter.act_to >= limit.crime_from
    ]
    if not limits:
        return None
    notes = list(measured.notes)
    conditions: dict[Condition, bool | None] = {}
    columns = {limit.column for limit in limits}
    if Condition.PLURAL in columns:
        # Only from 法释〔2025〕5号 on does the text say what several marks of one source are.
        one_source = matter.one_source if set_id in book.one_source_sets else None
        conditions[Condition.PLURAL], remark = plural(offence, measured, one_source=one_source)
        notes += [remark] if remark else []
    if Condition.REPEAT in columns:
        conditions[Condition.REPEAT], remarks = repeat(book, offence, matter)
        notes += remarks
    lines = tuple(_line(book, limit, measured, conditions, asked_priors=matter.priors_asked) for limit in limits)
    pairs = (
        ()
        if grade is Grade.UPPER
        else tuple(
            halves(rule, measured, conditions, book.warn_at_percent)
            for rule in book.half_rules_of(offence.id, set_id, asked.day)
        )
    )
    results = [*(_result_of(line) for line in lines), *(pair.result for pair in pairs)]
    return Limb(
        offence=offence.id,
        rule_set=asked.rule_set,
        grade=grade,
        result=_highest(results),
        fired=_fired(lines, pairs),
        lines=lines,
        halves=pairs,
        touched=asked.touched,
        counted=measured.counted,
        notes=tuple(notes),
    )


def _line(
    book: ThresholdBook,
    limit: Threshold,
    measured: Measured,
    conditions: Mapping[Condition, bool | None],
    *,
    asked_priors: bool,
) -> Line:
    value = measured.quantity(limit)
    applies = holds(limit, conditions, measured)
    warned = value.at_least * 100 >= limit.limit * book.warn_at_percent
    if applies is False:
        # Nobody was asked for earlier punishments: the lower limit says nothing, but calls for a look.
        unasked = limit.condition is Condition.REPEAT and not asked_priors
        return Line(limit, value, applies, Outcome.OUT, near=unasked and warned)
    if value.at_least >= limit.limit:
        return Line(limit, value, applies, Outcome.MET if applies else Outcome.OPEN, near=not applies)
    return Line(limit, value, applies, Outcome.BELOW if value.exact else Outcome.OPEN, near=warned)


def _result_of(line: Line) -> Result:
    return {Outcome.MET: Result.MET, Outcome.OPEN: Result.UNKNOWN}.get(line.outcome, Result.NOT_SHOWN)


def _highest(results: Sequence[Result]) -> Result:
    if Result.MET in results:
        return Result.MET
    return Result.UNKNOWN if Result.UNKNOWN in results else Result.NOT_SHOWN


def _fired(lines: Sequence[Line], pairs: Sequence[Halves]) -> tuple[Fired, ...]:
    met = [line for line in lines if line.outcome is Outcome.MET]
    alone = {(line.threshold.measure, line.threshold.column) for line in met if len(line.threshold.measure) == 1}
    found = [
        Fired(
            "+".join(line.threshold.measure),
            line.value.at_least,
            line.threshold.limit,
            line.threshold.condition,
            line.threshold.provision,
        )
        for line in met
        # A sum is asked only where its parts miss their own standards.
        if len(line.threshold.measure) == 1
        or not any(((name,), line.threshold.column) in alone for name in line.threshold.measure)
    ]
    if found:
        return tuple(found)
    return tuple(
        Fired(half.measure, value, half.limit, half.condition, pair.rule.provision, half=True)
        for pair in pairs
        for half, value in pair.reached
    )


def _is_met(limb: Limb) -> bool:
    return limb.result is Result.MET


# --- which of them count ----------------------------------------------------------------------------------------------


def _governing(limbs: Sequence[Limb], *, certain: bool) -> list[Limb]:
    """Mark the limbs of an offence that count, grade by grade."""
    found: list[Limb] = []
    for limb in limbs:
        grade = [other for other in limbs if other.grade is limb.grade]
        found.append(replace(limb, governs=_counts(limb, grade, certain=certain)))
    return found


def _counts(limb: Limb, grade: Sequence[Limb], *, certain: bool) -> bool:
    """Return whether a limb counts among those of its grade.

    certain  whether the days of the act are known; where they are not, a set counts only with all others
    """
    touched = [other for other in grade if other.touched]
    if limb.touched:
        if not certain and len(touched) > 1 and not all(_is_met(other) for other in touched):
            return False
        # The newer text takes its place only where it shows that it is the more favourable one.
        milder = [other for other in grade if not other.touched and other.result is Result.NOT_SHOWN]
        return not (milder and _is_met(limb))
    if not touched or any(line.threshold.fills_gap for line in limb.lines if line.outcome is Outcome.MET):
        return True
    return limb.result is Result.NOT_SHOWN and any(_is_met(other) for other in touched)


# --- what follows -----------------------------------------------------------------------------------------------------


def _suspicion(rule: SuspicionRule | None, matter: Matter, decided: date) -> Suspicion:
    if rule is None:
        return Suspicion(Result.NOT_SHOWN, None, in_force=False)
    if decided < rule.first:
        return Suspicion(Result.NOT_SHOWN, rule.provision, in_force=False)
    answers = (matter.reasonable, matter.police_measures_needed)
    if all(answers):
        return Suspicion(Result.MET, rule.provision)
    return Suspicion(Result.NOT_SHOWN if False in answers else Result.UNKNOWN, rule.provision)


def _referral(limbs: Sequence[Limb], suspicion: Suspicion) -> tuple[Referral, tuple[Reason, ...]]:
    entry = [limb for limb in limbs if limb.grade is Grade.ENTRY]
    required = {
        Reason.ENTRY_MET: any(limb.governs and _is_met(limb) for limb in entry),
        Reason.SUSPICION: suspicion.result is Result.MET,
    }
    considered = {
        Reason.UNKNOWN: suspicion.result is Result.UNKNOWN or any(limb.result is Result.UNKNOWN for limb in limbs),
        Reason.NEAR: any(limb.near for limb in limbs),
        Reason.HALF_NEAR: any(pair.near for limb in entry for pair in limb.halves),
        Reason.SETS_DISAGREE: _disagree(limbs),
    }
    reasons = tuple(reason for reason, holds_true in (*required.items(), *considered.items()) if holds_true)
    if any(required.values()):
        return Referral.REQUIRED, reasons
    return (Referral.CONSIDER if reasons else Referral.NOT_SHOWN), reasons


def _disagree(limbs: Iterable[Limb]) -> bool:
    results: dict[tuple[str, Grade], set[Result]] = {}
    for limb in limbs:
        results.setdefault((limb.offence, limb.grade), set()).add(limb.result)
    return any(len(found) > 1 for found in results.values())
