"""Forms: what every form carries, and the form of an action, built from its definition.

A form checks the shape of what was typed. Whether the act is lawful is asked of the service alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.validators import Optional, ValidationError

from caseapp.domain.errors import N_, InputError, InputErrors
from caseapp.domain.events import Json
from caseapp.domain.money import yuan_text
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind
from caseapp.domain.workflow.fields import LONGEST_LONG_TEXT, LONGEST_TEXT
from caseapp.domain.workflow.situation import Officer
from caseapp.web.shared.fields import (
    AtMost,
    DayField,
    Filled,
    LineField,
    MomentField,
    OneOfField,
    PassageField,
    SomeOfField,
    WholeNumberField,
    YesNoField,
    YuanField,
    offered,
)
from caseapp.web.shared.language import say

__all__ = [
    "LEAD",
    "RADIO_UP_TO",
    "ActionForm",
    "AtMost",
    "DayField",
    "Filled",
    "Form",
    "LineField",
    "OneOfField",
    "PassageField",
    "SomeOfField",
    "WholeNumberField",
    "WriteForm",
    "YesNoField",
    "YuanField",
    "action_form",
    "field_values",
    "led_action_form",
    "matches",
    "offered",
    "officer_label",
    "start_values",
]

LEAD = "lead_officer"
"""Which of the officers chosen leads: tick boxes keep no order, so the form asks."""
RADIO_UP_TO = 5
"""A choice with no more options than this is drawn as radio buttons, with more as a list."""


class Form(FlaskForm):
    """The base of every form: a token against forgery, and messages in the reader's language."""

    class Meta(FlaskForm.Meta):
        pass

    def all_errors(self) -> list[tuple[str, str]]:
        """Return (field id or '', message) for the summary on top, in the order of the fields."""
        found = [(field.id, str(message)) for field in self for message in _flat(field.errors)]
        return found + [("", str(message)) for message in self.form_errors]

    def place_errors(self, error: InputError | InputErrors) -> None:
        """Put what a service refused beside the fields that it names; what names no field of this form goes on top."""
        for one in error.errors if isinstance(error, InputErrors) else (error,):
            message = say(one.message)
            if one.field and one.field in self._fields:
                field = self._fields[one.field]
                field.errors = [*field.errors, message]
            else:
                self.form_errors.append(message)


class WriteForm(Form):
    """A form that changes a case: it knows which version was seen, and its submission is counted once.

    seen_version      version of the case on the page that carried the form
    idempotency_key   made with the form; the same key again is the same submission
    """

    seen_version = HiddenField()
    idempotency_key = HiddenField()

    def prepare(self, version: int) -> None:
        """Fill the hidden fields of a form that is shown for the first time."""
        self.seen_version.data = str(version)
        self.idempotency_key.data = uuid4().hex

    @property
    def version_seen(self) -> int:
        """Return the version on the page. raises InputError where the field was tampered with."""
        text = self.seen_version.data or ""
        if not text.isascii() or not text.isdigit():
            raise InputError("seen_version", N_("页面已失效，请重新打开"))
        return int(text)

    @property
    def submission_key(self) -> str:
        """Return the key that makes a double submission harmless. raises InputError where it is missing or too long."""
        key = self.idempotency_key.data or ""
        if not key or len(key) > 64:
            raise InputError("idempotency_key", N_("页面已失效，请重新打开"))
        return key


def _flat(errors: Iterable[Any]) -> list[Any]:
    return [message for part in errors for message in (_flat(part) if isinstance(part, (list, tuple)) else [part])]


# --- the form of an action ----------------------------------------------------------------------------------------


