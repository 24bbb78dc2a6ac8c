"""Stories of requests: disputes about patents adjudicated, mediated, withdrawn; mediations agreed and refused."""

from __future__ import annotations

from datetime import date, timedelta

from caseapp.domain.events import Json
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.passages_referral import COURT, peer

CONFIRMATION = "judicial_confirmation"
Fields = dict[str, Json]

_TERMS = "被请求人停止销售涉案产品，已上架的商品链接于三日内下架。\n被请求人一次性支付{sum}元，双方就本案再无争议。"
_SUMS = ("8,000.00", "12,000.00", "20,000.00", "35,000.00")


def right_name(c: Hand) -> str:
    """Return what the patent is called: kind, title, number."""
    right = c.matter.rights[0]
    kind = {"patent_design": "外观设计专利", "patent_utility": "实用新型专利"}.get(right.kind, "专利")
    return f"“{right.title}”{kind}（专利号{right.number}）"


def _service(c: Hand, receiver: str = "") -> Fields:
    party = c.matter.respondent
    return {
        "served_on": c.today.isoformat(),
        "service_method": c.chance.choices(("direct", "post"), (3, 2))[0],
        "service_receiver": receiver or str(party.personal.get("legal_representative") or party.name),
        "service_place": "当事人住所",
        "service_servers": c.officer_ids[:2],
    }


# --- Adjudication ----------------------------------------------------------------------------------------------------


def examined(c: Hand, *, corrected: bool = False) -> Course:
    """The request is assigned and its papers are checked; what is missing is asked for first."""
    c.register()
    yield c.later(0, 1)
    c.act("assign_request", {"officers": c.officer_ids}, by=c.crew.heads[0])
    yield c.later(0, 1)
    if corrected:
        until = c.stage.calendar.add_working_days(c.today, 8)
        c.act("require_correction", {"correction_items": "提交专利登记簿副本", "correction_until": until.isoformat()})
        yield c.later(1, 2)
        c.act("record_correction", {"corrected_on": c.today.isoformat(), "correction_note": "已补交专利登记簿副本"})
        yield c.later(0)
    c.act("check_papers", {"papers": ["request", "identity", "register", "evidence", "copies"]})


def filing_form(c: Hand) -> Fields:
    """Return the form of filing a dispute; the panel are the officers of the plan."""
    holder = c.matter.holder
    assert holder is not None
    return {
        "case_name": f"{holder.name}与{c.matter.respondent.name}{right_name(c).split('”')[1][:6].rstrip('（')}侵权纠纷案",
        "request_items": "责令被请求人立即停止制造、销售、许诺销售侵权产品。",
        "request_reasons": f"请求人系{right_name(c)}的专利权人，被请求人未经许可销售{c.matter.ware}，与专利相同。",
        "claims_relied": "图片所示的外观设计" if "design" in c.matter.rights[0].kind else "权利要求1",
        "cond_requester": True,
        "cond_respondent": True,
        "cond_claims": True,
        "cond_jurisdiction": True,
        "cond_no_suit": True,
        "officers": c.officer_ids,
    }


def dispute_filed(c: Hand, *, corrected: bool = False, days: tuple[int, int] = (0, 1)) -> Course:
    """Filed and served on the respondent."""
    yield from examined(c, corrected=corrected)
    yield c.later(*days)
    yield from c.approved("file_case", filing_form(c))
    yield c.later(0, 2)
    c.act("serve_request", _service(c))


def answered(c: Hand, days: tuple[int, int] = (3, 8)) -> Course:
    """The respondent answers, the answer goes to the requester, the trial begins."""
    yield c.later(*days)
    answer = c.chance.choice(
        ("涉案产品系从市场合法购进，有进货单据。", "产品花型与专利不相同也不近似。", "系现有设计。")
    )
    c.act("record_answer", {"answered_on": c.today.isoformat(), "answer_text": answer})
    yield c.later(0, 2)
    c.act("serve_answer", {"answer_served_on": c.today.isoformat()})
    c.act("begin_trial")


