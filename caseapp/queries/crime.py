"""Whether a case is a crime: its amounts, those of other cases of the same party, earlier punishments, as they stand.

Nothing of it is stored: it is worked out whenever it is asked, so that it can never lag behind what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from caseapp.context import Context
from caseapp.domain.connections import LinkKind
from caseapp.domain.events import Json, MilestoneKind
from caseapp.domain.facts import CaseImage, IpType
from caseapp.domain.thresholds.assess import Assessment, Reason, Referral, assess
from caseapp.domain.thresholds.matter import Matter, OtherAct, PriorPunishment
from caseapp.domain.thresholds.rules import FLAGS
from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.guards.crime import choice_of, limbs_met, referral_settled
from caseapp.models.case_file import CaseFile
from caseapp.models.case_party import CaseParty
from caseapp.queries.case_images import image_of
from caseapp.queries.visibility import visible_cases

MOST_OTHERS: Final = 20
UNSEEN: Final = "—"
"""How a case is called that the reader may not know of; its amounts count all the same."""
_KEPT: Final = "crime_of"
_OTHERS: Final = "crime_others"
_PATENTS: Final = frozenset({IpType.PATENT, IpType.PATENT_INVENTION, IpType.PATENT_UTILITY, IpType.PATENT_DESIGN})
_PUNISHED: Final = frozenset({"penalty"})
_DEALT_WITH: Final = frozenset({"penalty", "no_penalty"})
_NO_ACT: Final = frozenset({"not_established"})
_ONE_CASE: Final = frozenset({LinkKind.MERGED_FROM.value, LinkKind.MERGED_INTO.value})
"""A case that was merged with this one is no other case: its amounts are in it already."""


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same respondent, as far as it matters here.

    number, title  '' where the reader may not know of the case
    act       its amounts, and whether anybody has dealt with it; None where it is only an earlier punishment
    punished  its decision on a penalty
    """

    case_id: str
    number: str
    title: str
    act: OtherAct | None
    punished: PriorPunishment | None


@dataclass(frozen=True, slots=True)
class CrimeView:
    """A case held against the limits of crime.

    assumed_day   the days of the act are not entered: it is taken to lie where the case began
    marks_counted the number of marks or patents is that of the rights entered
    weighed       somebody has entered what is suspected
    left_out      offences about such rights that it is not held against: nothing entered speaks of them
    """

    assessment: Assessment
    matter: Matter
    others: tuple[OtherCase, ...]
    assumed_day: bool
    marks_counted: bool
    weighed: bool
    left_out: tuple[str, ...]


def may_penalise(procedure: Procedure) -> bool:
    """Return whether a procedure can end with a penalty: only then is there a duty to transfer instead."""
    return any(
        action.milestone is not None
        and action.milestone.kind is MilestoneKind.DECIDED
        and action.milestone.details.get("outcome") in _PUNISHED
        for action in procedure.actions
    )


def crime_of(ctx: Context, image: CaseImage, *, on: date) -> CrimeView | None:
    """Return what a case shows, None where no offence of the list is in question or nobody can be fined in it.

    A page asks several times of one case: the last answer is kept for it.
    """
    asked = (image.id, image.version, on, ctx.actor.id)
    kept, answer = ctx.memory.get(_KEPT, (None, None))
    if kept != asked:
        answer = _viewed(ctx, image, on)
        ctx.memory[_KEPT] = (asked, answer)
    found: CrimeView | None = answer
    return found


