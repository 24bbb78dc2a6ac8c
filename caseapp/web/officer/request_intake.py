"""登记请求: a party asks the organ to adjudicate or to mediate a patent dispute. Who, which patent, which papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms.validators import ValidationError

from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotFound
from caseapp.domain.facts import IpType
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.known_parties import KnownParty
from caseapp.services.case_intake import LeadDraft, name_of, register_lead
from caseapp.web.officer import words
from caseapp.web.officer.intake import LeadForm, likenesses_of, look_up, own_division, sent_again
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.forms import AtMost, DayField, Filled, LineField, OneOfField, PassageField, SomeOfField, offered
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

PATENTS = (IpType.PATENT_DESIGN, IpType.PATENT_UTILITY, IpType.PATENT_INVENTION, IpType.PATENT)


class RequestForm(LeadForm):
    """A request as it came in. Its source is the party, its procedure the kind of request.

    procedure_id  the procedure that the request begins
    """

    procedure_id: ClassVar[str] = ""
    request_items = PassageField(lazy_gettext("请求事项"), validators=[Filled(), AtMost(20_000)])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("source", "procedure", "amounts"):
            delattr(self, name)
        self.received_on.label.text = _("收到请求书的日期")
        self.summary.label.text = _("事实和理由")
        patents = [(word, name) for word, name in choices("ip_type") if word in PATENTS]
        patents.sort(key=lambda pair: PATENTS.index(IpType(pair[0])))
        self.ip_types.choices = offered(patents)
        self.name_rows()

    def name_rows(self) -> None:
        """Offer in every row the roles of this procedure and the kinds of patent."""
        for entry in self.rights:
            entry.form.kind.choices = self.ip_types.choices
        for entry in self.parties:
            entry.form.role.choices = offered(words.role_choices(self.procedure_id))

    def facts(self) -> dict[str, Any]:
        """Return what the request says beside the matter, by fact name; what was left empty is left out."""
        return {"request_items": self.request_items.data}

    def draft(self) -> LeadDraft:
        """Return what was entered. The form has been found valid."""
        facts = {name: value for name, value in self.facts().items() if value}
        return self.matter(source="request", procedure=self.procedure_id, facts=facts, amounts={})


class DisputeForm(RequestForm):
    """A request to adjudicate."""

    procedure_id = "patent_dispute"
    claims_relied = LineField(
        lazy_gettext("主张的权利要求"),
        validators=[AtMost(200)],
        description=lazy_gettext("外观设计填写图片或者照片；立案时须明确"),
    )
    infringement_known_on = DayField(
        lazy_gettext("知道侵权行为以及侵权人的日期"),
        description=lazy_gettext("请求时限自此起算；请求人没有说明的不填，审查时再登记"),
    )
    papers = SomeOfField(lazy_gettext("已提交的材料"), description=lazy_gettext("审查时逐项核对，不齐备的通知补正"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.papers.choices = offered(_choices(self.procedure_id, "papers"))

    def facts(self) -> dict[str, Any]:
        """Return what the request says, with the claims, the papers and since when the act was known."""
        known_on = self.infringement_known_on.data
        return {
            **super().facts(),
            "claims_relied": self.claims_relied.data,
            "papers": self.papers.data,
            "infringement_known_on": known_on.isoformat() if known_on else None,
        }

    def validate_infringement_known_on(self, field: DayField) -> None:
        """Refuse a day after the request came in."""
        received_on = self.received_on.data
        if field.data and received_on and field.data > received_on:
            raise ValidationError(_("不能晚于收到请求书的日期"))


class MediationForm(RequestForm):
    """A request to mediate."""

    procedure_id = "mediation"
    mediation_subject = OneOfField(lazy_gettext("纠纷类型"), validators=[Filled()])
    infringement_decision = LineField(
        lazy_gettext("认定侵权的裁决、判决文号"),
        validators=[AtMost(200)],
        description=lazy_gettext("单独就赔偿数额请求调解的，应当附上"),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        subjects = _choices(self.procedure_id, "mediation_subject")
        self.mediation_subject.choices = offered([("", _("请选择")), *subjects])

    def facts(self) -> dict[str, Any]:
        """Return what the request says, with the kind of dispute."""
        return {
            **super().facts(),
            "mediation_subject": self.mediation_subject.data,
            "infringement_decision": self.infringement_decision.data,
        }


FORMS: Mapping[str, type[RequestForm]] = {"dispute": DisputeForm, "mediation": MediationForm}


def _form_of(kind: str) -> type[RequestForm]:
    """Return the form of a kind of request. raises NotFound"""
    if kind not in FORMS:
        raise NotFound(Message(N_("没有这种请求")))
    return FORMS[kind]


def _choices(procedure: str, fact: str) -> list[tuple[str, str]]:
    """Return what the procedure's own form offers for a fact."""
    fields = (one for action in huhang().procedures.get(procedure).actions for one in action.fields)
    found = next(one for one in fields if one.fact_name == fact)
    return [(value, say(name)) for value, name in found.choices]


