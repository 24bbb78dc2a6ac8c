"""Until when a party may ask for recusal in a patent dispute (专利纠纷行政裁决和调解办法 art 5(3))."""

from __future__ import annotations

from datetime import date

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.facts import ActRecord
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import day_of, texts_of
from caseapp.domain.workflow.guards.registry import DISPUTE_RULES, Params, guard, unmet
from caseapp.domain.workflow.situation import Situation

_ARTICLE = DISPUTE_RULES.format("5")


@guard(
    "当事人在法定时间内申请回避",
    "a party asks for recusal in time",
    required=("rule", "beside"),
    optional=("announced", "held", "hearing"),
    facts={
        "by": "recusal_by",
        "limb": "recusal_limb",
        "asked": "recusal_asked_on",
        "names": "names_known_on",
        "cause": "cause_known_on",
    },
    needs_form=True,
)
def recusal_asked_in_time(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Three limbs: so many days from knowing the names; with an oral hearing up to its opening; a cause learnt later
    before the hearing ends. Whoever recuses himself, and what the organ finds, is not bound.

    rule       clock of the first limb; where the law of the day of the request has none, nothing is judged
    beside     main procedures to which this applies
    announced, held  acts of the main proceeding that announce the oral hearing, and with which it is over
    hearing    fact of the main proceeding that holds the day announced
    """
    main = situation.case.main
    if main.procedure not in texts_of(params["beside"]) or situation.fact(str(params["by"])) != "party":
        return ()
    asked = day_of(situation.fact(str(params["asked"]))) or situation.on
    rule = str(params["rule"])
    if situation.due_on is None or situation.due_on(rule, asked) is None:
        return ()
    limb = situation.fact(str(params["limb"]))
    if limb == "names":
        return _by_names(situation, params, rule, asked)
    if limb == "hearing":
        return _by_hearing(situation, params, asked)
    if limb == "later":
        return _by_later_cause(situation, params, asked)
    return unmet(N_("请选择当事人在什么时候申请回避，以判断是否逾期"), Role.OFFICER, _ARTICLE)


def _names_known(situation: Situation, params: Params, rule: str, asked: date) -> date | None:
    """Return when the party knew the names: as entered, else when the file last says that it was told."""
    told = [clock.started_on for clock in situation.case.main.clocks if clock.rule == rule]
    return day_of(situation.fact(str(params["names"]))) or max((day for day in told if day <= asked), default=None)


def _by_names(situation: Situation, params: Params, rule: str, asked: date) -> tuple[Unmet, ...]:
    known = _names_known(situation, params, rule, asked)
    if known is None:
        return unmet(N_("请填写当事人知道或者应当知道办案人员姓名的日期"), Role.OFFICER, _ARTICLE)
    if known > asked:
        return unmet(N_("知道办案人员姓名的日期不能晚于提出日期"), Role.OFFICER, _ARTICLE)
    until = situation.due_on(rule, known) if situation.due_on is not None else None
    if until is None or asked <= until:
        return ()
    text = N_("自知道办案人员姓名之日起算，申请回避的期限已于%(until)s届满，逾期不予审查；应当回避的人员仍应自行回避")
    return unmet(text, Role.LEADER, _ARTICLE, until=until.isoformat())


def _hearing(situation: Situation, params: Params) -> tuple[ActRecord | None, ActRecord | None]:
    """Return the last announcement of an oral hearing, and the act with which that hearing was over."""
    announced: ActRecord | None = None
    held: ActRecord | None = None
    for act in situation.case.main.acts:
        if act.action in texts_of(params.get("announced")):
            announced, held = act, None
        elif act.action in texts_of(params.get("held")):
            held = act
    return announced, held


def _by_hearing(situation: Situation, params: Params, asked: date) -> tuple[Unmet, ...]:
    announced, held = _hearing(situation, params)
    if announced is None:
        return unmet(N_("本案没有通知口头审理，请选择其他情形"), Role.OFFICER, _ARTICLE)
    if held is not None and asked >= held.on:
        text = N_("口头审理已于%(held)s举行，申请回避应当在其开始前提出")
        return unmet(text, Role.LEADER, _ARTICLE, held=held.on.isoformat())
    day = day_of(situation.case.main.facts.get(str(params.get("hearing"))))
    if held is None and day is not None and asked > day:
        text = N_("口头审理定于%(on)s，申请回避应当在其开始前提出；改期的，先登记延期")
        return unmet(text, Role.OFFICER, _ARTICLE, on=day.isoformat())
    return ()


def _by_later_cause(situation: Situation, params: Params, asked: date) -> tuple[Unmet, ...]:
    cause = day_of(situation.fact(str(params["cause"])))
    if cause is None or cause > asked:
        return unmet(N_("请填写得知回避事由的日期，不能晚于提出日期"), Role.OFFICER, _ARTICLE)
    known = _names_known(situation, params, str(params["rule"]), cause)
    if known is not None and cause <= known:
        text = N_("得知事由不晚于知道办案人员姓名（%(known)s）的，应当自知道姓名之日起在期限内申请")
        return unmet(text, Role.OFFICER, _ARTICLE, known=known.isoformat())
    _, held = _hearing(situation, params)
    if held is not None and asked > held.on:
        text = N_("口头审理已于%(held)s终结，事后得知事由的也应当在终结前提出")
        return unmet(text, Role.LEADER, _ARTICLE, held=held.on.isoformat())
    return ()
