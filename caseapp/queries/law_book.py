"""What `workflows/` says, for people to read: procedures, deadlines, amounts, and how surely each of them is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.context import Context
from caseapp.domain.clocks.rules import Words
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.roles import Role
from caseapp.domain.workflow.amounts import Amount
from caseapp.domain.workflow.definition import (
    PREVIOUS,
    SAME,
    Action,
    ApprovalMode,
    Citation,
    GuardUse,
    MilestoneUse,
    Procedure,
    State,
    Text,
)
from caseapp.domain.workflow.guards import GUARDS

CONFIDENCE = ("verified", "secondary", "recalled_high", "recalled_medium", "uncertain", "design")
"""Words of confidence, the surest first; `design` is an office's own choice and needs no lawyer."""
SETTLED = frozenset({"verified", "design"})

Count = tuple[str, int]
"""(word of confidence, how many)."""

_MODES: Mapping[ApprovalMode, str] = {
    ApprovalMode.ALL: N_("全体同意"),
    ApprovalMode.VOTE: N_("表决"),
}


def text_of(words: Words) -> Text:
    """Return words of the law in both languages."""
    return Text(words.get("zh", ""), words.get("en", ""))


def counted(found: Iterable[str]) -> tuple[Count, ...]:
    """Count words of confidence, the surest first."""
    counts = Counter(found)
    return tuple((word, counts[word]) for word in CONFIDENCE if counts[word])


