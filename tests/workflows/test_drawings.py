"""The shipped procedures as drawings: nothing covers anything else, and a desk's screen is wide enough."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from caseapp.adapters.definition_files import load_procedures
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.diagram import draw, draw_map
from tests.workflows.transition_tables import FOLDERS

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted({path.name.split(".")[0] for folder in FOLDERS for path in folder.glob("procedures/*.yaml")})
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def procedures() -> ProcedureSet:
    return load_procedures(FOLDERS)


def boxes(svg: str, group: str) -> list[Box]:
    """Return (left, top, right, bottom) of every rectangle in a group of the drawing."""
    found = []
    for part in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if part.get("class") == group:
            for rect in part.iter(f"{SVG}rect"):
                x, y, width, height = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
                found.append((x, y, x + width, y + height))
    return found


def touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("procedure_id", NAMES)
def test_nothing_covers_anything(procedures: ProcedureSet, procedure_id: str, language: str) -> None:
    svg = draw(procedures.get(procedure_id), language=language)
    states, labels = boxes(svg, "states"), boxes(svg, "labels")
    assert len(states) >= len(procedures.get(procedure_id).states)
    assert not [pair for pair in combinations(states, 2) if touch(*pair)]
    assert not [pair for pair in combinations(labels, 2) if touch(*pair)]
    assert not [(state, label) for state in states for label in labels if touch(state, label)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_general_procedure_fits_a_screen_of_1400_pixels(procedures: ProcedureSet, language: str) -> None:
    root = ElementTree.fromstring(draw(procedures.get("penalty_general"), language=language))
    assert float(root.get("width", "0")) <= 1400
    left, top, width, height = (float(part) for part in root.get("viewBox", "").split())
    for x0, y0, x1, y1 in boxes(draw(procedures.get("penalty_general"), language=language), "states"):
        assert left <= x0 < x1 <= left + width
        assert top <= y0 < y1 <= top + height


def test_cells_of_the_map_do_not_overlap(procedures: ProcedureSet) -> None:
    general = procedures.get("penalty_general")
    everything = [state.id for state in general.states]
    cells = boxes(draw_map(general, visited=everything, current="closed", following=everything), "states")
    assert len(cells) == len(everything)
    assert not [pair for pair in combinations(cells, 2) if touch(*pair)]
