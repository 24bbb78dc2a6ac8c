"""Drawings of procedures: well-formed, complete, without script, readable at a desk's width."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.diagram import draw, draw_map
from caseapp.domain.workflow.parse import parse
from tests.domain.workflow.definitions import sound, words

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def procedure() -> Procedure:
    found, problems = parse(sound(), file="small.yaml")
    assert found is not None
    assert problems == ()
    return found


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def groups(svg: str, word: str) -> list[str]:
    """Return the titles of the states that carry a class."""
    return [
        group.findtext(f"{SVG}title", "")
        for group in tree(svg).iter(f"{SVG}g")
        if word in group.get("class", "").split()
    ]


def texts(svg: str) -> str:
    return "\n".join("".join(part.itertext()) for part in tree(svg).iter(f"{SVG}text"))


def test_every_state_is_drawn_once(procedure: Procedure) -> None:
    assert sorted(groups(draw(procedure), "state")) == sorted(["线索", "办理", "中止", "已决定", "已结案"])


def test_every_action_that_moves_the_case_is_named(procedure: Procedure) -> None:
    shown = texts(draw(procedure)) + "".join(part.text or "" for part in tree(draw(procedure)).iter(f"{SVG}title"))
    for action in procedure.actions:
        if any(post.to != "@same" for post in action.posts):
            assert action.name.zh in shown


def test_the_drawing_is_in_the_language_asked_for() -> None:
    document = sound()
    document["states"]["open"]["name"] = {"zh": "办理", "en": "In progress"}
    found, _ = parse(document, file="small.yaml")
    assert found is not None
    assert "In progress" in groups(draw(found, language="en"), "state")
    assert "办理" in groups(draw(found, language="zh"), "state")


def test_the_present_state_and_the_way_taken_are_marked(procedure: Procedure) -> None:
    svg = draw(procedure, visited=("lead", "open"), current="decided")
    assert groups(svg, "current") == ["已决定"]
    assert groups(svg, "visited") == ["线索", "办理"]
    assert len(re.findall(r'class="edge[^"]*taken', svg)) == 2


def test_states_can_be_links(procedure: Procedure) -> None:
    svg = draw(procedure, links={"open": "/cases/1?state=open&x=1"})
    assert tree(svg).get("role") == "group"
    assert tree(draw(procedure)).get("role") == "img"
    (link,) = tree(svg).iter(f"{SVG}a")
    assert link.get("href") == "/cases/1?state=open&x=1"


def test_names_cannot_break_out_of_the_drawing() -> None:
    document = sound()
    document["states"]["open"]["name"] = words("<script>alert(1)</script>")
    document["actions"]["close"]["name"] = words("a & b \"c\" 'd'")
    found, _ = parse(document, file="small.yaml")
    assert found is not None
    for svg in (draw(found), draw_map(found, current="open")):
        tree(svg)
        assert "<script" not in svg


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_script_no_style_and_no_handler(procedure: Procedure, language: str) -> None:
    for svg in (draw(procedure, language=language), draw_map(procedure, language=language, current="open")):
        for part in tree(svg).iter():
            assert part.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject")
            assert not [name for name in part.attrib if name == "style" or name.startswith("on")]


def test_a_drawing_is_always_the_same(procedure: Procedure) -> None:
    assert draw(procedure) == draw(procedure)


def test_the_map_shows_the_main_way_and_where_the_case_is(procedure: Procedure) -> None:
    document = sound()
    for name in ("file", "decide", "close"):
        document["actions"][name]["primary"] = True
    found, _ = parse(document, file="small.yaml")
    assert found is not None
    svg = draw_map(found, visited=("lead",), current="open", following=("paused", "decided"))
    assert groups(svg, "state") == ["线索", "办理", "中止", "已决定", "已结案"]
    assert groups(svg, "current") == ["办理"]
    assert groups(svg, "visited") == ["线索"]
    assert groups(svg, "next") == ["中止", "已决定"]
    assert groups(svg, "ahead") == ["已结案"]


def test_the_map_leaves_out_what_is_not_on_the_way(procedure: Procedure) -> None:
    assert "中止" not in groups(draw_map(procedure, current="open"), "state")
