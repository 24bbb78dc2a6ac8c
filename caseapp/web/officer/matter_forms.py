"""The parts of forms that describe the matter of a case: parties, rights, goods, amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from caseapp.domain.errors import InputError
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS, Goods, IpType, Party, Right
from caseapp.domain.identifiers import IdentifierKind
from caseapp.services.case_intake import PartyDraft
from caseapp.web.officer.words import AMOUNTS, PERSONAL
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.forms import AtMost, LineField, OneOfField, WholeNumberField, WriteForm, YuanField, offered
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

PERSONAL_CHECKS: Mapping[str, IdentifierKind] = {
    "id_number": IdentifierKind.RESIDENT_ID,
    "phone": IdentifierKind.PHONE,
    "email": IdentifierKind.EMAIL,
}
NAME_LETTERS = 200


class _Negative:
    """A number or an amount may not be below nought."""

    def __call__(self, form: PlainForm, field: Field) -> None:
        if field.data is not None and field.data < 0:
            raise ValidationError(_("“%(label)s”不能为负", label=str(field.label.text)))


class RowForm(PlainForm):
    """One row of a list. A row in which nothing was typed is left out.

    markers  the fields that make it a row
    words    field -> kind of closed words (`labels.LABELS`) that it chooses from
    """

    markers: tuple[str, ...] = ()
    words: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, kind in self.words.items():
            self[name].choices = offered(choices(kind))

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was typed into the row."""
        return all(self[name].data in (None, "") and not _raw(self[name]) for name in self.markers)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check the row, unless it is blank."""
        if self.is_blank:
            return True
        passed = bool(super().validate(extra_validators=extra_validators))
        return self.check() and passed

    def check(self) -> bool:
        """Check what fields say together; put what is wrong beside the field."""
        return True

    def refuse(self, name: str, message: str) -> bool:
        """Put a message beside a field and return False."""
        self[name].errors = [*self[name].errors, message]
        return False

    def require(self, name: str) -> bool:
        """Return whether the field was filled in; else say that it must be."""
        if self[name].data not in (None, "") or self[name].errors:
            return True
        return self.refuse(name, _("请填写“%(label)s”", label=str(self[name].label.text)))


def _raw(field: Field) -> str:
    return str(field.raw_data[0]).strip() if field.raw_data else ""


class PartyForm(RowForm):
    """A party: an organisation with its credit code, or a person with an identity number."""

    markers = ("name", "uscc", "id_number", "legal_representative", "phone", "address", "email")
    words: ClassVar[Mapping[str, str]] = {"role": "party_role", "kind": "party_kind"}

    role = OneOfField(lazy_gettext("身份"), default="respondent")
    kind = OneOfField(lazy_gettext("类别"), default="organisation")
    name = LineField(lazy_gettext("名称或者姓名"), validators=[AtMost(NAME_LETTERS)])
    uscc = LineField(lazy_gettext("统一社会信用代码"), validators=[AtMost(40)])
    id_number = LineField(lazy_gettext("身份证件号码"), validators=[AtMost(40)])
    legal_representative = LineField(lazy_gettext("法定代表人或者负责人"), validators=[AtMost(NAME_LETTERS)])
    phone = LineField(lazy_gettext("电话"), validators=[AtMost(40)])
    address = LineField(lazy_gettext("住所（住址）"), validators=[AtMost(NAME_LETTERS)])
    email = LineField(lazy_gettext("电子邮箱"), validators=[AtMost(NAME_LETTERS)])

    def check(self) -> bool:
        """Check the name and every number by its own rule."""
        passed = [self.require("name"), self.require("role"), self.require("kind")]
        if self.uscc.data:
            passed.append(checked(self, "uscc", IdentifierKind.USCC))
        passed += [checked(self, name, kind) for name, kind in PERSONAL_CHECKS.items() if self[name].data]
        return all(passed)

    def draft(self) -> PartyDraft:
        """Return the party as entered, its numbers normalised."""
        return PartyDraft(
            role=self.role.data,
            kind=self.kind.data,
            name=self.name.data or "",
            uscc=self.uscc.data or None,
            personal={name: self[name].data or None for name in PERSONAL},
        )


class RightForm(RowForm):
    """A right the case is about."""

    markers = ("number", "title", "holder")
    words: ClassVar[Mapping[str, str]] = {"kind": "ip_type"}

    kind = OneOfField(lazy_gettext("权利类型"), default=IpType.TRADEMARK.value)
    number = LineField(lazy_gettext("号码"), validators=[AtMost(80)])
    title = LineField(lazy_gettext("名称"), validators=[AtMost(NAME_LETTERS)])
    holder = LineField(lazy_gettext("权利人"), validators=[AtMost(NAME_LETTERS)])

    def check(self) -> bool:
        """Check the number by the rule of its kind."""
        if not self.require("kind"):
            return False
        if not self.number.data:
            return True
        try:
            found = _identifiers().check_right(
                IpType(self.kind.data), self.number.data, field="number", on=ctx().today()
            )
        except InputError as error:
            return self.refuse("number", say(error.message))
        if found is not None:
            self.number.data = found.value
        return True

    def right(self) -> Right:
        """Return the right, its number normalised."""
        return Right(self.kind.data, self.number.data or None, self.title.data or None, self.holder.data or None)

    def spellings(self) -> set[str]:
        """Return the spellings under which the number may stand in older cases."""
        if not self.number.data:
            return set()
        found = {self.number.data, _raw(self.number)}
        try:
            known = _identifiers().check_right(IpType(self.kind.data), self.number.data, field="number")
        except InputError:
            known = None
        return (found | {known.value, known.printed}) - {""} if known else found - {""}


class GoodsForm(RowForm):
    """Goods concerned."""

    markers = ("name", "spec", "quantity", "unit", "unit_price", "value")

    name = LineField(lazy_gettext("名称"), validators=[AtMost(NAME_LETTERS)])
    spec = LineField(lazy_gettext("规格"), validators=[AtMost(NAME_LETTERS)])
    quantity = WholeNumberField(lazy_gettext("数量"), validators=[_Negative()])
    unit = LineField(lazy_gettext("计量单位"), validators=[AtMost(20)])
    unit_price = YuanField(lazy_gettext("单价"), validators=[_Negative()])
    value = YuanField(lazy_gettext("价值"), validators=[_Negative()])

    def check(self) -> bool:
        """Check that the goods have a name."""
        return self.require("name")

    def goods(self) -> Goods:
        """Return the goods; where only the price is known, the value is quantity times price."""
        value = self.value.data
        if value is None and self.quantity.data is not None and self.unit_price.data is not None:
            value = self.quantity.data * self.unit_price.data
        return Goods(
            name=self.name.data or "",
            spec=self.spec.data or None,
            quantity=self.quantity.data,
            unit=self.unit.data or None,
            unit_price_fen=self.unit_price.data,
            value_fen=value,
        )


def _amount(key: str) -> Field:
    kind = YuanField if key in MONEY_AMOUNTS else WholeNumberField
    return kind(lazy_gettext(AMOUNTS[key]), validators=[_Negative()])


AmountsForm = type("AmountsForm", (PlainForm,), {key: _amount(key) for key in (*MONEY_AMOUNTS, *COUNT_AMOUNTS)})
"""Every amount of a case: money in yuan, the others whole numbers."""


class MatterForm(WriteForm):
    """A form with rows of parties, rights or goods; buttons in it add and take away rows without a script."""

    def all_errors(self) -> list[tuple[str, str]]:
        """Return (field id or '', message) for the summary on top, rows included."""
        found = [(field.id, str(message)) for field in _leaves(self) for message in field.errors]
        return found + [("", str(message)) for message in self.form_errors]

    def rows(self, name: str) -> list[RowForm]:
        """Return the rows of a list in which something was typed."""
        entries = cast("FieldList", self[name])
        return [entry.form for entry in entries if not entry.form.is_blank]

    def change_rows(self, step: str) -> bool:
        """Carry out 'add-<list>' or 'remove-<list>-<index>'. Returns whether the step was one of these."""
        verb, _sep, rest = step.partition("-")
        name, _sep, index = rest.partition("-")
        entries = self._fields.get(name)
        if verb not in ("add", "remove") or not isinstance(entries, FieldList):
            return False
        if verb == "add":
            entries.append_entry()
        else:
            entries.entries = [entry for entry in entries.entries if entry.name != f"{name}-{index}"]
            if not entries.entries:
                entries.append_entry()
        return True


def _leaves(form: PlainForm) -> Iterator[Field]:
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                yield from _leaves(entry.form)
        elif isinstance(field, FormField):
            yield from _leaves(field.form)
        else:
            yield field


def checked(form: RowForm, name: str, kind: IdentifierKind) -> bool:
    """Check a number and put it in its normal form; else put the broken rule beside it."""
    try:
        found = _identifiers().check(kind, form[name].data, field=name, on=ctx().today())
    except InputError as error:
        return form.refuse(name, say(error.message))
    form[name].data = found.value
    return True


def _identifiers() -> Any:
    return huhang().identifiers


def amounts_of(field: FormField) -> dict[str, int | None]:
    """Return the amounts that were typed, by key."""
    return {key: field.form[key].data for key in (*MONEY_AMOUNTS, *COUNT_AMOUNTS) if field.form[key].data is not None}


def amount_values(amounts: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return what an amounts form starts with."""
    return {key: amounts.get(key) for key in (*MONEY_AMOUNTS, *COUNT_AMOUNTS)}


