"""The controls of forms: what each reads from the text that was typed, and what makes it refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput, TextInput

from caseapp.domain.errors import InputError
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.money import fen, yuan_text
from caseapp.web.shared.language import gettext as _
from caseapp.web.shared.language import say

Choices = Iterable[tuple[str, Any]]
"""Pairs of a word and its name in the reader's language."""


class Filled:
    """The field must be filled in. (WTForms' own validators mark fields as required in HTML; so does this one.)"""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: str | None = None) -> None:
        self.message = message

    def __call__(self, form: BaseForm, field: Field) -> None:
        given = field.raw_data and any(not isinstance(part, str) or part.strip() for part in field.raw_data)
        if not given and field.data in (None, "", []):
            field.errors = []
            raise StopValidation(self.message or _("请填写“%(label)s”", label=str(field.label.text)))


class AtMost:
    """A text may not be longer than so many letters."""

    def __init__(self, letters: int) -> None:
        self.letters = letters
        self.field_flags = {"maxlength": letters}

    def __call__(self, form: BaseForm, field: Field) -> None:
        if field.data and len(field.data) > self.letters:
            raise ValidationError(_("“%(label)s”不能超过 %(n)s 字", label=str(field.label.text), n=self.letters))


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
    """A field whose text is parsed; text that cannot be read is shown again as it was typed.

    A kind of field says what it reads in `parse`, and how it shows a value in `show`; both default to the text itself.
    """

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
        return text

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

    def pre_validate(self, form: BaseForm) -> None:
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

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse a word that was not offered."""
        known = {value for value, *_rest in self.iter_choices()}
        if self.data and not set(self.data) <= known:
            raise ValidationError(_("请从列出的选项中选择"))