@blueprint.get("/cases/new/<kind>")
@allow(Permission.LEAD_REGISTER)
def new_request(kind: str) -> str:
    """Show the form for a request: a row for each side, the division of the own organ chosen."""
    form = _form_of(kind)(
        formdata=None,
        data={
            "received_on": ctx().today(),
            "division": own_division(),
            "parties": [{"role": "complainant"}, {"role": "respondent"}],
            "rights": [{"kind": IpType.PATENT_DESIGN.value}],
        },
    )
    form.prepare(0)
    return _show(kind, form)


@blueprint.post("/cases/new/<kind>")
@allow(Permission.LEAD_REGISTER)
def register_request(kind: str) -> ResponseReturnValue:
    """Add or drop a row, look a party up, check the answers, or register the request."""
    form, step = _form_of(kind)(), request.form.get("step", "check")
    if step == "edit" or form.change_rows(step):
        form.name_rows()
        return _show(kind, form, focus=step)
    if step.startswith(("find-", "use-")):
        known, found = look_up(form, step)
        return _show(kind, form, known=known, focus=step), 200 if found else 422
    if not form.validate_on_submit():
        return _show(kind, form), 422
    draft = form.draft()
    like = likenesses_of(form)
    repeated = any(one.same_right for one in like)
    if step != "submit" or (repeated and not form.not_repeated.data):
        if step == "submit":
            form.not_repeated.errors = [_("请核对上列案件后勾选")]
        return _check(kind, form, draft, like), 422 if step == "submit" else 200
    try:
        reference = register_lead(ctx(), draft, idempotency_key=form.submission_key)
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _show(kind, form), 422
    flash(_("请求已登记，编号 %(number)s", number=reference.number), "success")
    return redirect(url_for("officer.case_page", case_id=reference.id), 303)


def _show(
    kind: str, form: RequestForm, *, known: Mapping[str, tuple[KnownParty, ...]] | None = None, focus: str = ""
) -> str:
    return render_template("officer/new_request.html", kind=kind, form=form, known=known or {}, focus=focus)


def _check(kind: str, form: RequestForm, draft: LeadDraft, like: tuple[Any, ...]) -> str:
    return render_template(
        "officer/new_case_check.html",
        form=form,
        draft=replace(draft, title=draft.title or name_of(draft)),
        name=draft.title or name_of(draft),
        likenesses=like,
        sent=sent_again(),
        kind=kind,
        told=_told(form, draft),
    )


def _told(form: RequestForm, draft: LeadDraft) -> list[tuple[str, str]]:
    """Return the request's own answers in words, for the last look."""
    found = []
    for name, value in draft.facts.items():
        offered_there = getattr(form[name], "choices", None) or ()
        names = {choice.value: str(choice.label) for choice in offered_there}
        told = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        found.append((str(form[name].label.text), "；".join(names.get(one, one) for one in told)))
    return found
