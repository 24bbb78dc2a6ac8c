"""Stretches of a case's course that many stories share: from the lead to the archive, each told once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from caseapp.domain.events import Json, legal_date
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.clock import office_hour
from caseapp.services.demo.matter import LARGE_REVIEW, lighter

Fields = dict[str, Json]

INVESTIGATION: Final = (3, 12)
"""Working days that an ordinary investigation takes after filing."""


# --- Lead and filing -----------------------------------------------------------------------------------------------


def assigned(c: Hand) -> Course:
    """Register the lead and put officers on it."""
    c.register()
    yield c.later(0, 1)
    note = "请尽快核查，注意固定网络销售证据。" if c.matter.platform else "请尽快核查，注意证据固定和程序规范。"
    c.act("assign_check", {"officers": c.officer_ids, "assignment_note": note}, by=c.crew.heads[0])


def checked(c: Hand) -> Course:
    """Up to the first contact with the party, who is told his rights."""
    yield from assigned(c)
    yield c.later(0, 3)
    tell_rights(c)


def tell_rights(c: Hand) -> None:
    """Tell the party of his rights, today."""
    how = c.chance.choice(("interview", "site", "site"))
    c.act(
        "tell_rights",
        {
            "rights_told_on": c.today.isoformat(),
            "rights_told_to": receiver(c),
            "rights_told_how": how,
            "certificates_shown": True,
        },
    )


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


def filed(c: Hand, days: tuple[int, int] = (1, 4)) -> Course:
    """From the lead to the filed case."""
    yield from checked(c)
    yield c.later(*days)
    yield from c.approved("file_case", filing_form(c))


# --- Investigation and review ----------------------------------------------------------------------------------------


def report_form(c: Hand, outcome: str = "penalty", **changes: Json) -> Fields:
    """Return the report that ends the investigation, with the penalty or other outcome proposed."""
    matter, money = c.matter, c.matter.money
    form: Fields = {
        "course": course(c),
        **findings_form(c),
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
    form.update(changes)
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


def findings_form(c: Hand) -> Fields:
    """Return facts, evidence, nature, provisions and reasons, as report and decision carry them."""
    return {
        "facts_found": texts.facts_found(c.matter),
        "evidence": texts.evidence(c.matter),
        "nature": texts.nature(c.matter),
        "violated": texts.violated(c.matter, c.today),
        "basis": texts.basis(c.matter, c.today),
        "reasons": texts.discretion(c.matter),
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


def concluded(c: Hand, days: tuple[int, int] = INVESTIGATION, outcome: str = "penalty", **changes: Json) -> Course:
    """End the investigation with its report; large cases and those of several rights must go to legal review."""
    yield c.later(*days)
    grounds: list[Json] = []
    if c.matter.money.fine >= LARGE_REVIEW:
        grounds.append("local")
    if c.matter.also is not None and c.chance.random() < 0.4:
        grounds.append("complex")
    if "legal_review_grounds" in changes:
        grounds = list(changes["legal_review_grounds"] or ())
    if outcome != "penalty":
        grounds = []
    if grounds:
        changes["legal_review_grounds"] = grounds
    c.reviewed_legally = bool(grounds)
    c.told["received"] = c.today.isoformat()
    c.act("conclude_investigation", report_form(c, outcome, **changes))


def reviewed(c: Hand, days: tuple[int, int] = (1, 4), verdict: str = "agree", opinion: str = "") -> Course:
    """Review the case: legally where that is mandatory."""
    yield c.later(*days)
    action = "review_legally" if c.reviewed_legally else "review_case"
    said = opinion or "事实清楚，证据确凿，定性准确，适用法律正确，程序合法，处理适当，同意处理意见。"
    form: Fields = {"review_received_on": c.told["received"], "review_verdict": verdict, "review_opinion": said}
    c.act(action, form, by=c.crew.reviewers[0])


# --- Notice and defence ------------------------------------------------------------------------------------------------


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


def notice_issued(c: Hand, days: tuple[int, int] = (0, 2)) -> Course:
    """Issue the prior notice."""
    yield c.later(*days)
    yield from c.approved("issue_prior_notice", {})


def noticed(c: Hand, days: tuple[int, int] = (0, 2)) -> Course:
    """Issue the prior notice and serve it."""
    yield from notice_issued(c, days)
    yield c.later(0, 2)
    c.act("serve_prior_notice", service_form(c))


def waived(c: Hand) -> Course:
    """The party waives in writing."""
    yield c.later(0, 2)
    c.act(
        "waive_defence", {"waived_on": c.today.isoformat(), "waiver_evidence": "当事人签署的放弃陈述、申辩权利声明书"}
    )
    yield c.later(0, 1)
    c.act("submit_for_decision", {})


def silent(c: Hand) -> Course:
    """The party says nothing until the time is over."""
    yield c.later(6, 8)
    c.act("submit_for_decision", {"submission_note": "当事人在法定期限内未提出陈述、申辩。"})


def defended(c: Hand, verdict: str = "partly") -> Course:
    """The party defends himself; the fine is lowered where he is right in part."""
    yield c.later(1, 4)
    c.act(
        "record_defence",
        {
            "defence_on": c.today.isoformat(),
            "defence_summary": "当事人称已主动下架涉案商品、联系买家召回并与权利人达成谅解，经营困难，请求从轻处罚。",
        },
    )
    yield c.later(1, 3)
    finding = {
        "partly": "经复核，当事人主动消除、减轻危害后果的情况属实，予以采纳，酌情调减罚款；经营困难不是法定从轻情节，不予采纳。",
        "rejected": "经复核，当事人未提供新的证据，其意见不予采纳。",
    }[verdict]
    c.act("consider_defence", {"defence_verdict": verdict, "defence_finding": finding})
    if verdict == "partly":
        c.matter = replace(c.matter, money=lighter(c.matter.money, 75))
    yield c.later(6, 7)
    c.act("submit_for_decision", {})


# --- Decision ------------------------------------------------------------------------------------------------------


def discussed(c: Hand, result: str = "agree") -> None:
    """Let the heads discuss the case together, today."""
    leaders = "、".join(person.name for person in (*c.crew.leaders, *c.crew.heads))
    minutes = {
        "agree": "与会人员一致认为事实清楚、证据充分、裁量适当，同意处理意见。",
        "supplement": "与会人员认为进货渠道尚需查明，退回补充调查。",
    }
    c.act(
        "discuss_collectively",
        {
            "discussed_on": c.today.isoformat(),
            "discussion_members": leaders,
            "discussion_minutes": minutes[result],
            "discussion_result": result,
        },
        by=c.crew.leaders[0],
    )


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


def decided(c: Hand, days: tuple[int, int] = (0, 1), pace: tuple[int, int] = (0, 1)) -> Course:
    """Decide on the penalty, after collective discussion where the law asks it."""
    if c.reviewed_legally:
        yield c.later(0, 2)
        discussed(c)
    yield c.later(*days)
    yield from c.approved("decide_penalty", decision_form(c), pace=pace)


def to_decision(c: Hand) -> Course:
    """From the filed case to the penalty decision, in the usual way."""
    yield from concluded(c)
    yield from reviewed(c)
    yield from noticed(c)
    yield from (waived(c) if c.chance.random() < 0.5 else silent(c))
    yield from decided(c)


# --- After the decision ----------------------------------------------------------------------------------------------


def decision_served(c: Hand, days: tuple[int, int] = (0, 2)) -> Course:
    """Serve the penalty decision."""
    yield c.later(*days)
    c.act("serve_decision", service_form(c))


def published(c: Hand, days: tuple[int, int] = (1, 5)) -> Course:
    """Publish the penalty, or record why not."""
    yield c.later(*days)
    if set(c.matter.money.kinds) == {"warning"}:
        c.act("skip_publication", {"unpublished_ground": "warning_only"})
        return
    c.act(
        "publish_penalty",
        {"published_on": c.today.isoformat(), "published_url": f"国家企业信用信息公示系统（演示）{c.plan.ordinal:05d}"},
    )


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


def performed(c: Hand, days: tuple[int, int] = (1, 6)) -> Course:
    """The party pays in time and the goods are confiscated."""
    yield c.later(*days)
    c.act("confirm_performance", performance_form(c))


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


def closing_hour(c: Hand, days: tuple[int, int]) -> datetime:
    """Return when closing is asked for: near the end of a month often on its last working day."""
    at = c.later(*days)
    day = legal_date(at)
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    last = c.stage.calendar.add_working_days(following, -1)
    if day < last and (last - day).days <= 5 and c.chance.random() < 0.4:
        return office_hour(last, c.chance)
    return at


def closed(c: Hand, manner: str = "executed", days: tuple[int, int] = (1, 5)) -> Course:
    """Close the case and archive it."""
    yield from closing_approved(c, manner, days)
    yield c.later(2, 9)
    archived(c)


def closing_approved(c: Hand, manner: str = "executed", days: tuple[int, int] = (1, 5)) -> Course:
    """Ask for the closing and have it approved."""
    yield closing_hour(c, days)
    yield from c.approved(f"close_{manner}", closing_form(c, manner))


def archived(c: Hand) -> None:
    """Put the file into the archive, today."""
    form: Fields = {
        "archived_on": c.today.isoformat(),
        "archive_number": f"演示档〔{c.today.year}〕{c.plan.ordinal:05d}",
    }
    c.act("archive", form)


def executed(c: Hand) -> Course:
    """From the decision to the closed case, all in time."""
    yield from decision_served(c)
    yield from published(c)
    yield from performed(c)
    yield from closed(c)
