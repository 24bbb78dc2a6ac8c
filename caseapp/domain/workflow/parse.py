"""From the mapping that a procedure file holds to a `Procedure`. Pure; gathers every problem instead of stopping.

The file's shape is described in `workflows/schema.json` and `docs/workflows.md`. What may be said once and named later:
`laws` (abbreviations), `approvals` (chains), `field_sets` and `guard_sets`. What stands in an action as a name is
resolved here; what the names mean is judged by `check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import (
    SAME,
    Action,
    ApprovalMode,
    ApprovalStep,
    Category,
    ClockUse,
    EarlierClock,
    EffectUse,
    FieldDef,
    FieldKind,
    GuardUse,
    Kind,
    MilestoneUse,
    PostState,
    Procedure,
    State,
    Telling,
)
from caseapp.domain.workflow.parse_citations import Citations
from caseapp.domain.workflow.parse_labels import entered, labelled
from caseapp.domain.workflow.parse_sending import sending
from caseapp.domain.workflow.shapes import Place

_FEN_IN_YUAN: Final = 100


def parse(document: object, *, file: str, digest: str = "") -> tuple[Procedure | None, tuple[DefinitionProblem, ...]]:
    """Read one definition. Returns (procedure, problems); the procedure is None where it could not be built at all.

    document  what the YAML file holds: dicts, lists and scalars
    file      name shown in problems
    digest    sha256 of the canonical source, kept with the procedure
    """
    reader = _Reader(file)
    procedure = reader.procedure(document, digest)
    return procedure, tuple(reader.problems)


class _Reader(Citations):
    """Walks one document."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.approvals: dict[str, tuple[ApprovalStep, ...]] = {}
        self.field_sets: dict[str, tuple[FieldDef, ...]] = {}
        self.guard_sets: dict[str, tuple[GuardUse, ...]] = {}
        self.states: dict[str, State] = {}

    # --- the document ----------------------------------------------------------------------------------------

    def procedure(self, document: object, digest: str) -> Procedure | None:
        top = Place()
        content = self.mapping(document, top)
        if not content:
            self.wrong(top, "the file holds no procedure")
            return None
        for key, value, place in self.entries(content.get("laws"), top / "laws"):
            self.laws[key] = self.string(value, place)
        for key, value, place in self.entries(content.get("guard_sets"), top / "guard_sets"):
            self.guard_sets[key] = self.guards(value, place)
        for key, value, place in self.entries(content.get("approvals"), top / "approvals"):
            self.approvals[key] = self.steps(value, place)
        for key, value, place in self.entries(content.get("field_sets"), top / "field_sets"):
            self.field_sets[key] = self.fields(value, place)
        initial = self.read_states(content.get("states"), top / "states")
        actions = tuple(
            self.action(key, value, place)
            for key, value, place in self.entries(content.get("actions"), top / "actions")
        )
        papers = tuple(
            self.paper(key, value, place) for key, value, place in self.entries(content.get("papers"), top / "papers")
        )
        opening = self.mapping(content.get("opening"), top / "opening")
        if not self.states:
            self.wrong(top / "states", "a procedure needs states", "no-state")
            return None
        effective = content.get("effective_from")
        return Procedure(
            id=self.string(content.get("procedure"), top / "procedure"),
            version=self.whole(content.get("version"), top / "version") or 0,
            name=self.text(content.get("name"), top / "name"),
            kind=self.word(Kind, content.get("kind", "main"), top / "kind", Kind.MAIN),
            initial=initial,
            states=tuple(self.states.values()),
            actions=labelled(actions),
            papers=papers,
            opening=self.milestone(opening.get("milestone"), top / "opening" / "milestone"),
            opening_clocks=self.clocks(opening.get("clocks"), top / "opening" / "clocks"),
            handling_clock=self.one_or_many(content.get("handling_clock"), top / "handling_clock"),
            counts=self.truth(content.get("counts"), top / "counts"),
            citations=self.citations(content.get("cites"), top / "cites"),
            party_names={
                key: self.text(value, place)
                for key, value, place in self.entries(content.get("party_names"), top / "party_names")
            },
            opens_from={
                key: self.one_or_many(value, at)
                for key, value, at in self.entries(opening.get("from"), top / "opening" / "from")
            },
            shows=self.one_or_many(content.get("shows"), top / "shows"),
            opens_with=self.one_or_many(opening.get("with"), top / "opening" / "with"),
            other_articles=tuple(
                self.other_articles(self.mapping(item, place), place)
                for item, place in self.items(content.get("other_articles"), top / "other_articles")
            ),
            effective_from=effective.isoformat() if isinstance(effective, date) else str(effective or ""),
            digest=digest,
            source_file=self.file,
        )

    def read_states(self, value: object, at: Place) -> str:
        """Read all states; returns the id of the initial one (the first, where none or several are marked)."""
        initial: list[str] = []
        for key, item, place in self.entries(value, at):
            row = self.mapping(item, place)
            owner = row.get("owner")
            self.states[key] = State(
                id=key,
                name=self.text(row.get("name"), place / "name"),
                category=self.word(Category, row.get("category"), place / "category", Category.OPEN),
                owner=self.word(Role, owner, place / "owner", Role.OFFICER) if owner is not None else None,
                note=self.maybe_text(row.get("note"), place / "note"),
                blocks_closing=row.get("blocks_closing") is not False,
            )
            if self.truth(row.get("initial"), place / "initial"):
                initial.append(key)
        if len(initial) != 1 and self.states:
            found = ", ".join(initial) or "none"
            self.wrong(at, f"exactly one state must be marked `initial: true`; found {found}", "initial")
        return initial[0] if initial else next(iter(self.states), "")

    # --- actions ---------------------------------------------------------------------------------------------

    def action(self, key: str, value: object, place: Place) -> Action:
        row = self.mapping(value, place)
        fields = self.fields(row.get("fields"), place / "fields")
        facts = {field.fact_name for field in fields}
        documents = self.names_with_conditions(row.get("documents"), place / "documents")
        return Action(
            id=key,
            name=self.text(row.get("name"), place / "name"),
            sources=self.sources(row.get("from"), place / "from"),
            posts=self.posts(row.get("to"), place / "to", facts),
            roles=tuple(
                self.word(Role, role, place / "by", Role.OFFICER)
                for role in self.one_or_many(row.get("by"), place / "by")
            ),
            guards=entered(self.guards(row.get("guards"), place / "guards"), facts),
            fields=fields,
            documents=tuple(documents),
            documents_when={name: when for name, when in documents.items() if when is not None},
            effects=self.effects(row.get("effects"), place / "effects"),
            approval=self.chain(row.get("approval"), place / "approval", facts),
            milestone=self.milestone(row.get("milestone"), place / "milestone"),
            clocks=self.clocks(row.get("clocks"), place / "clocks"),
            citations=self.citations(row.get("cites"), place / "cites"),
            help=self.maybe_text(row.get("help"), place / "help"),
            occurs_on=str(row.get("occurs_on") or ""),
            primary=self.truth(row.get("primary"), place / "primary"),
            automatic=self.truth(row.get("automatic"), place / "automatic"),
            lapses=str(row.get("lapses") or ""),
            tells=tuple(self.telling(item, at, facts) for item, at in self.items(row.get("tells"), place / "tells")),
            sends=sending(self, row.get("sends"), place / "sends"),
        )

    def telling(self, item: object, place: Place, facts: set[str]) -> Telling:
        """Read one entry of `tells`: {to, kind, reason, when}."""
        row = self.mapping(item, place)
        return Telling(
            to=self.string(row.get("to"), place / "to"),
            kind=self.word(MilestoneKind, row.get("kind"), place / "kind", MilestoneKind.EXCLUDED_FROM),
            details={"reason": self.string(row.get("reason"), place / "reason")},
            when=entered(self.guards(row.get("when"), place / "when"), facts),
        )

    def paper(self, key: str, value: object, place: Place) -> Action:
        """Read a paper: an action that leads nowhere and issues, unless it says otherwise, the document of its name."""
        row = dict(self.mapping(value, place))
        return replace(self.action(key, {"documents": [key], **row, "to": SAME}, place), paper=True)

    def sources(self, value: object, place: Place) -> tuple[str, ...]:
        """Resolve `from`: state ids, `*category`, `*` (all), and `-state` to take one out again; in the states'
        order.
        """
        chosen: set[str] = set()
        left_out: set[str] = set()
        for item in self.one_or_many(value, place):
            if item == "*":
                chosen.update(self.states)
            elif item.startswith("*"):
                members = {state.id for state in self.states.values() if state.category.value == item[1:]}
                if not members:
                    self.wrong(place, f"no state has the category {item[1:]!r}", "unknown-state")
                chosen |= members
            else:
                name = item.removeprefix("-")
                if name not in self.states:
                    self.wrong(place, f"there is no state {name!r}", "unknown-state")
                    continue
                (left_out if item.startswith("-") else chosen).add(name)
        return tuple(state for state in self.states if state in chosen - left_out)

    def posts(self, value: object, place: Place, facts: set[str]) -> tuple[PostState, ...]:
        if isinstance(value, str):
            return (PostState(value),)
        found = []
        for item, at in self.items(value, place):
            row = self.mapping({"state": item} if isinstance(item, str) else item, at)
            when = entered(self.guards(row.get("when"), at / "when"), facts)
            found.append(PostState(self.string(row.get("state"), at / "state"), when))
        return tuple(found)

    def guards(self, value: object, place: Place) -> tuple[GuardUse, ...]:
        found: list[GuardUse] = []
        for item, at in self.items(value, place):
            found.extend(self.guard(item, at))
        return tuple(found)

    def guard(self, item: object, place: Place) -> tuple[GuardUse, ...]:
        """Read one entry of a list of guards: a name, {name: {params}}, {not: entry} or {use: guard set}."""
        if isinstance(item, str):
            return (GuardUse(item),)
        row = self.mapping(item, place)
        if len(row) != 1:
            self.wrong(place, "one guard with its parameters is expected: `name: {param: value}`")
            return ()
        name, params = next(iter(row.items()))
        if name == "use":
            if params not in self.guard_sets:
                self.wrong(place, f"there is no guard set {params!r}", "unknown-set")
            return self.guard_sets.get(str(params), ())
        if name == "not":
            return tuple(replace(use, negate=not use.negate) for use in self.guard(params, place / "not"))
        return (GuardUse(name, dict(self.mapping(params, place / name))),)

    def effects(self, value: object, place: Place) -> tuple[EffectUse, ...]:
        found = []
        for item, at in self.items(value, place):
            row = self.mapping({item: None} if isinstance(item, str) else item, at)
            if len(row) != 1:
                self.wrong(at, "one effect with its parameters is expected: `name: {param: value}`")
                continue
            name, params = next(iter(row.items()))
            found.append(EffectUse(name, dict(self.mapping(params, at / name))))
        return tuple(found)

    def chain(self, value: object, place: Place, facts: set[str]) -> tuple[ApprovalStep, ...]:
        """Read an approval: the name of a chain, or its steps."""
        if isinstance(value, str):
            if value not in self.approvals:
                self.wrong(place, f"there is no approval chain {value!r}", "unknown-set")
            steps = self.approvals.get(value, ())
        else:
            steps = self.steps(value, place)
        return tuple(replace(step, when=entered(step.when, facts)) for step in steps)

    def steps(self, value: object, place: Place) -> tuple[ApprovalStep, ...]:
        found = []
        for item, at in self.items(value, place):
            row = self.mapping(item, at)
            found.append(
                ApprovalStep(
                    id=self.string(row.get("step"), at / "step"),
                    name=self.text(row.get("name"), at / "name"),
                    role=self.word(Role, row.get("role"), at / "role", Role.LEADER),
                    mode=self.word(ApprovalMode, row.get("mode", "any"), at / "mode", ApprovalMode.ANY),
                    when=self.guards(row.get("when"), at / "when"),
                )
            )
        return tuple(found)

    def milestone(self, value: object, place: Place) -> MilestoneUse | None:
        if value is None:
            return None
        row = self.mapping({"kind": value} if isinstance(value, str) else value, place)
        details: dict[str, str | int] = {}
        for key, item, at in self.entries(row.get("details"), place / "details"):
            if isinstance(item, (str, int)) and not isinstance(item, bool):
                details[key] = item
            else:
                self.wrong(at, "a text or a whole number is expected")
        return MilestoneUse(
            kind=self.word(MilestoneKind, row.get("kind"), place / "kind", MilestoneKind.REGISTERED),
            details=details,
            details_from={
                key: self.string(item, at)
                for key, item, at in self.entries(row.get("details_from"), place / "details_from")
            },
            date_from=str(row.get("date_from") or ""),
            optional=self.truth(row.get("optional"), place / "optional"),
        )

    def clocks(self, value: object, place: Place) -> ClockUse:
        row = self.mapping(value, place)
        starts = self.names_with_conditions(row.get("starts"), place / "starts")
        return ClockUse(
            starts=tuple(starts),
            starts_when={rule: when for rule, when in starts.items() if when is not None},
            meets=self.one_or_many(row.get("meets"), place / "meets"),
            ends=self.one_or_many(row.get("ends"), place / "ends"),
            extends=self.one_or_many(row.get("extends"), place / "extends"),
            ran=tuple(
                EarlierClock(rule, **{key: self.string(told, at / key) for key, told in self.mapping(item, at).items()})
                for rule, item, at in self.entries(row.get("ran"), place / "ran")
            ),
        )

    # --- fields ----------------------------------------------------------------------------------------------

    def fields(self, value: object, place: Place) -> tuple[FieldDef, ...]:
        found: list[FieldDef] = []
        for item, at in self.items(value, place):
            row = self.mapping(item, at)
            if "use" in row:
                name = str(row["use"])
                if name not in self.field_sets:
                    self.wrong(at, f"there is no field set {name!r}", "unknown-set")
                found.extend(self.field_sets.get(name, ()))
            else:
                found.append(self.field(row, at))
        return tuple(found)

    def field(self, row: Mapping[str, object], place: Place) -> FieldDef:
        kind = self.word(FieldKind, row.get("kind", "text"), place / "kind", FieldKind.TEXT)
        scale = _FEN_IN_YUAN if kind is FieldKind.MONEY else 1
        least, most = self.whole(row.get("min"), place / "min"), self.whole(row.get("max"), place / "max")
        if least is None and kind in (FieldKind.MONEY, FieldKind.INTEGER):
            least = 0
        shown = list(self.mapping(row.get("show_when"), place / "show_when").items())
        if len(shown) > 1:
            self.wrong(place / "show_when", "one field with its value is expected")
        citations = self.citations([row["cite"]], place / "cite") if "cite" in row else ()
        return FieldDef(
            id=self.string(row.get("id"), place / "id"),
            kind=kind,
            label=self.text(row.get("label"), place / "label"),
            required=self.truth(row.get("required"), place / "required"),
            choices=tuple(
                (key, self.text(item, at)) for key, item, at in self.entries(row.get("choices"), place / "choices")
            ),
            help=self.maybe_text(row.get("help"), place / "help"),
            fact=str(row.get("fact") or ""),
            default=row.get("default"),
            minimum=least * scale if least is not None else None,
            maximum=most * scale if most is not None else None,
            show_when=(shown[0][0], _frozen(shown[0][1])) if shown else None,
            citation=citations[0] if citations else None,
        )


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
