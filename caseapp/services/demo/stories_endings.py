"""Stories by how they end: paid, not filed, no penalty, transferred, merged, ended by the court."""

from __future__ import annotations

from datetime import date
from typing import Final

from caseapp.domain.clocks.compute import due as due_of
from caseapp.domain.events import Json
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.forms import course, dues, filing_form, findings_form, performance_form, service_form
from caseapp.services.demo.passages import (
    assigned,
    checked,
    closed,
    concluded,
    decided,
    decision_served,
    defended,
    executed,
    filed,
    noticed,
    published,
    reviewed,
    to_decision,
    waived,
    weighed,
)


def paid(c: Hand) -> Course:
    """Filed, penalised, paid, closed."""
    yield from filed(c)
    yield from to_decision(c)
    yield from executed(c)


def paid_quickly(c: Hand) -> Course:
    """A clear case: the party admits, waives and pays."""
    yield from filed(c, (0, 2))
    yield from concluded(c, (2, 6))
    yield from reviewed(c, (0, 2))
    yield from noticed(c, (0, 1))
    yield from waived(c)
    yield from decided(c)
    yield from decision_served(c, (0, 1))
    yield from published(c, (0, 3))
    yield from (_performed_soon(c))
    yield from closed(c, days=(0, 3))


def _performed_soon(c: Hand) -> Course:
    yield c.later(0, 3)
    c.act("confirm_performance", performance_form(c))


def paid_defended(c: Hand) -> Course:
    """The party defends himself and is heard in part."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield from noticed(c)
    yield from defended(c)
    yield from decided(c)
    yield from executed(c)


def defence_rejected(c: Hand) -> Course:
    """The party defends himself in vain."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield from noticed(c)
    yield from defended(c, "rejected")
    yield from decided(c)
    yield from executed(c)


# --- Leads that become no case ---------------------------------------------------------------------------------------

_NOT_FILED: Final = {
    "slight": "涉案商品数量少、货值低，当事人已主动下架并销毁，没有造成危害后果。",
    "first_slight": "当事人初次违法，涉案商品尚未售出，已及时改正。",
    "no_fault": "当事人提供了合法进货凭证和授权文件复印件，足以证明没有主观过错，供货线索另行处理。",
    "other": "经查询，涉案标识与权利人的权利内容不相同也不近似，没有违法事实。",
}


def _not_filed(c: Hand, ground: str) -> Course:
    yield from checked(c)
    yield c.later(1, 7)
    form: dict[str, Json] = {
        "not_filed_ground": ground,
        "filing_findings": texts.findings(c.matter, c.today),
        "filing_reasons": _NOT_FILED[ground],
    }
    yield from c.approved("decline_filing", form)


def not_filed_slight(c: Hand) -> Course:
    """Slight and corrected."""
    return _not_filed(c, "slight")


def not_filed_first(c: Hand) -> Course:
    """First time and slight."""
    return _not_filed(c, "first_slight")


def not_filed_no_fault(c: Hand) -> Course:
    """Without fault."""
    return _not_filed(c, "no_fault")


def not_filed_other(c: Hand) -> Course:
    """Nothing unlawful found."""
    return _not_filed(c, "other")


def lead_moved(c: Hand) -> Course:
    """The lead belongs to another organ."""
    yield from assigned(c)
    yield c.later(0, 3)
    receivers = {
        "copyright": "南通市文化市场综合行政执法支队",
        "plant_variety": "当地农业农村局",
    }
    receiver = receivers.get(c.matter.rights[0].kind, "经营者实际经营地市场监督管理局")
    form: dict[str, Json] = {"transfer_to": receiver, "transfer_reason": "经核查，该线索不属于本机关管辖。"}
    yield from c.approved("move_lead", form)


def lead_reopened(c: Hand) -> Course:
    """Not filed at first; new evidence leads to a case."""
    yield from _not_filed(c, "other")
    yield c.later(4, 12)
    yield from c.approved("reopen_lead", {"reopen_reason": "权利人补充提交公证购买记录和比对意见，需要重新核查。"})
    yield c.later(1, 4)
    yield from c.approved("file_case", filing_form(c))
    yield from to_decision(c)
    yield from executed(c)


# --- Decisions other than a penalty ----------------------------------------------------------------------------------


def no_penalty(c: Hand) -> Course:
    """Slight and corrected: decided not to penalise."""
    yield from filed(c)
    yield from concluded(c, outcome="no_penalty")
    yield from reviewed(c)
    yield from no_penalty_decided(c)
    yield from closed(c, "no_penalty")


