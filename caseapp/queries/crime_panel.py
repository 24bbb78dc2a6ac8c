"""What the case page shows of the limits of crime: a readable proof, with bars of amounts against limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.context import Context
from caseapp.domain.errors import Message
from caseapp.domain.facts import MONEY_AMOUNTS, CaseImage
from caseapp.domain.thresholds.assess import Limb, Line, Outcome, Reason, Referral, Suspicion
from caseapp.domain.thresholds.halves import Halves
from caseapp.domain.thresholds.rules import Condition, Grade, Result
from caseapp.domain.workflow.guards.crime import article_of, limbs_met, referral_settled
from caseapp.queries.crime import CrimeView, crime_of

Words = Mapping[str, str]
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One amount against one limit.

    value, limit  fen or numbers (`money` says which); exact: whether that is all there is
    percent       share of the limit that is reached, at most 100
    reached       the amount is enough, whatever the condition
    outcome       met | below | open | out
    """

    measure: tuple[str, ...]
    money: bool
    value: int
    exact: bool
    limit: int
    condition: Condition
    percent: int
    reached: bool
    outcome: Outcome
    near: bool
    needs: str
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class LimbPart:
    """One grade of an offence under one set. shown: for each amount the limit that says most; rest: all the others."""

    grade: Grade
    rule_set: Words
    governs: bool
    result: Result
    shown: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    halves: tuple[Halves, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class OffencePart:
    """One offence with its limbs, the governing ones first; article of the Criminal Law."""

    id: str
    article: str
    name: Words
    note: Words
    result: Result
    warns: bool
    limbs: tuple[LimbPart, ...]


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another case of the same party; counts: whether its amounts do. Id, number and title: '' where it is not seen."""

    case_id: str
    number: str
    title: str
    counts: bool
    punished_on: date | None


@dataclass(frozen=True, slots=True)
class CrimePanel:
    """A case against the limits of crime, for its page.

    left_out    offences that nothing entered speaks of: article and name
    open_limbs  what bars a penalty now: neither transferred nor refused
    """

    referral: Referral
    reasons: tuple[Reason, ...]
    suspicion: Suspicion
    offences: tuple[OffencePart, ...]
    others: tuple[OtherLine, ...]
    act_from: date | None
    act_to: date | None
    assumed_day: bool
    marks_counted: bool
    weighed: bool
    left_out: tuple[tuple[str, Words], ...]
    open_limbs: frozenset[str]


def crime_panel(ctx: Context, image: CaseImage, *, on: date) -> CrimePanel | None:
    """Return the panel of a case, None where no offence of the list is in question."""
    found = crime_of(ctx, image, on=on)
    if found is None:
        return None
    assessment = found.assessment
    return CrimePanel(
        referral=assessment.referral,
        reasons=assessment.reasons,
        suspicion=assessment.suspicion,
        offences=tuple(_offence(ctx, one, assessment.limbs) for one in found.matter.offences),
        others=_others(found),
        act_from=found.matter.act_from,
        act_to=found.matter.act_to,
        assumed_day=found.assumed_day,
        marks_counted=found.marks_counted,
        weighed=found.weighed,
        left_out=tuple((article_of(one), ctx.law.thresholds.offence(one).name) for one in found.left_out),
        open_limbs=referral_settled(image, limbs_met(assessment)),
    )


def _offence(ctx: Context, offence_id: str, limbs: Iterable[Limb]) -> OffencePart:
    offence = ctx.law.thresholds.offence(offence_id)
    mine = sorted((one for one in limbs if one.offence == offence_id), key=lambda one: (not one.governs, one.grade))
    entry = [one.result for one in mine if one.grade is Grade.ENTRY and one.governs]
    result = Result.MET if Result.MET in entry else Result.UNKNOWN if Result.UNKNOWN in entry else Result.NOT_SHOWN
    return OffencePart(
        id=offence_id,
        article=article_of(offence_id),
        name=offence.name,
        note=offence.note,
        result=result,
        warns=any(one.warns for one in mine if one.grade is Grade.ENTRY and one.result is not Result.MET),
        limbs=tuple(_limb(one) for one in mine),
    )


def _limb(limb: Limb) -> LimbPart:
    best: dict[tuple[str, ...], Line] = {}
    for line in limb.lines:
        told = best.get(line.threshold.measure)
        if _says_something(line) and (told is None or _weight(line) > _weight(told)):
            best[line.threshold.measure] = line
    bars = [(line, _bar(line)) for line in limb.lines]
    shown = [bar for line, bar in bars if best.get(line.threshold.measure) is line]
    return LimbPart(
        grade=limb.grade,
        rule_set=limb.rule_set.name,
        governs=limb.governs,
        result=limb.result,
        shown=tuple(shown),
        rest=tuple(bar for line, bar in bars if best.get(line.threshold.measure) is not line),
        halves=limb.halves,
        notes=limb.notes,
    )


def _says_something(line: Line) -> bool:
    alone = len(line.threshold.measure) == 1 and line.outcome is not Outcome.OUT and line.value.at_least > 0
    return alone or line.near or line.outcome is Outcome.MET


def _weight(line: Line) -> tuple[bool, bool, bool, bool]:
    """Return how much a line says: reached, nearly reached, under a condition that holds, the ordinary limit."""
    ordinary = line.threshold.condition in (Condition.BASE, Condition.ATTEMPT) and not line.threshold.needs
    return line.outcome is Outcome.MET, line.near, line.applies is True, ordinary


def _bar(line: Line) -> Bar:
    threshold = line.threshold
    return Bar(
        measure=threshold.measure,
        money=threshold.measure[0] in MONEY_AMOUNTS,
        value=line.value.at_least,
        exact=line.value.exact,
        limit=threshold.limit,
        condition=threshold.condition,
        percent=min(line.value.at_least * _WHOLE // threshold.limit, _WHOLE),
        reached=line.value.at_least >= threshold.limit,
        outcome=line.outcome,
        near=line.near,
        needs=threshold.needs,
        article=threshold.provision.told,
        confidence=threshold.provision.confidence,
    )


def _others(found: CrimeView) -> tuple[OtherLine, ...]:
    return tuple(
        OtherLine(
            other.case_id if other.number else "",
            other.number,
            other.title,
            other.act is not None and other.act.dealt_with is False,
            other.punished.on if other.punished else None,
        )
        for other in found.others
    )
