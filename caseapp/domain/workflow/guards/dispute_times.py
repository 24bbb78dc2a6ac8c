"""Times that parties to a patent dispute have to keep, and what the organ waits for: articles 9, 16, 18, 19, 22, 24.

Articles are those of 专利纠纷行政裁决和调解办法 (国家知识产权局令第81号).
"""

from __future__ import annotations

from datetime import date

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import day_of, is_empty, last_act, texts_of, was_done
from caseapp.domain.workflow.guards.registry import DISPUTE_RULES, Params, guard, unmet
from caseapp.domain.workflow.situation import ClockView, Situation

# --- jurisdiction (art 9) ---------------------------------------------------------------------------------------------


@guard(
    "管辖权异议在提出人的答辩期限内提出",
    "an objection to jurisdiction is raised within the time its party has to answer",
    required=("rule", "added_rule", "field"),
    facts={"by": "objected_by"},
    fields=("field",),
)
def objection_in_time(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`rule`: clocks of the respondent's answer; `added_rule`: of the answer of a party that was added later.

    Before the form is filled in it is met while either of them could still be in time.
    """
    article = DISPUTE_RULES.format("9")
    of_added = situation.fields is not None and situation.fact(str(params["by"])) == "added"
    clocks = [situation.clock(*texts_of(params[name])) for name in (("added_rule",) if of_added else ("rule",))]
    if situation.fields is None:
        clocks.append(situation.clock(*texts_of(params["added_rule"])))
    told = situation.fields is not None
    day = (day_of(situation.fact(str(params["field"]))) if told else None) or situation.on
    known = [clock for clock in clocks if clock is not None]
    if not known:
        return unmet(N_("该当事人的答辩期限尚未起算，不能登记管辖权异议"), Role.OFFICER, article)
    # What came in before the limit may be written down after it: an empty form is not held against the calendar.
    if not told or any(clock.due_on is None or day <= clock.due_on for clock in known):
        return ()
    until = max(clock.due_on for clock in known if clock.due_on is not None)
    text = N_(
        "管辖权异议应当在答辩期限内提出，期限已于%(until)s届满，逾期的异议不予审查。"
        "本机关自行发现没有管辖权的，由负责人批准撤销案件或者移送"
    )
    return unmet(text, Role.LEADER, article, until=until.isoformat())


# --- parties added later (art 22, 24) ---------------------------------------------------------------------------------


@guard(
    "追加当事人在口头审理前提出",
    "a party is asked to be added before the oral hearing",
    acts={"held": "hold_hearing", "waived": "waive_hearing", "again": "reopen_trial"},
    facts={"asked": "added_asked_on", "hearing": "hearing_on"},
)
def added_before_hearing(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """The request counts, not the decision on it; a trial that has reached its deliberation is gone on with first."""
    article = DISPUTE_RULES.format("24")
    held, again = last_act(situation, texts_of(params["held"])), texts_of(params["again"])
    if was_done(situation, texts_of(params["held"]), again):
        text = N_("口头审理已于%(held)s举行，其后提出的追加不予准许；此前已经提出的，先继续审理再追加")
        return unmet(text, Role.OFFICER, article, held=held.on.isoformat() if held else "—")
    if was_done(situation, texts_of(params["waived"]), again):
        return unmet(N_("已决定不进行口头审理并进入合议，先继续审理再追加"), Role.OFFICER, article)
    if situation.fields is None:
        return ()
    asked = day_of(situation.fact(str(params["asked"]))) or situation.on
    if held is not None and asked >= held.on:
        text = N_("追加当事人应当在口头审理前提出，口头审理已于%(held)s举行，不予准许")
        return unmet(text, None, article, held=held.on.isoformat())
    announced = day_of(situation.proceeding.facts.get(str(params["hearing"])))
    if held is None and announced is not None and asked > announced:
        text = N_("追加当事人应当在口头审理前提出，口头审理定于%(on)s；改期的，先登记延期")
        return unmet(text, Role.OFFICER, article, on=announced.isoformat())
    return ()


@guard(
    "被请求人申请追加被请求人的，请求人同意",
    "a respondent who is added at the respondent's wish has the requester's consent",
    facts={"by": "added_by", "role": "added_as", "consent": "added_consent"},
    needs_form=True,
)
def adding_consented(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact(str(params["by"])) != "respondent" or situation.fact(str(params["role"])) != "respondent":
        return ()
    if situation.fact(str(params["consent"])) is True:
        return ()
    text = N_("被请求人申请追加被请求人，须经请求人同意；不同意的，有利害关系的可以作为第三人参加")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("24"))


@guard(
    "被追加的当事人已经送达，并已答辩或者期限已满",
    "an added party was served, and has answered or let its time pass",
    required=("rule",),
    acts={"added": "add_party", "served": "", "answered": "record_added_answer"},
)
def added_party_heard(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    added, served = texts_of(params["added"]), texts_of(params.get("served"))
    article = f"{DISPUTE_RULES.format('22')}、{DISPUTE_RULES.format('24')}"
    if last_act(situation, added) is None:
        return ()
    if not was_done(situation, served, added):
        return unmet(N_("请求书副本尚未送达被追加的当事人"), Role.OFFICER, article)
    if was_done(situation, texts_of(params["answered"]), served):
        return ()
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is None or (clock.due_on is not None and clock.due_on < situation.on):
        return ()
    until = clock.due_on.isoformat() if clock.due_on else "—"
    return unmet(N_("被追加的当事人可以答辩至%(until)s，期限未满且尚未答辩"), None, article, until=until)


# --- correction, papers handed in later (art 16, 18) ------------------------------------------------------------------


@guard(
    "补正（补交）期限已满或者补正后仍不符合要求",
    "the time to correct is over, or what was corrected is still not good",
    required=("ground", "value"),
    acts={"asked": "", "corrected": ""},
    facts={"ground": "", "until": "correction_until"},
    optional=("articles",),
    needs_form=True,
)
def correction_time_over(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Judged where the answer in `ground` is `value`: nothing is held against a party whose time still runs."""
    if situation.fact(str(params["ground"])) != str(params["value"]):
        return ()
    article = DISPUTE_RULES.format(str(params.get("articles", "16")))
    asked, corrected = texts_of(params.get("asked")), texts_of(params.get("corrected"))
    if last_act(situation, asked) is None:
        return unmet(N_("尚未书面告知需要补正（补交）的内容和期限"), Role.OFFICER, article)
    until = day_of(situation.proceeding.facts.get(str(params["until"])))
    if was_done(situation, corrected, asked) or until is None or until < situation.on:
        return ()
    text = N_("补正（补交）期限至%(until)s届满，期满前不能以逾期为由办理")
    return unmet(text, None, article, until=until.isoformat())


# --- limitation of the request (art 19) -------------------------------------------------------------------------------


def _late(clock: ClockView) -> bool:
    return clock.due_on is not None and clock.ended_on is not None and clock.due_on < clock.ended_on


def _shown(day: date | None) -> str:
    return day.isoformat() if day is not None else "—"


def _binds(situation: Situation, rule: str) -> bool:
    """Whether the law of the day of the request knows the limitation at all."""
    return situation.due_on is None or situation.due_on(rule, situation.proceeding.opened_on) is not None


@guard(
    "请求时限的事实前后一致，中断、中止写明理由",
    "what is told of the limitation fits together, and what changed it has its reason",
    facts={
        "since": "infringement_known_on",
        "anew": "limitation_anew_on",
        "longer": "limitation_days",
        "why": "limitation_why",
    },
    needs_form=True,
)
def limitation_told(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Each recording tells the whole story: what is left empty now is not taken from an earlier one."""
    article, opened = DISPUTE_RULES.format("19"), situation.proceeding.opened_on
    told = situation.fields or {}
    since, anew = day_of(told.get(str(params["since"]))), day_of(told.get(str(params["anew"])))
    found: list[Unmet] = []
    if any(day is not None and day > opened for day in (since, anew)):
        text = N_("知道侵权行为之日、时限重新起算之日不能晚于收到请求书之日（%(opened)s）")
        found += unmet(text, Role.OFFICER, article, opened=opened.isoformat())
    if since is not None and anew is not None and anew < since:
        found += unmet(N_("时限重新起算之日不能早于知道侵权行为之日"), Role.OFFICER, article)
    changed = anew is not None or bool(told.get(str(params["longer"])))
    if changed and is_empty(told.get(str(params["why"]))):
        found += unmet(N_("请写明时限中断、中止或者延长的事实和理由"), Role.OFFICER, article)
    return tuple(found)


@guard(
    "请求没有超过时限，或者超过时限而应当受理",
    "the request is in time, or late and to be accepted all the same",
    required=("rule",),
    facts={"goes_on": "act_goes_on", "alive": "patent_alive", "reason": "late_accepted_reason"},
    needs_form=True,
)
def limitation_lets_file(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Late: it must be accepted where the act goes on and the patent is alive, else only with a reason."""
    clock = situation.clock(str(params["rule"]))
    if clock is None or not _late(clock) or not is_empty(situation.fact(str(params["reason"]))):
        return ()
    if situation.fact(str(params["goes_on"])) is True and situation.fact(str(params["alive"])) is True:
        return ()
    text = N_(
        "请求时限已于%(until)s届满，请求于%(asked)s提出。"
        "侵权行为仍在继续、专利权有效的应当受理，请登记；否则写明仍予受理的理由，或者不予立案"
    )
    return unmet(
        text, Role.OFFICER, DISPUTE_RULES.format("19"), until=_shown(clock.due_on), asked=_shown(clock.ended_on)
    )


@guard(
    "以超过请求时限不予立案的，不属于应当受理的情形",
    "who refuses a late request does not refuse one that must be accepted",
    required=("rule", "ground", "value"),
    facts={"ground": "", "goes_on": "act_goes_on", "alive": "patent_alive"},
    needs_form=True,
)
def limitation_lets_refuse(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact(str(params["ground"])) != str(params["value"]):
        return ()
    found = _not_late(situation, str(params["rule"]))
    if found:
        return found
    if situation.fact(str(params["goes_on"])) is True and situation.fact(str(params["alive"])) is True:
        text = N_("虽然超过请求时限，但侵权行为仍在继续、专利权有效，应当受理")
        return unmet(text, Role.OFFICER, DISPUTE_RULES.format("19"))
    return ()


@guard(
    "请求时限的抗辩已经提出并且成立",
    "the defence of limitation was raised and is proved",
    required=("rule", "ground", "value"),
    facts={"ground": "", "raised": "limitation_defence"},
    needs_form=True,
)
def limitation_defence_proved(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """It is a defence: the organ does not raise it, and it fails where the request came in time."""
    if situation.fact(str(params["ground"])) != str(params["value"]):
        return ()
    found = list(_not_late(situation, str(params["rule"])))
    if situation.fact(str(params["raised"])) is not True:
        text = N_("请求时限须由被请求人提出抗辩，本机关不主动适用")
        found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("19"))
    return tuple(found)


def _not_late(situation: Situation, rule: str) -> tuple[Unmet, ...]:
    article = DISPUTE_RULES.format("19")
    clock = situation.clock(rule)
    if clock is None:
        if not _binds(situation, rule):
            return ()
        text = N_("尚未登记知道侵权行为以及侵权人的日期，不能判断是否超过请求时限")
        return unmet(text, Role.OFFICER, article)
    if _late(clock):
        return ()
    text = N_("请求于%(asked)s提出，请求时限至%(until)s届满，没有超过")
    return unmet(text, None, article, until=_shown(clock.due_on), asked=_shown(clock.ended_on))


# --- experts (art 53) -------------------------------------------------------------------------------------------------


@guard(
    "当事人申请鉴定在举证期限内提出",
    "a party asks for an expert within the evidence period",
    required=("beside",),
    optional=("until",),
    facts={"by": "appraisal_asked_by", "asked": "appraisal_asked_on"},
    needs_form=True,
)
def expert_asked_in_time(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`beside`: main procedures to which this applies; `until`: fact of the main one that holds the period's last day.

    Where no period was set nothing is late; the panel may commission one of its own motion at any time.
    """
    main = situation.case.main
    if main.procedure not in texts_of(params["beside"]) or situation.fact(str(params["by"])) != "party":
        return ()
    asked = day_of(situation.fact(str(params["asked"])))
    until = day_of(main.facts.get(str(params.get("until"))))
    if asked is None or until is None or asked <= until:
        return ()
    text = N_("鉴定申请应当在举证期限内书面提出，举证期限已于%(until)s届满；确有必要的，由合议组依职权委托")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("53"), until=until.isoformat())
