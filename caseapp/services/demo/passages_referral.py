"""What a referral to the police is made of, told by the people of both organs; and what the procuratorate sends us."""

from __future__ import annotations

from datetime import timedelta

from caseapp.domain.events import Json
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.matter import YUAN
from caseapp.services.demo.passages import closing_approved, filed, weighed
from caseapp.services.demo.passages_beside import goods_listed

_DOSSIER: tuple[Json, ...] = ("letter", "report", "goods_list", "appraisal")
_PROOF: tuple[Json, ...] = ("right", "no_licence", "same_mark", "same_goods", "amount", "knowledge")
POLICE, PROCURATORATE, COURT = "police", "procuratorate", "court"


def peer(c: Hand, kind: str) -> str:
    """Return the id of the police, procuratorate or court of the organ's place."""
    return f"{c.stage.ctx.law.organs.get(c.plan.organ).division}-{kind}"


def _number(c: Hand, word: str) -> str:
    return f"演示{word}〔{c.today.year}〕{c.plan.ordinal}号"


# --- Amounts that show what it is -------------------------------------------------------------------------------------


def amounts_found(c: Hand) -> None:
    """Enter what the books say has been sold, and what is left."""
    money = c.matter.money
    found = {
        "turnover": money.turnover,
        "sales": money.turnover - money.unsold_value,
        "unsold_value": money.unsold_value,
        "gains": money.gains,
    }
    c.change({"amounts": found}, "已调取账册和平台交易记录")


def suspected(c: Hand) -> Course:
    """Filed; the amounts found show a crime."""
    yield from filed(c)
    yield c.later(2, 6)
    amounts_found(c)
    yield c.later(0, 1)
    weighed(c, "yes")


# --- Our side ---------------------------------------------------------------------------------------------------------


def team_named(c: Hand) -> None:
    """The head appoints the special team: the officers of the case."""
    form: dict[str, Json] = {
        "team": c.officer_ids,
        "limb": ["threshold", "suspicion"],
        "offence": "a214",
        "suspicion_reasons": f"当事人销售假冒注册商标的商品，涉案金额{texts.yuan(c.matter.money.turnover)}，上家在逃。",
    }
    c.beside("referral", "appoint_team", form, by=c.crew.leaders[0])


def reported(c: Hand) -> Course:
    """The team verifies and reports to the head."""
    team_named(c)
    yield c.later(0, 1)
    amount = texts.yuan(c.matter.money.turnover)
    form: dict[str, Json] = {
        "referral_facts": texts.facts_found(c.matter),
        "referral_amounts": f"非法经营数额{amount}，依据平台交易记录、支付流水和账册认定。",
        "referral_law": "《刑法》第二百一十四条；法释〔2025〕5号第五条。",
        "referral_proposal": "建议移送公安机关。",
    }
    c.beside("referral", "report_to_head", form)


def ready(c: Hand) -> Course:
    """The head decides to refer; the dossier is made complete at once, for 24 hours are running."""
    yield from reported(c)
    yield c.later(0, 1)
    decision: dict[str, Json] = {"referral_verdict": "refer", "referral_opinion": "同意移送。"}
    c.beside("referral", "decide_referral", decision, by=c.crew.leaders[0])
    yield c.soon()
    form: dict[str, Json] = {
        "dossier_parts": [*_DOSSIER],
        "offence": "a214",
        "proof_mark": [*_PROOF],
        "earlier_penalty": "attached" if "earlier_fine" in c.told else "none",
        "goods": goods_listed(c),
        "attachments": "现场笔录\n询问笔录\n平台交易记录\n商标注册证复印件\n权利人鉴别意见",
    }
    c.beside("referral", "complete_dossier", form)


def handed_over(c: Hand) -> Course:
    """From the team to the police."""
    yield from ready(c)
    yield c.soon()
    amount = texts.yuan(c.matter.money.turnover)
    form: dict[str, Json] = {
        "police_organ": peer(c, POLICE),
        "preview": f"某经营者涉嫌销售假冒注册商标的商品，已查明非法经营数额{amount}。",
        "goods_when": "after_filing",
    }
    c.beside("referral", "hand_over", form)


