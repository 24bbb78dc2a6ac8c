"""Every condition that a procedure may name, each with the article it rests on and who can cure it. Pure functions.

A guard is called with a `Situation` and the parameters that the definition gives it, and answers with the conditions
that are not met: () when all is well. Guards marked `needs_form` judge what was entered; before the form is filled in
they answer (). Generic guards (`fact_…`, `act_…`, `clock_…`, dates) take `message` {zh, en}, `cure` (role id) and `article`
from the definition, because the law behind them is the definition's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.events import Json, Milestone, MilestoneKind
from caseapp.domain.facts import ActRecord
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Text
from caseapp.domain.workflow.situation import Situation

Params = Mapping[str, object]
Check = Callable[[Situation, Params], tuple[Unmet, ...]]

_PENALTY = "《行政处罚法》第{}条"
_RULES = "《市场监督管理行政处罚程序规定》第{}条"
_COERCION = "《行政强制法》第{}条"

WORDING: Final = ("message", "cure", "article")
"""Parameters by which a definition words a generic guard itself."""


@dataclass(frozen=True, slots=True)
class GuardSpec:
    """One condition that definitions may name.

    required, optional  names of its parameters
    acts                parameters that name actions, with the action meant where the definition names none ('' = none)
    facts               parameters that name facts, likewise
    fields              parameters that name a field of the action's own form
    needs_form          judged only once the form is filled in
    predicate           a plain question, so that a definition may turn it round with `not`
    otherwise           msgid of what is said where the turned-round guard is not met
    """

    name: str
    check: Check
    about: Text
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    acts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    needs_form: bool = False
    predicate: bool = False
    otherwise: str = ""

    @property
    def params(self) -> tuple[str, ...]:
        """Return every parameter it knows."""
        named = (*self.required, *self.optional, *self.acts, *self.facts, *self.fields)
        return tuple(dict.fromkeys(named))


class _UnknownAmount(KeyError):
    """A number of `workflows/amounts.yaml` that is not in force on the day."""


def _law(situation: Situation, name: str) -> int:
    try:
        return situation.law[name]
    except KeyError:
        raise _UnknownAmount(name) from None


_GUARDS: dict[str, GuardSpec] = {}


def _guard(
    about_zh: str,
    about_en: str,
    *,
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    acts: Mapping[str, str] | None = None,
    facts: Mapping[str, str] | None = None,
    fields: tuple[str, ...] = (),
    needs_form: bool = False,
    otherwise: str = "",
) -> Callable[[Check], Check]:
    defaults = {key: value for key, value in {**(acts or {}), **(facts or {})}.items() if value}

    def register(check: Check) -> Check:
        name = check.__name__

        def judged(situation: Situation, params: Params) -> tuple[Unmet, ...]:
            if needs_form and situation.fields is None:
                return ()
            try:
                found = check(situation, {**defaults, **params})
            except _UnknownAmount as missing:
                text = Message(N_("当日没有生效的法定数额“%(amount)s”，请系统管理员检查"), {"amount": missing.args[0]})
                found = (Unmet(text, Role.SYSTEM_ADMINISTRATOR.value),)
            return tuple(_named(unmet, name) for unmet in found) if found else ()

        about = Text(about_zh, about_en)
        _GUARDS[name] = GuardSpec(
            name=name,
            check=judged,
            about=about,
            required=required,
            optional=optional,
            acts=acts or {},
            facts=facts or {},
            fields=fields,
            needs_form=needs_form,
            predicate=bool(otherwise),
            otherwise=otherwise,
        )
        return judged

    return register


def _named(unmet: Unmet, name: str) -> Unmet:
    return unmet if unmet.guard else Unmet(unmet.message, unmet.cure, unmet.article, name)


def _unmet(text: str, cure: Role | None = None, article: str = "", **values: object) -> tuple[Unmet, ...]:
    return (Unmet(Message(text, values), cure.value if cure else "", article),)


def _worded(params: Params, text: str, cure: str = "", article: str = "", **values: object) -> tuple[Unmet, ...]:
    """Return an unmet condition in the definition's own words where it has some."""
    own = params.get("message")
    message = Message("%(message)s", {"message": own}) if own is not None else Message(text, values)
    return (Unmet(message, str(params.get("cure", cure)), str(params.get("article", article))),)


# --- Reading the situation ---------------------------------------------------------------------------------------


def _texts(value: object) -> tuple[str, ...]:
    """Return a parameter or fact that is one word or a list of words as a tuple."""
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    return (str(value),)


def _money(situation: Situation, fact: str) -> int:
    value = situation.fact(fact)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole:,}" if not rest else f"{whole:,}.{rest:02d}"


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _empty(value: Json) -> bool:
    return value is None or value == "" or value == []


def _last(situation: Situation, actions: Iterable[str]) -> ActRecord | None:
    wanted = set(actions)
    return next((act for act in reversed(situation.proceeding.acts) if act.action in wanted), None)


def _done(situation: Situation, actions: Iterable[str], since: Iterable[str] = ()) -> bool:
    """Return whether one of `actions` was done, and not before the latest act of `since`."""
    act, mark = _last(situation, actions), _last(situation, since)
    return act is not None and (mark is None or _position(situation, act) > _position(situation, mark))


