"""What somebody typed into a form, in words: for text that is shown away from its form, every field by its label."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.form import BaseForm

from caseapp.domain.errors import NotFound
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.sides import spoken_of
from caseapp.queries.case_images import load
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import require_visible
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import Form, action_form, led_action_form
from caseapp.web.shared.language import say

Typed = Iterable[tuple[str, str]]
_BUTTONS: Final = frozenset({"step"})
"""Names of buttons: which was pressed is no text."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was typed or chosen: the label of its field, and the text or the names of the choice."""

    label: str
    text: str


def in_words(path: str, typed: Typed) -> tuple[Said, ...]:
    """Return what was typed by the labels of the form that is sent to `path`, in the reader's language.

    What is empty, hidden on the form, or only says which button was pressed is left out. A field that no form of that
    page knows any more is called other content: its name is a matter of the program.
    """
    told = [(name, text) for name, text in typed if text.strip() and name not in _BUTTONS]
    known = _fields_of(path, told)
    found: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for name, text in told:
        field = known.get(_any_row(name))
        if isinstance(field, HiddenField):
            continue
        labels[name] = _label(name, field)
        found.setdefault(name, []).append(_text(field, text))
    return tuple(Said(labels[name], "\n".join(texts)) for name, texts in found.items())


def _label(name: str, field: Field | None) -> str:
    if field is None:
        return _("其他内容")
    row = next((int(part) for part in name.split("-") if part.isdigit()), None)
    label = str(field.label.text)
    return label if row is None else _("%(label)s（第 %(n)s 行）", label=label, n=row + 1)


def _text(field: Field | None, text: str) -> str:
    if isinstance(field, BooleanField):
        return _("是")
    if isinstance(field, SelectFieldBase):
        return next((str(choice.label) for choice in field.iter_choices() if str(choice.value) == text), text)
    return text


def _fields_of(path: str, typed: list[tuple[str, str]]) -> Mapping[str, Field]:
    """Return the fields by name of that form of the page which knows most of what was typed."""
    view, arguments = _view(path)
    if view is None:
        return {}
    formdata = MultiDict(typed)
    forms = [
        {_any_row(field.name): field for field in _leaves(make(formdata=formdata))} for make in _forms(view, arguments)
    ]
    return max(forms, key=lambda one: sum(_any_row(name) in one for name in formdata), default={})


def _any_row(name: str) -> str:
    """Return the name of a field without the number of its row: forms number the rows that they are given anew."""
    return "-".join("*" if part.isdigit() else part for part in name.split("-"))


def _view(path: str) -> tuple[Callable[..., Any] | None, Mapping[str, Any]]:
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, arguments = adapter.match(urlsplit(path).path, method="POST") if adapter is not None else ("", {})
    except HTTPException:
        return None, {}
    view = current_app.view_functions.get(endpoint)
    return (None if view is None else inspect.unwrap(view)), arguments


def _forms(view: Callable[..., Any], arguments: Mapping[str, Any]) -> Iterator[type[BaseForm]]:
    """Give the forms that the module of a view uses; for an act those that the procedures define."""
    for one in view.__globals__.values():
        if isinstance(one, type) and issubclass(one, Form):
            yield one
    if "action_id" in arguments:
        action = _action(arguments["case_id"], arguments["proceeding_id"], arguments["action_id"])
        if action is not None:
            on, staff = ctx().today(), tuple(staff_of(ctx(), ctx().actor.organ).values())
            organs = [(organ.id, say(organ.name)) for organ in ctx().law.organs]
            yield led_action_form(action_form(action, staff=staff, on=on, organs=organs), staff, on=on)


def _action(case_id: str, proceeding_id: str, action_id: str) -> Action | None:
    """Return an act as the case's own version of the procedure defines it; None where the actor may not see the
    case.
    """
    procedures = ctx().law.procedures
    try:
        require_visible(ctx(), case_id)
        proceeding = spoken_of(load(ctx(), case_id).image, proceeding_id, procedures, ctx().today())
    except NotFound:
        return None
    if proceeding is None:
        return None
    return procedures.pinned(proceeding.procedure, proceeding.version).action(action_id)


def _leaves(form: BaseForm) -> Iterator[Field]:
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                yield from _leaves(entry.form) if isinstance(entry, FormField) else [entry]
        elif isinstance(field, FormField):
            yield from _leaves(field.form)
        else:
            yield field