def no_penalty_decided(c: Hand) -> Course:
    """From the review to the served decision not to penalise."""
    yield c.later(0, 2)
    c.act("submit_without_notice", {"submission_note": "拟不予行政处罚。"})
    yield c.later(0, 1)
    ground = c.chance.choice(("slight", "first_slight", "no_fault"))
    reasons = {
        "slight": "涉案商品数量少，当事人及时改正，没有造成危害后果，依法不予行政处罚。",
        "first_slight": "当事人初次违法，危害后果轻微并及时改正，可以不予行政处罚。",
        "no_fault": "当事人提供了进货凭证和供货者信息，有证据足以证明没有主观过错，依法不予行政处罚。",
    }
    form: dict[str, Json] = {
        "no_penalty_ground": ground,
        "decision_ground_text": reasons[ground],
        "course": course(c),
        **findings_form(c, "no_penalty"),
        "basis": "中华人民共和国行政处罚法 第三十三条",
    }
    yield from c.approved("decide_no_penalty", form)
    yield c.later(0, 3)
    c.act("serve_no_penalty", service_form(c))


def not_established(c: Hand) -> Course:
    """The facts cannot be established."""
    yield from filed(c)
    yield from concluded(c, outcome="not_established")
    yield from reviewed(c)
    yield c.later(0, 2)
    c.act("submit_without_notice", {})
    yield c.later(0, 1)
    text = "权利人出具的鉴别意见与当事人提供的授权链条相互矛盾，经补充调查仍不足以认定违法事实。"
    yield from c.approved("decide_not_established", {"decision_ground_text": text})
    yield from closed(c, "not_established")


def moved_by_decision(c: Hand) -> Course:
    """Decided to move the case to another organ, handed over, closed."""
    yield from filed(c)
    yield from concluded(c, outcome="moved")
    yield from reviewed(c)
    yield c.later(0, 2)
    c.act("submit_without_notice", {})
    yield c.later(0, 1)
    receiver = "苏州市吴江区市场监督管理局"
    form: dict[str, Json] = {"transfer_to": receiver, "decision_ground_text": "违法行为实际发生地在外市，依法移送。"}
    yield from c.approved("decide_to_move", form)
    yield from _handed_over(c, receiver)
    yield from closed(c, "moved")


def _handed_over(c: Hand, receiver: str) -> Course:
    yield c.later(1, 5)
    form: dict[str, Json] = {
        "handed_over_on": c.today.isoformat(),
        "transfer_to": receiver,
        "handed_over_list": "案卷材料一册、涉案物品清单一份",
    }
    c.act("hand_over_file", form)


def moved_at_once(c: Hand) -> Course:
    """Found after filing that another organ has jurisdiction."""
    yield from filed(c)
    yield c.later(2, 8)
    form: dict[str, Json] = {
        "transfer_to": "浙江省海宁市市场监督管理局",
        "transfer_reason": "经查，网店实际经营地在海宁，依法移送有管辖权的机关。",
    }
    yield from c.approved("move_to_other_organ", form)
    yield from closed(c, "moved")


def police(c: Hand) -> str:
    """Return the police station that takes cases of the division."""
    record = c.stage.ctx.law.organs.get(f"{c.plan.division}-police")
    return record.name_zh


def transferred_by_decision(c: Hand) -> Course:
    """Suspected crime, decided after review, handed over, closed."""
    yield from filed(c)
    yield from concluded(c, outcome="transferred")
    yield from reviewed(c)
    yield c.later(0, 1)
    c.act("submit_without_notice", {})
    yield c.later(0, 1)
    yield from c.approved("decide_to_transfer", _crime_form(c, "decision_ground_text"))
    yield from _handed_over(c, police(c))
    yield from closed(c, "transferred")


def _crime_form(c: Hand, reason: str) -> dict[str, Json]:
    offence = "侵犯著作权罪" if c.matter.rights[0].kind == "copyright" else "销售假冒注册商标的商品罪"
    amount = texts.yuan(c.matter.money.turnover)
    return {"transfer_to": police(c), reason: f"当事人涉案金额{amount}，涉嫌{offence}，依法移送公安机关。"}


def transferred_at_once(c: Hand) -> Course:
    """Suspected crime found in the investigation: to the police, closed."""
    yield from _with_police(c)
    yield from closed(c, "transferred")


def _with_police(c: Hand) -> Course:
    yield from filed(c)
    yield c.later(2, 9)
    weighed(c, "yes")
    yield from c.approved("transfer_to_police", _crime_form(c, "transfer_reason"))


