"""What a case shows to the procuratorate: the rows of one case, worked out from its image and from nothing else.

Amounts count at their highest: what is lowered after it was entered takes no case off the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec

from caseapp.context import Context
from caseapp.domain.events import ClosingManner, Json, MilestoneKind
from caseapp.domain.facts import MONEY_AMOUNTS, CaseImage, ProceedingImage
from caseapp.domain.supervision.ranking import WHOLE, FindingKind, Grounds, Handling, weight
from caseapp.domain.supervision.rules import RefusalRule, gives_no_reason, own_words
from caseapp.domain.thresholds.assess import Assessment, Limb, assess
from caseapp.domain.thresholds.rules import Condition, Grade
from caseapp.domain.workflow.guards.crime import SUSPICION, limbs_met, referral_settled
from caseapp.queries.case_clocks import clock_lines
from caseapp.queries.crime import assessment_of, crime_of

LETTER: Final = "prosecutor_letter"
"""Procedure of the letter of supervision."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, as `models.supervision_finding` keeps it, before the letters about it are looked at."""

    kind: FindingKind
    subject: str
    since_on: date
    grounds: Grounds
    details: Mapping[str, Json]

    @property
    def weight(self) -> int:
        """Return its place in the list."""
        return weight(self.grounds)


@dataclass(frozen=True, slots=True)
class CaseShown:
    """What one case shows.

    near     greatest share of a limit that is nearly reached, in thousandths; 0: none, or a limit is met
    party    by what the respondent is known, hashed
    letters  subject key → [handling, proceeding, day the reply is due or None]
    """

    rows: tuple[Row, ...]
    near: int
    near_on: date
    party: str
    letters: Mapping[str, list[Json]]


def shown_by(
    ctx: Context, image: CaseImage, highest: Mapping[str, int | None], met_before: frozenset[str]
) -> CaseShown:
    """Return what a case shows.

    highest     each amount at the highest that was ever entered
    met_before  limbs that a look before this one found met: facts changed since do not take the row away
    """
    now = assessment_of(ctx, image, on=ctx.today())
    # Another version, so that what is kept for the page of the case is not taken for this.
    at_highest = replace(image, amounts={**image.amounts, **highest}, version=-image.version)
    at_most = assessment_of(ctx, at_highest, on=ctx.today())
    rows = [
        *_limb(image, now, at_most, met_before),
        *_refusals(ctx, image, at_most),
        *_silences(ctx, image, at_most),
    ]
    return CaseShown(tuple(rows), _near(ctx, image), image.opened_on, party_mark(image), dict(_letters(ctx, image)))


def party_mark(image: CaseImage) -> str:
    """Return by what the respondent of a case is known again, without telling who it is; '' where there is none."""
    party = next((one for one in image.parties if one.role == "respondent"), None)
    known = (party.uscc or f"{party.kind} {party.name}") if party is not None else ""
    return sha256(known.encode()).hexdigest()[:40] if known else ""


def letter_key(kind: str, subject: str) -> str:
    """Return how a letter names the row that it is about."""
    return f"{kind} {subject}"


# --- (a) a limb is met, and the case was fined or closed --------------------------------------------------------------


def _limb(image: CaseImage, now: Assessment, at_most: Assessment, met_before: frozenset[str]) -> Iterator[Row]:
    ended = _ended(image)
    if ended is None:
        return
    since_on, fined = ended
    open_now = referral_settled(image, limbs_met(now))
    open_at_most = referral_settled(image, limbs_met(at_most) | met_before)
    if not open_at_most:
        return
    figures, permille, confidence = _figures(at_most)
    grounds = Grounds(
        FindingKind.LIMB, permille, fined=fined, lowered=not open_now, confidence=confidence or "recalled_medium"
    )
    details: dict[str, Json] = {
        "limbs": list[Json](sorted(open_at_most)), "figures": figures, "fined": fined, "lowered": not open_now,
    }  # fmt: skip
    if SUSPICION in open_at_most and at_most.suspicion.provision is not None:
        details["article"] = at_most.suspicion.provision.told
        details["confidence"] = at_most.suspicion.provision.confidence
    yield Row(FindingKind.LIMB, "", since_on, grounds, details)


def _ended(image: CaseImage) -> tuple[date, bool] | None:
    """Return since when a case is fined or closed, and whether it was fined; None where neither."""
    mine = [one for one in image.milestones if one.proceeding == image.main.id]
    decided = [one for one in mine if one.kind is MilestoneKind.DECIDED]
    fined = next((one for one in reversed(decided) if one.detail("outcome") == "penalty"), None)
    closed = next((one for one in reversed(mine) if one.kind is MilestoneKind.CLOSED), None)
    if fined is not None:
        return fined.on, True
    if closed is not None and closed.detail("manner") == ClosingManner.MERGED:
        return None  # it lives on in the other case, amounts and all
    if image.main.category == "closed":
        return (closed.on if closed is not None else image.main.entered_on), False
    return None


