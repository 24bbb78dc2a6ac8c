"""Organs: the tree, and how each is reached."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.organ_tree import OrganDetail, organ_tree
from caseapp.queries.organ_tree import organ as organ_of
from caseapp.services import letterhead_change, organ_contacts
from caseapp.web.admin.forms import ContactForm
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.paging import url_with


@blueprint.get("/admin/organs")
@allow(Permission.ORGAN_SEE)
def organs() -> str:
    """Show the tree, or those of a kind or without contact data."""
    kind, only = request.args.get("kind", ""), request.args.get("only", "")
    tree = organ_tree(ctx())
    rows = [row for row in tree if (not kind or row.kind == kind) and (only != "incomplete" or row.incomplete)]
    tabs = [
        {"name": _("全部"), "url": url_with(only=None), "active": only != "incomplete", "count": len(tree)},
        {
            "name": _("联系信息不全"),
            "url": url_with(only="incomplete"),
            "active": only == "incomplete",
            "count": sum(row.incomplete for row in tree),
        },
    ]
    return render_template("admin/organs.html", rows=rows, tabs=tabs, kind=kind, filtered=bool(kind or only))


@blueprint.get("/admin/organs/<organ_id>")
@allow(Permission.ORGAN_SEE)
def organ(organ_id: str) -> str:
    """Show one organ, with the form of its contact data for who keeps it."""
    detail = organ_of(ctx(), organ_id)
    contact = detail.row.contact
    return _page(detail, ContactForm(data={**asdict(contact), "mark": contact.mark}))


@blueprint.post("/admin/organs/<organ_id>")
@allow(Permission.ORGAN_CHANGE)
def change_contact(organ_id: str) -> ResponseReturnValue:
    """Set the contact data."""
    detail = organ_of(ctx(), organ_id)
    form = ContactForm()
    if not form.validate_on_submit():
        return _page(detail, form), 422
    try:
        changed = organ_contacts.change(ctx(), organ_id, form.contact(), seen=form.mark.data or "")
    except InputErrors as wrong:
        form.place_errors(wrong)
        return _page(detail, form), 422
    flash(_("联系信息已保存") if changed else _("内容没有变化"), "success" if changed else "info")
    return redirect(url_for("admin.organ", organ_id=organ_id), 303)


def _page(detail: OrganDetail, form: ContactForm) -> str:
    kept = letterhead_change.is_kept(ctx(), detail.row.id)
    return render_template("admin/organ.html", detail=detail, form=form, letterhead_kept=kept)
