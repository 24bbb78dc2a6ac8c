"""Parties, rights, goods and amounts in the form of a correction: the rows in which they were first entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import FieldList, FormField

from caseapp.domain.facts import Goods, Party, Right
from caseapp.queries.correction_page import CorrectionPage
from caseapp.web.officer.matter_forms import (
    AmountsForm,
    GoodsForm,
    MatterForm,
    PartyForm,
    RightForm,
    amount_values,
    amounts_of,
    goods_values,
    kept_goods,
    kept_rights,
    party_values,
    right_values,
)
from caseapp.web.officer.words import role_choices
from caseapp.web.shared.forms import offered

MATTER = ("parties", "amounts", "rights", "goods")
"""Fields of the case that have rows, in the order in which they are shown."""


class MatterCorrectionForm(MatterForm):
    """The rows of a correction of a case's matter. matter: which of `MATTER` the entry says."""

    matter: tuple[str, ...] = ()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check the rows; a party stays a party with a name."""
        passed = super().validate(extra_validators=extra_validators)
        if "parties" in self._fields:
            for entry in self["parties"]:
                row = entry.form
                if row.is_blank or not row.name.data:
                    passed = row.refuse("name", _("请填写“%(label)s”", label=str(row.name.label.text)))
        return bool(passed)


def matter_of(page: CorrectionPage) -> tuple[str, ...]:
    """Return which of `MATTER` a change of facts says."""
    patch = page.payload.get("case") or {}
    return tuple(name for name in MATTER if name in patch)


def matter_fields(page: CorrectionPage) -> dict[str, tuple[Any, Any]]:
    """Return the fields for what the entry says of the matter, each with what it says now."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in matter_of(page):
        told = page.payload["case"][name]
        if name == "amounts":
            found[name] = (FormField(AmountsForm), amount_values(told))
        elif name == "rights":
            found[name] = (FieldList(FormField(RightForm), min_entries=1, max_entries=50), right_values(_rights(told)))
        elif name == "goods":
            found[name] = (FieldList(FormField(GoodsForm), min_entries=1, max_entries=100), goods_values(_goods(told)))
        else:
            rows = [party_values(party) for party in page.parties]
            found[name] = (FieldList(FormField(PartyForm), min_entries=len(rows), max_entries=len(rows)), rows)
    return found


def offer_roles(form: MatterCorrectionForm, page: CorrectionPage) -> None:
    """Fill in what a party may be in the case's procedure."""
    if "parties" in form.matter:
        for entry in form["parties"]:
            entry.form.role.choices = offered(role_choices(page.case.main.procedure))


def matter_values(page: CorrectionPage, form: MatterCorrectionForm) -> dict[str, Any]:
    """Return what was changed in the rows, as a change of facts takes it."""
    patch = page.payload.get("case") or {}
    found: dict[str, Any] = {}
    for name in form.matter:
        if name == "amounts":
            entered: Any = amounts_of(form["amounts"])
            same = entered == {key: value for key, value in patch[name].items() if value is not None}
        elif name == "rights":
            before: Any = _rights(patch[name])
            entered = kept_rights(before, tuple(row.right() for row in form.rows(name) if isinstance(row, RightForm)))
            same = entered == before
        elif name == "goods":
            before = _goods(patch[name])
            entered = kept_goods(before, tuple(row.goods() for row in form.rows(name) if isinstance(row, GoodsForm)))
            same = entered == before
        else:
            entered = _drafts(page, form)
            same = not entered
        if not same:
            found[name] = entered
    return found


def _drafts(page: CorrectionPage, form: MatterCorrectionForm) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for party, entry in zip(page.parties, form["parties"], strict=True):
        draft = entry.form.draft()
        open_ = (draft.role, draft.kind, draft.name, draft.uscc) != (party.role, party.kind, party.name, party.uscc)
        if open_ or any(draft.personal.values()):
            found[party.id] = draft
    return found


def _rights(told: Sequence[Mapping[str, Any]]) -> tuple[Right, ...]:
    return tuple(Right(**item) for item in told)


def _goods(told: Sequence[Mapping[str, Any]]) -> tuple[Goods, ...]:
    return tuple(Goods(**item) for item in told)


def known_of(page: CorrectionPage, party: Party) -> Mapping[str, Any]:
    """Return the masked personal values that the entry tells of a party, by field."""
    details = next((one for one in page.personal if one.party.id == party.id), None)
    return {line.field: line for line in details.personal} if details is not None else {}