def _figures(found: Assessment) -> tuple[list[Json], int, str]:
    """Return the amounts that reach a limit, the greatest share in thousandths, and how surely its rule is known."""
    figures: list[Json] = []
    most, confidence = 0, ""
    for limb in found.met:
        for one in limb.fired:
            share = one.value * WHOLE // one.limit if one.limit else WHOLE
            if share > most:
                most, confidence = share, one.provision.confidence
            figures.append(
                {
                    "offence": limb.offence,
                    "measure": one.measure,
                    "value": one.value,
                    "limit": one.limit,
                    "money": one.measure.split("+")[0] in MONEY_AMOUNTS,
                    "article": one.provision.told,
                    "confidence": one.provision.confidence,
                }
            )
    return figures, most, confidence


# --- (b) silence past a term ------------------------------------------------------------------------------------------


def _silences(ctx: Context, image: CaseImage, at_most: Assessment) -> Iterator[Row]:
    _told, permille, _confidence = _figures(at_most)
    for proceeding in image.proceedings[1:]:
        for line in clock_lines(ctx.law, proceeding, ctx.now()):
            rule = ctx.law.supervision.silence(line.rule)
            if rule is None or not line.live or line.due_on is None:
                continue
            yield Row(
                FindingKind.SILENCE,
                f"{proceeding.id}.{line.ordinal}",
                line.due_on + timedelta(days=1),
                Grounds(FindingKind.SILENCE, permille, confidence=line.confidence),
                {
                    "clock": line.rule,
                    "held": rule.held.value,
                    "started": line.started_on.isoformat(),
                    "due": line.due_on.isoformat(),
                    "article": line.citation,
                    "confidence": line.confidence,
                },
            )


# --- (c) refusals without reasons -------------------------------------------------------------------------------------


def _refusals(ctx: Context, image: CaseImage, at_most: Assessment) -> Iterator[Row]:
    rules = ctx.law.supervision
    figures, permille, _confidence = _figures(at_most)
    for proceeding in image.proceedings:
        for rule in rules.refusals:
            act = proceeding.last_act(rule.action)
            if rule.procedure != proceeding.procedure or act is None or not _is_refusal(rule, proceeding):
                continue
            text = str(proceeding.facts.get(rule.fact) or "")
            if not gives_no_reason(text, rules):
                continue
            grounds = Grounds(
                FindingKind.REFUSAL,
                permille,
                wordless=not own_words(text, rules.empty_words),
                confidence=rule.confidence,
            )
            yield Row(
                FindingKind.REFUSAL,
                f"{proceeding.id}.{rule.action}",
                act.on,
                grounds,
                {
                    "held": rule.held.value,
                    "reasons": text,
                    "figures": figures,
                    "article": rule.citation,
                    "confidence": rule.confidence,
                },
            )


def _is_refusal(rule: RefusalRule, proceeding: ProceedingImage) -> bool:
    return all(proceeding.facts.get(name) == value for name, value in rule.where.items())


# --- (d) amounts just below a limit -----------------------------------------------------------------------------------


def _near(ctx: Context, image: CaseImage) -> int:
    """Return how near a limit the case's own amounts come: cases that were divided do not count together here."""
    found = crime_of(ctx, image, on=ctx.today())
    if found is None:
        return 0
    alone = assess(ctx.law.thresholds, replace(found.matter, other_acts=()), today=ctx.today())
    entry = [limb for limb in alone.limbs if limb.grade is Grade.ENTRY and limb.governs]
    return max((share for limb in entry for share in _near_of(limb)), default=0) if not alone.met else 0


def _near_of(limb: Limb) -> Iterator[int]:
    for line in limb.lines:
        share = line.value.at_least * WHOLE // line.threshold.limit if line.threshold.limit else 0
        if line.near and share < WHOLE and line.threshold.column is Condition.BASE:
            yield share


# --- letters ----------------------------------------------------------------------------------------------------------


def _letters(ctx: Context, image: CaseImage) -> Iterator[tuple[str, list[Json]]]:
    """Give each row that a letter of the procuratorate is about, with how far it is."""
    for proceeding in image.proceedings[1:]:
        if proceeding.procedure != LETTER:
            continue
        kind, subject = proceeding.facts.get("finding_kind"), proceeding.facts.get("finding_subject")
        due = [line.due_on for line in clock_lines(ctx.law, proceeding, ctx.now()) if line.live and line.due_on]
        handling = _HANDLING.get(proceeding.state, Handling.ASKED)
        yield (
            letter_key(str(kind or ""), str(subject or "")),
            [handling.value, proceeding.id, min(due).isoformat() if due else None],
        )


_HANDLING: Final[Mapping[str, Handling]] = {
    "announced": Handling.OPEN,
    "replied": Handling.ANSWERED,
    "settled": Handling.SETTLED,
}


def encoded(told: Any) -> str:
    """Return JSON text."""
    return msgspec.json.encode(told).decode()