def goods_handed_on(c: Hand, days: tuple[int, int] = (0, 1)) -> Course:
    """Goods and papers go to the police, who sign for them."""
    yield c.later(*days)
    form: dict[str, Json] = {
        "handed_on": c.today.isoformat(),
        "handed_goods": goods_listed(c),
        "handed_papers": "证据卷一册\n鉴别意见一份",
    }
    c.beside("referral", "hand_over_goods", form)
    yield c.later(0, 1)
    c.answer(POLICE, "referral", "sign_goods", {"goods_signer": "公安机关承办民警（演示）"})


def closed_as_transferred(c: Hand) -> Course:
    """The police have filed: our case is closed, the referral goes on."""
    yield from closing_approved(c, "transferred")


def settled(c: Hand, action: str, **form: Json) -> None:
    """Say what follows from the judgment or from the end of the criminal case."""
    c.beside("referral", action, form)


# --- The police -------------------------------------------------------------------------------------------------------


def signed_for(c: Hand, days: tuple[int, int] = (0, 1)) -> Course:
    """Hand it over; the police sign the receipt."""
    yield from handed_over(c)
    yield c.later(*days)
    c.answer(POLICE, "referral", "sign_receipt", {"receipt_signer": "公安机关值班民警（演示）"})


def supplements_asked(c: Hand) -> Course:
    """The police say within a day what is missing."""
    yield from signed_for(c)
    yield c.soon()
    form: dict[str, Json] = {
        "missing_parts": ["amount_proof", "electronic"],
        "missing_detail": "请补送支付平台流水原始数据和网店后台订单。",
    }
    c.answer(POLICE, "referral", "ask_supplements", form)


def supplements_sent(c: Hand) -> Course:
    """What is missing is sent in time."""
    yield c.later(1)
    c.beside("referral", "send_supplements", {"supplements": "支付平台流水（光盘一张）\n网店后台订单导出件"})


def filed_by_police(c: Hand, days: tuple[int, int] = (1, 2)) -> Course:
    """The police file the case."""
    yield c.later(*days)
    form: dict[str, Json] = {"filed_on": c.today.isoformat(), "filing_number": _number(c, "公立字")}
    c.answer(POLICE, "referral", "file_case", form)


def refused_by_police(c: Hand) -> Course:
    """The police sign, examine, and do not file."""
    yield from signed_for(c)
    yield c.later(1, 2)
    form: dict[str, Json] = {
        "refused_on": c.today.isoformat(),
        "refusal_number": _number(c, "公不立字"),
        "refusal_ground": "no_crime",
        "refusal_reasons": "现有证据不足以证明当事人主观明知，不符合立案条件。",
    }
    c.answer(POLICE, "referral", "refuse_to_file", form)


def reconsideration_asked(c: Hand) -> Course:
    """We ask the police to think again."""
    yield c.later(1)
    grounds = "当事人曾被权利人发函警告，仍继续进货销售，能够认定明知。"
    c.beside("referral", "ask_reconsideration", {"review_grounds": grounds})


def refusal_upheld(c: Hand) -> Course:
    """They do not."""
    yield c.later(1, 2)
    form: dict[str, Json] = {
        "review_on": c.today.isoformat(),
        "review_number": _number(c, "公复字"),
        "review_reasons": "警告函未送达当事人本人，维持不予立案的决定。",
    }
    c.answer(POLICE, "referral", "uphold_refusal", form)


def supervision_asked(c: Hand) -> Course:
    """We turn to the procuratorate, which asks the police for their reasons."""
    yield c.later(1)
    form: dict[str, Json] = {
        "procuratorate_organ": peer(c, PROCURATORATE),
        "supervision_grounds": "送达回证证明警告函由当事人签收，应当立案而不立案。",
    }
    c.beside("referral", "ask_supervision", form)
    yield c.later(1, 2)
    c.answer(PROCURATORATE, "referral", "ask_reasons", {"reasons_asked_number": _number(c, "检不立")})


def told_to_file(c: Hand) -> Course:
    """The reasons do not hold: the procuratorate orders the filing."""
    yield c.later(2, 4)
    c.answer(POLICE, "referral", "give_reasons", {"reasons_text": "认为警告函未送达，主观明知证据不足。"})
    yield c.later(2, 4)
    form: dict[str, Json] = {
        "order_number": _number(c, "检通立"),
        "order_reasons": "送达回证已经附卷，不立案理由不成立。",
    }
    c.answer(PROCURATORATE, "referral", "tell_to_file", form)


