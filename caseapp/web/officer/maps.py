"""The map of a proceeding: the way taken, where it stands, what may follow."""

from __future__ import annotations

from markupsafe import Markup

from caseapp.domain.workflow.definition import PREVIOUS, SAME
from caseapp.domain.workflow.diagram import draw_map
from caseapp.queries.case_page import ProceedingPart
from caseapp.web.shared.language import language


def map_of(part: ProceedingPart) -> Markup:
    """Return the map as inline SVG. Its words come from the definition and are escaped by the drawing."""
    procedure, image = part.procedure, part.image
    visited = list(dict.fromkeys([procedure.initial, *(act.to for act in image.acts), image.state]))
    following = {
        post.to
        for action in procedure.actions_from(image.state)
        if action.primary
        for post in action.posts
        if post.to not in (SAME, PREVIOUS, image.state)
    }
    links = {act.to: f"#act-{act.seq}" for act in image.acts}
    drawn = draw_map(
        procedure, language=language(), visited=visited, current=image.state, following=following, links=links
    )
    # An image may hold no links for readers of the screen; a group may, and the states passed are links.
    drawn = drawn.replace('role="img"', 'role="group"', 1)
    return Markup(drawn)  # noqa: S704 - the drawing escapes every word; nothing typed is in it
