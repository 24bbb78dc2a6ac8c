"""One clock told day by day: as a part of the case page, and as a page that prints."""

from __future__ import annotations

from flask import render_template, request

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_clocks import clock_story
from caseapp.queries.visibility import require_visible
from caseapp.services.access_log import note_read
from caseapp.web.officer.opening import moment_asked
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/cases/<case_id>/clocks/<proceeding_id>/<int:ordinal>")
@allow(Permission.CASE_READ)
def clock(case_id: str, proceeding_id: str, ordinal: int) -> str:
    """Explain a deadline with a wall calendar."""
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "page")
    when = moment_asked()
    story = clock_story(ctx(), case_id, proceeding_id, ordinal, as_of=when.as_of, known_at=when.known_at)
    template = "officer/_clock_story.html" if request.headers.get("HX-Request") else "officer/clock.html"
    return render_template(template, story=story, case_id=case_id)
