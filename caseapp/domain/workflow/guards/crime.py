"""No penalty in place of a transfer (国令310号 art 11): whether a case is a crime, and what settles it."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.events import MilestoneKind
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.thresholds.assess import Assessment
from caseapp.domain.thresholds.rules import Result
from caseapp.domain.workflow.guards.reading import texts_of
from caseapp.domain.workflow.guards.registry import TRANSFER_RULES, WORDING, Params, guard, unmet, worded
from caseapp.domain.workflow.situation import Situation

REFUSAL = "refuse_referral"
"""Action of a penalty procedure by which the head decides, with reasons, not to transfer."""
SUSPICION = "suspicion"
"""What stands for the suspicion limb among the offences that a refusal names."""
_REFERRAL, _HANDED_OVER, _REFUSED, _WITHDRAWN = "referral", "hand_over", "not_referred", "withdrawn"
_NO_TRANSFER_OF_ITS_OWN = frozenset({"move_to_other_organ", "hand_over_by_referral"})
"""Acts of the main proceeding that also hand a case over: to another authority, or what the referral itself says."""


def referral_settled(case: CaseImage, limbs: frozenset[str]) -> frozenset[str]:
    """Return those of the limbs that are still open: neither was the case transferred to the police, nor did the head
    refuse that with reasons.

    A transfer that came back stays made (art 10); one that was withdrawn before its receipt does not. A refusal covers
    what it names: what is met later is open again. This is the only place that knows how procedures say so.

    limbs  ids of offences, `SUSPICION` for the other limb
    """
    referrals = [side for side in case.proceedings[1:] if side.procedure == _REFERRAL]
    if any(side.state == _REFUSED or _was_handed_over(side) for side in referrals):
        return frozenset()
    main = case.main
    if main.last_act(REFUSAL) is not None:
        refused = set(texts_of(main.facts.get("refused_limbs")))
        limbs = frozenset(limb for limb in limbs if choice_of(limb) not in refused)
    otherwise = {act.on for act in main.acts if act.action in _NO_TRANSFER_OF_ITS_OWN}
    transferred = any(
        milestone.kind is MilestoneKind.TRANSFERRED
        and milestone.proceeding == main.id
        and milestone.on not in otherwise
        for milestone in case.milestones
    )
    return frozenset() if transferred and not _is_moved(case) else limbs


def _was_handed_over(side: ProceedingImage) -> bool:
    return side.last_act(_HANDED_OVER) is not None and side.state != _WITHDRAWN


def _is_moved(case: CaseImage) -> bool:
    """Return whether the last decision was to move the case to another authority."""
    decided = [one for one in case.milestones if one.kind is MilestoneKind.DECIDED and one.proceeding == case.main.id]
    return bool(decided) and decided[-1].detail("outcome") == "moved"


def limbs_met(found: Assessment) -> frozenset[str]:
    """Return the limbs that oblige to transfer: offences, and `SUSPICION`."""
    met = {limb.offence for limb in found.met}
    return frozenset(met | {SUSPICION} if found.suspicion.result is Result.MET else met)


@guard("没有以罚代移：涉嫌犯罪的已经移送，或者负责人决定不移送并说明理由", "no penalty in place of a transfer")
def not_penalised_instead_of_transfer(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Once a limb is met, the case is transferred, or the head refuses that with reasons, before anybody is fined."""
    if situation.crime is None:
        return ()
    open_limbs = referral_settled(situation.case, limbs_met(situation.crime()))
    if not open_limbs:
        return ()
    article = TRANSFER_RULES.format("11")
    offences = sorted(open_limbs - {SUSPICION})
    if not offences:
        text = N_("有合理理由怀疑涉嫌犯罪且需要公安机关查明，应当先移送公安机关，或者由机关负责人决定不移送并说明理由")
        return unmet(text, Role.LEADER, article)
    text = N_(
        "数额达到入罪标准（刑法%(offences)s），不得以罚代移：应当先移送公安机关，或者由机关负责人决定不移送并说明理由"
    )
    return unmet(text, Role.LEADER, article, offences="、".join(article_of(one) for one in offences))


def choice_of(limb: str) -> str:
    """Return a limb as the forms name it: 213 → a213, 219-1 → a219_1."""
    return limb if limb == SUSPICION else f"a{limb.replace('-', '_')}"


def article_of(offence: str) -> str:
    """Return an offence as the article of the Criminal Law: 213 → 第213条, 219-1 → 第219条之一."""
    article, _dash, inserted = offence.partition("-")
    return f"第{article}条{'之一' if inserted else ''}"


@guard(
    "涉嫌犯罪：达到入罪标准或者有合理嫌疑",
    "a limb of the duty to transfer is met",
    optional=WORDING,
    otherwise=N_("本案涉嫌犯罪"),
)
def crime_limb_met(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.crime is None or limbs_met(situation.crime()):
        return ()
    text = N_("现有数额未显示达到入罪标准，也没有记录合理嫌疑；如有疑问请先研判")
    return worded(params, text, Role.OFFICER.value, TRANSFER_RULES.format("3"))
