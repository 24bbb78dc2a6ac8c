"""监督: the list "should have been transferred", for procuratorates and supervisors."""

from __future__ import annotations

from flask import render_template, request
from flask.blueprints import BlueprintSetupState

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.supervision.ranking import FindingKind
from caseapp.queries.supervision_list import CAP, TABS, Key, finding_list, require_supervisor
from caseapp.queries.visibility import is_procurator
from caseapp.services.supervision_refresh import refresh
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.navigation import open_in_navigation
from caseapp.web.shared.paging import decode_cursor, pager


@blueprint.record_once
def _door(state: BlueprintSetupState) -> None:
    """Open the room to procurators and supervisors; police and courts have no such list."""
    open_in_navigation(state.app, "liaison.console", _supervises)


def _supervises() -> bool:
    return Role.LIAISON not in ctx().actor.roles or is_procurator(ctx())


@blueprint.get("/supervision")
@allow(Permission.SUPERVISION_SEE)
def console() -> str:
    """List what should have been transferred, ranked; whatever was written since the last look is looked at first."""
    require_supervisor(ctx())
    looked = refresh(ctx())
    tab = request.args.get("tab", TABS[0])
    kind = request.args.get("kind") or None
    if tab not in TABS or (kind is not None and kind not in set(FindingKind)):
        raise InputError("tab", "")
    organ = request.args.get("organ") or None
    found = finding_list(
        ctx(),
        handling=tab,
        kind=FindingKind(kind) if kind else None,
        organ=organ,
        after=_after(request.args.get("after")),
    )
    return render_template(
        "liaison/console.html",
        found=found,
        pager=pager(len(found.lines), after=found.after, total=found.total, cap=CAP),
        tab=tab,
        kind=kind,
        organ=organ,
        kinds=tuple(FindingKind),
        more=looked.more,
        writes=is_procurator(ctx()),
    )


def _after(text: str | None) -> Key | None:
    if not text:
        return None
    parts = decode_cursor(text)
    first = parts[0] if parts else None
    if len(parts) != 5 or not isinstance(first, int) or not all(isinstance(part, str) for part in parts[1:]):
        raise InputError("after", "")
    since, case_id, kind, subject = map(str, parts[1:])
    return first, since, case_id, kind, subject
