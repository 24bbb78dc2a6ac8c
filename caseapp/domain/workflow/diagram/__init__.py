"""A procedure drawn as SVG on the server: no script, prints as it is, every part has a CSS class.

Two drawings: `draw`, layered from top to bottom with every action on its edge, for reading a definition; and
`draw_map`, a compact row from left to right for a case page, with the way taken, the present state and what may follow.

Actions that may be taken in many states (suspension, transfer, reopening …) would bury the way in lines; they are
listed below the drawing instead. The order in which a definition lists its states says which way is forward.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.diagram.case_map import Map
from caseapp.domain.workflow.diagram.full import Drawing


def draw(
    procedure: Procedure,
    *,
    language: str = "zh",
    visited: Collection[str] = (),
    current: str | None = None,
    links: Mapping[str, str] | None = None,
) -> str:
    """Return the whole procedure as an SVG document.

    visited, current  states to mark: passed through, and where the case stands
    links             state id → address to open when it is clicked
    """
    return Drawing(procedure, language, frozenset(visited), current, links or {}).svg()


def draw_map(
    procedure: Procedure,
    *,
    language: str = "zh",
    visited: Sequence[str] = (),
    current: str | None = None,
    following: Collection[str] = (),
    links: Mapping[str, str] | None = None,
) -> str:
    """Return a compact map from left to right: one column for each step of the way.

    visited    states the case went through, in order
    following  states that may come next
    """
    return Map(procedure, language, tuple(visited), current, frozenset(following), links or {}).svg()
