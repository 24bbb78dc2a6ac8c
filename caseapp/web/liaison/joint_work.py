"""协作: the board of joint work, shared by the organs that take part in it."""

from __future__ import annotations

import re

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import MultipleFileField

from caseapp.domain.errors import InputError, Message, NotFound, RuleRefused, StaleCase
from caseapp.domain.joint_work import Answer, JointKind
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.joint_work import CAP, TABS, WorkPage, waiting_for_us, work_list, work_page
from caseapp.services import joint_work
from caseapp.services.joint_work import WorkDraft
from caseapp.services.joint_work_files import Upload
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.fields import DayField, LineField, OneOfField, PassageField, SomeOfField
from caseapp.web.shared.forms import AtMost, Filled, WriteForm, offered
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say
from caseapp.web.shared.navigation import count_in_navigation
from caseapp.web.shared.paging import decode_cursor, pager
from caseapp.web.shared.uploads import takes_files

_BETWEEN = re.compile(r"[\s,，、;；]+")


class NewWorkForm(WriteForm):
    """What a joint work is about, and who is asked."""

    topic = OneOfField(lazy_gettext("衔接环节"), validators=[Filled()])
    subject = LineField(lazy_gettext("事由"), validators=[Filled(), AtMost(joint_work.LONGEST_SUBJECT)])
    body = PassageField(lazy_gettext("内容"), validators=[Filled(), AtMost(joint_work.LONGEST_TEXT)])
    invited = SomeOfField(lazy_gettext("参加机关"), validators=[Filled()])
    wanted_on = DayField(lazy_gettext("希望答复的日期"))
    cases = LineField(lazy_gettext("相关案件的案号"), validators=[AtMost(400)])
    files = MultipleFileField(lazy_gettext("附件"))


class PostForm(WriteForm):
    """What is written on the board."""

    text = PassageField(lazy_gettext("内容"), validators=[AtMost(joint_work.LONGEST_TEXT)])
    files = MultipleFileField(lazy_gettext("附件（办结时不带）"))


@blueprint.record_once
def _count_invitations(state: BlueprintSetupState) -> None:
    count_in_navigation(state.app, "liaison.joint_list", lambda: waiting_for_us(ctx()))


@blueprint.get("/joint-work", endpoint="joint_list")
@allow(Permission.JOINT_SEE)
def list_work() -> str:
    """List the joint work in which the reader's organ takes part."""
    tab, kind = request.args.get("tab", "open"), request.args.get("kind") or None
    if tab not in TABS:
        raise InputError("tab", "")
    words = request.args.get("q", "")
    found = work_list(ctx(), tab=tab, kind=kind, words=words, after=_after(request.args.get("after")))
    return render_template(
        "liaison/joint_list.html",
        found=found,
        pager=pager(len(found.lines), after=found.after, total=found.total, cap=CAP),
        tab=tab,
        kind=kind,
        words=words,
        kinds=ctx().law.joint_work.kinds,
        offers=_offers(),
    )


@blueprint.get("/joint-work/new/<kind_id>", endpoint="joint_new")
@allow(Permission.JOINT_WRITE)
def show_new(kind_id: str) -> str:
    """Show the form of a new joint work."""
    kind = _offered_kind(kind_id)
    form = _new_form(kind, NewWorkForm(formdata=None))
    form.prepare(0)
    return render_template("liaison/joint_new.html", kind=kind, form=form)


