"""Judging what an action changes in the case and whom it tells: effects that exist, filled from its own form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS
from caseapp.domain.roles import Role
from caseapp.domain.workflow.check_papers import Wrong
from caseapp.domain.workflow.definition import Action, FieldDef
from caseapp.domain.workflow.effects import CASE_ITEMS, EffectSpec


def effect_problems(
    action: Action, at: str, known: Mapping[str, EffectSpec], wrong: Wrong
) -> Iterator[DefinitionProblem]:
    """Yield the faults of an action's effects. known: the effects that there are, by name"""
    fields = {item.id: item for item in action.fields}
    for index, use in enumerate(action.effects):
        here = f"{at}/effects/{index}"
        spec = known.get(use.name)
        if spec is None:
            yield wrong(here, f"there is no effect {use.name!r}", "unknown-effect")
            continue
        for name in sorted(set(use.params) - set(spec.required) - set(spec.optional)):
            yield wrong(here, f"{use.name} has no parameter {name!r}", "effect-parameter")
        for name in spec.required:
            if name not in use.params:
                yield wrong(here, f"{use.name} needs the parameter {name!r}", "effect-parameter")
        source = use.params.get("from_field")
        if source is not None and source not in fields:
            yield wrong(here, f"{use.name}: the form has no field {source!r}", "unknown-field")
        if use.name == "notify" and use.params.get("role") not in (*Role, "officers"):
            yield wrong(here, f"there is no role {use.params.get('role')!r}", "unknown-role")
        values = use.params.get("values")
        if isinstance(values, Mapping):
            yield from _case_items(values, fields, here, wrong)


def _case_items(
    values: Mapping[str, object], fields: Mapping[str, FieldDef], at: str, wrong: Wrong
) -> Iterator[DefinitionProblem]:
    amounts = {f"amounts.{name}" for name in (*MONEY_AMOUNTS, *COUNT_AMOUNTS)}
    for item, source in values.items():
        if item not in CASE_ITEMS and item not in amounts:
            yield wrong(at, f"set_case cannot write {item!r}", "effect-parameter")
        if source not in fields:
            yield wrong(at, f"set_case: the form has no field {source!r}", "unknown-field")