def returned_by_police(c: Hand) -> Course:
    """The police do not open a case: it comes back and is penalised."""
    yield from _with_police(c)
    yield c.later(6, 15)
    c.act("record_return", _return_form(c))
    yield from to_decision(c)
    yield from executed(c)


def _return_form(c: Hand) -> dict[str, Json]:
    return {
        "returned_on": c.today.isoformat(),
        "returned_by": police(c),
        "returned_reason": "经审查，尚未达到刑事立案追诉标准，不予立案，退回处理。",
    }


def returned_after_closing(c: Hand) -> Course:
    """Closed as transferred; then it comes back, is open again and ends with a penalty."""
    yield from _with_police(c)
    yield from closed(c, "transferred")
    yield c.later(8, 20)
    c.act("record_return", _return_form(c))
    yield from to_decision(c)
    yield from executed(c)


def withdrawn(c: Hand) -> Course:
    """Filed by mistake."""
    yield from filed(c)
    yield c.later(2, 9)
    reason = "经进一步核实，当事人系权利人的授权经销商，授权书在立案时未能提供，不应当立案。"
    yield from c.approved("withdraw_filing", {"withdrawal_reason": reason})
    yield from closed(c, "withdrawn")


def merged(c: Hand) -> Course:
    """The same party is already being dealt with."""
    yield from filed(c)
    yield c.later(1, 5)
    others = [number for number in c.stage.filed.get(c.plan.organ, ()) if number != c.number]
    into = others[-1] if others else c.number
    form: dict[str, Json] = {"merged_into": into, "merge_reason": "两案当事人和违法行为相同，合并办理。"}
    yield from c.approved("merge_case", form)
    yield from closed(c, "merged")


def terminated(c: Hand) -> Course:
    """The firm was dissolved without successor."""
    yield from filed(c)
    yield c.later(4, 12)
    form: dict[str, Json] = {
        "termination_ground": "dissolved",
        "termination_reason": "当事人已办理注销登记，无权利义务承受人，投资人亦无继续经营行为。",
    }
    yield from c.approved("terminate_investigation", form)
    yield from closed(c, "terminated")


def ended_otherwise(c: Hand) -> Course:
    """Another ground of law."""
    yield from filed(c)
    yield c.later(4, 12)
    ground = "同一违法行为已由先立案的外省机关作出行政处罚并执行完毕，依据一事不二罚的规定，本案应予结案。"
    c.told["ended"] = "同一违法行为已由其他机关处罚"
    yield from c.approved("end_otherwise", {"other_ground": ground})
    yield from closed(c, "other")


# --- Late and forced payment -----------------------------------------------------------------------------------------


def paid_late(c: Hand) -> Course:
    """Paid after the last day, with surcharge."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    served = c.today
    yield from published(c)
    due = payment_due(c, served)
    yield c.on_day(date.fromordinal(due.toordinal() + c.chance.randint(3, 9)))
    c.act("begin_surcharge", {"payment_due_on": due.isoformat()})
    yield c.later(0)
    surcharge = surcharge_for(c, (c.today - due).days)
    c.act("confirm_performance", performance_form(c, paid_total=dues(c) + surcharge, surcharge=surcharge))
    yield from closed(c)


def surcharge_for(c: Hand, days_late: int) -> int:
    """Return the surcharge that has grown, as the law in force has it grow, in fen."""
    law, fine = c.stage.ctx.law.amounts.at(c.today), c.matter.money.fine
    grown = fine * law["surcharge_percent_a_day"] * days_late // 100
    return min(grown, fine * law["surcharge_cap_percent"] // 100)


def payment_due(c: Hand, served: date) -> date:
    """Return the last day to pay, as the clock of the case says."""
    rule = c.stage.ctx.law.rules.find("P14", served)
    assert rule is not None
    on = due_of(rule, calendar=c.stage.calendar, started_on=served).on
    assert on is not None
    return on


def paid_by_instalments(c: Hand) -> Course:
    """Hardship: two instalments."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    yield c.later(2, 6)
    last = date.fromordinal(c.today.toordinal() + 60)
    half = dues(c) // 2
    form: dict[str, Json] = {
        "deferral_asked_on": c.today.isoformat(),
        "deferral_kind": "instalments",
        "deferral_until": last.isoformat(),
        "deferral_plan": f"一个月内缴纳{texts.yuan(half)}，余款于{texts.day(last)}前缴清。",
    }
    yield from c.approved("grant_deferral", form)
    yield from published(c)
    yield c.later(8, 14)
    c.act("record_payment", {"paid_on": c.today.isoformat(), "paid_total": half})
    yield c.later(12, 18)
    c.act("confirm_performance", performance_form(c))
    yield from closed(c)
