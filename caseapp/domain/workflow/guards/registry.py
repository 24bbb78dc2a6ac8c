"""How a condition is made: its registration under its name, its wording, the amounts it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Text
from caseapp.domain.workflow.situation import Situation

Params = Mapping[str, object]
Check = Callable[[Situation, Params], tuple[Unmet, ...]]

PENALTY_LAW = "《行政处罚法》第{}条"
PROCEDURE_RULES = "《市场监督管理行政处罚程序规定》第{}条"
COERCION_LAW = "《行政强制法》第{}条"
TRANSFER_RULES = "《行政执法机关移送涉嫌犯罪案件的规定》第{}条"
DISPUTE_RULES = "《专利纠纷行政裁决和调解办法》第{}条"

WORDING: Final = ("message", "cure", "article")
"""Parameters by which a definition words a generic guard itself. Every guard takes `article`: the same condition rests
on another law in another procedure.
"""


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
        named = (*self.required, *self.optional, *self.acts, *self.facts, *self.fields, "article")
        return tuple(dict.fromkeys(named))


class _UnknownAmount(KeyError):
    """A number of `workflows/amounts.yaml` that is not in force on the day."""


def amount_in_force(situation: Situation, name: str) -> int:
    """Return a legal amount on the day of the act (money in fen).

    raises  _UnknownAmount where none is in force: the guard then says so instead of judging
    """
    try:
        return situation.law[name]
    except KeyError:
        raise _UnknownAmount(name) from None


REGISTERED: dict[str, GuardSpec] = {}
"""Every guard by name, in the order of registration; read it as `caseapp.domain.workflow.guards.GUARDS`."""


def guard(
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
    """Register a function as the guard of its name; the parameters are those of `GuardSpec`."""
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
            article = str(params.get("article", ""))
            return tuple(_named(one, name, article) for one in found) if found else ()

        about = Text(about_zh, about_en)
        REGISTERED[name] = GuardSpec(
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


def _named(found: Unmet, name: str, article: str) -> Unmet:
    return Unmet(found.message, found.cure, article or found.article, found.guard or name)


def unmet(text: str, cure: Role | None = None, article: str = "", **values: object) -> tuple[Unmet, ...]:
    """Return one unmet condition: its msgid with values, the role that can cure it, the article it rests on."""
    return (Unmet(Message(text, values), cure.value if cure else "", article),)


def worded(params: Params, text: str, cure: str = "", article: str = "", **values: object) -> tuple[Unmet, ...]:
    """Return an unmet condition in the definition's own words where it has some."""
    own = params.get("message")
    message = Message("%(message)s", {"message": own}) if own is not None else Message(text, values)
    return (Unmet(message, str(params.get("cure", cure)), str(params.get("article", article))),)
