"""Stretches of a case's course that many stories share: from the lead to the archive, each told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from caseapp.domain.events import legal_date
from caseapp.domain.workflow.guards.crime import choice_of
from caseapp.queries.case_images import load
from caseapp.queries.crime import open_limbs
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.clock import office_hour
from caseapp.services.demo.forms import (
    Fields,
    closing_form,
    decision_form,
    filing_form,
    performance_form,
    receiver,
    report_form,
    service_form,
)
from caseapp.services.demo.matter import LARGE_REVIEW, lighter

INVESTIGATION: Final = (3, 10)
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


def filed(c: Hand, days: tuple[int, int] = (1, 4)) -> Course:
    """From the lead to the filed case."""
    yield from checked(c)
    yield c.later(*days)
    yield from c.approved("file_case", filing_form(c))


# --- Investigation and review ----------------------------------------------------------------------------------------


def concluded(
    c: Hand, days: tuple[int, int] = INVESTIGATION, outcome: str = "penalty", *, grounds: Sequence[str] | None = None
) -> Course:
    """End the investigation with its report.

    grounds  why legal review is mandatory; None = as the case suggests: large fines, sometimes several rights
    """
    yield c.later(*days)
    if outcome != "penalty":
        grounds = ()
    elif grounds is None and c.grounds is not None:
        grounds = c.grounds  # what once called for legal review still does
    elif grounds is None:
        grounds = ["local"] if c.matter.money.fine >= LARGE_REVIEW else []
        if c.matter.also is not None and c.chance.random() < 0.4:
            grounds = [*grounds, "complex"]
    c.grounds = tuple(grounds)
    c.told["received"] = c.today.isoformat()
    form = report_form(c, outcome)
    if grounds:
        form["legal_review_grounds"] = list(grounds)
    c.act("conclude_investigation", form)


def reviewed(c: Hand, days: tuple[int, int] = (1, 4), verdict: str = "agree", opinion: str = "") -> Course:
    """Review the case: legally where that is mandatory."""
    yield c.later(*days)
    action = "review_legally" if c.reviewed_legally else "review_case"
    said = opinion or "事实清楚，证据确凿，定性准确，适用法律正确，程序合法，处理适当，同意处理意见。"
    form: Fields = {"review_received_on": c.told["received"], "review_verdict": verdict, "review_opinion": said}
    c.act(action, form, by=c.crew.reviewers[0])


# --- Notice and defence ----------------------------------------------------------------------------------------------


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


def decided(c: Hand, days: tuple[int, int] = (0, 1), pace: tuple[int, int] = (0, 1)) -> Course:
    """Decide on the penalty, after collective discussion where the law asks it."""
    if c.reviewed_legally:
        yield c.later(0, 2)
        discussed(c)
    yield c.later(*days)
    yield from kept_from_police(c, pace)
    yield from c.approved("decide_penalty", decision_form(c), pace=pace)


def weighed(c: Hand, suspected: str = "no") -> None:
    """Let the officers say whether a crime is suspected: yes | no | unknown."""
    form: Fields = {"crime_reasonable": suspected, "crime_police_needed": suspected, "crime_prior": "no"}
    if suspected == "yes":
        form["crime_grounds"] = "涉案商品来源不明，上家在逃，需要公安机关采取侦查措施查明生产、销售的全部数额。"
    c.act("weigh_crime", form)


def kept_from_police(c: Hand, pace: tuple[int, int] = (0, 1)) -> Course:
    """Where amounts reach a limit of crime, let the head decide first, with reasons, that it is not transferred."""
    limbs = open_limbs(c.as_officer(), load(c.stage.ctx, c.case_id).image, on=c.today)
    if limbs:
        weighed(c)
        form: Fields = {
            "refused_limbs": [choice_of(limb) for limb in sorted(limbs)],
            "not_transferred_reasons": texts.kept_from_police(c.matter),
        }
        yield from c.approved("refuse_referral", form, pace=pace)
        yield c.later(0)


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


def performed(c: Hand, days: tuple[int, int] = (1, 6)) -> Course:
    """The party pays in time and the goods are confiscated."""
    yield c.later(*days)
    c.act("confirm_performance", performance_form(c))


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
