"""The forms that officers of the demonstration fill in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from caseapp.domain.events import Json
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Hand

Fields = dict[str, Json]


def receiver(c: Hand) -> str:
    """Return who of the party speaks and receives papers."""
    party = c.matter.respondent
    manager = party.personal.get("legal_representative") if party.kind == "organisation" else party.name
    return str(manager)


def filing_form(c: Hand) -> Fields:
    """Return the form of filing."""
    return {
        "case_name": c.matter.title,
        "filing_findings": texts.findings(c.matter, c.today),
        "filing_reasons": texts.filing_reasons(c.matter, c.today),
        "filing_evidence": True,
        "filing_punishable": True,
        "filing_jurisdiction": True,
        "filing_in_time": True,
        "act_from": c.matter.act_from.isoformat(),
        "act_to": c.matter.act_to.isoformat(),
        "officers": c.officer_ids,
    }


def report_form(c: Hand, outcome: str = "penalty") -> Fields:
    """Return the report that ends the investigation, with the penalty or other outcome proposed."""
    matter, money = c.matter, c.matter.money
    form: Fields = {
        "course": course(c),
        **findings_form(c, outcome),
        "turnover": money.turnover,
        "handling": texts.handling(matter, c.today) if outcome == "penalty" else _OTHER_HANDLING[outcome],
        "proposed_outcome": outcome,
    }
    if money.gains:
        form["illegal_gains"] = money.gains
    if money.unsold_value:
        form["unsold_value"] = money.unsold_value
    if outcome == "penalty":
        form.update(proposal_form(c))
    return form


_OTHER_HANDLING: Final[Mapping[str, str]] = {
    "no_penalty": "当事人违法行为轻微并及时改正，没有造成危害后果，建议不予行政处罚，予以教育。",
    "not_established": "现有证据不足以证明违法事实，建议作出违法事实不成立的决定。",
    "moved": "本案不属于本机关管辖，建议移送有管辖权的行政管理部门处理。",
    "transferred": "当事人的行为涉嫌构成犯罪，建议移送公安机关。",
}


def course(c: Hand) -> str:
    """Return the sentences on where the case came from and how it went."""
    names = "、".join(person.name for person in c.officers)
    return texts.course(c.matter, source=c.plan.source, registered=c.plan.received_on, filed=c.filed_on, officers=names)


def findings_form(c: Hand, outcome: str = "penalty") -> Fields:
    """Return facts, evidence, nature, provisions and reasons, as report and decision carry them."""
    return {
        "facts_found": texts.facts_found(c.matter),
        "evidence": texts.evidence(c.matter),
        "nature": texts.nature(c.matter),
        "violated": texts.violated(c.matter, c.today),
        "basis": texts.basis(c.matter, c.today),
        "reasons": texts.discretion(c.matter, outcome),
    }


def proposal_form(c: Hand) -> Fields:
    """Return the fields of the penalty proposed."""
    money = c.matter.money
    form: Fields = {"proposed_kinds": list(money.kinds)}
    if "fine" in money.kinds:
        form["proposed_fine"] = money.fine
    if "confiscate_gains" in money.kinds:
        form["proposed_gains"] = money.gains
    if "confiscate_goods" in money.kinds:
        form["proposed_confiscation_text"] = texts.confiscation(c.matter)
        form["proposed_goods_value"] = money.unsold_value
    return form


def service_form(c: Hand, method: str = "", *, on: date | None = None) -> Fields:
    """Return the fields of a service today, or on an earlier day."""
    way = method or c.chance.choices(("direct", "post", "electronic", "leave"), (64, 18, 12, 6))[0]
    form: Fields = {
        "served_on": (on or c.today).isoformat(),
        "service_method": way,
        "service_receiver": receiver(c),
        "service_place": {
            "direct": "当事人经营场所",
            "post": "邮政专递，妥投",
            "electronic": "当事人确认的电子地址",
        }.get(way, "当事人住所"),
        "service_servers": c.officer_ids,
    }
    if way == "electronic":
        form["electronic_consent"] = True
    if way == "leave":
        form["service_witness"] = "所在社区工作人员"
        form["service_refusal"] = "当事人拒绝签收，执法人员在见证人见证下留置送达并拍照记录。"
    return form


def decision_form(c: Hand) -> Fields:
    """Return the form of the penalty decision."""
    money = c.matter.money
    form: Fields = {
        "course": course(c),
        **findings_form(c),
        "orders": c.matter.violation.orders,
        "decided_kinds": list(money.kinds),
    }
    if "fine" in money.kinds:
        form["fine"] = money.fine
    if "confiscate_gains" in money.kinds:
        form["gains"] = money.gains
    if "confiscate_goods" in money.kinds:
        form["confiscation_text"] = texts.confiscation(c.matter)
    return form


def dues(c: Hand) -> int:
    """Return what the party has to pay, in fen."""
    money = c.matter.money
    return (money.fine if "fine" in money.kinds else 0) + (money.gains if "confiscate_gains" in money.kinds else 0)


def performance_form(c: Hand, **changes: Json) -> Fields:
    """Return the form that confirms performance today."""
    form: Fields = {"performed_on": c.today.isoformat(), "paid_total": dues(c)}
    if "confiscate_goods" in c.matter.money.kinds:
        form["others_performed"] = True
    form.update(changes)
    return form


def closing_form(c: Hand, manner: str) -> Fields:
    """Return the form of closing."""
    form: Fields = {
        "closing_manner": manner,
        "closing_summary": f"{c.matter.title}，{_CLOSED_BECAUSE[manner]}，符合结案条件。",
    }
    if manner == "executed":
        goods = "，涉案商品已没收并按规定处置" if "confiscate_goods" in c.matter.money.kinds else ""
        form["closing_execution"] = (
            f"当事人已缴清罚没款{texts.yuan(dues(c))}{goods}。" if dues(c) else "处罚决定已送达履行。"
        )
    if "confiscate_goods" in c.matter.money.kinds and manner == "executed" and c.plan.procedure == "penalty_general":
        form["goods_disposal"] = "没收的侵权商品已登记入库，待统一销毁。"
    if manner == "other":
        form["closing_manner_text"] = str(c.told.get("ended", "其他应予结案的情形"))
    return form


_CLOSED_BECAUSE: Final[Mapping[str, str]] = {
    "executed": "行政处罚决定已执行完毕",
    "no_penalty": "已作出不予行政处罚决定并送达",
    "not_established": "已作出违法事实不成立的决定",
    "moved": "已移送有管辖权的行政管理部门",
    "transferred": "已移送公安机关",
    "terminated": "已依法终止",
    "withdrawn": "已批准撤销立案",
    "merged": "已并入关联案件",
    "other": "出现其他应予结案的情形",
}