# --- procedures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """One version of one definition. latest: new cases take it; confidence: of all articles that it cites."""

    procedure: Procedure
    latest: bool
    confidence: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A condition in words.

    about     what the condition asks; `of` names the facts, actions and deadlines that it asks it of
    refusal   what is said where it is not met, where this definition words that itself
    """

    name: str
    about: Text
    of: tuple[Text, ...]
    refusal: Text | None
    negated: bool
    article: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """Where an action leads. to: the state's name, or None where it stays or returns (`word` says which)."""

    to: Text
    when: tuple[GuardLine, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of an approval. mode: how several holders of the role decide; None where one of them suffices."""

    name: Text
    role: Role
    mode: Message | None
    when: tuple[GuardLine, ...]


@dataclass(frozen=True, slots=True)
class RuleName:
    """A deadline that an action names."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as the table shows it."""

    action: Action
    sources: tuple[Text, ...]
    posts: tuple[PostLine, ...]
    guards: tuple[GuardLine, ...]
    steps: tuple[StepLine, ...]
    starts: tuple[RuleName, ...]
    meets: tuple[RuleName, ...]
    ends: tuple[RuleName, ...]
    extends: tuple[RuleName, ...]
    ran: tuple[RuleName, ...]
    documents: tuple[Text, ...]
    milestone: MilestoneUse | None


@dataclass(frozen=True, slots=True)
class StateLine:
    """A state and how many actions begin in it."""

    state: State
    actions: int


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """One version of one definition, in full; `shown` names the state whose actions alone are listed, None = all."""

    row: ProcedureRow
    versions: tuple[int, ...]
    states: tuple[StateLine, ...]
    actions: tuple[ActionLine, ...]
    opening_clocks: tuple[RuleName, ...]
    handling_clocks: tuple[RuleName, ...]
    shown: State | None


def procedures(ctx: Context) -> tuple[ProcedureRow, ...]:
    """Return every version of every definition, by id, the newest version first."""
    found = sorted(ctx.law.procedures.all(), key=lambda procedure: (procedure.id, -procedure.version))
    return tuple(_procedure_row(ctx, procedure) for procedure in found)


def procedure(ctx: Context, procedure_id: str, version: int | None = None, *, state: str = "") -> ProcedurePage:
    """Return one definition, the latest version by default. raises NotFound"""
    try:
        found = ctx.law.procedures.get(procedure_id, version)
    except InputError as unknown:
        raise NotFound(unknown.message) from unknown
    shown = next((item for item in found.states if item.id == state), None)
    if state and shown is None:
        raise NotFound(Message(N_("程序中没有状态 %(state)s"), {"state": state}))
    listed = found.actions_from(shown.id) if shown else found.actions
    return ProcedurePage(
        row=_procedure_row(ctx, found),
        versions=tuple(
            sorted((item.version for item in ctx.law.procedures.all() if item.id == procedure_id), reverse=True)
        ),
        states=tuple(StateLine(item, len(found.actions_from(item.id))) for item in found.states),
        actions=tuple(_action_line(ctx, found, action) for action in listed),
        opening_clocks=_rule_names(ctx, found.opening_clocks.starts),
        handling_clocks=_rule_names(ctx, found.handling_clock),
        shown=shown,
    )


def citations_of(found: Procedure) -> Iterator[Citation]:
    """Yield every citation of a definition: of the whole, of actions and of fields."""
    yield from found.citations
    for action in found.actions:
        yield from action.citations
        for item in action.fields:
            if item.citation is not None:
                yield item.citation


def _procedure_row(ctx: Context, found: Procedure) -> ProcedureRow:
    return ProcedureRow(
        procedure=found,
        latest=ctx.law.procedures.get(found.id).version == found.version,
        confidence=counted(citation.confidence for citation in citations_of(found)),
    )


def _action_line(ctx: Context, found: Procedure, action: Action) -> ActionLine:
    return ActionLine(
        action=action,
        sources=tuple(found.state(source).name for source in action.sources),
        posts=tuple(PostLine(_post_name(found, post.to), _guard_lines(ctx, found, post.when)) for post in action.posts),
        guards=_guard_lines(ctx, found, action.guards),
        steps=tuple(
            StepLine(
                step.name,
                step.role,
                Message(_MODES[step.mode]) if step.mode in _MODES else None,
                _guard_lines(ctx, found, step.when),
            )
            for step in action.approval
        ),
        starts=_rule_names(ctx, action.clocks.starts),
        meets=_rule_names(ctx, action.clocks.meets),
        ends=_rule_names(ctx, action.clocks.ends),
        extends=_rule_names(ctx, action.clocks.extends),
        ran=_rule_names(ctx, tuple(clock.rule for clock in action.clocks.ran)),
        documents=tuple(text_of(ctx.law.documents[type_id].name) for type_id in action.documents),
        milestone=action.milestone,
    )


def _post_name(found: Procedure, to: str) -> Text:
    if to == PREVIOUS:
        return Text("中止前的状态", "the state before the suspension")
    if to == SAME:
        return Text("状态不变", "state unchanged")
    return found.state(to).name


def _guard_lines(ctx: Context, found: Procedure, uses: Iterable[GuardUse]) -> tuple[GuardLine, ...]:
    return tuple(_guard_line(ctx, found, use) for use in uses)


def _guard_line(ctx: Context, found: Procedure, use: GuardUse) -> GuardLine:
    refusal = use.params.get("message")
    return GuardLine(
        name=use.name,
        about=GUARDS[use.name].about,
        of=tuple(_named_by(ctx, found, use)),
        refusal=text_of(refusal) if isinstance(refusal, Mapping) else None,
        negated=use.negate,
        article=str(use.params.get("article") or ""),
    )


def _named_by(ctx: Context, found: Procedure, use: GuardUse) -> Iterator[Text]:
    """Yield the names of what a condition asks about: as the definition calls it, else actions and deadlines."""
    label = use.params.get("label")
    if isinstance(label, Mapping):
        yield text_of(label)
    else:
        for action_id in (*_texts(use.params.get("action")), *_texts(use.params.get("acts"))):
            action = found.action(action_id)
            if action is not None:
                yield action.name
    for rule_id in _texts(use.params.get("rule")):
        yield text_of(ctx.law.rules.versions(rule_id)[0].name)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _rule_names(ctx: Context, rule_ids: Iterable[str]) -> tuple[RuleName, ...]:
    return tuple(RuleName(rule_id, text_of(ctx.law.rules.versions(rule_id)[0].name)) for rule_id in rule_ids)


# --- amounts, and what is not settled ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AmountLine:
    """One version of one number of the law. current: it holds today."""

    amount: Amount
    current: bool


@dataclass(frozen=True, slots=True)
class Unsettled:
    """How many rows of law still wait for a lawyer: nobody has read them in the text itself."""

    clocks: int
    amounts: int
    citations: int
    limits: int = 0

    @property
    def total(self) -> int:
        """Return all of them together."""
        return self.clocks + self.amounts + self.citations + self.limits


def amounts(ctx: Context) -> tuple[AmountLine, ...]:
    """Return every version of every number, by id, the newest first."""
    today = ctx.today()
    ordered = sorted(ctx.law.amounts.versions, key=lambda item: item.in_force_from or date.min, reverse=True)
    place = {amount_id: index for index, amount_id in enumerate(dict.fromkeys(a.id for a in ctx.law.amounts.versions))}
    ordered.sort(key=lambda item: place[item.id])
    return tuple(AmountLine(amount, amount.governs(today)) for amount in ordered)


def unsettled(ctx: Context) -> Unsettled:
    """Count what waits for a lawyer: versions of deadlines and numbers, limits of crime, articles that are cited."""
    return Unsettled(
        clocks=sum(rule.confidence.value not in SETTLED for rule in ctx.law.rules.rules),
        amounts=sum(amount.citation.confidence not in SETTLED for amount in ctx.law.amounts.versions),
        citations=sum(
            citation.confidence not in SETTLED
            for found in ctx.law.procedures.latest()
            for citation in citations_of(found)
        ),
        limits=sum(item.provision.confidence not in SETTLED for item in ctx.law.thresholds.thresholds),
    )