def right_values(rights: Sequence[Right]) -> list[dict[str, Any]]:
    """Return what rows of rights start with."""
    return [{"kind": one.kind, "number": one.number, "title": one.title, "holder": one.holder} for one in rights]


def goods_values(goods: Sequence[Goods]) -> list[dict[str, Any]]:
    """Return what rows of goods start with."""
    return [
        {
            "name": one.name,
            "spec": one.spec,
            "quantity": one.quantity,
            "unit": one.unit,
            "unit_price": one.unit_price_fen,
            "value": one.value_fen,
        }
        for one in goods
    ]


def kept_rights(before: Sequence[Right], entered: Sequence[Right]) -> tuple[Right, ...]:
    """Return the rights as entered; one that is the same as before keeps what other systems attached to it."""
    known = {(one.kind, one.number, one.title, one.holder): one for one in before}
    return tuple(known.get((one.kind, one.number, one.title, one.holder), one) for one in entered)


def kept_goods(before: Sequence[Goods], entered: Sequence[Goods]) -> tuple[Goods, ...]:
    """Return the goods as entered; those that are the same as before keep what other systems attached to them."""

    def key(one: Goods) -> tuple[object, ...]:
        return (one.name, one.spec, one.quantity, one.unit, one.unit_price_fen, one.value_fen)

    known = {key(one): one for one in before}
    return tuple(known.get(key(one), one) for one in entered)


def party_values(party: Party) -> dict[str, Any]:
    """Return what the form of a party starts with; its personal values are not shown again."""
    return {"role": party.role, "kind": party.kind, "name": party.name, "uscc": party.uscc}
