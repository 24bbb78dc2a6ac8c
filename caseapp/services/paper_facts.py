"""Facts of papers: what their own form asks, in words; and the signatures written on glass.

A signature is kept as a file by its hash; the facts hold the hash, so that the document's digest covers it, and the
printer is given the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from caseapp.domain.events import Json
from caseapp.domain.signatures import signature_of
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind
from caseapp.domain.workflow.situation import Officer
from caseapp.services.articles import articles_of
from caseapp.services.document_texts import items_of, things_told

Facts = dict[str, Any]
Keep = Callable[[bytes], str]
"""Takes a picture and returns its sha256."""

_LISTS = frozenset(
    {
        "assistance_matters",
        "assistance_attachments",
        "inquiry_items",
        "cooperation_demands",
        "clue_attachments",
        "notice_bring",
        "materials_list",
        "identify_questions",
    }
)
"""Texts that are one item a line."""
_THINGS = frozenset({"identify_items", "sample_items", "disposed_items"})
"""Lists of things, each with specification, quantity and remark."""
_ARTICLES = frozenset({"correction_violated", "correction_basis"})


def paper_facts(action: Action, entered: Mapping[str, Json], people: Mapping[str, Officer]) -> Facts:
    """Return what the form of a paper says, by fact name: officers with their certificates, people by name, a choice
    as its id. Nothing for an action that is no paper.
    """
    if not action.paper:
        return {}
    return {
        field.fact_name: _told(field, entered[field.fact_name], people)
        for field in action.fields
        if field.kind is not FieldKind.SIGNATURE and entered.get(field.fact_name) is not None
    }


def _told(field: FieldDef, value: Json, people: Mapping[str, Officer]) -> Any:
    if field.kind is FieldKind.OFFICERS and isinstance(value, list):
        return [
            {"name": people[person].name, "certificate_no": people[person].certificate_number}
            for person in map(str, value)
            if person in people
        ]
    if field.kind is FieldKind.PERSON:
        return people[str(value)].name if str(value) in people else None
    if field.fact_name in _ARTICLES:
        return articles_of(value)
    if field.fact_name in _THINGS:
        return items_of(value)
    if field.fact_name in _LISTS:
        return lines_of(value)
    return value


def entered_again(action: Action, told: Mapping[str, Any], people: Mapping[str, Officer]) -> dict[str, Json]:
    """Return what a form of a paper is filled in with, by field id, to say again what the paper says.

    told    as `paper_facts` returned it; people that the organ no longer has, and signatures, are left out
    """
    return {
        field.id: _entered(field, told[field.fact_name], people)
        for field in action.fields
        if field.kind is not FieldKind.SIGNATURE and field.fact_name in told
    }


def _entered(field: FieldDef, value: Any, people: Mapping[str, Officer]) -> Json:
    if field.kind is FieldKind.OFFICERS:
        known = {(person.name, person.certificate_number): person.id for person in people.values()}
        found = (known.get((item["name"], item.get("certificate_no"))) for item in value)
        return [person for person in found if person is not None]
    if field.kind is FieldKind.PERSON:
        return next((person.id for person in people.values() if person.name == value), None)
    if field.fact_name in _ARTICLES:
        return "\n".join(f"《{item['law']}》{item.get('article') or ''}" for item in value)
    if field.fact_name in _THINGS:
        return things_told(value)
    if field.fact_name in _LISTS:
        return "\n".join(value)
    told: Json = value
    return told


def lines_of(text: Json) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def signatures(action: Action, entered: Mapping[str, Json], keep: Keep, *, at: str) -> list[Facts]:
    """Return the signatures among what was entered: field, whose it is, 'sha256:…' of the picture, and when.

    keep  stores the picture, or only hashes it where nothing may be written yet
    """
    return [
        {
            "field": field.id,
            "who": field.label.zh,
            "image": f"sha256:{keep(signature_of(str(entered[field.fact_name])))}",
            "at": at,
        }
        for field in action.fields
        if field.kind is FieldKind.SIGNATURE and entered.get(field.fact_name)
    ]
