"""Stories of two organs: referrals to the police in every stage, what came of them, and matters sent to us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.forms import filing_form
from caseapp.services.demo.matter import YUAN
from caseapp.services.demo.passages import archived, executed, filed, tell_rights, to_decision
from caseapp.services.demo.passages_referral import (
    amounts_found,
    closed_as_transferred,
    filed_by_police,
    goods_handed_on,
    judged,
    matter_signed_for,
    not_prosecuted,
    prosecuted,
    reconsideration_asked,
    refusal_upheld,
    refused_by_police,
    reply_accepted,
    reported,
    result_reported,
    sent_to_us,
    settled,
    signed_for,
    supervision_asked,
    supplements_asked,
    supplements_sent,
    suspected,
    told_to_file,
    under_review,
)

Passage = Callable[[Hand], Course]
_LATER_FOUND: Final = 90_000 * YUAN
"""What comes to light after a case was closed."""


def _then(*passages: Passage) -> Passage:
    """Return the story in which these follow each other."""

    def tell(c: Hand) -> Course:
        for passage in passages:
            yield from passage(c)

    return tell


_given_to_police = _then(suspected, signed_for, filed_by_police, goods_handed_on, closed_as_transferred)

# --- Over ------------------------------------------------------------------------------------------


def convicted(c: Hand) -> Course:
    """Referred, filed, tried: our case is closed as transferred, and the referral ends with the judgment."""
    yield from _given_to_police(c)
    yield from prosecuted(c)
    yield from judged(c)
    yield c.later(2, 5)
    settled(c, "conclude", settlement="已被追究刑事责任，没有其他行政处罚需要执行。")
    archived(c)


def fine_set_off(c: Hand) -> Course:
    """Fined and paid; then more sales come to light, the case is referred, and the fine is set off."""
    yield from filed(c)
    yield from to_decision(c)
    yield from executed(c)
    fine = c.matter.money.fine
    c.told["earlier_fine"] = fine
    c.matter = replace(c.matter, money=replace(c.matter.money, turnover=c.matter.money.turnover + _LATER_FOUND))
    yield c.later(3, 8)
    yield from signed_for(c)
    yield from filed_by_police(c)
    yield from goods_handed_on(c)
    yield from prosecuted(c)
    yield from judged(c)
    yield c.later(2, 5)
    settled(c, "conclude", earlier_fine=fine, fine_set_off=fine, settlement="已缴罚款折抵罚金，了结。")


def returned_and_penalised(c: Hand) -> Course:
    """Not filed; we accept that, and the case ends with a penalty here."""
    yield from suspected(c)
    yield from refused_by_police(c)
    yield c.later(1, 3)
    c.beside(
        "referral", "accept_refusal", {"file_back_on": c.today.isoformat(), "accepted_note": "证据不足，继续行政处理。"}
    )
    yield from to_decision(c)
    yield from executed(c)


def penalised_after_opinion(c: Hand) -> Course:
    """Not prosecuted, but to be penalised: done, and reported to the procuratorate."""
    yield from suspected(c)
    yield from signed_for(c)
    yield from filed_by_police(c)
    yield from goods_handed_on(c)
    yield from under_review(c)
    yield from not_prosecuted(c)
    yield c.later(1, 3)
    settled(c, "resume_case", settlement="按照检察意见恢复行政处罚程序。")
    yield from to_decision(c)
    c.beside("referral", "reply_opinion", {"reply_text": "已作出行政处罚决定。", "reply_attachments": "行政处罚决定书"})
    yield from executed(c)


def kept_by_head(c: Hand) -> Course:
    """The team proposes it, the head does not refer and says why; a penalty follows."""
    yield from suspected(c)
    yield from reported(c)
    yield c.later(0, 1)
    reasons = "现有证据不能证明当事人明知系假冒注册商标的商品，且其主动退赔，认为不构成犯罪，不移送。"
    form = {"referral_verdict": "keep", "not_referred_reasons": reasons}
    c.beside("referral", "decide_referral", form, by=c.crew.leaders[0])
    yield from to_decision(c)
    yield from executed(c)


# --- Filed by the police in the end ----------------------------------------------------------------

supplemented = _then(
    suspected, supplements_asked, supplements_sent, filed_by_police, goods_handed_on, closed_as_transferred
)
"""The police ask for more, get it, and file."""


def filed_after_review(c: Hand) -> Course:
    """Refused, then filed on reconsideration."""
    yield from suspected(c)
    yield from refused_by_police(c)
    yield from reconsideration_asked(c)
    yield c.later(1, 2)
    c.answer(
        "police",
        "referral",
        "file_after_review",
        {
            "filed_on": c.today.isoformat(),
            "filing_number": f"演示公立字〔{c.today.year}〕{c.plan.ordinal}号",
            "review_number": f"演示公复字〔{c.today.year}〕{c.plan.ordinal}号",
        },
    )
    yield from goods_handed_on(c)


filed_under_supervision = _then(
    suspected,
    refused_by_police,
    reconsideration_asked,
    refusal_upheld,
    supervision_asked,
    told_to_file,
    filed_by_police,
    goods_handed_on,
)
"""Refused, upheld, ordered by the procuratorate, filed."""

# --- Under way at the end of the year --------------------------------------------------------------

with_police = _then(suspected, signed_for)
reported_to_head = _then(suspected, reported)
filed_goods_due = _then(suspected, signed_for, filed_by_police)
refused_still = _then(suspected, refused_by_police)
reconsidered_still = _then(suspected, refused_by_police, reconsideration_asked)
reasons_asked = _then(suspected, refused_by_police, reconsideration_asked, refusal_upheld, supervision_asked)
at_procuratorate = _then(_given_to_police, under_review)
on_trial = _then(_given_to_police, prosecuted)


def limit_shown(c: Hand) -> Course:
    """The amounts found reach a limit of crime, or come near one; nobody has gone on yet."""
    yield from filed(c)
    yield c.later(2, 5)
    amounts_found(c)


# --- Sent to us ------------------------------------------------------------------------------------


def _came_in(c: Hand) -> Course:
    c.register()
    yield c.soon()
    sent_to_us(c)


reverse_waits = _then(_came_in)


def reverse_under_way(c: Hand) -> Course:
    """Signed for, filed, being investigated; the answer is owed."""
    yield from _came_in(c)
    yield from matter_signed_for(c)
    yield c.later(0)
    c.act("assign_check", {"officers": c.officer_ids}, by=c.crew.heads[0])
    yield c.later(0, 1)
    tell_rights(c)
    yield c.later(1, 3)
    yield from c.approved("file_case", filing_form(c))


def reverse_answered(c: Hand) -> Course:
    """Penalised, and reported back in time."""
    yield from reverse_under_way(c)
    yield from to_decision(c)
    yield from result_reported(c)
    yield from reply_accepted(c)
    yield from executed(c)
