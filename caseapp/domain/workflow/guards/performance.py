"""Paying, the surcharge, enforcement, and the grounds for closing a case."""

from __future__ import annotations

from typing import Final

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import (
    day_of,
    fen_of,
    last_act,
    last_decision,
    texts_of,
    was_done,
    was_reached,
    yuan,
)
from caseapp.domain.workflow.guards.registry import (
    COERCION_LAW,
    PENALTY_LAW,
    PROCEDURE_RULES,
    Params,
    amount_in_force,
    guard,
    unmet,
)
from caseapp.domain.workflow.situation import Situation


@guard("处罚决定已经全部履行", "the decision was performed in full", needs_form=True)
def performance_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Paid in full with surcharge (less what was lawfully remitted), other penalties carried out; or the court did it
    all.
    """
    return _unperformed(situation)


def _unperformed(situation: Situation) -> tuple[Unmet, ...]:
    if situation.fact("court_execution") == "completed":
        return ()
    found: list[Unmet] = []
    due = fen_of(situation, "fine") + fen_of(situation, "gains")
    due += fen_of(situation, "surcharge") - fen_of(situation, "surcharge_remitted")
    left = due - fen_of(situation, "paid_total")
    if left > 0:
        text = N_("罚没款（含加处罚款）尚有%(left)s元未缴纳")
        found += unmet(text, Role.OFFICER, PROCEDURE_RULES.format("77"), left=yuan(left))
    others = set(texts_of(situation.fact("decided_kinds"))) - {
        "fine",
        "confiscate_gains",
        "warning",
        "public_criticism",
    }
    if others and situation.fact("others_performed") is not True:
        found += unmet(N_("没收财物等其他处罚尚未执行完毕"), Role.OFFICER, PROCEDURE_RULES.format("77"))
    return tuple(found)


@guard(
    "加处罚款在法定限额内",
    "the surcharge stays within the statutory cap",
    optional=("rule",),
    facts={"fine": "fine", "surcharge": "surcharge"},
    needs_form=True,
)
def surcharge_within_cap(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    fine, surcharge = fen_of(situation, str(params["fine"])), fen_of(situation, str(params["surcharge"]))
    cap = fine * amount_in_force(situation, "surcharge_cap_percent") // 100
    article = f"{PENALTY_LAW.format('72')}、{COERCION_LAW.format('45')}"
    if surcharge > cap:
        return unmet(N_("加处罚款不得超出罚款数额（%(cap)s元）"), Role.OFFICER, article, cap=yuan(cap))
    clock = situation.clock(*texts_of(params["rule"])) if params.get("rule") else None
    if clock is not None and clock.due_on is not None:
        late = max((situation.on - clock.due_on).days, 0)
        most = fine * amount_in_force(situation, "surcharge_percent_a_day") * late // 100
        if surcharge > most:
            text = N_("逾期%(late)s日，加处罚款至多%(most)s元")
            return unmet(text, Role.OFFICER, article, late=late, most=yuan(most))
    return ()


@guard(
    "缴款期限（或者准予暂缓、分期的期限）已过",
    "the last day to pay, deferred or not, has passed",
    required=("rule",),
    optional=("on_last_day",),
    facts={"until": ""},
)
def payment_overdue(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`on_last_day`: the act is dated on the last day itself, as what begins to run from its end is."""
    clock = situation.clock(*texts_of(params["rule"]))
    last_day = day_of(situation.fact(str(params.get("until", ""))))
    if last_day is None and clock is not None:
        last_day = clock.due_on
    if last_day is not None and (last_day < situation.on or (params.get("on_last_day") and last_day == situation.on)):
        return ()
    if last_day is None:
        return unmet(N_("缴款期限尚未起算"), Role.OFFICER, PENALTY_LAW.format("67"))
    return unmet(N_("缴款期限至%(until)s届满，尚未逾期"), None, PENALTY_LAW.format("67"), until=last_day.isoformat())


@guard(
    "当事人寻求救济的期限已满或者救济已经终结",
    "the time to seek a remedy is over, or the remedy has ended",
    required=("rule",),
    acts={"asked": "", "result": ""},
)
def remedy_period_over(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    asked, result = texts_of(params.get("asked")), texts_of(params.get("result"))
    article = COERCION_LAW.format("53")
    if was_done(situation, asked, result):
        return unmet(N_("行政复议或者行政诉讼尚未终结"), None, article)
    if last_act(situation, result) is not None:
        return ()
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is not None and clock.due_on is not None and clock.due_on < situation.on:
        return ()
    until = clock.due_on.isoformat() if clock is not None and clock.due_on is not None else "—"
    return unmet(N_("当事人可以寻求救济至%(until)s，期限未满"), None, article, until=until)


_CLOSED_AFTER: Final = {
    "no_penalty": ("no_penalty",),
    "not_established": ("not_established",),
    "moved": ("moved",),
    "transferred": ("transferred",),
}


@guard("具备法定的结案情形", "a statutory ground for closing exists", required=("manner",))
def closing_condition_met(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """程序规定 art 77: performed; execution ended by the court; investigation ended; a decision other than a penalty."""
    manner = str(params["manner"])
    article = PROCEDURE_RULES.format("77")
    if manner == "executed":
        return _unperformed(situation)
    if manner in _CLOSED_AFTER:
        decided = last_decision(situation)
        if decided is not None and decided.detail("outcome") in _CLOSED_AFTER[manner]:
            return ()
        if manner in ("moved", "transferred") and was_reached(situation, ("transferred",), ("returned", "reopened")):
            return ()
        return unmet(N_("尚未作出可以据以结案的处理决定"), Role.OFFICER, article)
    if manner in ("withdrawn", "merged") and not was_reached(situation, (manner,), ("filed", "reopened")):
        return unmet(N_("没有撤销立案或者并案的记录"), Role.OFFICER, article)
    return ()
