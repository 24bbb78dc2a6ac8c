"""Conditions of going to court: terms from a day of the form, reconsideration before a lawsuit, who is sued."""

from __future__ import annotations

from datetime import date

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import day_of, texts_of
from caseapp.domain.workflow.guards.registry import WORDING, Params, guard, worded
from caseapp.domain.workflow.situation import Situation

RECONSIDERATION_LAW = "《行政复议法》第{}条"
LITIGATION_LAW = "《行政诉讼法》第{}条"


@guard(
    "在表单所填之日起算的期限以内",
    "within a time that runs from a day of the form",
    required=("rule", "starts", "field"),
    fields=("starts", "field"),
    optional=WORDING,
    needs_form=True,
)
def within_days_of(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`starts`, `field`: the day that the rule runs from, and the day that must not lie after its last one."""
    begun, done = day_of(situation.fact(str(params["starts"]))), day_of(situation.fact(str(params["field"])))
    last = situation.due_on(str(params["rule"]), begun) if begun is not None and situation.due_on is not None else None
    if last is None or done is None or done <= last:
        return ()
    return worded(params, N_("期限至%(until)s届满"), until=last.isoformat())


@guard(
    "依法应当先申请行政复议的，已经复议",
    "where reconsideration comes first, it has been asked for",
    required=("on_the_spot", "since", "field", "reconsidered"),
    acts={"reconsidered": ""},
    fields=("field",),
    optional=WORDING,
    needs_form=True,
)
def reconsideration_came_first(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Decisions made on the spot go to reconsideration first (行政复议法 2023 art 23(1)(1)).

    `on_the_spot`: main procedures whose decisions are made so; `since`: the first day the rule binds; `reconsidered`:
    acts that end a reconsideration; `field`: answered, where the reconsideration organ refused or kept silent (art 34)
    """
    main = situation.case.main
    decided = next(
        (
            one.on
            for one in reversed(situation.case.milestones)
            if one.proceeding == main.id and one.kind is MilestoneKind.DECIDED
        ),
        None,
    )
    if main.procedure not in texts_of(params["on_the_spot"]) or decided is None:
        return ()
    if decided < date.fromisoformat(str(params["since"])) or situation.fact(str(params["field"])):
        return ()
    if any(act.action in texts_of(params["reconsidered"]) for act in situation.proceeding.acts):
        return ()
    text = N_(
        "对当场作出的行政处罚决定不服的，应当先申请行政复议；请先登记复议结果，或者写明复议机关不予受理、逾期不作决定的情况"
    )
    return worded(params, text, Role.OFFICER.value, RECONSIDERATION_LAW.format("23"))


@guard(
    "被告与复议结果相符",
    "the defendant fits what came of the reconsideration",
    required=("field", "result"),
    fields=("field",),
    optional=WORDING,
    needs_form=True,
)
def defendant_fits(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Upheld: both organs are sued together; changed or annulled: the reconsideration organ alone; none: ours (行政诉讼法
    art 26). `result`: fact of the reconsideration's result; `field`: who is sued: organ | both | review_body.
    """
    result, sued = situation.proceeding.facts.get(str(params["result"])), situation.fact(str(params["field"]))
    upheld, nothing = result == "upheld", result in (None, "withdrawn")
    wanted = "both" if upheld else "organ" if nothing else "review_body"
    if sued is None or sued == wanted:
        return ()
    text = (
        N_("复议机关维持原决定的，作出原决定的机关和复议机关是共同被告")
        if upheld
        else N_("没有经过复议的，作出决定的机关是被告")
        if nothing
        else N_("复议机关改变原决定的，复议机关是被告")
    )
    return worded(params, text, Role.OFFICER.value, LITIGATION_LAW.format("26"))