class ActionForm(WriteForm):
    """The form of one action of a procedure; `caseapp.web.shared.forms.action_form` makes a subclass for each."""

    definitions: tuple[FieldDef, ...] = ()

    def is_shown(self, definition: FieldDef) -> bool:
        """Return whether a field belongs to the form as it was filled in (`show_when`), following the chain of
        fields.
        """
        if definition.show_when is None:
            return True
        other, value = definition.show_when
        by = next((one for one in self.definitions if one.id == other), None)
        if by is None or not self.is_shown(by):
            return False
        return matches(self[other].data, value)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check the fields that are shown; a hidden one is neither required nor wrong."""
        hidden = [one for one in self.definitions if not self.is_shown(one)]
        taken = {one.id: self._fields[one.id].validators for one in hidden}
        for one in hidden:
            self._fields[one.id].validators = [Optional()]
            self._fields[one.id].process_errors = []
        try:
            passed = super().validate(extra_validators=extra_validators)
        finally:
            for name, validators in taken.items():
                self._fields[name].validators = validators
        for one in hidden:
            self._fields[one.id].errors = []
        return passed or not any(field.errors for field in self)


def matches(given: object, wanted: object) -> bool:
    """Return whether a field's value makes another appear: equal, or one in common where several are given or
    wanted.
    """
    if isinstance(given, (list, tuple)):
        return any(matches(one, wanted) for one in given)
    if isinstance(wanted, (list, tuple)):
        return given in wanted
    if isinstance(wanted, bool):
        return bool(given) is wanted
    return str(given) == str(wanted)


def action_form(
    action: Action,
    *,
    staff: Sequence[Officer],
    on: date,
    organs: Sequence[tuple[str, str]] = (),
    cases: Sequence[tuple[str, str]] | None = None,
) -> type[ActionForm]:
    """Return the form class of an action, in the reader's language.

    staff   members of the organ, for fields that name officers or a person; certificates are judged on the day `on`
    organs  (id, name) pairs for fields that name an organ
    cases   (number, number and title) pairs for fields that name other cases; None where none is looked up: the number
            is then typed
    """
    fields: dict[str, Any] = {
        one.id: _control(one, staff=staff, on=on, organs=organs)
        if one.kind not in (FieldKind.CASE, FieldKind.CASES) or cases is None
        else _case_control(one, cases)
        for one in action.fields
    }
    return type("ActionForm", (ActionForm,), {"definitions": action.fields, **fields})


def led_action_form(made: type[ActionForm], staff: Sequence[Officer], *, on: date) -> type[ActionForm]:
    """Return the form of an action with the field that says who of the officers chosen leads."""
    options = [("", _("按下列顺序的第一人"))] + [(one.id, officer_label(one, on)) for one in staff]
    lead = OneOfField(_("主办人员"), choices=options, description=_("主办人员应当是所选人员之一"))
    return type("LedActionForm", (made,), {LEAD: lead})


def field_values(form: ActionForm) -> dict[str, Json]:
    """Return what was filled in, by field id, as the engine takes it.

    Money is integer fen, a day ISO, an instant ISO with offset, officers and choices lists of ids, a tick a bool.
    Fields that `show_when` hides are left out; an empty field that is shown is None.
    """
    values: dict[str, Json] = {}
    for definition in form.definitions:
        if form.is_shown(definition):
            values[definition.id] = _plain(form[definition.id].data)
    return values


def start_values(action: Action, facts: Mapping[str, Json]) -> dict[str, object]:
    """Return what a fresh form shows: the fact already known under the field's name, else the field's default."""
    return {one.id: facts.get(one.fact_name, one.default) for one in action.fields}


def _plain(value: object) -> Json:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, (list, tuple)):
        return [str(part) for part in value]
    return str(value) if value not in (None, "") else None


def _control(definition: FieldDef, *, staff: Sequence[Officer], on: date, organs: Sequence[tuple[str, str]]) -> Field:
    label, kind = say(definition.label), definition.kind
    common: dict[str, Any] = {"description": say(definition.help) if definition.help else ""}
    checks: list[Any] = [Filled()] if definition.required else []
    if kind in (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.CASE):
        checks.append(AtMost(LONGEST_LONG_TEXT if kind is FieldKind.LONG_TEXT else LONGEST_TEXT))
        control = PassageField if kind is FieldKind.LONG_TEXT else LineField
        return control(label, checks, **common)
    if kind is FieldKind.DATE:
        return DayField(label, checks, **common)
    if kind is FieldKind.INSTANT:
        return MomentField(label, checks, **common)
    if kind is FieldKind.INTEGER:
        return WholeNumberField(label, [*checks, _within(definition)], **common)
    if kind is FieldKind.MONEY:
        return YuanField(label, [*checks, _within(definition)], **common)
    if kind is FieldKind.BOOLEAN:
        return YesNoField(label, checks, **common)
    if kind is FieldKind.SIGNATURE:
        return HiddenField(label)
    if kind is FieldKind.CHOICE:
        options = [(value, say(name)) for value, name in definition.choices]
        return _one_of(label, checks, options, common)
    if kind is FieldKind.CHOICES:
        options = [(value, say(name)) for value, name in definition.choices]
        return SomeOfField(label, [*checks, _count_within(definition)], choices=options, **common)
    if kind is FieldKind.OFFICERS:
        options = [(one.id, officer_label(one, on)) for one in staff if one.active]
        return SomeOfField(label, [*checks, _count_within(definition)], choices=options, **common)
    if kind is FieldKind.PERSON:
        return _one_of(label, checks, [(one.id, officer_label(one, on)) for one in staff if one.active], common)
    return _one_of(label, checks, list(organs), common)


def _case_control(definition: FieldDef, cases: Sequence[tuple[str, str]]) -> Field:
    """Return the list of the cases that may be named; the page says so where it is empty."""
    label, checks = say(definition.label), [Filled()] if definition.required else []
    help_ = say(definition.help) if definition.help else ""
    common = {"description": help_}
    if definition.kind is FieldKind.CASE:
        return _one_of(label, checks, list(cases), common)
    return SomeOfField(label, [*checks, _count_within(definition)], choices=list(cases), **common)


def _one_of(label: str, checks: list[Any], options: list[tuple[str, str]], common: dict[str, Any]) -> Field:
    radio = len(options) <= RADIO_UP_TO
    empty = [] if radio else [("", _("请选择"))]
    return OneOfField(label, checks, choices=[*empty, *options], radio=radio, **common)


def officer_label(officer: Officer, on: date) -> str:
    """Return a member of staff with what rules ask of one: '王芳（执法证 32060012345，有效至 2027-05-31）'."""
    if not officer.certificate_number:
        return _("%(name)s（无执法证）", name=officer.name)
    if not officer.is_certified(on):
        return _(
            "%(name)s（执法证 %(number)s，%(on)s 不在有效期内）",
            name=officer.name,
            number=officer.certificate_number,
            on=on,
        )
    if officer.certificate_until is None:
        return _("%(name)s（执法证 %(number)s）", name=officer.name, number=officer.certificate_number)
    return _(
        "%(name)s（执法证 %(number)s，有效至 %(until)s）",
        name=officer.name,
        number=officer.certificate_number,
        until=officer.certificate_until,
    )


def _within(definition: FieldDef) -> Any:
    is_money = definition.kind is FieldKind.MONEY
    shown = yuan_text if is_money else str

    def check(form: Form, field: Field) -> None:
        if field.data is None:
            return
        if definition.minimum is not None and field.data < definition.minimum:
            raise ValidationError(_("“%(label)s”不能小于 %(n)s", label=field.label.text, n=shown(definition.minimum)))
        if definition.maximum is not None and field.data > definition.maximum:
            raise ValidationError(_("“%(label)s”不能大于 %(n)s", label=field.label.text, n=shown(definition.maximum)))

    return check


def _count_within(definition: FieldDef) -> Any:
    def check(form: Form, field: Field) -> None:
        chosen = len(field.data or ())
        if not chosen:
            return
        if definition.minimum is not None and chosen < definition.minimum:
            raise ValidationError(_("“%(label)s”至少选择 %(n)s 项", label=field.label.text, n=definition.minimum))
        if definition.maximum is not None and chosen > definition.maximum:
            raise ValidationError(_("“%(label)s”最多选择 %(n)s 项", label=field.label.text, n=definition.maximum))

    return check
