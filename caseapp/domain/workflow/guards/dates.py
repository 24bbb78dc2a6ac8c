"""Generic conditions about clocks and dates, worded by the definition that names them."""

from __future__ import annotations

from datetime import date

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import awaits_form, day_of, last_act, texts_of
from caseapp.domain.workflow.guards.registry import WORDING, Params, guard, unmet, worded
from caseapp.domain.workflow.situation import Situation


@guard(
    "某时限正在计算",
    "a clock is running",
    required=("rule",),
    optional=WORDING,
    otherwise=N_("时限尚在计算中"),
)
def clock_running(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is not None and clock.met is None and clock.ended_on is None:
        return ()
    return worded(params, N_("时限 %(rule)s 没有在计算"), rule="、".join(texts_of(params["rule"])))


@guard("某时限已经届满", "a clock has run out", required=("rule",), optional=WORDING)
def clock_expired(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is None:
        return worded(params, N_("时限 %(rule)s 尚未起算"), rule="、".join(texts_of(params["rule"])))
    if clock.due_on is not None and clock.due_on < situation.on:
        return ()
    until = clock.due_on.isoformat() if clock.due_on else "—"
    return worded(
        params, N_("时限 %(rule)s 至%(until)s届满，尚未届满"), rule="、".join(texts_of(params["rule"])), until=until
    )


@guard("在某时限届满之前", "before a clock runs out", required=("rule",), fields=("field",), optional=WORDING)
def within_clock(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`field`: the day judged (default: the day of the act). A clock that is paused without end has not run out."""
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is None:
        return worded(params, N_("时限 %(rule)s 尚未起算"), rule="、".join(texts_of(params["rule"])))
    day = situation.on
    if params.get("field"):
        if situation.fields is None:
            day = min(day, clock.due_on or day)
        else:
            day = day_of(situation.fact(str(params["field"]))) or day
    if clock.due_on is None or day <= clock.due_on:
        return ()
    return worded(
        params,
        N_("时限 %(rule)s 已于%(until)s届满"),
        rule="、".join(texts_of(params["rule"])),
        until=clock.due_on.isoformat(),
    )


@guard(
    "所填日期不晚于办理之日",
    "a date is not in the future",
    required=("field",),
    fields=("field",),
    optional=("label",),
    needs_form=True,
)
def no_future_date(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    day = day_of(situation.fact(str(params["field"])))
    if day is None or day <= situation.on:
        return ()
    return unmet(N_("“%(label)s”不能晚于办理之日"), Role.OFFICER, "", label=params.get("label") or params["field"])


@guard(
    "所填日期在将来",
    "a date lies in the future",
    required=("field",),
    fields=("field",),
    optional=("label", *WORDING),
    needs_form=True,
)
def date_in_future(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    day = day_of(situation.fact(str(params["field"])))
    if day is None or day > situation.on:
        return ()
    label = params.get("label") or params["field"]
    return worded(params, N_("“%(label)s”应当晚于办理之日"), Role.OFFICER.value, label=label)


@guard(
    "不早于前一事项",
    "not before an earlier act or date",
    acts={"action": ""},
    facts={"fact": ""},
    fields=("field",),
    optional=("label", *WORDING),
)
def not_before(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """The day judged is the form's `field`, else the day of the act; the bound is the last `action` or the date in
    `fact`.
    """
    if awaits_form(situation, params):
        return ()
    day = day_of(situation.fact(str(params["field"]))) if params.get("field") else situation.on
    bound: date | None = None
    if params.get("action"):
        act = last_act(situation, texts_of(params["action"]))
        bound = act.on if act else None
    elif params.get("fact"):
        bound = day_of(situation.fact(str(params["fact"])))
    if day is None or bound is None or day >= bound:
        return ()
    label = params.get("label") or params.get("action") or params.get("fact")
    text = N_("日期不能早于“%(step)s”的日期（%(bound)s）")
    return worded(params, text, Role.OFFICER.value, step=label, bound=bound.isoformat())
