"""An organ's letterhead, signature block and usual phrases."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.letterheads import PLACES, LetterheadText, letterhead, letterheads
from caseapp.queries.organ_tree import organ as organ_of
from caseapp.services import letterhead_change
from caseapp.services.letterhead_change import LONGEST
from caseapp.web.admin.forms import MarkedForm
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, LineField, PassageField
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say

ADDRESS = "/admin/organs/<organ_id>/letterhead"
ONE_A_LINE = lazy_gettext("一行一条；在填写时点选")


class LetterheadForm(MarkedForm):
    """What stands on top and at the end of papers. Phrases are one a line, a field for each place."""

    head = LineField(
        lazy_gettext("发文机关标志（红头）"), [AtMost(LONGEST["head"])], description=lazy_gettext("不填则为机关全称")
    )
    signature = PassageField(
        lazy_gettext("落款"), [AtMost(LONGEST["signature"])], description=lazy_gettext("可以分行；不填则为机关全称")
    )
    contact = LineField(
        lazy_gettext("文末联系方式"), [AtMost(LONGEST["contact"])], description=lazy_gettext("选填，印在文书末尾")
    )

    def text(self) -> LetterheadText:
        """Return what was filled in, with the version that the form was made from."""
        mark = self.mark.data or ""
        return LetterheadText(
            version=int(mark) if mark.isascii() and mark.isdigit() else -1,
            head=(self.head.data or "").strip(),
            signature=(self.signature.data or "").strip(),
            contact=(self.contact.data or "").strip(),
            phrases={place: _lines(self[place].data) for place in PLACES},
        )


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _form(**settings: Any) -> LetterheadForm:
    """Return the form with a field for each place, named in the reader's language."""
    fields = {place: PassageField(say(name), [AtMost(6000)], description=ONE_A_LINE) for place, name in PLACES.items()}
    made: LetterheadForm = type("LetterheadForm", (LetterheadForm,), fields)(**settings)
    return made


@blueprint.get(ADDRESS, endpoint="letterhead")
@allow(Permission.LETTERHEAD_CHANGE)
def show_letterhead(organ_id: str) -> str:
    """Show the letterhead in use and its earlier versions."""
    letterhead_change.require_keeper(ctx(), organ_id)
    now = letterhead(ctx(), organ_id)
    filled = {place: "\n".join(now.phrases.get(place, ())) for place in PLACES}
    data = {"mark": str(now.version), "head": now.head, "signature": now.signature, "contact": now.contact, **filled}
    return _page(organ_id, _form(formdata=None, data=data))


@blueprint.post(ADDRESS)
@allow(Permission.LETTERHEAD_CHANGE)
def change_letterhead(organ_id: str) -> ResponseReturnValue:
    """Keep what was typed as a new version."""
    form = _form()
    if not form.validate_on_submit():
        return _page(organ_id, form), 422
    try:
        version = letterhead_change.change(ctx(), organ_id, form.text())
    except InputErrors as wrong:
        form.place_errors(wrong)
        return _page(organ_id, form), 422
    flash(_("已保存，现用第 %(n)s 版", n=version), "success")
    return redirect(url_for("admin.letterhead", organ_id=organ_id), 303)


@blueprint.post(f"{ADDRESS}/draft.pdf")
@allow(Permission.LETTERHEAD_CHANGE)
def letterhead_draft(organ_id: str) -> Response:
    """Show a draft notice under what was typed."""
    response = make_response(letterhead_change.preview_pdf(ctx(), organ_id, _form().text()))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = "inline"
    return response


def _page(organ_id: str, form: LetterheadForm) -> str:
    return render_template(
        "admin/letterhead.html",
        detail=organ_of(ctx(), organ_id),
        form=form,
        places=tuple(PLACES),
        versions=letterheads(ctx(), organ_id),
    )
