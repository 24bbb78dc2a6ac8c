"""Generic conditions about facts, worded by the definition that names them."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import awaits_form, fen_of, is_empty, texts_of, yuan
from caseapp.domain.workflow.guards.registry import WORDING, Params, amount_in_force, guard, worded
from caseapp.domain.workflow.situation import Situation


def _fact_label(params: Params) -> object:
    return params.get("label") or params["fact"]


@guard(
    "某项内容等于给定值",
    "a fact has a given value",
    required=("fact", "value"),
    facts={"fact": ""},
    optional=("label", "entered", *WORDING),
    otherwise=N_("该条件已经具备，不适用本事项"),
)
def fact_equals(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    value = situation.fact(str(params["fact"]))
    wanted = params["value"]
    if value == wanted and type(value) is type(wanted):
        return ()
    return worded(params, N_("“%(label)s”的内容不适用本事项"), label=_fact_label(params))


@guard(
    "某项内容是给定值之一",
    "a fact has one of the given values",
    required=("fact", "values"),
    facts={"fact": ""},
    optional=("label", "entered", *WORDING),
    otherwise=N_("该条件已经具备，不适用本事项"),
)
def fact_in(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    values = set(texts_of(situation.fact(str(params["fact"]))))
    if values & set(texts_of(params["values"])):
        return ()
    return worded(params, N_("“%(label)s”的内容不适用本事项"), label=_fact_label(params))


@guard(
    "某项内容已经填写",
    "a fact is known",
    required=("fact",),
    facts={"fact": ""},
    optional=("label", "entered", *WORDING),
    otherwise=N_("该条件已经具备，不适用本事项"),
)
def fact_present(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params) or not is_empty(situation.fact(str(params["fact"]))):
        return ()
    return worded(params, N_("尚未填写“%(label)s”"), Role.OFFICER.value, label=_fact_label(params))


def _limit_of(situation: Situation, params: Params) -> int:
    """Return the limit of fact_at_most/least: a named legal amount (`law`), another fact (`than`), or `value`."""
    if "law" in params:
        return amount_in_force(situation, str(params["law"]))
    if "than" in params:
        return fen_of(situation, str(params["than"]))
    value = params.get("value", 0)
    return value if isinstance(value, int) else 0


@guard(
    "某项数额不超过限额",
    "an amount is at most the limit",
    required=("fact",),
    facts={"fact": "", "than": ""},
    optional=("law", "value", "label", "entered", "money", *WORDING),
)
def fact_at_most(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    limit = _limit_of(situation, params)
    if fen_of(situation, str(params["fact"])) <= limit:
        return ()
    shown = yuan(limit) if params.get("money") else str(limit)
    return worded(
        params, N_("“%(label)s”不得超过%(limit)s"), Role.OFFICER.value, label=_fact_label(params), limit=shown
    )


@guard(
    "某项数额达到限额",
    "an amount reaches the limit",
    required=("fact",),
    facts={"fact": "", "than": ""},
    optional=("law", "value", "label", "entered", "money", *WORDING),
)
def fact_at_least(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    limit = _limit_of(situation, params)
    if fen_of(situation, str(params["fact"])) >= limit:
        return ()
    shown = yuan(limit) if params.get("money") else str(limit)
    return worded(
        params, N_("“%(label)s”不得少于%(limit)s"), Role.OFFICER.value, label=_fact_label(params), limit=shown
    )
