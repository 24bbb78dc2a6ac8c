"""Generic conditions about acts and milestones, worded by the definition that names them."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import last_act, texts_of, was_done, was_reached
from caseapp.domain.workflow.guards.registry import WORDING, Params, guard, worded
from caseapp.domain.workflow.situation import Situation


@guard(
    "某事项已经办理",
    "an act was done",
    required=("action",),
    acts={"action": "", "since": ""},
    optional=("label", *WORDING),
    otherwise=N_("该事项已经办理，不能重复"),
)
def act_done(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if was_done(situation, texts_of(params["action"]), texts_of(params.get("since"))):
        return ()
    label = params.get("label") or params["action"]
    return worded(params, N_("尚未办理“%(step)s”"), Role.OFFICER.value, step=label)


@guard(
    "某事项没有办理过",
    "an act was not done",
    required=("action",),
    acts={"action": "", "since": ""},
    optional=("label", *WORDING),
)
def act_not_done(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if not was_done(situation, texts_of(params["action"]), texts_of(params.get("since"))):
        return ()
    label = params.get("label") or params["action"]
    return worded(params, N_("“%(step)s”已经办理，不能重复"), step=label)


@guard(
    "提出的事项已有答复",
    "what was asked has been answered",
    required=("action", "answered_by"),
    acts={"action": "", "answered_by": ""},
    optional=("label", *WORDING),
)
def nothing_pending(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Met unless `action` was done after the last `answered_by`."""
    asked, answered = texts_of(params["action"]), texts_of(params["answered_by"])
    if last_act(situation, asked) is None or not was_done(situation, asked, answered):
        return ()
    label = params.get("label") or params["action"]
    return worded(params, N_("“%(step)s”还没有处理结果"), Role.LEADER.value, step=label)


@guard(
    "案件已到达某节点",
    "the case reached a milestone",
    required=("kind",),
    optional=("since", *WORDING),
    otherwise=N_("案件已经到达该节点，不能重复"),
)
def milestone_reached(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if was_reached(situation, texts_of(params["kind"]), texts_of(params.get("since"))):
        return ()
    return worded(params, N_("案件尚未到达办理该事项所需的节点"))
