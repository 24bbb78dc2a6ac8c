"""Judging a definition before it may run: what it names exists, every state can be reached and left, closing means
closing.

A fault about paths carries a counter-example: the shortest row of actions from the beginning to where it goes wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.events import MILESTONE_DETAILS, ClosingManner, MilestoneKind
from caseapp.domain.workflow.check_effects import effect_problems
from caseapp.domain.workflow.check_fields import fact_kind_problems, field_problems
from caseapp.domain.workflow.check_handoff import handoff_problems
from caseapp.domain.workflow.check_papers import paper_problems
from caseapp.domain.workflow.check_sides import set_problems, side_problems
from caseapp.domain.workflow.definition import (
    PREVIOUS,
    SAME,
    Action,
    Category,
    ClockUse,
    EarlierClock,
    FieldDef,
    FieldKind,
    GuardUse,
    Kind,
    MilestoneUse,
    Procedure,
)
from caseapp.domain.workflow.guards import GuardSpec
from caseapp.domain.workflow.vocabulary import EXCLUDED_REASONS, Invariant, Vocabulary
from caseapp.domain.workflow.ways import Ways

__all__ = ["EXCLUDED_REASONS", "Invariant", "Vocabulary", "check", "check_set"]


_NEEDED_DETAILS: Final[Mapping[MilestoneKind, tuple[str, ...]]] = {
    MilestoneKind.DECIDED: ("outcome",),
    MilestoneKind.CLOSED: ("manner",),
    MilestoneKind.EXTENDED: ("n", "unit"),
    MilestoneKind.EXCLUDED_FROM: ("reason",),
}
_EXTENSION_UNITS: Final = frozenset({"days", "working_days", "months"})
_CLOSING: Final = frozenset({MilestoneKind.CLOSED, MilestoneKind.NOT_FILED})
_LEAVES_CLOSED: Final = frozenset({MilestoneKind.REOPENED, MilestoneKind.RETURNED})


def check(procedure: Procedure, vocabulary: Vocabulary | None = None) -> tuple[DefinitionProblem, ...]:
    """Return every fault of a parsed definition; () when it may run."""
    return tuple(_Judge(procedure, vocabulary or Vocabulary()).problems())


def check_set(procedures: Iterable[Procedure]) -> tuple[DefinitionProblem, ...]:
    """Return the faults between definitions: the same id and version with other content, and what sides name."""
    found: list[DefinitionProblem] = []
    known: dict[tuple[str, int], Procedure] = {}
    for procedure in procedures:
        key = (procedure.id, procedure.version)
        first = known.setdefault(key, procedure)
        if first.digest != procedure.digest:
            text = (
                f"{procedure.id} version {procedure.version} is already defined with other content in "
                f"{first.source_file}; a published version is never changed, raise `version`"
            )
            found.append(DefinitionProblem(procedure.source_file, "/version", text, "version-taken"))
    return (*found, *set_problems(known.values()))


class _Judge:
    def __init__(self, procedure: Procedure, vocabulary: Vocabulary) -> None:
        self.procedure = procedure
        self.words = vocabulary
        self.states = {state.id: state for state in procedure.states}
        self.actions = {action.id: action for action in procedure.actions}
        self.facts = {item.fact_name for action in procedure.actions for item in action.fields}
        self.ways = Ways(procedure)
        self.edges = self.ways.edges

    def problems(self) -> Iterator[DefinitionProblem]:
        yield from self._states()
        yield from self._opening()
        for action in self.procedure.actions:
            yield from self._action(action)
        yield from self._papers()
        yield from fact_kind_problems(self.procedure, self._wrong)
        yield from self._paths()
        yield from self._counted()
        yield from self._invariants()
        yield from (*side_problems(self.procedure, self.words.clocks), *handoff_problems(self.procedure))

    def _wrong(self, path: str, problem: str, rule: str, example: tuple[str, ...] = ()) -> DefinitionProblem:
        return DefinitionProblem(self.procedure.source_file, path, problem, rule, example)

    # --- states and paths -------------------------------------------------------------------------------------------

    def _states(self) -> Iterator[DefinitionProblem]:
        for state in self.procedure.states:
            if state.category is not Category.CLOSED and state.owner is None:
                text = "somebody must move the case on from here: the state needs an `owner`"
                yield self._wrong(f"/states/{state.id}", text, "no-owner")
        if not any(state.category is Category.CLOSED for state in self.procedure.states):
            yield self._wrong("/states", "no state has the category closed: a case could never end", "no-closed-state")
        if self.states[self.procedure.initial].category is Category.CLOSED:
            yield self._wrong(f"/states/{self.procedure.initial}", "the initial state is closed", "initial")

    def _paths(self) -> Iterator[DefinitionProblem]:
        paths, good = self.ways.reached(), self.ways.can_close()
        for state in self.procedure.states:
            at = f"/states/{state.id}"
            if state.id not in paths:
                yield self._wrong(at, f"no action leads to the state {state.id!r}", "unreachable")
            elif state.id not in good:
                text = f"a case in the state {state.id!r} can never be closed"
                yield self._wrong(at, text, "trap", paths[state.id])
        for source, action, target in self.edges:
            if self.states[source].category is not Category.CLOSED:
                continue
            kind = action.milestone.kind if action.milestone else None
            if self.states[target].category is not Category.CLOSED and kind not in _LEAVES_CLOSED:
                text = f"{action.id!r} leaves the closed state {source!r} without being a reopening or a return"
                example = (*paths.get(source, ()), action.id)
                yield self._wrong(f"/actions/{action.id}/from", text, "closed-leaves", example)
            elif source == target and kind is not None:
                text = f"{action.id!r} is a milestone of a case that is closed"
                yield self._wrong(f"/actions/{action.id}/milestone", text, "closed-leaves")

    # --- opening, milestones ---------------------------------------------------------------------------------------

    def _opening(self) -> Iterator[DefinitionProblem]:
        use = self.procedure.opening
        if use is not None:
            yield from self._details(use, {}, "/opening/milestone")
        for rule in self.procedure.opening_clocks.starts:
            yield from self._clock(rule, "/opening/clocks")
        for clock in self.procedure.opening_clocks.ran:
            yield from self._clock(clock.rule, "/opening/clocks/ran")
            asked = {item.fact_name: item for action in self.procedure.actions for item in action.fields}
            yield from self._ran(clock, f"/opening/clocks/ran/{clock.rule}", asked)
        for rule in self.procedure.handling_clock:
            yield from self._clock(rule, "/handling_clock")

    def _details(
        self, use: MilestoneUse, fields: Mapping[str, FieldDef], at: str, *, form: bool = False
    ) -> Iterator[DefinitionProblem]:
        for name in (*use.details, *use.details_from):
            if name not in MILESTONE_DETAILS:
                text = f"a milestone has no detail {name!r}; known are {', '.join(MILESTONE_DETAILS)}"
                yield self._wrong(f"{at}/details", text, "milestone-detail")
        for name, field_id in use.details_from.items():
            if field_id not in fields:
                yield self._wrong(f"{at}/details_from/{name}", f"the form has no field {field_id!r}", "unknown-field")
        for name in _NEEDED_DETAILS.get(use.kind, ()):
            if name not in use.details and name not in use.details_from:
                yield self._wrong(at, f"the milestone {use.kind} must tell its {name}", "milestone-detail")
        told: Mapping[str, Collection[str]] = {
            "manner": tuple(ClosingManner),
            "unit": _EXTENSION_UNITS,
            "reason": EXCLUDED_REASONS if use.kind is MilestoneKind.EXCLUDED_FROM else (),
        }
        for name, allowed in told.items():
            value = use.details.get(name)
            if value is not None and allowed and value not in allowed:
                text = f"{value!r} is none of {', '.join(sorted(allowed))}"
                yield self._wrong(f"{at}/details/{name}", text, "milestone-detail")
            chosen = fields.get(use.details_from.get(name, ""))
            if name == "manner" and chosen is not None:
                for choice, _ in chosen.choices:
                    if choice not in allowed:
                        text = f"{choice!r} is none of {', '.join(sorted(allowed))}"
                        yield self._wrong(f"{at}/details_from/{name}", text, "milestone-detail")
        if use.date_from and use.date_from not in fields:
            yield self._wrong(f"{at}/date_from", f"the form has no field {use.date_from!r}", "unknown-field")

    def _milestone_and_states(self, action: Action, at: str) -> Iterator[DefinitionProblem]:
        """A milestone and the categories it leads to must say the same, or figures and states would contradict."""
        kind = action.milestone.kind if action.milestone else None
        for source, _, target in (edge for edge in self.edges if edge[1] is action):
            before, after = self.states[source].category, self.states[target].category
            if kind in _CLOSING and after is not Category.CLOSED:
                text = f"{kind} must lead to a closed state, not to {target!r}"
            elif after is Category.CLOSED and before is not Category.CLOSED and kind not in _CLOSING:
                text = f"{target!r} is closed, so the action must be the milestone closed or not_filed"
            elif kind in _LEAVES_CLOSED and after is Category.CLOSED:
                text = f"{kind} must not lead to the closed state {target!r}"
            elif kind is MilestoneKind.SUSPENDED and after is not Category.SUSPENDED:
                text = f"suspended must lead to a suspended state, not to {target!r}"
            elif (
                after is Category.SUSPENDED and before is not Category.SUSPENDED and kind is not MilestoneKind.SUSPENDED
            ):
                text = f"{target!r} is suspended, so the action must be the milestone suspended"
            elif kind is MilestoneKind.FILED and after is Category.LEAD:
                text = f"filed must lead out of the leads, not to {target!r}"
            else:
                continue
            yield self._wrong(f"{at}/milestone", text, "milestone-category")
            return

    def _papers(self) -> Iterator[DefinitionProblem]:
        """A paper issues documents and does nothing else; what it asks and names is judged as an action's is."""
        for paper in self.procedure.papers:
            at = f"/papers/{paper.id}"
            if paper.id in self.actions or paper.milestone or paper.effects or paper.clocks != ClockUse():
                yield self._wrong(at, "a paper has a name of its own, no milestone, clocks or effects", "paper")
            for problem in self._action(paper):
                yield replace(problem, path=problem.path.replace(f"/actions/{paper.id}", at, 1))

    # --- one action ------------------------------------------------------------------------------------------------

    def _action(self, action: Action) -> Iterator[DefinitionProblem]:
        at = f"/actions/{action.id}"
        fields = {item.id: item for item in action.fields}
        fields_by_fact = {item.fact_name: item for item in action.fields}
        if not action.sources:
            yield self._wrong(f"{at}/from", "the action starts in no state", "unknown-state")
        if not action.roles and not action.automatic:
            yield self._wrong(f"{at}/by", "nobody may take the action: `by` names no role", "no-role")
        yield from self._posts(action, at, fields)
        yield from field_problems(action, at, self._wrong)
        for index, use in enumerate(action.guards):
            yield from self._guard(use, f"{at}/guards/{index}", fields)
        yield from self._approval(action, at, fields)
        yield from paper_problems(action, at, self.words.documents, self._wrong)
        for part in ("starts", "meets", "ends", "extends"):
            for rule in getattr(action.clocks, part):
                yield from self._clock(rule, f"{at}/clocks/{part}")
        for rule, (fact, one_of) in action.clocks.starts_when.items():
            asked = fields_by_fact.get(fact)
            choices = {choice for choice, _ in asked.choices} if asked is not None else set()
            if asked is None or (choices and not choices.issuperset(one_of)):
                text = f"{rule!r} depends on answers to {fact!r} that the form does not ask for"
                yield self._wrong(f"{at}/clocks/starts", text, "unknown-field")
        for clock in action.clocks.ran:
            yield from self._clock(clock.rule, f"{at}/clocks/ran")
            told = {item.fact_name: item for item in action.fields}
            yield from self._ran(clock, f"{at}/clocks/ran/{clock.rule}", told)
        yield from effect_problems(action, at, self.words.effects, self._wrong)
        for index, use in ((index, use) for index, telling in enumerate(action.tells) for use in telling.when):
            yield from self._guard(use, f"{at}/tells/{index}", fields, filled=True)
        if action.occurs_on:
            dated = fields.get(action.occurs_on)
            if dated is None:
                yield self._wrong(f"{at}/occurs_on", f"the form has no field {action.occurs_on!r}", "unknown-field")
            elif dated.kind not in (FieldKind.DATE, FieldKind.INSTANT):
                yield self._wrong(f"{at}/occurs_on", f"the field {action.occurs_on!r} holds no date", "unknown-field")
        if action.milestone is not None:
            yield from self._details(action.milestone, fields, f"{at}/milestone")
        if self.procedure.kind is Kind.MAIN:  # a side procedure's acts are no milestones
            yield from self._milestone_and_states(action, at)

    def _clock(self, rule: str, at: str) -> Iterator[DefinitionProblem]:
        if self.words.clocks is not None and rule not in self.words.clocks:
            yield self._wrong(at, f"there is no clock {rule!r}", "unknown-clock")

    def _ran(self, clock: EarlierClock, at: str, asked: Mapping[str, FieldDef]) -> Iterator[DefinitionProblem]:
        wanted = (("since", FieldKind.DATE), ("anew", FieldKind.DATE), ("longer", FieldKind.INTEGER))
        for part, kind in wanted:
            fact = getattr(clock, part)
            if fact and (fact not in asked or asked[fact].kind is not kind):
                yield self._wrong(f"{at}/{part}", f"no field of kind {kind} keeps {fact!r}", "unknown-field")

    def _posts(self, action: Action, at: str, fields: Mapping[str, FieldDef]) -> Iterator[DefinitionProblem]:
        if not action.posts:
            yield self._wrong(f"{at}/to", "the action leads nowhere", "no-default")
            return
        for index, post in enumerate(action.posts):
            here = f"{at}/to/{index}" if len(action.posts) > 1 else f"{at}/to"
            if post.to not in (SAME, PREVIOUS) and post.to not in self.states:
                yield self._wrong(here, f"there is no state {post.to!r}", "unknown-state")
            last = index == len(action.posts) - 1
            if last and post.when:
                yield self._wrong(here, "the last post-state is the default and has no condition", "no-default")
            if not last and not post.when:
                text = "only the last post-state may be without condition: those after it could never be reached"
                yield self._wrong(here, text, "no-default")
            for use in post.when:
                yield from self._guard(use, here, fields, filled=True)
            if post.to == PREVIOUS:
                for source in action.sources:
                    if self.states[source].category is not Category.SUSPENDED:
                        text = f"@previous leads back from suspension only; {source!r} is not suspended"
                        yield self._wrong(here, text, "previous")

    def _approval(self, action: Action, at: str, fields: Mapping[str, FieldDef]) -> Iterator[DefinitionProblem]:
        steps = action.approval
        for name, times in Counter(step.id for step in steps).items():
            if times > 1:
                yield self._wrong(f"{at}/approval", f"the step {name!r} occurs {times} times", "duplicate")
        if steps and all(step.when for step in steps):
            text = "every step is conditional: the approval could be empty"
            yield self._wrong(f"{at}/approval", text, "approval-empty")
        if steps and action.automatic:
            yield self._wrong(
                f"{at}/approval", "what the system does by itself is approved by nobody", "approval-empty"
            )
        for step in steps:
            for use in step.when:
                yield from self._guard(use, f"{at}/approval/{step.id}", fields, filled=True)

    def _guard(
        self, use: GuardUse, at: str, fields: Mapping[str, FieldDef], *, filled: bool = False
    ) -> Iterator[DefinitionProblem]:
        spec = self.words.guards.get(use.name)
        if spec is None:
            yield self._wrong(at, f"there is no condition {use.name!r}", "unknown-guard")
            return
        for name in sorted(set(use.params) - set(spec.params)):
            text = f"{use.name} has no parameter {name!r}; known are {', '.join(sorted(spec.params)) or 'none'}"
            yield self._wrong(at, text, "guard-parameter")
        for name in spec.required:
            if name not in use.params:
                yield self._wrong(at, f"{use.name} needs the parameter {name!r}", "guard-parameter")
        if use.negate and not spec.predicate:
            yield self._wrong(at, f"{use.name} cannot be turned round with `not`", "not-negatable")
        if use.negate and not filled and use.params.get("entered"):
            text = f"{use.name} on what the form asks cannot be turned round: it would refuse the empty form"
            yield self._wrong(at, text, "not-negatable")
        yield from self._references(use, spec, at, fields)

    def _references(
        self, use: GuardUse, spec: GuardSpec, at: str, fields: Mapping[str, FieldDef]
    ) -> Iterator[DefinitionProblem]:
        for param, default in spec.acts.items():
            for name in _words(use.params.get(param, default or None)):
                if name not in self.actions:
                    text = f"{use.name}: there is no action {name!r} ({param})"
                    yield self._wrong(at, text, "unknown-action")
        for param, default in spec.facts.items():
            for name in _words(use.params.get(param, default or None)):
                if name not in self.facts:
                    text = f"{use.name}: no form of this procedure asks for {name!r} ({param})"
                    yield self._wrong(at, text, "unknown-field")
        for param in spec.fields:
            for name in _words(use.params.get(param)):
                if name not in fields:
                    yield self._wrong(at, f"{use.name}: the form has no field {name!r} ({param})", "unknown-field")
                elif fields[name].fact_name != name:
                    text = f"{use.name}: the field {name!r} is kept as {fields[name].fact_name!r}; name them alike"
                    yield self._wrong(at, text, "unknown-field")
        for rule in _words(use.params.get("rule")):
            yield from self._clock(rule, at)
        amount = use.params.get("law")
        if amount is not None and self.words.amounts is not None and amount not in self.words.amounts:
            yield self._wrong(at, f"{use.name}: there is no amount {amount!r}", "unknown-amount")
        if use.name.startswith("milestone_"):
            for name in (*_words(use.params.get("kind")), *_words(use.params.get("since"))):
                if name not in tuple(MilestoneKind):
                    yield self._wrong(at, f"{use.name}: there is no milestone {name!r}", "unknown-milestone")

    def _counted(self) -> Iterator[DefinitionProblem]:
        """A procedure whose cases are counted must be able to file and to close them."""
        kinds = {action.milestone.kind for action in self.procedure.actions if action.milestone}
        if self.procedure.opening is not None:
            kinds.add(self.procedure.opening.kind)
        for kind in (MilestoneKind.FILED, MilestoneKind.CLOSED):
            if self.procedure.counts and kind not in kinds:
                yield self._wrong("/counts", f"counted, but no action is the milestone {kind}", "not-countable")

    def _invariants(self) -> Iterator[DefinitionProblem]:
        paths = self.ways.reached()
        for rule in self.words.invariants:
            if self.procedure.id not in rule.procedures:
                continue
            for action in self.procedure.actions:
                use = action.milestone
                if use is None or use.kind is not rule.milestone:
                    continue
                if any(use.details.get(name) != value for name, value in rule.details.items()):
                    continue
                missing = self._missing(rule, action)
                if missing:
                    path = min((paths[state] for state in action.sources if state in paths), key=len, default=())
                    text = f"{rule.about.zh}（{rule.article}）：{action.id!r} lacks {', '.join(missing)}"
                    yield self._wrong(f"/actions/{action.id}", text, f"law:{rule.id}", (*path, action.id))

    def _missing(self, rule: Invariant, action: Action) -> list[str]:
        guards = {use.name for use in action.guards if not use.negate}
        signers = {step.role for step in action.approval if not step.when}
        return [
            *(f"the condition {name}" for name in rule.guards if name not in guards),
            *(f"the approval of {role}" for role in rule.approvers if role not in signers),
            *(f"the clock {name} under `meets`" for name in rule.clocks if name not in action.clocks.meets),
            *(f"the document {name}" for name in rule.documents if name not in action.documents),
        ]


def _words(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    return (str(value),)
