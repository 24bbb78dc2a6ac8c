"""Judging the forms of a definition: fields told apart, choices that are there, facts that mean one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.workflow.check_papers import Wrong
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind, Procedure

_WITH_CHOICES: Final = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})


def field_problems(action: Action, at: str, wrong: Wrong) -> Iterator[DefinitionProblem]:
    """Yield the faults of an action's form."""
    seen: dict[str, FieldDef] = {}
    kept: set[str] = set()
    for index, item in enumerate(action.fields):
        here = f"{at}/fields/{index}"
        if item.id in seen:
            yield wrong(here, f"the form has two fields {item.id!r}", "duplicate")
        elif item.fact_name in kept:
            yield wrong(here, f"two fields of the form are kept as {item.fact_name!r}", "duplicate")
        if (item.kind in _WITH_CHOICES) != bool(item.choices):
            text = "a choice needs `choices`" if item.kind in _WITH_CHOICES else f"{item.kind} has no `choices`"
            yield wrong(here, text, "field")
        default = item.default if item.kind is FieldKind.CHOICE else None
        if default is not None and default not in {choice for choice, _ in item.choices}:
            yield wrong(f"{here}/default", f"{default!r} is none of the choices", "field")
        if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
            yield wrong(here, "`min` is above `max`", "field")
        if item.show_when is not None:
            yield from _shown(item, seen, here, wrong)
        seen[item.id] = item
        kept.add(item.fact_name)


def _shown(item: FieldDef, seen: Mapping[str, FieldDef], at: str, wrong: Wrong) -> Iterator[DefinitionProblem]:
    assert item.show_when is not None
    other, wanted = item.show_when
    if other not in seen:
        text = f"show_when names {other!r}, which is no field above this one"
        yield wrong(f"{at}/show_when", text, "unknown-field")
        return
    choices = {choice for choice, _ in seen[other].choices}
    for value in wanted if isinstance(wanted, (list, tuple)) else (wanted,):
        if seen[other].kind in _WITH_CHOICES and value not in choices:
            yield wrong(f"{at}/show_when", f"{value!r} is none of the choices of {other!r}", "field")


def fact_kind_problems(procedure: Procedure, wrong: Wrong) -> Iterator[DefinitionProblem]:
    """Yield facts kept under one name by several forms in several kinds: who reads them would be misled."""
    kinds: dict[str, tuple[FieldKind, str]] = {}
    for action in procedure.actions:
        for index, item in enumerate(action.fields):
            first = kinds.setdefault(item.fact_name, (item.kind, action.id))
            if first[0] is not item.kind:
                text = f"{item.fact_name!r} is {item.kind} here and {first[0]} in {first[1]!r}"
                yield wrong(f"/actions/{action.id}/fields/{index}", text, "fact-kind")
