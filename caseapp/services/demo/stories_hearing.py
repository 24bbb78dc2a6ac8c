"""Stories with a hearing."""

from __future__ import annotations

from datetime import date

from caseapp.domain.events import Json
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.passages import concluded, decided, executed, filed, noticed, reviewed, silent


def _hearing_asked(c: Hand, grounds: list[str] | None = None) -> Course:
    yield from filed(c)
    yield from concluded(c, grounds=grounds or ["local"])
    yield from reviewed(c)
    yield from noticed(c)
    yield c.later(1, 3)
    ask_for_hearing(c)


def ask_for_hearing(c: Hand) -> None:
    """The party asks for a hearing, today."""
    c.act("request_hearing", {"hearing_asked_on": c.today.isoformat(), "hearing_asked_how": "当事人提交书面听证申请"})


def _hearing_prepared(c: Hand) -> Course:
    yield c.later(1, 2)
    c.act("appoint_presider", {"presider": c.crew.reviewers[0].actor.id}, by=c.crew.leaders[0])
    yield c.later(0, 1)
    c.act("hand_file_to_presider", {"file_list": "案卷材料一册，证据目录一份"})
    yield c.later(1, 2)
    notify_hearing(c)


def notify_hearing(c: Hand) -> None:
    """Tell the party today when the hearing is: early enough."""
    on = c.stage.calendar.add_working_days(c.today, c.chance.randint(9, 12))
    c.told["hearing_on"] = on.isoformat()
    form: dict[str, Json] = {
        "hearing_told_on": c.today.isoformat(),
        "hearing_on": on.isoformat(),
        "hearing_time": "9时30分",
        "hearing_place": "本局听证室（演示）",
        "hearing_public": True,
    }
    c.act("notify_hearing", form)


def hearing(c: Hand) -> Course:
    """A hearing is held, reported and reviewed; then the case is discussed and decided."""
    yield from _hearing_asked(c)
    yield from _hearing_prepared(c)
    yield c.on_day(date.fromisoformat(str(c.told["hearing_on"])))
    record = "调查人员提出违法事实、证据和处罚建议，当事人及其代理人进行了申辩和质证，双方作了最后陈述。"
    c.act("hold_hearing", {"hearing_held_on": c.today.isoformat(), "hearing_record": record})
    yield c.later(1, 3)
    form: dict[str, Json] = {
        "hearing_report": "听证程序合法，双方意见已经充分陈述，建议按照告知的处罚意见处理。",
        "hearing_finding": "当事人关于商标不近似的意见与比对结果不符，不予采纳；关于配合调查的意见属实，已在裁量中考虑。",
    }
    c.act("report_hearing", form)
    c.told["received"] = c.today.isoformat()
    yield c.later(1, 4)
    said: dict[str, Json] = {
        "review_received_on": c.told["received"],
        "review_verdict": "agree",
        "review_opinion": "听证程序合法，事实清楚，证据确凿，同意处理意见。",
    }
    c.act("review_after_hearing", said, by=c.crew.reviewers[0])
    yield from decided(c)
    yield from executed(c)


def hearing_cancelled(c: Hand) -> Course:
    """The party takes his request for a hearing back."""
    yield from _hearing_asked(c)
    yield from _hearing_prepared(c)
    yield c.later(1, 3)
    form: dict[str, Json] = {
        "hearing_cancelled_on": c.today.isoformat(),
        "hearing_cancel_reason": "当事人书面撤回听证申请。",
    }
    c.act("cancel_hearing", form)
    yield from silent(c)
    yield from decided(c)
    yield from executed(c)
