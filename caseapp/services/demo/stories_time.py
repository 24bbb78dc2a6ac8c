"""Stories about time: what does not count, extensions, suspensions, late records, service by announcement."""

from __future__ import annotations

from datetime import timedelta

from caseapp.domain.clocks.compute import due as due_of
from caseapp.domain.events import Json
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.forms import filing_form, service_form
from caseapp.services.demo.passages import (
    checked,
    closed,
    concluded,
    decided,
    executed,
    filed,
    notice_issued,
    noticed,
    performed,
    published,
    reviewed,
    silent,
    to_decision,
    waived,
)
from caseapp.services.demo.passages_beside import copied, given_back, preserved, result_told, seized, sent_for_appraisal


def _excluded(c: Hand, reason: str, note: str, days: tuple[int, int], result: str) -> Course:
    c.act("exclude_time", {"excluded_from": c.today.isoformat(), "excluded_reason": reason, "excluded_note": note})
    yield c.later(*days)
    c.act("end_excluded_time", {"excluded_until": c.today.isoformat(), "excluded_result": result})


def identified(c: Hand) -> Course:
    """The right holder identifies the goods; that time does not count."""
    yield from filed(c)
    yield c.later(1, 3)
    yield from _excluded(c, "identification", "委托权利人鉴别", (4, 10), "权利人出具鉴别意见：涉案商品系侵权商品")
    yield from to_decision(c)
    yield from executed(c)


def appraised(c: Hand) -> Course:
    """An institute tests the goods; that time does not count."""
    yield from filed(c)
    yield c.later(1, 3)
    yield from preserved(c)
    yield from copied(c)
    yield from seized(c)
    yield from sent_for_appraisal(c)
    yield c.later(10, 22)
    yield from result_told(c)
    yield from given_back(c, "decided" if c.chance.random() < 0.2 else "other")
    yield from to_decision(c)
    yield from executed(c)


def recorded_late(c: Hand) -> Course:
    """Everything happened in time; much of it was entered days later."""
    yield from filed(c)
    sent = c.stage.calendar.add_working_days(c.today, 2)
    back = c.stage.calendar.add_working_days(sent, 5)
    yield from concluded(c, (9, 14))
    yield c.later(1, 2)
    form: dict[str, Json] = {
        "excluded_from": sent.isoformat(),
        "excluded_reason": "identification",
        "excluded_note": "补录：委托权利人鉴别",
    }
    c.act("exclude_time", form)
    c.act("end_excluded_time", {"excluded_until": back.isoformat(), "excluded_result": "权利人已出具鉴别意见"})
    c.note("鉴别起止时间系事后补录，原始函件已附卷。")
    yield from reviewed(c)
    yield from noticed(c)
    yield from waived(c)
    yield from decided(c)
    decision_day = c.today
    yield c.later(4, 6)
    earlier = c.stage.calendar.add_working_days(decision_day, 2)
    c.act("serve_decision", service_form(c, "direct", on=earlier))
    yield from published(c)
    yield from performed(c)
    yield from closed(c)


def extended(c: Hand) -> Course:
    """Complex: the limit is extended once."""
    yield from filed(c)
    yield c.after_days(c.chance.randint(60, 72))
    form: dict[str, Json] = {
        "extension_n": 30,
        "extension_reason": "涉案网店较多，需向平台调取交易数据，不能在期限内作出处理决定。",
    }
    yield from c.approved("extend_handling", form, pace=(0, 1))
    yield from to_decision(c)
    yield from executed(c)


def extended_twice(c: Hand) -> Course:
    """Very complex: extended once more after collective discussion."""
    yield from filed(c)
    yield c.after_days(70)
    reason = "涉案人员多、销售链条长，上游货源需跨省协查。"
    yield from c.approved("extend_handling", {"extension_n": 30, "extension_reason": reason}, pace=(0, 1))
    yield c.after_days(22)
    form: dict[str, Json] = {
        "discussed_on": c.today.isoformat(),
        "discussion_members": "、".join(person.name for person in (*c.crew.leaders, *c.crew.heads)),
        "discussion_minutes": "协查函尚未回复，案情特别复杂，同意继续延期六十日。",
        "extension_n": 60,
    }
    yield from c.approved("extend_by_discussion", form, pace=(0, 1))
    yield from concluded(c, (12, 20))
    yield from reviewed(c)
    yield from noticed(c)
    yield from silent(c)
    yield from decided(c)
    yield from executed(c)


def decided_late(c: Hand) -> Course:
    """Nobody asked for an extension: decided after the limit had run out."""
    yield from filed(c)
    yield c.after_days(c.chance.randint(80, 92))
    yield from to_decision(c)
    yield from executed(c)


def check_extended(c: Hand) -> Course:
    """Special circumstances: the check of the lead takes longer."""
    yield from checked(c)
    yield c.later(4, 6)
    form: dict[str, Json] = {"extension_n": 15, "extension_reason": "网店经营者身份和实际经营地需向平台核实。"}
    yield from c.approved("extend_check", form, pace=(0, 1))
    yield c.later(7, 12)
    yield from c.approved("file_case", filing_form(c))
    yield from to_decision(c)
    yield from executed(c)


def suspended_resumed(c: Hand) -> Course:
    """Waits for a judgment; then it goes on."""
    yield from filed(c)
    yield c.later(4, 9)
    yield from _suspended(c)
    yield c.later(18, 40)
    c.act("resume", {"resumed_on": c.today.isoformat(), "resume_reason": "权属纠纷判决已经生效，中止原因消除。"})
    yield from to_decision(c)
    yield from executed(c)


def _suspended(c: Hand, ground: str = "other_judgment") -> Course:
    reasons = {
        "other_judgment": "当事人与权利人之间的权属纠纷正在法院审理，处理结果须以该案判决为依据。",
        "party_missing": "当事人下落不明，电话停机，经营场所已搬空。",
    }
    form: dict[str, Json] = {"suspension_ground": ground, "suspension_reason": reasons[ground]}
    yield from c.approved("suspend", form)


def suspended_still(c: Hand) -> Course:
    """Waits for a judgment still."""
    yield from filed(c)
    yield c.later(4, 9)
    yield from _suspended(c, c.chance.choice(("other_judgment", "party_missing")))


def notice_announced(c: Hand) -> Course:
    """Nobody is at home: the prior notice is served by announcement."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield from notice_issued(c)
    yield c.later(4, 7)
    yield from _announced(c)
    c.act("end_excluded_time", {"excluded_until": c.today.isoformat(), "excluded_result": "公告期满"})
    c.act("serve_prior_notice", service_form(c, "public_notice"))
    yield from silent(c)
    yield from decided(c)
    yield from executed(c)


def _announced(c: Hand, action: str = "announce_notice") -> Course:
    form: dict[str, Json] = {
        "announced_on": c.today.isoformat(),
        "announced_where": "本局公告栏、政府网站",
        "announced_why": "邮寄送达被退回，直接送达三次均无人在场，电话无法接通，其他方式无法送达。",
    }
    c.act(action, form)
    rule = c.stage.ctx.law.rules.find("P12", c.today)
    over = due_of(rule, calendar=c.stage.calendar, started_on=c.today).on if rule is not None else None
    assert over is not None
    yield c.on_day(over + timedelta(days=1))


def decision_announced(c: Hand) -> Course:
    """The decision is served by announcement."""
    yield from filed(c)
    yield from to_decision(c)
    yield c.later(4, 6)
    yield from _announced(c, "announce_decision")
    c.act("serve_decision", service_form(c, "public_notice"))
    yield from published(c)
    yield from performed(c, (2, 8))
    yield from closed(c)
