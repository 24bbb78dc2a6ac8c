"""The whole behaviour of a definition as a text that is compared line by line.

After a wanted change: `.venv/bin/python -m tests.workflows.transition_tables`, and read the difference before keeping
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from caseapp.adapters.definition_files import load_procedures
from caseapp.domain.workflow.definition import Action, EarlierClock, GuardUse, Procedure

ROOT = Path(__file__).parents[2]
TABLES = Path(__file__).parent / "tables"
FOLDERS = [ROOT / "workflows", ROOT / "docs" / "examples" / "receipt"]


def table(procedure: Procedure) -> str:
    """Return every cell (state, action) with who may act, on what conditions, and what follows."""
    return "\n".join(_lines(procedure)) + "\n"


def _lines(procedure: Procedure) -> Iterator[str]:
    handling = ",".join(procedure.handling_clock)
    yield f"{procedure.id} v{procedure.version}  counts={procedure.counts}  handling={handling}"
    if procedure.opening is not None:
        yield f"opening: {procedure.opening.kind}{' optional' if procedure.opening.optional else ''}"
        yield f"  starts {','.join(procedure.opening_clocks.starts) or '-'}"
        for clock in procedure.opening_clocks.ran:
            yield f"  ran {_earlier(clock)}"
    for state in procedure.states:
        yield ""
        free = "" if state.blocks_closing else " closing=free"
        yield f"[{state.id}] {state.category} owner={state.owner or '-'}{free}"
        for action in procedure.actions_from(state.id):
            yield f"  {action.id} -> {_posts(action)}"
    yield ""
    for action in procedure.actions:
        yield f"{action.id}"
        for name, told in _parts(action):
            if told:
                yield f"  {name}: {told}"


def _posts(action: Action) -> str:
    return " | ".join(post.to + (f" when {_uses(post.when)}" if post.when else "") for post in action.posts)


def _parts(action: Action) -> Iterator[tuple[str, str]]:
    yield "by", ", ".join(action.roles)
    yield "guards", _uses(action.guards)
    yield "fields", ", ".join(f"{item.id}{'*' if item.required else ''}" for item in action.fields)
    yield "approval", " > ".join(f"{step.id}({step.role}){'?' if step.when else ''}" for step in action.approval)
    if action.milestone is not None:
        use = action.milestone
        details = [f"{name}={value}" for name, value in use.details.items()]
        details += [f"{name}<-{value}" for name, value in use.details_from.items()]
        yield "milestone", f"{use.kind}({', '.join(details)}){' optional' if use.optional else ''}"
    clocks = action.clocks
    for name, rules in (
        ("starts", tuple(_started(action, rule) for rule in clocks.starts)),
        ("meets", clocks.meets),
        ("ends", clocks.ends),
        ("extends", clocks.extends),
        ("ran", tuple(_earlier(clock) for clock in clocks.ran)),
    ):
        yield name, ", ".join(rules)
    yield "documents", ", ".join(_document(action, item) for item in action.documents)
    yield "effects", ", ".join(use.name for use in action.effects)
    yield "occurs_on", action.occurs_on
    if action.sends is not None:
        use = action.sends
        told = [f"{use.sender} -> {', '.join(use.receivers)}"]
        told += [
            f"{name} {', '.join(of)}"
            for name, of in (("yields to", use.yields_to), ("opens to", use.opens), ("carries", use.carries))
            if of
        ]
        yield "sends", "; ".join(told)


def _started(action: Action, rule: str) -> str:
    when = action.clocks.starts_when.get(rule)
    return rule if when is None else f"{rule} when {when[0]}={'/'.join(map(str, when[1]))}"


def _earlier(clock: EarlierClock) -> str:
    changed = f" anew {clock.anew or '-'} longer {clock.longer or '-'}" if clock.anew or clock.longer else ""
    return f"{clock.rule} since {clock.since}{changed}"


def _document(action: Action, document: str) -> str:
    if document not in action.documents_when:
        return document
    fact, one_of = action.documents_when[document]
    return f"{document} if {fact}={'/'.join(map(str, one_of))}"


def _uses(uses: tuple[GuardUse, ...]) -> str:
    return "; ".join(f"{'not ' if use.negate else ''}{use.name}{_params(use)}" for use in uses)


def _params(use: GuardUse) -> str:
    told = {
        key: value for key, value in use.params.items() if key not in ("label", "message", "article", "cure", "entered")
    }
    return f"({', '.join(f'{key}={value}' for key, value in told.items())})" if told else ""


def path_of(procedure: Procedure) -> Path:
    return TABLES / f"{procedure.id}.v{procedure.version}.txt"


if __name__ == "__main__":
    TABLES.mkdir(exist_ok=True)
    for shipped in load_procedures(FOLDERS).all():
        path_of(shipped).write_text(table(shipped), encoding="utf-8")