@blueprint.post("/joint-work/new/<kind_id>")
@allow(Permission.JOINT_WRITE)
@takes_files
def begin(kind_id: str) -> ResponseReturnValue:
    """Begin a joint work, or say what stands in the way."""
    kind = _offered_kind(kind_id)
    form = _new_form(kind, NewWorkForm())
    if not form.validate_on_submit():
        return render_template("liaison/joint_new.html", kind=kind, form=form), 422
    draft = WorkDraft(
        kind=kind.id,
        topic=form.topic.data or "",
        subject=form.subject.data or "",
        body=form.body.data or "",
        invited=tuple(form.invited.data or ()),
        wanted_on=form.wanted_on.data,
        cases=tuple(one for one in _BETWEEN.split(form.cases.data or "") if one),
    )
    try:
        made = joint_work.begin_work(ctx(), draft, files=_uploads(form.files), idempotency_key=form.submission_key)
    except InputError as error:
        form.place_errors(error)
        return render_template("liaison/joint_new.html", kind=kind, form=form), 422
    flash(_("已发起，参加机关会收到通知"), "success")
    return redirect(url_for("liaison.joint_page", work_id=made.id), 303)


@blueprint.get("/joint-work/<work_id>", endpoint="joint_page")
@allow(Permission.JOINT_SEE)
def show_work(work_id: str) -> str:
    """Show one joint work."""
    return _show(work_page(ctx(), work_id), PostForm(formdata=None))


@blueprint.post("/joint-work/<work_id>/<act>", endpoint="joint_write")
@allow(Permission.JOINT_WRITE)
@takes_files
def write(work_id: str, act: str) -> ResponseReturnValue:
    """Accept, decline, reply, keep minutes or end."""
    page = work_page(ctx(), work_id)
    form = PostForm()
    if not form.validate_on_submit():
        return _show(page, form), 422
    text, key = form.text.data or "", form.submission_key
    try:
        if act in (Answer.ACCEPTED, Answer.DECLINED):
            joint_work.answer_work(ctx(), work_id, Answer(act), text, files=_uploads(form.files), idempotency_key=key)
        elif act in ("reply", "minutes"):
            files = _uploads(form.files)
            joint_work.write_in_work(ctx(), work_id, text, minutes=act == "minutes", files=files, idempotency_key=key)
        elif act == "end":
            joint_work.end_work(ctx(), work_id, text, idempotency_key=key)
        else:
            raise NotFound(Message(_("没有这一事项")))
    except InputError as error:
        form.place_errors(error)
        return _show(page, form), 422
    except (RuleRefused, StaleCase) as refused:
        flash(say(refused.message), "error")
        return _show(work_page(ctx(), work_id), form), 409
    flash(_("已记入协作事项"), "success")
    return redirect(url_for("liaison.joint_page", work_id=work_id), 303)


def _uploads(field: MultipleFileField) -> tuple[Upload, ...]:
    return tuple((one.filename, one.stream) for one in field.data or () if getattr(one, "filename", ""))


def _show(page: WorkPage, form: PostForm) -> str:
    if not form.is_submitted():
        form.prepare(page.version)
    return render_template("liaison/joint_page.html", page=page, form=form)


def _offers() -> tuple[JointKind, ...]:
    """Return the kinds that the reader's organ may begin."""
    organs = ctx().law.organs
    return ctx().law.joint_work.opened_by(organs.get(ctx().actor.organ).kind) if ctx().actor.organ in organs else ()


def _offered_kind(kind_id: str) -> JointKind:
    kind = next((one for one in _offers() if one.id == kind_id), None)
    if kind is None:
        raise NotFound(Message(_("没有这种协作事项")))
    return kind


def _new_form(kind: JointKind, form: NewWorkForm) -> NewWorkForm:
    today, own = ctx().today(), ctx().actor.organ
    form.topic.choices = offered([(name, say(words)) for name, words in ctx().law.joint_work.topics.items()])
    form.invited.choices = [
        (one.id, say(one.name))
        for one in huhang().organs
        if one.kind in kind.invites and one.id != own and one.in_force(today)
    ]
    return form


def _after(text: str | None) -> tuple[str, str] | None:
    if not text:
        return None
    parts = decode_cursor(text)
    if len(parts) != 2 or not all(isinstance(part, str) for part in parts):
        raise InputError("after", "")
    return str(parts[0]), str(parts[1])
