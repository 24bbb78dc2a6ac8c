"""Conditions of a handoff: which organ it goes to, who speaks for it, whether the dossier is whole."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.masking import mask_numbers_in
from caseapp.domain.organs import JUDICIAL_KINDS
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Peer
from caseapp.domain.workflow.guards.reading import is_empty, staff_name, texts_of
from caseapp.domain.workflow.guards.registry import TRANSFER_RULES, WORDING, Params, guard, unmet, worded
from caseapp.domain.workflow.situation import Situation


@guard(
    "由收到材料的机关办理，或者凭其纸质文书代为登记",
    "taken by the organ that it was sent to, or entered for it from its paper",
    required=("peer",),
    optional=("paper", *WORDING),
)
def speaks_for(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`peer`: the side. `paper`: the fact of the form that names its paper; only an officer in charge of the case may
    enter it so.
    """
    organ = situation.proceeding.facts.get(Peer(str(params["peer"])).organ_fact)
    if Role.SYSTEM in situation.actor.roles or (
        organ is not None and situation.actor.organ == organ and Role.LIAISON in situation.actor.roles
    ):
        return ()
    if Role.LIAISON in situation.actor.roles or situation.actor.id not in situation.case.handlers:
        return worded(params, N_("该事项由收到材料的机关办理"), Role.LIAISON.value)
    paper = params.get("paper")
    if situation.fields is None or (paper and not is_empty(situation.fields.get(str(paper)))):
        return ()
    text = N_("代其他机关登记的，应当填写其文书的文号或者凭证")
    return worded(params, text, Role.OFFICER.value)


@guard(
    "所选机关是应当接收的机关",
    "the organ chosen is of the kind that it must go to",
    required=("field",),
    optional=("kind", *WORDING),
    fields=("field",),
    needs_form=True,
)
def organ_fits(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`kind`: police, procuratorate or court; none: any of them. It must exist on the day, in the same division as our
    organ or above it.
    """
    named, organs = situation.fact(str(params["field"])), situation.organs
    if not isinstance(named, str) or organs is None:
        return ()
    record = organs.get(named) if named in organs else None
    kinds = texts_of(params.get("kind")) or tuple(sorted(JUDICIAL_KINDS))
    if record is None or record.kind.value not in kinds or not record.in_force(situation.on):
        return worded(params, N_("所选机关不是应当接收的机关"), Role.OFFICER.value)
    return ()


@guard(
    "所选机关与本机关同级同地",
    "the organ chosen is of our own level and place",
    required=("field",),
    optional=("reason", *WORDING),
    fields=("field",),
    needs_form=True,
)
def organ_is_local(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`reason`: the fact that says why it goes elsewhere, where it does. A case goes to the organ of the same level."""
    named, organs = situation.fact(str(params["field"])), situation.organs
    if not isinstance(named, str) or organs is None or named not in organs or situation.case.organ not in organs:
        return ()
    reason = params.get("reason")
    own = organs.get(situation.case.organ)
    local = organs.of(organs.get(named).kind, own.division)
    if local is None or local.id == named or (reason and not is_empty(situation.fact(str(reason)))):
        return ()
    text = N_("应当移送同级的%(organ)s；移送其他机关的，请说明理由")
    return worded(params, text, Role.OFFICER.value, TRANSFER_RULES.format("5"), organ=local.name)


@guard(
    "材料逐项齐备，缺项说明了理由",
    "every item of the list is there, or it is said why not",
    required=("items",),
    optional=("reason", "when", *WORDING),
    facts={"fact": ""},
    needs_form=True,
)
def list_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`fact`: the answers; `items`: what must be among them; `reason`: the fact that explains a gap; `when`: {fact:
    value} where the list applies.
    """
    when = params.get("when")
    if isinstance(when, dict) and any(
        not set(texts_of(situation.fact(str(name)))) & set(texts_of(value)) for name, value in when.items()
    ):
        return ()
    missing = [item for item in texts_of(params["items"]) if item not in texts_of(situation.fact(str(params["fact"])))]
    reason = params.get("reason")
    if not missing or (reason and not is_empty(situation.fact(str(reason)))):
        return ()
    text = N_("材料清单还有 %(count)s 项没有齐备，请补齐或者说明缺少的理由")
    return worded(params, text, Role.OFFICER.value, TRANSFER_RULES.format("6"), count=len(missing))


@guard(
    "经办人是专案组成员",
    "the actor is a member of the special team",
    required=("fact",),
    optional=WORDING,
)
def actor_in_team(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    team = texts_of(situation.proceeding.facts.get(str(params["fact"])))
    if situation.actor.id in team or Role.SYSTEM in situation.actor.roles:
        return ()
    text = N_("该事项由专案组成员（%(names)s）办理")
    names = "、".join(staff_name(situation, one) for one in team)
    return worded(params, text, Role.OFFICER.value, TRANSFER_RULES.format("5"), names=names)


@guard(
    "签收前可见的概要不写姓名、名称和号码",
    "what is seen before the receipt names nobody",
    optional=WORDING,
    facts={"fact": ""},
    needs_form=True,
)
def outline_names_nobody(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`fact`: the outline. Parties of the case, and numbers of persons, do not stand in it."""
    text = situation.fact(str(params["fact"]))
    if not isinstance(text, str):
        return ()
    named = next((party.name for party in situation.case.parties if party.name and party.name in text), None)
    if named is None and mask_numbers_in(text) == text:
        return ()
    article = "《个人信息保护法》第6条"
    if named is None:
        told = N_("概要在签收前即可见，请删去其中的证件号码、电话号码")
        return worded(params, told, Role.OFFICER.value, article)
    told = N_("概要在签收前即可见，不能写出“%(name)s”，请改写为“某公司”“某人”")
    return worded(params, told, Role.OFFICER.value, article, name=named)


@guard("负责人没有参加专案组", "the head who decides is not of the team", required=("fact",), optional=WORDING)
def decider_outside_team(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    team = set(texts_of(situation.proceeding.facts.get(str(params["fact"])))) | set(situation.case.handlers)
    if not {situation.actor.id, situation.deputy} & team:
        return ()
    return unmet(N_("办案人员、专案组成员不能决定自己报告的移送"), Role.LEADER, TRANSFER_RULES.format("5"))


@guard(
    "移送机关本人办理，或者凭其文书代为登记",
    "done by the organ that sends, or entered from its paper",
    required=("field", "paper"),
    fields=("field",),
    needs_form=True,
)
def sender_is_named(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """A liaison sends for his own organ; others name the paper that came in."""
    if Role.LIAISON in situation.actor.roles:
        if situation.fact(str(params["field"])) == situation.actor.organ:
            return ()
        return unmet(N_("只能以本人所在机关的名义移送"), Role.LIAISON)
    if not is_empty(situation.fact(str(params["paper"]))):
        return ()
    return unmet(N_("代其他机关登记的，应当填写其文书的文号或者凭证"), Role.OFFICER)
