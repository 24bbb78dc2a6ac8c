"""并案、分案、联合办案: forms that tie a case to others. A leader decides; both histories stay and are linked."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import N_, InputError, InputErrors, Message, StaleCase
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.merging import Part, Portion
from caseapp.queries.case_connections import case_named, joint_candidates
from caseapp.queries.case_images import LoadedCase
from caseapp.queries.case_timeline import since
from caseapp.queries.related_cases import cases_to_merge
from caseapp.queries.timeline_items import TimelineItem
from caseapp.services import case_joint, case_merge
from caseapp.web.officer.changes import carry_out, open_for_change
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import (
    AtMost,
    Filled,
    LineField,
    OneOfField,
    PassageField,
    SomeOfField,
    WriteForm,
    YesNoField,
    offered,
)
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say

_PARTS = {
    Part.PARTIES: lazy_gettext("当事人"),
    Part.RIGHTS: lazy_gettext("权利"),
    Part.GOODS: lazy_gettext("涉案物品"),
    Part.AMOUNTS: lazy_gettext("数额（相加）"),
}


class MergeForm(WriteForm):
    """Which case comes into this one, and what it brings."""

    listed = OneOfField(
        lazy_gettext("并入本案的案件"), description=lazy_gettext("列出本机关同一程序、涉及同一权利或者同一当事人的案件")
    )
    other = LineField(
        lazy_gettext("其他案件的案号或者线索编号"),
        validators=[AtMost(200)],
        description=lazy_gettext("要并入的案件不在列表中的，填写它的编号"),
    )
    take = SomeOfField(lazy_gettext("一并转入本案的内容"))
    reason = PassageField(lazy_gettext("并案理由"), validators=[Filled(), AtMost(case_merge.LONGEST_REASON)])


class SplitForm(WriteForm):
    """What leaves this case, and what the new one is called."""

    title = LineField(lazy_gettext("分出案件的名称"), validators=[Filled(), AtMost(200)])
    parties = SomeOfField(lazy_gettext("分出的当事人"))
    rights = SomeOfField(lazy_gettext("分出的权利"))
    goods = SomeOfField(lazy_gettext("分出的涉案物品"))
    evidence = SomeOfField(lazy_gettext("分出的证据"))
    evidence_in_both = YesNoField(lazy_gettext("所选证据两案都用，原案也保留"))
    kept = SomeOfField(
        lazy_gettext("分出的保管物品"),
        description=lazy_gettext("物品实际由谁保管不变；正在移交的，先确认或者取消"),
    )
    reason = PassageField(lazy_gettext("分案理由"), validators=[Filled(), AtMost(case_merge.LONGEST_REASON)])


class JointForm(WriteForm):
    """Officers of other organs who handle the case too."""

    officers = SomeOfField(lazy_gettext("联合办案机关的办案人员"))
    reason = LineField(lazy_gettext("原因"), validators=[Filled(), AtMost(500)])


def merge_form(case: LoadedCase) -> MergeForm:
    """Return the form as it was sent, or as it begins: everything comes along."""
    form = MergeForm()
    form.take.choices = offered([(part.value, str(name)) for part, name in _PARTS.items()])
    form.listed.choices = offered([("", _("请选择")), *cases_to_merge(ctx(), case.image)])
    if request.method == "GET":
        form.prepare(case.version)
        form.take.data = [part.value for part in Part]
    return form


def asked_case(form: MergeForm) -> str:
    """Return the id of the case that was chosen, or whose number was typed. raises InputError"""
    listed, typed = form.listed.data or "", form.other.data or ""
    if listed and typed and listed != typed:
        raise InputError("other", Message(N_("已经在列表中选择了一件案件，编号请留空")))
    if not listed and not typed:
        raise InputError("listed", Message(N_("请选择并入本案的案件，或者填写它的编号")))
    return case_named(ctx(), listed or typed, field="listed" if listed else "other")


def asked_parts(form: MergeForm) -> list[Part]:
    """Return what shall come along."""
    return [Part(part) for part in form.take.data or ()]


def split_form(case: LoadedCase) -> SplitForm:
    """Return the form as it was sent, or empty, with what there is to choose from."""
    image = case.image
    form = SplitForm()
    form.parties.choices = offered(
        [(party.id, f"{label(party.role, 'party_role')} · {party.name}") for party in image.parties]
    )
    form.rights.choices = offered(
        [(str(place), f"{right.number or ''} {right.title or ''}".strip()) for place, right in enumerate(image.rights)]
    )
    form.goods.choices = offered([(str(place), item.name) for place, item in enumerate(image.goods)])
    form.evidence.choices = offered(
        [(piece.id, f"{piece.number} {piece.title}") for piece in image.evidence if piece.stands]
    )
    form.kept.choices = offered(
        [
            (item.id, f"{item.number} {item.name} {item.quantity} {item.unit}")
            for item in image.custody.items
            if item.went_to is None
        ]
    )
    if request.method == "GET":
        form.prepare(case.version)
    return form


def asked_portion(form: SplitForm) -> Portion:
    """Return what was chosen to go into the new case."""
    return Portion(
        parties=tuple(form.parties.data or ()),
        rights=tuple(int(place) for place in form.rights.data or ()),
        goods=tuple(int(place) for place in form.goods.data or ()),
        evidence=tuple(form.evidence.data or ()),
        evidence_in_both=bool(form.evidence_in_both.data),
        items=tuple(form.kept.data or ()),
    )


@blueprint.route("/cases/<case_id>/merge", methods=["GET", "POST"])
@allow(Permission.CASE_MERGE)
def merge_case(case_id: str) -> ResponseReturnValue:
    """Merge another case into this one."""
    case = open_for_change(case_id)
    form = merge_form(case)
    if request.method == "GET":
        return _merge_page(case, form)
    if not form.validate_on_submit():
        return _merge_page(case, form), 422

    def merge() -> None:
        other = asked_case(form)
        open_for_change(other)
        case_merge.merge(
            ctx(),
            case_id,
            other,
            reason=form.reason.data or "",
            take=asked_parts(form),
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return carry_out(case, form, merge, _merge_page, _("已并案，被并入的案件已结案"))


@blueprint.route("/cases/<case_id>/split", methods=["GET", "POST"])
@allow(Permission.CASE_MERGE)
def split_case(case_id: str) -> ResponseReturnValue:
    """Split a new case off."""
    case = open_for_change(case_id)
    form = split_form(case)
    if request.method == "GET":
        return _split_page(case, form)
    if not form.validate_on_submit():
        return _split_page(case, form), 422
    try:
        made = case_merge.split(
            ctx(),
            case_id,
            asked_portion(form),
            title=form.title.data or "",
            reason=form.reason.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _split_page(case, form), 422
    except StaleCase as error:
        form.seen_version.data = str(error.current)
        return _split_page(case, form, since(ctx(), case.id, error.seen)), 409
    flash(_("已分案，新线索编号 %(number)s", number=made.number), "success")
    return redirect(url_for("officer.case_page", case_id=made.id), 303)


@blueprint.route("/cases/<case_id>/joint", methods=["GET", "POST"])
@allow(Permission.TRANSFER_SEND)
def joint_case(case_id: str) -> ResponseReturnValue:
    """Say which officers of other organs handle the case too."""
    case = open_for_change(case_id)
    people = joint_candidates(ctx(), case.image)
    form = JointForm()
    form.officers.choices = offered([(one.id, f"{say(organ)} · {one.name}") for organ, one in people])
    if request.method == "GET":
        form.prepare(case.version)
        form.officers.data = [one for item in case.image.joint for one in item.officers]
        return _joint_page(case, form)
    if not form.validate_on_submit():
        return _joint_page(case, form), 422
    chosen = set(form.officers.data or ())
    joint: dict[str, list[str]] = {}
    for _organ, one in people:
        if one.id in chosen:
            joint.setdefault(one.organ, []).append(one.id)

    def set_joint() -> None:
        case_joint.set_joint(
            ctx(),
            case_id,
            joint,
            reason=form.reason.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return carry_out(case, form, set_joint, _joint_page, _("联合办案已登记"))


def _merge_page(case: LoadedCase, form: Any, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template("officer/merge_case.html", case=case.image, form=form, changed=changed)


def _split_page(case: LoadedCase, form: Any, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template("officer/split_case.html", case=case.image, form=form, changed=changed)


def _joint_page(case: LoadedCase, form: Any, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template("officer/joint_case.html", case=case.image, form=form, changed=changed)