def _viewed(ctx: Context, image: CaseImage, on: date) -> CrimeView | None:
    book = ctx.law.thresholds
    facts = image.main.facts
    possible = book.offences_of(image.ip_types)
    told = facts.get("crime_offences")
    named = told if isinstance(told, list) else []
    asked = book.in_question(image.ip_types, image.amounts, [one for one in possible if choice_of(one) in named])
    offences = tuple(one for one in possible if one in asked)
    if not possible or not may_penalise(ctx.law.procedures.pinned(image.main.procedure, image.main.version)):
        return None
    others = _others(ctx, image, frozenset(possible))
    act_from, act_to = image.act_from, image.act_to
    assumed = act_to is None
    act_to = act_to or max(act_from or image.opened_on, image.opened_on)
    amounts, counted = _amounts(image)
    decided = next((one.on for one in reversed(image.milestones) if one.kind is MilestoneKind.DECIDED), None)
    matter = Matter(
        act_from=act_from or act_to,
        act_to=act_to,
        decided_on=decided if decided is not None and decided >= act_to else None,
        offences=offences,
        amounts=amounts,
        priors=_priors(ctx, facts, others),
        flags={name: _yes_or_no(facts.get(f"crime_{name}")) for name in FLAGS},
        one_source=_yes_or_no(facts.get("crime_one_source")),
        other_acts=tuple(other.act for other in others if other.act is not None),
        reasonable=_yes_or_no(facts.get("crime_reasonable")),
        police_measures_needed=_yes_or_no(facts.get("crime_police_needed")),
    )
    return CrimeView(
        assessment=assess(book, matter, today=on),
        matter=matter,
        others=others,
        assumed_day=assumed,
        marks_counted=counted,
        weighed="crime_reasonable" in facts,
        left_out=tuple(one for one in possible if one not in asked),
    )


def open_limbs(ctx: Context, image: CaseImage, *, on: date) -> frozenset[str]:
    """Return the limbs that bar a penalty now: met, and neither was the case transferred nor that refused."""
    return referral_settled(image, limbs_met(assessment_of(ctx, image, on=on)))


def crime_warning(ctx: Context, image: CaseImage, *, on: date) -> str:
    """Return required where a limb is met and neither transferred nor refused, near where one nearly is, else ''.

    Cases in which no amount is entered have nothing to warn of.
    """
    if not any(image.amounts.values()) and "crime_reasonable" not in image.main.facts:
        return ""
    found = assessment_of(ctx, image, on=on)
    if found.referral is Referral.REQUIRED:
        return "required" if referral_settled(image, limbs_met(found)) else ""
    return "near" if {Reason.NEAR, Reason.HALF_NEAR}.intersection(found.reasons) else ""


def assessment_of(ctx: Context, image: CaseImage, *, on: date) -> Assessment:
    """Return what a case shows; nothing at all where no offence is in question."""
    found = crime_of(ctx, image, on=on)
    return found.assessment if found is not None else Assessment.nothing()


def _amounts(image: CaseImage) -> tuple[dict[str, int | None], bool]:
    """Return the amounts; the rights entered are counted where nobody has entered how many there are."""
    amounts = dict(image.amounts)
    counted = False
    for name, kinds in (("marks", frozenset({IpType.TRADEMARK})), ("patents", _PATENTS)):
        rights = sum(right.kind in kinds for right in image.rights)
        if amounts.get(name) is None and rights:
            amounts[name], counted = rights, True
    return amounts, counted


def _yes_or_no(told: Json) -> bool | None:
    return {"yes": True, "no": False}.get(str(told)) if told is not None else None


def _priors(
    ctx: Context, facts: Mapping[str, Json], others: tuple[OtherCase, ...]
) -> tuple[PriorPunishment, ...] | None:
    """Return the earlier punishments: what was entered, and what other cases show. None: nobody has said."""
    found = [other.punished for other in others if other.punished is not None]
    told = facts.get("crime_prior")
    if told == "yes":
        group, on, kind = (facts.get(f"crime_prior_{name}") for name in ("group", "on", "kind"))
        offence = next((one.id for one in ctx.law.thresholds.offences if one.group == group), None)
        if offence is not None and on:
            found.append(PriorPunishment(offence, date.fromisoformat(str(on)[:10]), str(kind or "administrative")))
    return tuple(found) if found or told in ("yes", "no") else None


# --- other cases of the party -----------------------------------------------------------------------------------------


def read_others(ctx: Context, images: Iterable[CaseImage]) -> None:
    """Read the other cases of the parties of many cases at once; `crime_of` then asks for none of them."""
    wanted = [image for image in images if image.id not in _kept_others(ctx)]
    rows = _rows_of(ctx, wanted) if wanted else []
    for image in wanted:
        _kept_others(ctx)[image.id] = _rows_for(ctx, image, rows)


def _kept_others(ctx: Context) -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = ctx.memory.setdefault(_OTHERS, {})
    return kept


