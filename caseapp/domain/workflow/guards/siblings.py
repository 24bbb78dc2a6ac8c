"""Conditions about the other proceedings of the case: what still runs beside this one, and who can end it."""

from __future__ import annotations

from collections.abc import Iterator

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.facts import ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Category
from caseapp.domain.workflow.guards.reading import staff_name, texts_of
from caseapp.domain.workflow.guards.registry import PROCEDURE_RULES, WORDING, Params, guard, worded
from caseapp.domain.workflow.situation import Situation


def _active(situation: Situation, procedures: tuple[str, ...] = ()) -> Iterator[ProceedingImage]:
    for other in situation.case.proceedings[1:]:
        if other.id == situation.proceeding.id or other.category == Category.CLOSED:
            continue
        if not procedures or other.procedure in procedures:
            yield other


def _blocks(situation: Situation, other: ProceedingImage) -> bool:
    known = situation.procedures
    return known is None or known.pinned(other.procedure, other.version).state(other.state).blocks_closing


def _named(situation: Situation, other: ProceedingImage) -> tuple[object, object, str]:
    """Return what a proceeding and its state are called, and the role that moves it on."""
    if situation.procedures is None:
        return other.procedure, other.state, Role.OFFICER.value
    procedure = situation.procedures.pinned(other.procedure, other.version)
    state = procedure.state(other.state)
    return (
        {"zh": procedure.name.zh, "en": procedure.name.en},
        {"zh": state.name.zh, "en": state.name.en},
        (state.owner or Role.OFFICER).value,
    )


@guard(
    "其他环节均已办结",
    "no side proceeding is still open",
    optional=("procedures", "but_decided", *WORDING),
    otherwise=N_("没有仍在进行的其他环节"),
)
def no_pending_side_proceeding(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`procedures`: only these side procedures; default all but those that stand where `blocks_closing` is false: they
    wait for another organ, and our case need not. `but_decided`: one that was decided may still run on (a referral
    that the police have filed). Every one that is active is named, with who can end it.
    """
    found: list[Unmet] = []
    named = texts_of(params.get("procedures"))
    for other in _active(situation, named):
        if params.get("but_decided") and other.category == Category.DECIDED:
            continue
        if not named and not _blocks(situation, other):
            continue
        name, state, owner = _named(situation, other)
        article = PROCEDURE_RULES.format("77")
        found += worded(
            params, N_("本案的“%(procedure)s”尚未办结（%(state)s）"), owner, article, procedure=name, state=state
        )
    return tuple(found)


@guard(
    "某环节正在进行",
    "a side proceeding is under way",
    required=("procedures",),
    optional=WORDING,
    otherwise=N_("该环节正在进行，不能重复"),
)
def side_proceeding_active(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if next(_active(situation, texts_of(params["procedures"])), None) is not None:
        return ()
    return worded(params, N_("本案没有正在进行的该环节"), Role.OFFICER.value)


@guard(
    "主程序已到达某节点",
    "the main proceeding reached a milestone",
    required=("kind",),
    optional=("outcome", *WORDING),
    otherwise=N_("主程序已经到达该节点"),
)
def main_reached(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`outcome`: only with this outcome."""
    kinds, outcome = texts_of(params["kind"]), params.get("outcome")
    main = situation.case.main.id
    for milestone in situation.case.milestones:
        if (
            milestone.proceeding == main
            and milestone.kind.value in kinds
            and outcome in (None, milestone.detail("outcome"))
        ):
            return ()
    return worded(params, N_("主程序尚未到达办理该事项所需的节点"), Role.OFFICER.value)


@guard(
    "后续措施的环节已经启动",
    "the side proceeding that follows was opened",
    required=("field",),
    fields=("field",),
    needs_form=True,
    optional=WORDING,
)
def followed_by_side_proceeding(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Where the answer in `field` is the id of a side procedure, one of that kind must be under way, or over."""
    wanted = situation.fact(str(params["field"]))
    known = situation.procedures
    if not isinstance(wanted, str) or known is None or wanted not in known:
        return ()
    for other in situation.case.proceedings[1:]:
        if other.procedure == wanted and other.state != known.pinned(wanted, other.version).initial:
            return ()
    name = known.get(wanted).name
    text = N_("尚未启动“%(procedure)s”，请先办理")
    return worded(params, text, Role.OFFICER.value, procedure={"zh": name.zh, "en": name.en})


@guard("经办人没有因回避申请停止工作", "the actor's work is not stopped by a pending recusal", optional=WORDING)
def actor_not_under_recusal(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """For procedures in which whoever is asked to recuse himself stops work until it is decided."""
    for other in _active(situation, ("recusal",)):
        if situation.actor.id in texts_of(other.facts.get("recusal_of")):
            text = N_("有人申请%(name)s回避，决定作出前暂停参与本案工作")
            name = staff_name(situation, situation.actor.id)
            return worded(params, text, Role.LEADER.value, name=name)
    return ()


@guard("合议组成员没有待决定的回避申请", "no member of the panel is asked to recuse himself", optional=WORDING)
def panel_not_under_recusal(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """For procedures in which the work stops until it is decided whether a member of the panel goes on."""
    for other in _active(situation, ("recusal",)):
        for user in texts_of(other.facts.get("recusal_of")):
            if user in situation.case.officers and user != situation.actor.id:
                text = N_("对%(name)s的回避申请尚未决定，决定作出前应当停止办理；需要采取紧急措施的除外")
                return worded(params, text, Role.LEADER.value, name=staff_name(situation, user))
    return ()


@guard(
    "主程序已经办理某事项",
    "an act of the main proceeding was done",
    required=("action",),
    optional=("since", *WORDING),
    otherwise=N_("主程序已经办理该事项"),
)
def main_act_done(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`action`: any of these; `since`: after the latest of these."""
    wanted, marks = texts_of(params["action"]), texts_of(params.get("since"))
    for act in reversed(situation.case.main.acts):
        if act.action in wanted:
            return ()
        if act.action in marks:
            break
    return worded(params, N_("主程序尚未办理启动该环节所需的事项"), Role.OFFICER.value)
