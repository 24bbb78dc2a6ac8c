"""The form of a correction: void or other words; the fields are those of the entry, filled with what it says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.events import EntryKind, Json, MilestoneKind
from caseapp.domain.workflow.definition import FieldDef
from caseapp.queries.correction_page import CorrectionPage
from caseapp.queries.list_choices import division_codes
from caseapp.services.case_correct import LONGEST_REASON
from caseapp.services.case_note import LONGEST_NOTE
from caseapp.services.correction_wording import DETAILS, Wording
from caseapp.web.officer import words
from caseapp.web.officer.correction_matter import MatterCorrectionForm, matter_fields, matter_values, offer_roles
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.forms import (
    ActionForm,
    AtMost,
    DayField,
    Filled,
    LineField,
    OneOfField,
    PassageField,
    SomeOfField,
    WholeNumberField,
    YesNoField,
    action_form,
    field_values,
    offered,
    start_values,
)
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

VOID, REWORD = "void", "reword"
MINE = "told_"
"""What stands before the names of fields that are of no action: details of a milestone, fields of the case, a note."""


class CorrectionForm(ActionForm, MatterCorrectionForm):
    """How an entry is corrected, why, and what goes with it; `correction_form` adds the entry's own fields and rows.

    own  names of the entry's own fields that are of no action
    """

    own: tuple[str, ...] = ()
    _fields: dict[str, Any]
    correct_how = OneOfField(lazy_gettext("怎样更正"), validators=[Filled()], radio=True)
    correct_on = DayField(lazy_gettext("实际日期"))
    correct_reason = PassageField(
        lazy_gettext("更正理由"),
        validators=[Filled(), AtMost(LONGEST_REASON)],
        description=lazy_gettext("写明错在哪里、以什么为准；理由随更正一并留存，作废文书时印在文书上"),
    )
    correct_later = YesNoField(
        lazy_gettext("连同其后不再成立的事项一并作废"),
        description=lazy_gettext("不勾选的，其后有事项不再成立时不能更正，并指出是哪一项"),
    )
    correct_reissue = YesNoField(lazy_gettext("作废的文书按更正后的内容重新制发"))

    @property
    def is_void(self) -> bool:
        """Return whether the entry shall be void."""
        return self.correct_how.data == VOID

    def is_shown(self, definition: FieldDef) -> bool:
        """Return whether a field of the act belongs to the form: none where the act shall be void."""
        return not self.is_void and super().is_shown(definition)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check the fields; those of an entry that shall be void are neither required nor wrong."""
        if not self.is_void:
            return bool(super().validate(extra_validators=extra_validators))
        every = self._fields
        hidden = {*self.own, *self.matter, "correct_on"}
        self._fields = {name: one for name, one in every.items() if name not in hidden}
        try:
            return bool(super().validate(extra_validators=extra_validators))
        finally:
            self._fields = every


def correction_form(page: CorrectionPage) -> CorrectionForm:
    """Return the form of an entry, filled with what it says."""
    made: type[Any] = CorrectionForm
    start: dict[str, Any] = {"correct_how": REWORD if page.can_be_reworded else VOID, "correct_on": page.on}
    if page.action is not None:
        organs = [(organ, say(name)) for organ, name in page.organs]
        fields = action_form(page.action, staff=page.staff, on=ctx().today(), organs=organs)
        made = type("ActCorrectionForm", (CorrectionForm, fields), {"definitions": page.action.fields})
        start.update(start_values(page.action, page.payload.get("facts", {})))
    own = _own_fields(page)
    matter = matter_fields(page) if page.entry.kind == EntryKind.FACTS_CHANGED else {}
    fields_ = {**{MINE + name: one for name, one in own.items()}, **matter}
    made = type("EntryCorrectionForm", (made,), {name: one for name, (one, _value) in fields_.items()})
    made.own, made.matter = tuple(MINE + name for name in own), tuple(matter)
    start.update({name: value for name, (_one, value) in fields_.items()})
    form: CorrectionForm = made(data=start)
    offer_roles(form, page)
    ways = [(REWORD, _("改为下列内容，原记录划去"))] if page.can_be_reworded else []
    form.correct_how.choices = offered([*ways, (VOID, _("作废，视同没有发生"))])
    return form