def hearing_told(c: Hand, ahead: int = 6) -> date:
    """Announce the oral hearing; returns its day."""
    on = c.stage.calendar.add_working_days(c.today, ahead)
    form: Fields = {
        "hearing_told_on": c.today.isoformat(),
        "hearing_on": on.isoformat(),
        "hearing_time": "9时30分",
        "hearing_place": "本局四楼审理室",
        "hearing_public": True,
    }
    c.act("notify_hearing", form)
    return on


def heard(c: Hand, attendance: str = "both") -> Course:
    """The oral hearing is announced and held; the panel deliberates."""
    yield c.later(1, 4)
    yield c.on_day(hearing_told(c))
    record: Fields = {
        "hearing_held_on": c.today.isoformat(),
        "attendance": attendance,
        "attendants": "请求人的委托代理人\n被请求人" if attendance == "both" else "请求人的委托代理人",
        "hearing_record": "请求人陈述请求事项和理由；双方举证、质证、辩论并陈述最后意见。",
        "clerk": c.crew.intake.name,
    }
    c.act("hold_hearing", record)
    yield c.later(1, 4)
    c.act("deliberate", {"deliberated_on": c.today.isoformat(), "deliberation_minutes": "合议组一致认为事实清楚。"})


def adjudicated(c: Hand, verdict: str) -> Course:
    """Decided and served on both."""
    yield c.later(1, 5)
    stops = verdict != "rejected"
    form: Fields = {
        "verdict": verdict,
        "requester_case": "被请求人销售的产品落入专利权的保护范围。",
        "respondent_case": "产品与专利不同，且来源合法。",
        "facts_found": f"请求人系{right_name(c)}的专利权人，专利有效。被请求人在{c.matter.place}销售{c.matter.ware}。",
        "evidence": "专利登记簿副本——专利权有效\n公证书及实物——被请求人的销售行为",
        "comparison": "整体布局——相同\n主要图案——" + ("相同" if stops else "不相同") + "\n配色——近似",
        "reasons": "两者整体视觉效果"
        + ("无实质性差异，落入" if stops else "存在实质性差异，未落入")
        + "专利权的保护范围。",
        "basis": "中华人民共和国专利法 第六十四条、第六十五条",
    }
    if stops:
        form["orders"] = f"立即停止销售{c.matter.ware}\n立即停止许诺销售，下架有关商品链接"
    yield from c.approved("adjudicate", form)
    yield c.later(0, 1)
    holder = c.matter.holder
    c.act("serve_decision_requester", _service(c, holder.name if holder else ""))
    yield c.later(0, 1)
    c.act("serve_decision_respondent", _service(c))
    yield c.later(1, 5)
    c.act("publish_decision", {"published_on": c.today.isoformat(), "masked": True})


def _closed(c: Hand, action: str, manner: str, **more: Json) -> Course:
    yield c.later(1, 5)
    summary = f"{c.number}已依法处理完毕，符合结案条件。"
    yield from c.approved(action, {"closing_manner": manner, "closing_summary": summary, **more})


def _stopped(c: Hand) -> Course:
    yield c.later(8, 14)
    done: Fields = {
        "performed_on": c.today.isoformat(),
        "performed_how": "voluntary",
        "performed_proof": "现场核查，涉案产品已下架，链接已删除。",
    }
    c.act("record_performance", done)
    yield from _closed(c, "close_executed", "executed", closing_execution="被请求人已停止侵权。")


def dispute_stopped(c: Hand) -> Course:
    """Infringement found; the respondent stops."""
    yield from dispute_filed(c)
    yield from answered(c)
    yield from heard(c)
    yield from adjudicated(c, "infringement")
    yield from _stopped(c)


def dispute_rejected(c: Hand) -> Course:
    """No infringement: rejected inside the decision; closed when the time to sue is over."""
    yield from dispute_filed(c, corrected=True)
    yield from answered(c)
    yield from heard(c)
    yield from adjudicated(c, "rejected")
    yield c.after_days(28)
    c.act("confirm_suit_period_over", {"suit_over_on": c.today.isoformat()})
    yield from _closed(c, "close_adjudicated", "adjudicated")


