"""Stories that go on after the decision: reconsideration, lawsuits, reminders and the court's execution."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from caseapp.domain.events import Json
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.forms import dues, performance_form
from caseapp.services.demo.matter import lighter
from caseapp.services.demo.passages import closed, decision_served, executed, filed, performed, published, to_decision
from caseapp.services.demo.passages_referral import COURT, peer
from caseapp.services.demo.stories_endings import payment_due

ENFORCEMENT = "court_enforcement"


def _reconsidered(c: Hand, days: tuple[int, int] = (20, 34)) -> Course:
    """The party asks the government to reconsider; the result comes weeks later."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    yield from published(c)
    yield c.later(1, 4)
    form: dict[str, Json] = {
        "remedy_kind": "reconsideration",
        "remedy_on": c.today.isoformat(),
        "remedy_body": "有管辖权的人民政府（演示）",
        "remedy_number": f"演示行复〔{c.today.year}〕{c.plan.ordinal}号",
    }
    c.act("note_remedy", form)
    yield c.later(*days)


def _result(c: Hand, result: str, note: str, **changes: Json) -> None:
    form: dict[str, Json] = {
        "remedy_ended_on": c.today.isoformat(),
        "remedy_result": result,
        "remedy_note": note,
        **changes,
    }
    c.act("record_remedy_result", form)


def remedy_upheld(c: Hand) -> Course:
    """Upheld: the party pays."""
    yield from _reconsidered(c)
    _result(c, "upheld", "复议机关认为事实清楚、程序合法，维持处罚决定。")
    yield from performed(c, (1, 3))
    yield from closed(c)


def remedy_changed(c: Hand) -> Course:
    """The fine is lowered in reconsideration."""
    yield from _reconsidered(c)
    c.matter = replace(c.matter, money=lighter(c.matter.money, 60))
    _result(c, "changed", "复议机关认为裁量偏重，变更罚款数额。", fine=c.matter.money.fine)
    yield from performed(c, (1, 3))
    yield from closed(c)


def remedy_redone(c: Hand) -> Course:
    """Annulled with an order to decide anew: investigated and decided again."""
    yield from _reconsidered(c)
    _result(c, "redo", "违法经营额认定的证据不足，撤销并责令重新作出决定。")
    yield c.later(0, 2)
    form: dict[str, Json] = {
        "undo_cause": "remedy",
        "undo_next": "redo",
        "undo_reason": "依照复议决定，重新调查违法经营额后重新作出决定。",
    }
    yield from c.approved("undo_decision", form)
    yield c.later(0, 2)
    c.act("withdraw_publication", {"unpublished_on": c.today.isoformat(), "unpublished_note": "已撤回公示信息"})
    yield from to_decision(c)
    yield from executed(c)


def remedy_annulled(c: Hand) -> Course:
    """Annulled: nothing more is done, the case is closed."""
    yield from _reconsidered(c)
    _result(c, "annulled", "复议机关认定合法来源抗辩成立，撤销处罚决定。")
    yield c.later(0, 2)
    c.told["ended"] = "处罚决定经行政复议撤销"
    form: dict[str, Json] = {
        "undo_cause": "remedy",
        "undo_next": "close",
        "undo_reason": "复议决定已生效，不再另行处理，已退还罚没款。",
    }
    yield from c.approved("undo_decision", form)
    yield c.later(0, 2)
    c.act("withdraw_publication", {"unpublished_on": c.today.isoformat(), "unpublished_note": "已撤回公示信息"})
    yield from closed(c, "other")


def remedy_pending(c: Hand) -> Course:
    """Reconsideration is under way."""
    return _reconsidered(c, (240, 250))