def wording_of(page: CorrectionPage, form: CorrectionForm) -> Wording | None:
    """Return what the entry shall say instead, as the form was filled in; None: it shall be void."""
    if form.is_void:
        return None
    on: date | None = None if page.tells_its_day else form.correct_on.data
    if page.action is not None:
        return Wording(on, _in_their_order(page, field_values(form)))
    values: dict[str, Any] = {}
    for name in form.own:
        data = form[name].data
        values[name.removeprefix(MINE)] = data if data not in ("",) else None
    if page.entry.kind == EntryKind.FACTS_CHANGED:
        patch = page.payload["case"]
        values = {name: value for name, value in values.items() if _said(value) != _said(patch.get(name))}
        values.update(matter_values(page, form))
    return Wording(on, values)


def _said(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    return value or None


def _in_their_order(page: CorrectionPage, values: dict[str, Json]) -> dict[str, Json]:
    """Keep people in the order in which they stood: tick boxes have none, and the first officer leads the case."""
    facts: Mapping[str, Any] = page.payload.get("facts", {})
    for one in page.action.fields if page.action else ():
        known, chosen = facts.get(one.fact_name), values.get(one.id)
        if isinstance(known, list) and isinstance(chosen, list):
            values[one.id] = [item for item in known if item in chosen] + [item for item in chosen if item not in known]
    return values


# --- fields of entries that are no acts -----------------------------------------------------------------------------


def _own_fields(page: CorrectionPage) -> dict[str, tuple[Any, Any]]:
    """Return the entry's own fields by name, each with what it says now."""
    if page.entry.kind == EntryKind.NOTED:
        checks = [Filled(), AtMost(LONGEST_NOTE)]
        return {"text": (PassageField(_("备注"), validators=checks), page.payload["text"])}
    if page.entry.kind == EntryKind.MILESTONE:
        told = page.payload["milestone"]
        details = told.get("details") or {}
        names = dict.fromkeys((*DETAILS.get(MilestoneKind(told["kind"]), ()), *details))
        return {name: (_detail_field(name), details.get(name)) for name in names}
    if page.entry.kind == EntryKind.FACTS_CHANGED:
        patch = page.payload["case"]
        fields = {name: _case_field(name, value) for name, value in patch.items()}
        return {name: (one, _start(name, patch[name])) for name, one in fields.items() if one is not None}
    return {}


def _detail_field(name: str) -> Any:
    label = words.named(name, words.DETAILS)
    if name in ("manner", "outcome"):
        return OneOfField(label, choices=[("", _("请选择")), *choices(name)])
    if name == "n":
        return WholeNumberField(label)
    if name == "unit":
        return OneOfField(_("单位"), choices=[("days", _("天")), ("months", _("个月"))])
    return LineField(label, validators=[AtMost(200)])


def _case_field(name: str, value: Any) -> Any:
    """Return the field for what the case says under a name; None where it is too large for a line or two."""
    label = words.field_name(name)
    if name in ("title", "channel"):
        return LineField(label, validators=[AtMost(200), *([Filled()] if name == "title" else [])])
    if name == "summary":
        return PassageField(label, validators=[AtMost(20_000)])
    if name in ("act_from", "act_to"):
        return DayField(label)
    if name == "source":
        sources = dict.fromkeys([*words.SOURCES, *([value] if value else [])])
        return OneOfField(label, choices=[("", _("请选择")), *((one, words.source_name(one)) for one in sources)])
    if name == "campaigns":
        known = dict.fromkeys([*words.CAMPAIGNS, *(value or ())])
        return SomeOfField(label, choices=[(one, words.campaign_name(one)) for one in known])
    if name == "ip_types":
        return SomeOfField(label, validators=[Filled()], choices=choices("ip_type"))
    if name == "division":
        codes = dict.fromkeys([*division_codes(ctx()), value])
        return OneOfField(label, choices=[(code, say(huhang().divisions.name(code))) for code in codes])
    if name == "restricted":
        return YesNoField(label)
    return None


def _start(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in ("act_from", "act_to") and value else value