def dispute_suspended(c: Hand) -> Course:
    """The patent is attacked, the case waits, the patent stands; decided in the respondent's absence."""
    yield from dispute_filed(c)
    yield from answered(c)
    yield c.later(1, 3)
    yield from c.approved("suspend", suspension_form(c))
    yield c.after_days(c.chance.randint(40, 70))
    c.act("resume", {"resumed_on": c.today.isoformat(), "resume_reason": "无效宣告请求审查决定维持专利权有效"})
    yield from heard(c, "respondent_absent")
    yield from adjudicated(c, "partly")
    yield from _stopped(c)


def suspension_form(c: Hand) -> Fields:
    """Return the form of suspending for an invalidity request."""
    return {
        "suspension_ground": "invalidity",
        "suspension_by": "respondent",
        "suspension_proof": f"国家知识产权局{c.today.year}年无效宣告请求受理通知书",
        "suspension_reason": "被请求人就涉案专利提出无效宣告请求并已被受理，请求中止处理。",
    }


def dispute_suspended_still(c: Hand) -> Course:
    """Waits for the decision on the patent."""
    yield from dispute_filed(c)
    yield from answered(c)
    yield c.later(1, 3)
    yield from c.approved("suspend", suspension_form(c))


def dispute_mediated(c: Hand) -> Course:
    """Both wish to settle; the agreement is confirmed by the court."""
    yield from dispute_filed(c)
    yield from answered(c)
    yield c.later(1, 4)
    c.act("begin_mediation", {"mediation_on": c.today.isoformat(), "both_wish": True})
    yield c.later(1, 4)
    c.act("reach_agreement", agreement_form(c))
    yield c.later(3, 12)
    confirmed(c)
    yield from _closed(c, "close_mediated", "mediated")


def agreement_form(c: Hand) -> Fields:
    """Return the form of an agreement reached today."""
    return {
        "agreed_on": c.today.isoformat(),
        "dispute_facts": f"双方就被请求人销售{c.matter.ware}是否侵犯{right_name(c)}发生纠纷。",
        "agreement_terms": _TERMS.format(sum=c.chance.choice(_SUMS)),
        "payment_duty": True,
    }


def confirmed(c: Hand) -> None:
    """Record that the court confirmed the agreement."""
    serial = c.chance.randint(11, 390)
    form: Fields = {
        "confirmed_on": c.today.isoformat(),
        "confirmation": "court",
        "confirmed_by": "南通市中级人民法院（演示）",
        "confirmation_number": f"（{c.today.year}）苏06诉前调确{serial}号",
    }
    c.act("record_confirmation", form)


def dispute_withdrawn(c: Hand) -> Course:
    """The parties settle by themselves, the requester withdraws."""
    yield from dispute_filed(c)
    yield c.later(2, 8)
    form: Fields = {
        "withdrawn_on": c.today.isoformat(),
        "withdrawn_why": "settled",
        "cancel_reason": "双方自行和解，请求人书面撤回请求。",
    }
    yield from c.approved("withdraw_request", form)
    yield from _closed(c, "close_withdrawn", "withdrawn")


def dispute_cancelled(c: Hand) -> Course:
    """The patent was declared invalid: the case is cancelled."""
    yield from dispute_filed(c)
    yield from answered(c)
    yield c.later(4, 12)
    reason = "涉案专利被国家知识产权局宣告全部无效，决定已经生效。"
    yield from c.approved("cancel_case", {"cancel_ground": "patent_invalid", "cancel_reason": reason})
    yield from _closed(c, "close_cancelled", "terminated")


def dispute_not_filed(c: Hand) -> Course:
    """The requester is neither patentee nor licensee."""
    c.register()
    yield c.later(0, 1)
    c.act("assign_request", {"officers": c.officer_ids}, by=c.crew.heads[0])
    yield c.later(1, 2)
    reasons = "请求人系普通被许可人，合同未约定其可以单独请求，专利权人也未授权。"
    yield from c.approved("refuse_request", {"not_filed_ground": "not_entitled", "not_filed_reasons": reasons})