def _others(ctx: Context, image: CaseImage, offences: frozenset[str]) -> tuple[OtherCase, ...]:
    """Return other cases of the same respondents in the organ and those below it, and cases split from this one."""
    rows = _kept_others(ctx).get(image.id)
    if rows is None:
        rows = _rows_for(ctx, image, _rows_of(ctx, [image]))
    codes, names, _people = _respondents(image)
    persons = not codes and not names
    found = (_other(ctx, image_of(row.image), offences, seen=bool(row.seen), persons=persons) for row in rows)
    return tuple(one for one in found if one is not None)


def _respondents(image: CaseImage) -> tuple[set[str], set[str], set[str]]:
    """Return by what the respondents are known: credit codes, names of organisations without one, names of people."""
    respondents = [party for party in image.parties if party.role == "respondent"]
    return (
        {party.uscc for party in respondents if party.uscc},
        {party.name for party in respondents if not party.uscc and party.kind == "organisation"},
        {party.name for party in respondents if party.kind == "person"},
    )


def _rows_of(ctx: Context, images: Sequence[CaseImage]) -> list[Any]:
    """Return every case of the respondents of some cases, with the party by which it was found, the newest first."""
    known = [_respondents(image) for image in images]
    codes = {code for one in known for code in one[0]}
    names = {name for one in known for name in one[1] | one[2]}
    same: list[ColumnElement[bool]] = [CaseParty.uscc.in_(codes)] if codes else []
    same += [CaseParty.name.in_(names)] if names else []
    if not same:
        return []
    query = (
        select(
            CaseFile.id,
            CaseFile.organ_id,
            CaseFile.image,
            visible_cases(ctx).label("seen"),
            CaseParty.name,
            CaseParty.uscc,
            CaseParty.kind,
        )
        .join(CaseParty, CaseParty.case_id == CaseFile.id)
        .where(CaseParty.role == "respondent", or_(*same))
        .order_by(CaseFile.opened_on.desc(), CaseFile.id, CaseParty.ordinal)
        .limit((MOST_OTHERS + 1) * len(images))
    )
    return list(ctx.session.execute(query))


def _rows_for(ctx: Context, image: CaseImage, rows: Iterable[Any]) -> list[Any]:
    """Return those of the rows that are other cases of one case's respondents, near enough or linked with it."""
    codes, names, people = _respondents(image)
    organs = ctx.law.organs
    near = {one.id for one in organs.with_below(image.organ)} if image.organ in organs else {image.organ}
    merged = {link.case for link in image.links if link.kind in _ONE_CASE}
    linked = {link.case for link in image.links} - merged
    found: dict[str, Any] = {}
    for row in rows:
        same = row.uscc in codes or row.name in (people if row.kind == "person" else names)
        if same and row.id not in merged | {image.id} and (row.organ_id in near or row.id in linked):
            found.setdefault(row.id, row)
    return list(found.values())[:MOST_OTHERS]


def _other(ctx: Context, other: CaseImage, offences: frozenset[str], *, seen: bool, persons: bool) -> OtherCase | None:
    mine = [one for one in ctx.law.thresholds.offences_of(other.ip_types) if one in offences]
    if not mine:
        return None
    decided = [one for one in other.milestones if one.kind is MilestoneKind.DECIDED]
    outcome = decided[-1].detail("outcome") if decided else None
    if outcome in _NO_ACT:
        return None
    number = other.display_number() if seen else ""
    punished = (
        PriorPunishment(mine[0], decided[-1].on, "administrative", None, number) if outcome == "penalty" else None
    )
    known = {name: value for name, value in other.amounts.items() if value is not None}
    act = None
    if known and may_penalise(ctx.law.procedures.pinned(other.main.procedure, other.main.version)):
        act = OtherAct(
            number or UNSEEN, known, other.act_to or other.opened_on, _dealt_with(other, outcome, persons=persons)
        )
    return OtherCase(other.id, number, other.title if seen else "", act, punished) if act or punished else None


def _dealt_with(other: CaseImage, outcome: object, *, persons: bool) -> bool | None:
    """Return whether somebody has dealt with the other case; a namesake may be somebody else."""
    if outcome in _DEALT_WITH:
        return True
    if persons or outcome is not None or other.main.category in ("lead", "closed"):
        return None
    return False