# --- Procuratorate and court ------------------------------------------------------------------------------------------


def prosecuted(c: Hand) -> Course:
    """From the investigation to the court."""
    yield from under_review(c)
    yield c.later(12, 20)
    form: dict[str, Json] = {"court_organ": peer(c, COURT), "charge_number": _number(c, "检刑诉")}
    c.answer(PROCURATORATE, "referral", "prosecute", form)


def under_review(c: Hand) -> Course:
    """The police send the case to the procuratorate."""
    yield c.later(20, 32)
    form: dict[str, Json] = {
        "procuratorate_organ": peer(c, PROCURATORATE),
        "review_sent_number": _number(c, "公诉字"),
    }
    c.answer(POLICE, "referral", "send_to_procuratorate", form)


def judged(c: Hand) -> Course:
    """The judgment becomes final."""
    yield c.later(15, 25)
    fine = c.matter.money.turnover // 2 // (1000 * YUAN) * 1000 * YUAN
    form: dict[str, Json] = {
        "outcome": "convicted",
        "outcome_on": c.today.isoformat(),
        "outcome_number": f"（{c.today.year}）苏演示刑初{c.plan.ordinal}号",
        "criminal_fine": fine,
        "outcome_text": f"被告单位犯销售假冒注册商标的商品罪，判处罚金{texts.yuan(fine)}。",
    }
    c.answer(COURT, "referral", "judge", form)


def not_prosecuted(c: Hand) -> Course:
    """The procuratorate does not prosecute, and finds that a penalty is due."""
    yield c.later(15, 25)
    form: dict[str, Json] = {
        "outcome": "not_prosecuted",
        "outcome_on": c.today.isoformat(),
        "outcome_number": _number(c, "检刑不诉"),
        "outcome_text": "犯罪情节轻微，当事人认罪认罚并赔偿权利人损失，决定不起诉。",
        "opinion_on": c.today.isoformat(),
        "opinion_number": _number(c, "检意"),
        "opinion_text": "建议依照商标法给予行政处罚，并将处理结果回复本院。",
    }
    c.answer(PROCURATORATE, "referral", "not_prosecute_with_opinion", form)


# --- Sent to us -------------------------------------------------------------------------------------------------------


def sent_to_us(c: Hand) -> None:
    """The opinion of the procuratorate comes in on paper with the lead, and is entered for it."""
    form: dict[str, Json] = {
        "authority_organ": peer(c, PROCURATORATE),
        "reverse_ground": "not_prosecuted",
        "reverse_number": _number(c, "检意"),
        "reverse_opinion": f"{c.matter.respondent.name}销售侵权商品，犯罪情节轻微，已决定不起诉；需要给予行政处罚。",
        "reverse_papers": "不起诉决定书副本\n检察意见书\n证据材料一册",
        "paper_ref": _number(c, "检意"),
    }
    c.beside("reverse_referral", "send_matter", form, by=c.crew.intake)


def matter_signed_for(c: Hand) -> Course:
    """We sign for it: the time to answer runs."""
    yield c.later(0, 1)
    form: dict[str, Json] = {"matter_received_on": c.today.isoformat()}
    c.beside("reverse_referral", "sign_matter", form, by=c.crew.intake)


def result_reported(c: Hand, kind: str = "penalty") -> Course:
    """We tell the procuratorate what became of it."""
    yield c.later(1, 3)
    text = {
        "penalty": "已依法作出行政处罚决定并送达，随文附送决定书。",
        "under_way": f"已立案调查，预计{texts.day(c.today + timedelta(days=60))}前办结。",
    }[kind]
    c.beside("reverse_referral", "reply_result", {"reply_kind": kind, "reply_text": text})


def reply_accepted(c: Hand) -> Course:
    """The procuratorate takes note of it."""
    yield c.later(1, 3)
    c.answer(PROCURATORATE, "reverse_referral", "accept_reply", {"accepted_by": "检察官助理（演示）"})