def dispute_hearing_fixed(c: Hand) -> Course:
    """The oral hearing is announced for the days to come, with every paper in the file."""
    yield from examined(c)
    yield c.later(0)
    yield from c.approved("file_case", filing_form(c), pace=(0, 0))
    yield c.later(0)
    c.act("serve_request", _service(c))
    yield from answered(c, (1, 1))
    yield c.later(1)
    hearing_told(c, 9)


# --- Mediation -------------------------------------------------------------------------------------------------------


def asked(c: Hand) -> Course:
    """The respondent is asked whether he agrees to mediate."""
    c.register()
    yield c.later(0, 1)
    c.act("assign_request", {"officers": c.officer_ids[:2]}, by=c.crew.heads[0])
    yield c.later(0, 1)
    form: Fields = {
        "mediation_subject": "other",
        "request_items": f"就被请求人销售{c.matter.ware}引起的{right_name(c)}纠纷进行调解。",
    }
    c.act("issue_opinion_notice", form)
    yield c.later(0, 1)
    c.act("serve_opinion_notice", _service(c))


def mediating(c: Hand) -> Course:
    """Consented, filed."""
    yield from asked(c)
    yield c.later(2, 7)
    c.act("record_consent", {"opinion_on": c.today.isoformat(), "opinion_text": "同意调解，愿意协商。"})
    yield c.later(0, 1)
    session = c.today + timedelta(days=7)
    form: Fields = {
        "case_name": f"{c.matter.holder.name if c.matter.holder else '请求人'}与{c.matter.respondent.name}专利纠纷调解案",
        "session_on": session.isoformat(),
        "session_time": "9时30分",
        "session_place": "本局调解室",
        "officers": c.officer_ids[:2],
    }
    yield from c.approved("file_case", form)
    yield c.on_day(session)
    c.act("hold_session", {"session_held_on": c.today.isoformat(), "session_record": "双方陈述意见，调解员提出方案。"})


def mediation_agreed(c: Hand) -> Course:
    """Agreed and confirmed."""
    yield from mediating(c)
    yield c.later(0, 4)
    c.act("reach_agreement", agreement_form(c))
    yield from _confirmed_by_court(c)
    yield from _closed(c, "close_mediated", "mediated")


def _confirmed_by_court(c: Hand) -> Course:
    """Both ask, the court of the place signs for the agreement, accepts and confirms it."""
    agreed_on = c.today.isoformat()
    yield c.later(1, 3)
    asked: Fields = {
        "court_organ": peer(c, COURT),
        "agreement_on": agreed_on,
        "requested_on": c.today.isoformat(),
        "joint_request": True,
        "preview": "双方就专利纠纷达成调解协议，共同申请司法确认。",
    }
    c.beside(CONFIRMATION, "send_request", asked)
    yield c.later(0, 1)
    c.answer(COURT, CONFIRMATION, "sign_receipt", {"receipt_signer": "立案庭书记员（演示）"})
    yield c.later(1, 2)
    number = f"（{c.today.year}）苏演示调确{c.plan.ordinal}号"
    c.answer(COURT, CONFIRMATION, "accept_request", {"accepted_on": c.today.isoformat(), "court_number": number})
    yield c.later(2, 5)
    ruled: Fields = {
        "ruled_on": c.today.isoformat(),
        "ruling_number": f"{number}之一",
        "ruling_text": "双方达成的调解协议有效。",
    }
    c.answer(COURT, CONFIRMATION, "confirm_agreement", ruled)


def mediation_failed(c: Hand) -> Course:
    """No agreement: the case is cancelled."""
    yield from mediating(c)
    yield c.later(0, 3)
    reason = "双方对赔偿数额分歧较大，未达成协议。"
    yield from c.approved("no_agreement", {"cancelled_on": c.today.isoformat(), "cancel_reason": reason})
    yield from _closed(c, "close_failed", "terminated")


def mediation_refused(c: Hand) -> Course:
    """The respondent refuses; not filed."""
    yield from asked(c)
    yield c.later(2, 7)
    c.act("record_refusal", {"opinion_on": c.today.isoformat(), "opinion_text": "不同意调解。"})
    yield c.later(0, 2)
    c.act("decline_filing", {"not_filed_ground": "refused", "not_filed_reasons": "被请求人不同意调解。"})