def _position(situation: Situation, act: ActRecord) -> int:
    """Return an act's place in the order of the acts. Equal acts are told apart by identity, not by day."""
    return next(index for index, item in enumerate(situation.proceeding.acts) if item is act)


def _milestones(situation: Situation, kind: MilestoneKind) -> Iterator[Milestone]:
    """Give the proceeding's milestones of a kind, the latest first."""
    for milestone in reversed(situation.case.milestones):
        if milestone.proceeding == situation.proceeding.id and milestone.kind is kind:
            yield milestone


def _decided(situation: Situation) -> Milestone | None:
    return next(_milestones(situation, MilestoneKind.DECIDED), None)


def _reached(situation: Situation, kinds: Iterable[str], since: Iterable[str] = ()) -> bool:
    """Return whether a milestone of `kinds` was reached, and after the latest one of `since`."""
    wanted, marks = set(kinds), set(since)
    for milestone in reversed(situation.case.milestones):
        if milestone.proceeding != situation.proceeding.id:
            continue
        if milestone.kind.value in wanted:
            return True
        if milestone.kind.value in marks:
            return False
    return False


def _officers_in(situation: Situation, params: Params) -> tuple[str, ...]:
    """Return the officers a guard is about: those entered in `field`, else those in charge of the case."""
    name = params.get("field")
    return _texts(situation.fact(str(name))) if name else situation.case.officers


def _awaits_form(situation: Situation, params: Params) -> bool:
    """Return whether the guard reads what the form will say, and the form is still empty."""
    return situation.fields is None and bool(params.get("field") or params.get("entered"))


def _staff_name(situation: Situation, user: str) -> str:
    officer = situation.staff.get(user)
    return officer.name if officer else user


def _is_person(situation: Situation) -> bool:
    """Return whether the respondent is a natural person. Unknown counts as a person: the limits are the lower ones."""
    kinds = {party.kind for party in situation.case.parties if party.role == "respondent"}
    return kinds != {"organisation"}


# --- People ------------------------------------------------------------------------------------------------------


@_guard(
    "有两名以上持有效执法证的办案人员",
    "two or more officers hold a valid certificate of enforcement",
    fields=("field",),
)
def two_certified_officers(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params):
        return ()
    officers = tuple(dict.fromkeys(_officers_in(situation, params)))
    least = _law(situation, "officers_least")
    article = _PENALTY.format("42")
    if len(officers) < least:
        text = N_("办案人员不得少于%(least)s人，现为%(count)s人")
        return _unmet(text, Role.SECTION_HEAD, article, least=least, count=len(officers))
    found: list[Unmet] = []
    for user in officers:
        officer = situation.staff.get(user)
        if officer is None or not officer.is_certified(situation.on):
            text = N_("%(name)s在%(on)s没有有效的行政执法证件")
            found += _unmet(
                text, Role.SECTION_HEAD, article, name=_staff_name(situation, user), on=situation.on.isoformat()
            )
    return tuple(found)


