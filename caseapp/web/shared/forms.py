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
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput, TextInput

from caseapp.domain.errors import N_, InputError, InputErrors
from caseapp.domain.events import LEGAL_ZONE, Json
from caseapp.domain.money import fen, yuan_text
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind
from caseapp.domain.workflow.fields import LONGEST_LONG_TEXT, LONGEST_TEXT
from caseapp.domain.workflow.situation import Officer
from caseapp.web.shared.language import say

Choices = Iterable[tuple[str, Any]]
"""Pairs of a word and its name in the reader's language."""
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


# --- what is required -------------------------------------------------------------------------------------------------


class Filled:
    """The field must be filled in. (WTForms' own validators mark fields as required in HTML; so does this one.)"""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: str | None = None) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        given = field.raw_data and any(not isinstance(part, str) or part.strip() for part in field.raw_data)
        if not given and field.data in (None, "", []):
            field.errors = []
            raise StopValidation(self.message or _("请填写“%(label)s”", label=str(field.label.text)))


class AtMost:
    """A text may not be longer than so many letters."""

    def __init__(self, letters: int) -> None:
        self.letters = letters
        self.field_flags = {"maxlength": letters}

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and len(field.data) > self.letters:
            raise ValidationError(_("“%(label)s”不能超过 %(n)s 字", label=str(field.label.text), n=self.letters))


# --- fields -----------------------------------------------------------------------------------------------------------


class LineField(StringField):
    """One line of text, without blanks at the ends; '' where nothing was typed."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text."""
        self.data = valuelist[0].strip() if valuelist else ""


class PassageField(TextAreaField):
    """A long text; the browser keeps it while it is being typed (`data-keep`)."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text with its line breaks made even."""
        self.data = valuelist[0].replace("\r\n", "\n").strip() if valuelist else ""


class _Parsed(Field):
    """A field whose text is parsed; text that cannot be read is shown again as it was typed."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)

    def show(self, value: Any) -> str:
        """Return the text of a value."""
        return str(value)

    def parse(self, text: str) -> Any:
        """Return the value of a text. raises ValueError with the message that is shown."""
        raise NotImplementedError

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Parse what was typed; nothing typed is None."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = self.parse(text) if text else None


_DAY_MARKS = str.maketrans("年月/.", "----", "日")  # not translated: what is read, not shown


class DayField(_Parsed):
    """A local date. `data` is a date."""

    widget = TextInput("date")

    def parse(self, text: str) -> date:
        """Read 2026-11-22, and also 2026/11/22, 2026.11.22 and 2026年11月22日 where the browser has no calendar."""
        plain = text.translate(_DAY_MARKS)
        try:
            year, month, day = (int(part) for part in plain.split("-"))
            return date(year, month, day)
        except ValueError:
            raise ValueError(_("日期应写成 2026-11-22 的样子")) from None

    def show(self, value: Any) -> str:
        """Return the ISO text, which a date control needs."""
        return value if isinstance(value, str) else value.isoformat()


class MomentField(_Parsed):
    """A local date and time of day; `data` is an aware instant."""

    widget = TextInput("datetime-local")

    def parse(self, text: str) -> datetime:
        """Read 2026-11-22T09:30 as Chinese standard time."""
        try:
            value = datetime.fromisoformat(text.replace(" ", "T"))
        except ValueError:
            raise ValueError(_("时间应写成 2026-11-22 09:30 的样子")) from None
        return value if value.tzinfo else value.replace(tzinfo=LEGAL_ZONE)

    def show(self, value: Any) -> str:
        """Return the local text, which the control needs."""
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return f"{instant.astimezone(LEGAL_ZONE):%Y-%m-%dT%H:%M}"


class WholeNumberField(_Parsed):
    """A whole number; thousands separators are allowed."""

    def parse(self, text: str) -> int:
        """Read 1,200."""
        plain = text.replace(",", "").replace("，", "")
        if not plain.removeprefix("-").isdecimal():
            raise ValueError(_("请填写整数"))
        return int(plain)


class YuanField(_Parsed):
    """An amount typed in yuan. `data` is integer fen."""

    def parse(self, text: str) -> int:
        """Read 97,353.00."""
        try:
            return fen(text)
        except InputError as wrong:
            raise ValueError(say(wrong.message)) from None

    def show(self, value: Any) -> str:
        """Return fen as yuan."""
        return yuan_text(int(value))


class YesNoField(BooleanField):
    """A tick box."""


def offered(choices: Choices) -> list[SelectChoice]:
    """Return (word, name) pairs as WTForms takes them; to be used where the choices of a field are set later."""
    return [SelectChoice(str(word), name) for word, name in choices]


class OneOfField(SelectField):
    """One of a few words, as radio buttons or a list; nothing chosen is ''."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, choices: Choices = (), radio: bool = False, **named: Any
    ) -> None:
        super().__init__(label, validators, choices=offered(choices), **named)
        if radio:
            self.widget = ListWidget(prefix_label=False)
            self.option_widget = RadioInput()
        self.radio = radio

    def pre_validate(self, form: Form) -> None:
        """Refuse a word that was not offered; an empty choice is judged by `Filled`."""
        chosen: Any = self.data
        if chosen in (None, "", "None"):
            self.data: Any = ""
        elif chosen not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("请从列出的选项中选择"))


class SomeOfField(SelectMultipleField):
    """Any number of a few words, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Choices = (), **named: Any) -> None:
        super().__init__(label, validators, choices=offered(choices), **named)

    def pre_validate(self, form: Form) -> None:
        """Refuse a word that was not offered."""
        known = {value for value, *_rest in self.iter_choices()}
        if self.data and not set(self.data) <= known:
            raise ValidationError(_("请从列出的选项中选择"))


# --- the form of an action ----------------------------------------------------------------------------------------


class ActionForm(WriteForm):
    """The form of one action of a procedure; `caseapp.web.shared.forms.action_form` makes a subclass for each."""

    definitions: tuple[FieldDef, ...] = ()

    def is_shown(self, definition: FieldDef) -> bool:
        """Return whether a field belongs to the form as it was filled in (`show_when`), following the chain of fields."""
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
    """Return whether a field's value makes another appear: equal, or one in common where several are given or wanted."""
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
) -> type[ActionForm]:
    """Return the form class of an action, in the reader's language.

    staff   members of the organ, for fields that name officers or a person; certificates are judged on the day `on`
    organs  (id, name) pairs for fields that name an organ
    """
    fields: dict[str, Any] = {one.id: _control(one, staff=staff, on=on, organs=organs) for one in action.fields}
    return type("ActionForm", (ActionForm,), {"definitions": action.fields, **fields})


def field_values(form: ActionForm) -> dict[str, Json]:
    """Return what was filled in, by field id, as the engine takes it.

    Money is integer fen, a day ISO, an instant ISO with offset, officers and choices lists of ids, a tick a bool. Fields
    that `show_when` hides are left out; an empty field that is shown is None.
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
    if kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        checks.append(AtMost(LONGEST_TEXT if kind is FieldKind.TEXT else LONGEST_LONG_TEXT))
        control = LineField if kind is FieldKind.TEXT else PassageField
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
