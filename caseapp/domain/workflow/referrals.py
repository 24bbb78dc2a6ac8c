"""What a case's referrals say, read in one place: whether one was made, or refused by the head with reasons.

行政执法机关移送涉嫌犯罪案件的规定 art 5 (the head decides; a refusal has its reasons on record), art 11 (no penalty
instead of a transfer).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Category

REFERRAL = "referral"
REVERSE = "reverse_referral"
_REFUSALS = ("decide_referral", "revoke_approval")


@dataclass(frozen=True, slots=True)
class HeadsRefusal:
    """The head decided not to refer: when, who, and the reasons on record. seq: of the act."""

    on: date
    by: str
    reasons: str
    seq: int


@dataclass(frozen=True, slots=True)
class ReferralStanding:
    """Where the referrals of a case stand.

    made_on      day on which the case was last handed over to the police and not withdrawn again; None: never
    made_seq     of that act, 0 where there is none
    refused      the head's last refusal, where nothing was handed over after it
    under_way    one is being prepared, or the police (procuratorate, court) have it
    awaits_police  it lies with the police and they have not filed yet
    """

    made_on: date | None = None
    made_seq: int = 0
    refused: HeadsRefusal | None = None
    under_way: bool = False
    awaits_police: bool = False

    @property
    def settled(self) -> bool:
        """Return whether art 11 is satisfied: handed over, or refused with reasons."""
        return self.made_on is not None or self.refused is not None


def referral_standing(case: CaseImage) -> ReferralStanding:
    """Return where the referrals of a case stand."""
    made_on, made_seq, refused = None, 0, None
    under_way = awaits = False
    for proceeding in case.proceedings[1:]:
        if proceeding.procedure != REFERRAL:
            continue
        handed = proceeding.last_act("hand_over")
        if handed is not None and proceeding.state != "withdrawn" and handed.seq > made_seq:
            made_on, made_seq = handed.on, handed.seq
        found = _refusal(proceeding)
        if found is not None and (refused is None or found.seq > refused.seq):
            refused = found
        if proceeding.category != Category.CLOSED:
            under_way = True
            awaits = awaits or (handed is not None and proceeding.category == Category.OPEN)
    if refused is not None and made_seq > refused.seq:
        refused = None
    return ReferralStanding(made_on, made_seq, refused, under_way, awaits)


def _refusal(proceeding: ProceedingImage) -> HeadsRefusal | None:
    if proceeding.state != "not_referred":
        return None
    act = next((act for act in reversed(proceeding.acts) if act.action in _REFUSALS), None)
    reasons = proceeding.facts.get("not_referred_reasons")
    return HeadsRefusal(act.on, act.principal or act.actor, str(reasons), act.seq) if act and reasons else None
