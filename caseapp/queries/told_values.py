"""What was entered for an act, in words: for signers, for the timeline, for the list of acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caseapp.domain.errors import N_, Message
from caseapp.domain.events import Json
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind, Text


@dataclass(frozen=True, slots=True)
class ToldValue:
    """One entered value: its label, and its words in one or several parts.

    parts  each a text as entered, a `Text` in two languages, or a `Message`
    kind   of the field: the page right-aligns money and keeps the lines of long texts
    """

    label: Text
    parts: tuple[object, ...]
    kind: FieldKind


_SIGNED = Message(N_("已在屏幕上签名"))
_YES, _NO = Message(N_("是")), Message(N_("否"))


def told_values(action: Action, facts: Mapping[str, Json], names: Mapping[str, str]) -> tuple[ToldValue, ...]:
    """Return the values of an action's fields that were entered, in the order of its form.

    facts  by fact name
    names  user id -> name, for officers and persons
    """
    return tuple(
        ToldValue(field.label, _parts(field, facts[field.fact_name], names), field.kind)
        for field in action.fields
        if facts.get(field.fact_name) not in (None, "", [])
    )


def people_in(action: Action, facts: Mapping[str, Json]) -> set[str]:
    """Return the user ids that the values name."""
    found: set[str] = set()
    for field in action.fields:
        value = facts.get(field.fact_name)
        if field.kind is FieldKind.OFFICERS and isinstance(value, list):
            found.update(str(item) for item in value)
        elif field.kind is FieldKind.PERSON and isinstance(value, str):
            found.add(value)
    return found


def _parts(field: FieldDef, value: Json, names: Mapping[str, str]) -> tuple[object, ...]:
    choices = dict(field.choices)
    if field.kind is FieldKind.CHOICE:
        return (choices.get(str(value), str(value)),)
    if field.kind is FieldKind.CHOICES and isinstance(value, list):
        return tuple(choices.get(str(item), str(item)) for item in value)
    if field.kind is FieldKind.CASES and isinstance(value, list):
        return tuple(map(str, value))
    if field.kind is FieldKind.OFFICERS and isinstance(value, list):
        return tuple(names.get(str(item), str(item)) for item in value)
    if field.kind is FieldKind.PERSON:
        return (names.get(str(value), str(value)),)
    if field.kind is FieldKind.SIGNATURE:
        return (_SIGNED,)
    if field.kind is FieldKind.BOOLEAN:
        return (_YES if value else _NO,)
    return (value,)