@_guard(
    "由本案办案人员办理",
    "taken by an officer in charge of the case",
    otherwise=N_("本案办案人员不能办理该事项"),
)
def actor_is_assigned(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.actor.id in situation.case.officers or Role.SYSTEM in situation.actor.roles:
        return ()
    return _unmet(N_("该事项由本案办案人员办理"), Role.SECTION_HEAD, _PENALTY.format("42"))


@_guard("办案人员中没有应当回避的人", "nobody who must recuse himself is in charge", fields=("field",))
def officers_not_recused(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params):
        return ()
    recused = set(_texts(situation.fact("recused_officers")))
    found: list[Unmet] = []
    for user in _officers_in(situation, params):
        if user in recused:
            text = N_("%(name)s已决定回避，不能办理本案")
            found += _unmet(text, Role.SECTION_HEAD, _PENALTY.format("43"), name=_staff_name(situation, user))
    return tuple(found)


@_guard(
    "审核人员没有参加本案调查",
    "the reviewer took no part in the investigation",
    acts={"acts": ""},
    otherwise=N_("该事项应由本案调查人员办理"),
)
def reviewer_is_not_investigator(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    acts = set(_texts(params.get("acts")))
    investigators = set(situation.case.officers)
    investigators.update(act.actor for act in situation.proceeding.acts if act.action in acts)
    if situation.actor.id not in investigators:
        return ()
    return _unmet(N_("参加本案调查的人员不能担任审核人员"), Role.LEGAL_REVIEWER, _RULES.format("49"))


@_guard(
    "所选人员没有参加本案调查",
    "the person named took no part in the investigation",
    required=("field",),
    fields=("field",),
    needs_form=True,
)
def person_is_not_investigator(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for user in _texts(situation.fact(str(params["field"]))):
        if user in situation.case.officers:
            text = N_("%(name)s是本案调查人员，不能主持听证")
            found += _unmet(text, Role.OFFICER, _PENALTY.format("64"), name=_staff_name(situation, user))
    return tuple(found)


# --- Filing and investigation ------------------------------------------------------------------------------------

_FILING_CONDITIONS: Final = {
    "filing_evidence": N_("立案须有证据初步证明存在违法行为"),
    "filing_punishable": N_("立案须依据法律、法规、规章应当给予行政处罚"),
    "filing_jurisdiction": N_("立案须属于本机关管辖"),
    "filing_in_time": N_("立案须在给予行政处罚的法定期限内"),
}


@_guard("具备四项立案条件", "the four conditions of filing are met", needs_form=True)
def filing_conditions_met(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for fact, text in _FILING_CONDITIONS.items():
        if situation.fact(fact) is not True:
            found += _unmet(text, Role.OFFICER, _RULES.format("19"))
    return tuple(found)


@_guard("已登记当事人", "the respondent is known", otherwise=N_("本案已登记当事人"))
def respondent_known(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if any(party.role == "respondent" for party in situation.case.parties):
        return ()
    return _unmet(N_("尚未登记当事人，请先在案件信息中补充"), Role.OFFICER, _RULES.format("19"))


@_guard(
    "首次取证时已告知当事人陈述、申辩和申请回避的权利",
    "the party was told of the right to state, defend and ask for recusal when evidence was first taken",
    facts={"fact": "rights_told_on"},
)
def notice_of_rights_given(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if not _empty(situation.fact(str(params["fact"]))):
        return ()
    text = N_("首次向当事人收集证据时，应当告知其陈述、申辩和申请回避的权利，尚无告知记录")
    return _unmet(text, Role.OFFICER, _RULES.format("21"))


_REPORT: Final = {
    "party_situation": N_("调查终结报告缺少当事人的基本情况"),
    "course": N_("调查终结报告缺少案件来源、调查经过及采取行政强制措施的情况"),
    "facts_found": N_("调查终结报告缺少调查认定的事实"),
    "evidence": N_("调查终结报告缺少主要证据"),
    "nature": N_("调查终结报告缺少违法行为性质"),
    "handling": N_("调查终结报告缺少处理意见"),
    "basis": N_("调查终结报告缺少处理依据"),
    "reasons": N_("调查终结报告缺少自由裁量的理由"),
}


@_guard(
    "调查终结报告的法定内容齐备",
    "the investigation report says all that the law asks",
    facts={"parts": ""},
    needs_form=True,
)
def report_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    parts = _texts(params.get("parts")) or tuple(_REPORT)
    found: list[Unmet] = []
    for part in parts:
        if _empty(situation.fact(part)):
            found += _unmet(_REPORT.get(part, N_("调查终结报告内容不全")), Role.OFFICER, _RULES.format("48"))
    return tuple(found)


@_guard("写明建议的处罚", "the penalty proposed is stated", needs_form=True)
def penalty_proposal_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact("proposed_outcome") != "penalty":
        return ()
    return _amounts_given(situation, "proposed_kinds", "proposed_fine", "proposed_gains")


@_guard("写明法定的中止情形", "a statutory ground of suspension is stated", needs_form=True)
def suspension_ground_stated(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    ground = situation.fact("suspension_ground")
    if _empty(ground):
        return _unmet(N_("请选择中止调查的法定情形"), Role.OFFICER, _RULES.format("46"))
    if ground == "other" and _empty(situation.fact("suspension_reason")):
        return _unmet(N_("选择其他情形的，须写明具体事由"), Role.OFFICER, _RULES.format("46"))
    return ()


@_guard(
    "正有不计入期限的时间",
    "time that does not count is running",
    optional=("reason",),
    otherwise=N_("不计入期限的事项尚未结束，请先登记其结束日期"),
)
def excluded_time_running(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    wanted = params.get("reason")
    for pause in situation.proceeding.pauses:
        if pause.until is None and pause.reason != "suspension" and wanted in (None, pause.reason):
            return ()
    return _unmet(N_("当前没有正在进行的不计入期限事项"), Role.OFFICER, _RULES.format("64"))


@_guard(
    "其他环节均已办结",
    "no side proceeding is still open",
    optional=("procedures",),
    otherwise=N_("没有仍在进行的其他环节"),
)
def no_pending_side_proceeding(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    only = _texts(params.get("procedures"))
    found: list[Unmet] = []
    for other in situation.case.proceedings:
        if other.id == situation.proceeding.id or other.category == "closed":
            continue
        if not only or other.procedure in only:
            text = N_("本案还有未办结的环节：%(procedure)s")
            found += _unmet(text, Role.OFFICER, _RULES.format("77"), procedure=other.procedure)
    return tuple(found)


# --- Review ------------------------------------------------------------------------------------------------------


def _grounds_of_legal_review(situation: Situation) -> bool:
    return bool(_texts(situation.fact("legal_review_grounds")))


def _hearing_held(situation: Situation, params: Params) -> bool:
    return _done(situation, _texts(params["hearing"]), _texts(params["since"]))


@_guard(
    "属于应当法制审核的案件",
    "legal review is mandatory",
    optional=("stage",),
    acts={"hearing": "hold_hearing", "since": "conclude_investigation"},
    otherwise=N_("本案属于应当法制审核的案件，须由法制审核机构审核"),
)
def legal_review_mandatory(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`stage`: before_notice (grounds other than a hearing), after_hearing (a hearing was held), any (default)."""
    stage = str(params.get("stage", "any"))
    if stage in ("any", "before_notice") and _grounds_of_legal_review(situation):
        return ()
    if stage in ("any", "after_hearing") and _hearing_held(situation, params):
        return ()
    return _unmet(N_("本案不属于应当法制审核的案件，由审核机构作案件审核"), Role.LEGAL_REVIEWER, _RULES.format("50"))


@_guard(
    "应当法制审核的案件已经法制审核",
    "legal review was done where it is mandatory",
    acts={
        "review": "review_legally",
        "review_after_hearing": "review_after_hearing",
        "hearing": "hold_hearing",
        "since": "conclude_investigation",
    },
)
def legal_review_passed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """A review counts from the last end of investigation; one after a hearing from that hearing (程序规定 art 50)."""
    since, review = _texts(params["since"]), _texts(params["review"])
    after = _texts(params["review_after_hearing"])
    article = f"{_RULES.format('50')}、{_PENALTY.format('58')}"
    if _hearing_held(situation, params):
        if not _done(situation, after, _texts(params["hearing"])):
            return _unmet(
                N_("经过听证的案件，应当在听证后法制审核；未经审核不得作出决定"), Role.LEGAL_REVIEWER, article
            )
        return ()
    if _grounds_of_legal_review(situation) and not _done(situation, (*review, *after), since):
        return _unmet(N_("本案应当法制审核；未经审核或者审核未通过不得作出决定"), Role.LEGAL_REVIEWER, article)
    return ()


# --- Prior notice, defence, hearing --------------------------------------------------------------------------------


@_guard(
    "行政处罚告知书已送达",
    "the prior notice of penalty was served",
    acts={"action": "serve_prior_notice", "since": "issue_prior_notice"},
    otherwise=N_("行政处罚告知书已经送达"),
)
def prior_notice_served(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _done(situation, _texts(params["action"]), _texts(params["since"])):
        return ()
    article = f"{_PENALTY.format('44')}、{_PENALTY.format('62')}"
    return _unmet(N_("尚未送达行政处罚告知书；未告知不得作出行政处罚决定"), Role.OFFICER, article)


@_guard(
    "陈述、申辩和要求听证的期限已满，或者当事人已放弃",
    "the time to state, defend and ask for a hearing is over, or was waived",
    required=("rule",),
    acts={"waived_by": "waive_defence", "since": "serve_prior_notice", "hearing": "hold_hearing"},
)
def defence_period_over_or_waived(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    served = _texts(params["since"])
    if _done(situation, (*_texts(params["waived_by"]), *_texts(params["hearing"])), served):
        return ()
    article = f"{_PENALTY.format('64')}、{_RULES.format('57')}"
    clock = situation.clock(str(params["rule"]))
    if clock is None:
        return _unmet(N_("告知书尚未送达，陈述、申辩期限没有起算"), Role.OFFICER, article)
    if clock.due_on is not None and clock.due_on < situation.on:
        return ()
    until = clock.due_on.isoformat() if clock.due_on else "—"
    return _unmet(N_("当事人可以陈述、申辩和要求听证至%(until)s，期限未满"), None, article, until=until)


@_guard(
    "当事人的陈述、申辩意见已经复核",
    "what the party said in defence was considered",
    acts={"made": "record_defence", "answered": "consider_defence"},
)
def defence_considered(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    made, answered = _texts(params["made"]), _texts(params["answered"])
    if _last(situation, made) is None or _done(situation, answered, made):
        return ()
    return _unmet(N_("当事人提出了陈述、申辩意见，应当复核并写明是否采纳及理由"), Role.OFFICER, _RULES.format("58"))


@_guard(
    "当事人有权要求听证",
    "the party is entitled to a hearing",
    facts={"fine": "proposed_fine", "penalties": "proposed_severe", "confiscation": ""},
    otherwise=N_("拟作出的处罚属于应当告知听证权利的范围"),
)
def hearing_entitled(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Heavy penalties by kind, or a fine or a confiscation that reaches the amount for persons or organisations."""
    heavy = {"suspend_business", "close_down", "restrict_occupation", "lower_grade", "revoke_licence"}
    if heavy.intersection(_texts(situation.fact(str(params["penalties"])))):
        return ()
    limit = _law(situation, "hearing_person" if _is_person(situation) else "hearing_organisation")
    fine = _money(situation, str(params["fine"]))
    taken = sum(
        _money(situation, fact)
        for fact in _texts(params.get("confiscation", ("proposed_gains", "proposed_goods_value")))
    )
    if fine >= limit or taken >= limit:
        return ()
    text = N_("拟作出的处罚未达到听证范围（罚款或者没收金额满%(limit)s元，或者责令停产停业、吊销许可证件等）")
    return _unmet(text, None, f"{_PENALTY.format('63')}、《市场监督管理行政处罚听证办法》第5条", limit=_yuan(limit))


@_guard(
    "当事人要求的听证已经举行",
    "the hearing that the party asked for was held",
    acts={"asked": "request_hearing", "held": "hold_hearing", "cancelled": "cancel_hearing"},
)
def hearing_held_if_asked(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    asked = _texts(params["asked"])
    if _last(situation, asked) is None:
        return ()
    if _done(situation, (*_texts(params["held"]), *_texts(params["cancelled"])), asked):
        return ()
    return _unmet(N_("当事人要求听证，应当在作出决定前举行听证"), Role.OFFICER, _PENALTY.format("63"))


@_guard(
    "听证通知提前法定天数送达",
    "the hearing is announced early enough",
    required=("rule", "hearing"),
    fields=("hearing", "notice"),
    needs_form=True,
)
def hearing_notice_in_time(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    held_on = _day(situation.fact(str(params["hearing"])))
    told_on = _day(situation.fact(str(params["notice"]))) if params.get("notice") else situation.on
    if held_on is None or told_on is None or situation.due_on is None:
        return ()
    latest = situation.due_on(str(params["rule"]), held_on)
    if latest is None or told_on <= latest:
        return ()
    text = N_("%(held)s举行听证的，最迟应于%(latest)s通知当事人；请另定听证日期")
    return _unmet(text, Role.OFFICER, _PENALTY.format("64"), held=held_on.isoformat(), latest=latest.isoformat())


# --- Decision ------------------------------------------------------------------------------------------------------


@_guard(
    "需要集体讨论的案件已经集体讨论",
    "the heads discussed the case together where the law asks it",
    acts={"discussed": "discuss_collectively", "since": "conclude_investigation", "hearing": "hold_hearing"},
    facts={"major": "major_case"},
)
def collective_discussion_held(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Mandatory for every case under art 50 that is to be penalised (art 60(2)) and for complex or major ones."""
    marked = situation.fact(str(params["major"])) is True
    if not (marked or _grounds_of_legal_review(situation) or _hearing_held(situation, params)):
        return ()
    if _done(situation, _texts(params["discussed"]), _texts(params["since"])):
        return ()
    article = f"{_RULES.format('60')}、{_PENALTY.format('57')}"
    return _unmet(N_("本案应当由机关负责人集体讨论决定，尚无讨论记录"), Role.LEADER, article)


@_guard(
    "拟处罚不重于已告知的处罚",
    "the penalty is not heavier than the one notified",
    facts={"fine": "fine", "gains": "gains"},
    needs_form=True,
)
def penalty_within_notice(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for decided, noticed in (("fine", "proposed_fine"), ("gains", "proposed_gains")):
        now, told = _money(situation, str(params[decided])), _money(situation, noticed)
        if now > told:
            text = N_("决定的金额%(now)s元超过告知的%(told)s元，应当重新告知")
            found += _unmet(
                text,
                Role.OFFICER,
                f"{_PENALTY.format('44')}、{_PENALTY.format('45')}",
                now=_yuan(now),
                told=_yuan(told),
            )
    extra = set(_texts(situation.fact("decided_kinds"))) - set(_texts(situation.fact("proposed_kinds")))
    if extra:
        found += _unmet(N_("决定的处罚种类超出告知的范围，应当重新告知"), Role.OFFICER, _PENALTY.format("44"))
    return tuple(found)


@_guard(
    "写明的处罚种类与数额一致",
    "the kinds of penalty and their amounts agree",
    facts={"kinds": "decided_kinds", "fine": "fine", "gains": ""},
    needs_form=True,
)
def penalty_amounts_given(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    return _amounts_given(situation, str(params["kinds"]), str(params["fine"]), str(params.get("gains", "gains")))


def _amounts_given(situation: Situation, kinds_fact: str, fine: str, gains: str) -> tuple[Unmet, ...]:
    kinds = set(_texts(situation.fact(kinds_fact)))
    if not kinds:
        return _unmet(N_("请至少选择一种行政处罚"), Role.OFFICER, _PENALTY.format("9"))
    entered = situation.fields or {}
    for kind, name in (("fine", fine), ("confiscate_gains", gains)):
        value = entered.get(name)
        if (kind in kinds) != (isinstance(value, int) and value > 0):
            return _unmet(N_("处罚种类与填写的罚款、没收违法所得数额不一致"), Role.OFFICER, _PENALTY.format("59"))
    return ()


@_guard(
    "最近一次处理决定的结果",
    "the last decision had this outcome",
    required=("outcome",),
    otherwise=N_("处理决定的结果不适用本事项"),
)
def decision_outcome_is(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    decided = _decided(situation)
    if decided is not None and decided.detail("outcome") in _texts(params["outcome"]):
        return ()
    return _unmet(N_("没有作出相应的处理决定"), Role.OFFICER, _RULES.format("60"))


@_guard("处理决定已经送达", "the decision was served", otherwise=N_("处理决定已经送达"))
def decision_served(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _reached(situation, ("served",), ("decided",)):
        return ()
    return _unmet(N_("处理决定书尚未送达当事人"), Role.OFFICER, f"{_PENALTY.format('61')}、{_RULES.format('81')}")


@_guard(
    "送达方式的法定条件具备",
    "the way of service is lawful here",
    optional=("rule",),
    facts={"method": "service_method", "consent": "electronic_consent"},
    needs_form=True,
)
def service_way_allowed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Electronic service needs the party's consent; service by notice is complete when its time has run."""
    method = situation.fact(str(params["method"]))
    if method == "electronic" and situation.fact(str(params["consent"])) is not True:
        return _unmet(N_("电子送达须经当事人同意并签订确认书"), Role.OFFICER, _PENALTY.format("61"))
    if method == "public_notice":
        clock = situation.clock(str(params.get("rule", "")))
        if clock is None:
            return _unmet(N_("公告送达须先登记公告"), Role.OFFICER, _RULES.format("82"))
        if clock.due_on is None or situation.on < clock.due_on:
            until = clock.due_on.isoformat() if clock.due_on else "—"
            return _unmet(N_("公告期至%(until)s届满，届满后视为送达"), None, _RULES.format("82"), until=until)
    return ()


# --- Performance and closing -----------------------------------------------------------------------------------------


@_guard("处罚决定已经全部履行", "the decision was performed in full", needs_form=True)
def performance_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Paid in full with surcharge (less what was lawfully remitted), other penalties carried out; or the court did it all."""
    return _unperformed(situation)


def _unperformed(situation: Situation) -> tuple[Unmet, ...]:
    if situation.fact("court_execution") == "completed":
        return ()
    found: list[Unmet] = []
    due = _money(situation, "fine") + _money(situation, "gains")
    due += _money(situation, "surcharge") - _money(situation, "surcharge_remitted")
    left = due - _money(situation, "paid_total")
    if left > 0:
        text = N_("罚没款（含加处罚款）尚有%(left)s元未缴纳")
        found += _unmet(text, Role.OFFICER, _RULES.format("77"), left=_yuan(left))
    others = set(_texts(situation.fact("decided_kinds"))) - {"fine", "confiscate_gains", "warning", "public_criticism"}
    if others and situation.fact("others_performed") is not True:
        found += _unmet(N_("没收财物等其他处罚尚未执行完毕"), Role.OFFICER, _RULES.format("77"))
    return tuple(found)


@_guard(
    "加处罚款在法定限额内",
    "the surcharge stays within the statutory cap",
    optional=("rule",),
    facts={"fine": "fine", "surcharge": "surcharge"},
    needs_form=True,
)
def surcharge_within_cap(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    fine, surcharge = _money(situation, str(params["fine"])), _money(situation, str(params["surcharge"]))
    cap = fine * _law(situation, "surcharge_cap_percent") // 100
    article = f"{_PENALTY.format('72')}、{_COERCION.format('45')}"
    if surcharge > cap:
        return _unmet(N_("加处罚款不得超出罚款数额（%(cap)s元）"), Role.OFFICER, article, cap=_yuan(cap))
    clock = situation.clock(str(params["rule"])) if params.get("rule") else None
    if clock is not None and clock.due_on is not None:
        late = max((situation.on - clock.due_on).days, 0)
        most = fine * _law(situation, "surcharge_percent_a_day") * late // 100
        if surcharge > most:
            text = N_("逾期%(late)s日，加处罚款至多%(most)s元")
            return _unmet(text, Role.OFFICER, article, late=late, most=_yuan(most))
    return ()


@_guard(
    "缴款期限（或者准予暂缓、分期的期限）已过",
    "the last day to pay, deferred or not, has passed",
    required=("rule",),
    optional=("on_last_day",),
    facts={"until": ""},
)
def payment_overdue(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`on_last_day`: the act is dated on the last day itself, as what begins to run from its end is."""
    clock = situation.clock(str(params["rule"]))
    last_day = _day(situation.fact(str(params.get("until", ""))))
    if last_day is None and clock is not None:
        last_day = clock.due_on
    if last_day is not None and (last_day < situation.on or (params.get("on_last_day") and last_day == situation.on)):
        return ()
    if last_day is None:
        return _unmet(N_("缴款期限尚未起算"), Role.OFFICER, _PENALTY.format("67"))
    return _unmet(N_("缴款期限至%(until)s届满，尚未逾期"), None, _PENALTY.format("67"), until=last_day.isoformat())


@_guard(
    "当事人寻求救济的期限已满或者救济已经终结",
    "the time to seek a remedy is over, or the remedy has ended",
    required=("rule",),
    acts={"asked": "", "result": ""},
)
def remedy_period_over(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    asked, result = _texts(params.get("asked")), _texts(params.get("result"))
    article = _COERCION.format("53")
    if _done(situation, asked, result):
        return _unmet(N_("行政复议或者行政诉讼尚未终结"), None, article)
    if _last(situation, result) is not None:
        return ()
    clock = situation.clock(str(params["rule"]))
    if clock is not None and clock.due_on is not None and clock.due_on < situation.on:
        return ()
    until = clock.due_on.isoformat() if clock is not None and clock.due_on is not None else "—"
    return _unmet(N_("当事人可以寻求救济至%(until)s，期限未满"), None, article, until=until)


_CLOSED_AFTER: Final = {
    "no_penalty": ("no_penalty",),
    "not_established": ("not_established",),
    "moved": ("moved",),
    "transferred": ("transferred",),
}


@_guard("具备法定的结案情形", "a statutory ground for closing exists", required=("manner",))
def closing_condition_met(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """程序规定 art 77: performed; execution ended by the court; investigation ended; a decision other than a penalty."""
    manner = str(params["manner"])
    article = _RULES.format("77")
    if manner == "executed":
        return _unperformed(situation)
    if manner in _CLOSED_AFTER:
        decided = _decided(situation)
        if decided is not None and decided.detail("outcome") in _CLOSED_AFTER[manner]:
            return ()
        if manner in ("moved", "transferred") and _reached(situation, ("transferred",), ("returned", "reopened")):
            return ()
        return _unmet(N_("尚未作出可以据以结案的处理决定"), Role.OFFICER, article)
    if manner in ("withdrawn", "merged") and not _reached(situation, (manner,), ("filed", "reopened")):
        return _unmet(N_("没有撤销立案或者并案的记录"), Role.OFFICER, article)
    return ()


# --- The on-the-spot procedure -----------------------------------------------------------------------------------------


@_guard(
    "处罚在简易程序的限额以内",
    "the penalty stays within the limits of the simplified procedure",
    facts={"kinds": "decided_kinds", "fine": "fine"},
    needs_form=True,
)
def within_simplified_limits(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    article = f"{_PENALTY.format('51')}、{_RULES.format('66')}"
    kinds = set(_texts(situation.fact(str(params["kinds"]))))
    found: list[Unmet] = []
    if not kinds or kinds - {"fine", "warning"}:
        found += _unmet(N_("当场处罚只能是警告或者罚款"), Role.OFFICER, article)
    person = _is_person(situation)
    limit = _law(situation, "simplified_person" if person else "simplified_organisation")
    fine = _money(situation, str(params["fine"]))
    if fine > limit:
        text = (
            N_("对公民当场处罚的罚款不得超过%(limit)s元，请转普通程序")
            if person
            else N_("对法人或者其他组织当场处罚的罚款不得超过%(limit)s元，请转普通程序")
        )
        found += _unmet(text, Role.OFFICER, article, limit=_yuan(limit))
    return tuple(found)


@_guard(
    "可以当场收缴罚款",
    "the fine may be collected on the spot",
    facts={"amount": "cash_collected", "ground": "cash_ground"},
    needs_form=True,
)
def cash_collection_allowed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    ground = situation.fact(str(params["ground"]))
    amount = _money(situation, str(params["amount"]))
    article = f"{_PENALTY.format('68')}、{_PENALTY.format('69')}"
    limit = _law(situation, "cash_on_spot")
    if ground == "small" and amount > limit:
        text = N_("罚款超过%(limit)s元的，不能以小额为由当场收缴")
        return _unmet(text, Role.OFFICER, article, limit=_yuan(limit))
    if _empty(ground):
        return _unmet(N_("请选择当场收缴罚款的法定情形"), Role.OFFICER, article)
    return ()


# --- Generic: facts ------------------------------------------------------------------------------------------------


def _fact_label(params: Params) -> object:
    return params.get("label") or params["fact"]


@_guard(
    "某项内容等于给定值",
    "a fact has a given value",
    required=("fact", "value"),
    facts={"fact": ""},
    optional=("label", "entered", *WORDING),
    otherwise=N_("该条件已经具备，不适用本事项"),
)
def fact_equals(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params):
        return ()
    value = situation.fact(str(params["fact"]))
    wanted = params["value"]
    if value == wanted and type(value) is type(wanted):
        return ()
    return _worded(params, N_("“%(label)s”的内容不适用本事项"), label=_fact_label(params))


@_guard(
    "某项内容是给定值之一",
    "a fact has one of the given values",
    required=("fact", "values"),
    facts={"fact": ""},
    optional=("label", "entered", *WORDING),
    otherwise=N_("该条件已经具备，不适用本事项"),
)
def fact_in(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params):
        return ()
    values = set(_texts(situation.fact(str(params["fact"]))))
    if values & set(_texts(params["values"])):
        return ()
    return _worded(params, N_("“%(label)s”的内容不适用本事项"), label=_fact_label(params))


@_guard(
    "某项内容已经填写",
    "a fact is known",
    required=("fact",),
    facts={"fact": ""},
    optional=("label", "entered", *WORDING),
    otherwise=N_("该条件已经具备，不适用本事项"),
)
def fact_present(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params) or not _empty(situation.fact(str(params["fact"]))):
        return ()
    return _worded(params, N_("尚未填写“%(label)s”"), Role.OFFICER.value, label=_fact_label(params))


def _limit_of(situation: Situation, params: Params) -> int:
    """Return the limit of fact_at_most/least: a named legal amount (`law`), another fact (`than`), or `value`."""
    if "law" in params:
        return _law(situation, str(params["law"]))
    if "than" in params:
        return _money(situation, str(params["than"]))
    value = params.get("value", 0)
    return value if isinstance(value, int) else 0


@_guard(
    "某项数额不超过限额",
    "an amount is at most the limit",
    required=("fact",),
    facts={"fact": "", "than": ""},
    optional=("law", "value", "label", "entered", "money", *WORDING),
)
def fact_at_most(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params):
        return ()
    limit = _limit_of(situation, params)
    if _money(situation, str(params["fact"])) <= limit:
        return ()
    shown = _yuan(limit) if params.get("money") else str(limit)
    return _worded(
        params, N_("“%(label)s”不得超过%(limit)s"), Role.OFFICER.value, label=_fact_label(params), limit=shown
    )


@_guard(
    "某项数额达到限额",
    "an amount reaches the limit",
    required=("fact",),
    facts={"fact": "", "than": ""},
    optional=("law", "value", "label", "entered", "money", *WORDING),
)
def fact_at_least(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _awaits_form(situation, params):
        return ()
    limit = _limit_of(situation, params)
    if _money(situation, str(params["fact"])) >= limit:
        return ()
    shown = _yuan(limit) if params.get("money") else str(limit)
    return _worded(
        params, N_("“%(label)s”不得少于%(limit)s"), Role.OFFICER.value, label=_fact_label(params), limit=shown
    )


# --- Generic: acts and milestones --------------------------------------------------------------------------------------


@_guard(
    "某事项已经办理",
    "an act was done",
    required=("action",),
    acts={"action": "", "since": ""},
    optional=("label", *WORDING),
    otherwise=N_("该事项已经办理，不能重复"),
)
def act_done(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _done(situation, _texts(params["action"]), _texts(params.get("since"))):
        return ()
    label = params.get("label") or params["action"]
    return _worded(params, N_("尚未办理“%(step)s”"), Role.OFFICER.value, step=label)


@_guard(
    "某事项没有办理过",
    "an act was not done",
    required=("action",),
    acts={"action": "", "since": ""},
    optional=("label", *WORDING),
)
def act_not_done(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if not _done(situation, _texts(params["action"]), _texts(params.get("since"))):
        return ()
    label = params.get("label") or params["action"]
    return _worded(params, N_("“%(step)s”已经办理，不能重复"), step=label)


@_guard(
    "提出的事项已有答复",
    "what was asked has been answered",
    required=("action", "answered_by"),
    acts={"action": "", "answered_by": ""},
    optional=("label", *WORDING),
)
def nothing_pending(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Met unless `action` was done after the last `answered_by`."""
    asked, answered = _texts(params["action"]), _texts(params["answered_by"])
    if _last(situation, asked) is None or not _done(situation, asked, answered):
        return ()
    label = params.get("label") or params["action"]
    return _worded(params, N_("“%(step)s”还没有处理结果"), Role.LEADER.value, step=label)


@_guard(
    "案件已到达某节点",
    "the case reached a milestone",
    required=("kind",),
    optional=("since", *WORDING),
    otherwise=N_("案件已经到达该节点，不能重复"),
)
def milestone_reached(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if _reached(situation, _texts(params["kind"]), _texts(params.get("since"))):
        return ()
    return _worded(params, N_("案件尚未到达办理该事项所需的节点"))


# --- Generic: clocks and dates ------------------------------------------------------------------------------------


@_guard(
    "某时限正在计算",
    "a clock is running",
    required=("rule",),
    optional=WORDING,
    otherwise=N_("时限尚在计算中"),
)
def clock_running(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    clock = situation.clock(str(params["rule"]))
    if clock is not None and clock.met is None and clock.ended_on is None:
        return ()
    return _worded(params, N_("时限 %(rule)s 没有在计算"), rule=params["rule"])


@_guard("某时限已经届满", "a clock has run out", required=("rule",), optional=WORDING)
def clock_expired(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    clock = situation.clock(str(params["rule"]))
    if clock is None:
        return _worded(params, N_("时限 %(rule)s 尚未起算"), rule=params["rule"])
    if clock.due_on is not None and clock.due_on < situation.on:
        return ()
    until = clock.due_on.isoformat() if clock.due_on else "—"
    return _worded(params, N_("时限 %(rule)s 至%(until)s届满，尚未届满"), rule=params["rule"], until=until)


@_guard("在某时限届满之前", "before a clock runs out", required=("rule",), fields=("field",), optional=WORDING)
def within_clock(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`field`: the day judged (default: the day of the act). A clock that is paused without end has not run out."""
    clock = situation.clock(str(params["rule"]))
    if clock is None:
        return _worded(params, N_("时限 %(rule)s 尚未起算"), rule=params["rule"])
    day = situation.on
    if params.get("field"):
        if situation.fields is None:
            day = min(day, clock.due_on or day)
        else:
            day = _day(situation.fact(str(params["field"]))) or day
    if clock.due_on is None or day <= clock.due_on:
        return ()
    return _worded(params, N_("时限 %(rule)s 已于%(until)s届满"), rule=params["rule"], until=clock.due_on.isoformat())


@_guard(
    "所填日期不晚于办理之日",
    "a date is not in the future",
    required=("field",),
    fields=("field",),
    optional=("label",),
    needs_form=True,
)
def no_future_date(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    day = _day(situation.fact(str(params["field"])))
    if day is None or day <= situation.on:
        return ()
    return _unmet(N_("“%(label)s”不能晚于办理之日"), Role.OFFICER, "", label=params.get("label") or params["field"])


@_guard(
    "所填日期在将来",
    "a date lies in the future",
    required=("field",),
    fields=("field",),
    optional=("label", *WORDING),
    needs_form=True,
)
def date_in_future(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    day = _day(situation.fact(str(params["field"])))
    if day is None or day > situation.on:
        return ()
    label = params.get("label") or params["field"]
    return _worded(params, N_("“%(label)s”应当晚于办理之日"), Role.OFFICER.value, label=label)


@_guard(
    "不早于前一事项",
    "not before an earlier act or date",
    acts={"action": ""},
    facts={"fact": ""},
    fields=("field",),
    optional=("label", *WORDING),
)
def not_before(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """The day judged is the form's `field`, else the day of the act; the bound is the last `action` or the date in `fact`."""
    if _awaits_form(situation, params):
        return ()
    day = _day(situation.fact(str(params["field"]))) if params.get("field") else situation.on
    bound: date | None = None
    if params.get("action"):
        act = _last(situation, _texts(params["action"]))
        bound = act.on if act else None
    elif params.get("fact"):
        bound = _day(situation.fact(str(params["fact"])))
    if day is None or bound is None or day >= bound:
        return ()
    label = params.get("label") or params.get("action") or params.get("fact")
    text = N_("日期不能早于“%(step)s”的日期（%(bound)s）")
    return _worded(params, text, Role.OFFICER.value, step=label, bound=bound.isoformat())


GUARDS: Final[Mapping[str, GuardSpec]] = _GUARDS
"""Every guard by name."""