def _unpaid(c: Hand) -> Course:
    """Decision served, published, not paid."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    served = c.today
    yield from published(c)
    due = payment_due(c, served)
    yield c.on_day(due + timedelta(days=c.chance.randint(2, 6)))
    c.act("begin_surcharge", {"payment_due_on": due.isoformat()})


def unpaid_still(c: Hand) -> Course:
    """Not paid; the surcharge grows."""
    return _unpaid(c)


def _at_court(c: Hand) -> Course:
    """Reminded in vain; when the time for remedies is over the court is asked."""
    yield from _unpaid(c)
    yield c.after_days(186)
    c.act("confirm_remedy_over", {"remedy_over_on": c.today.isoformat()})
    yield c.later(0, 2)
    c.act("serve_reminder", {"reminder_on": c.today.isoformat(), "reminder_amount": dues(c)})
    yield c.later(11, 13)
    form: dict[str, Json] = {
        "court": _court(c),
        "court_applied_on": c.today.isoformat(),
        "court_amount": dues(c) * 2,
    }
    yield from c.approved("apply_to_court", form)
    yield c.later(0, 1)
    sent: dict[str, Json] = {
        "court_organ": peer(c, COURT),
        "preview": "某经营者未履行已经生效的罚款决定，催告后仍未履行，申请强制执行。",
        "enforced_items": f"罚没款和加处罚款共{texts.yuan(dues(c) * 2)}",
        "enforcement_papers": ["application", "decision", "party_views", "target"],
    }
    c.beside(ENFORCEMENT, "send_application", sent)
    yield c.later(0, 1)
    c.answer(COURT, ENFORCEMENT, "sign_receipt", {"receipt_signer": "立案庭书记员（演示）"})
    yield c.later(1, 2)
    answer: dict[str, Json] = {
        "court_answered_on": c.today.isoformat(),
        "court_answer": "accepted",
        "court_number": f"（{c.today.year}）苏演示行审{c.plan.ordinal}号",
    }
    c.answer(COURT, ENFORCEMENT, "accept_application", answer)
    yield c.later(3, 5)
    ruling: dict[str, Json] = {
        "court_ruled_on": c.today.isoformat(),
        "court_ruling": "allowed",
        "ruling_number": f"（{c.today.year}）苏演示行审{c.plan.ordinal}号之一",
        "ruling_text": "准予强制执行。",
    }
    c.answer(COURT, ENFORCEMENT, "allow_execution", ruling)


def _court(c: Hand) -> str:
    division = "320613" if c.plan.division == "320600" else c.plan.division
    return c.stage.ctx.law.organs.get(f"{division}-court").name_zh


def court_executed(c: Hand) -> Course:
    """The court executes in full."""
    yield from _at_court(c)
    yield c.later(8, 15)
    form: dict[str, Json] = {
        "executed_on": c.today.isoformat(),
        "paid_total": dues(c) * 2,
        "execution_text": "划拨银行存款，罚没款和加处罚款全部执行到位。",
    }
    c.answer(COURT, ENFORCEMENT, "finish_execution", form)
    yield from closed(c)


def court_ended(c: Hand) -> Course:
    """The court ends execution: nothing can be found."""
    yield from _at_court(c)
    yield c.later(8, 15)
    form: dict[str, Json] = {
        "execution_ended_on": c.today.isoformat(),
        "execution_ended_number": f"（{c.today.year}）苏演示执{c.plan.ordinal}号",
        "execution_text": "被执行人无财产可供执行，已经注销。",
    }
    c.answer(COURT, ENFORCEMENT, "end_execution", form)
    yield from closed(c, "terminated")


def at_court_still(c: Hand) -> Course:
    """The court has allowed execution; the result is awaited."""
    return _at_court(c)


def sued_and_paid(c: Hand) -> Course:
    """A lawsuit is withdrawn; the party pays with the surcharge remitted."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    yield from published(c)
    yield c.later(2, 5)
    form: dict[str, Json] = {
        "remedy_kind": "lawsuit",
        "remedy_on": c.today.isoformat(),
        "remedy_body": _court(c),
        "remedy_number": f"（{c.today.year}）苏演示行初{c.plan.ordinal}号",
    }
    c.act("note_remedy", form)
    yield c.later(15, 30)
    _result(c, "withdrawn", f"原告撤回起诉，法院裁定准许，罚没款{texts.yuan(dues(c))}待缴。")
    yield c.later(0, 3)
    c.act("confirm_performance", performance_form(c))
    yield from closed(c)
