"""Mirrors caseapp/domain/bound_file.py."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caseapp.domain.bound_file import (
    BindingRules,
    Course,
    Expected,
    Fragment,
    Missing,
    Section,
    When,
    arranged,
    listed,
    manifest,
    missing,
    paginated,
)
from caseapp.domain.documents import Volume


def paper(key: str, order: int, day: int, *, volume: Volume = Volume.MAIN, **more: Any) -> Fragment:
    settings: dict[str, Any] = {"kind": "document", "type": key.rstrip("0123456789"), "title": key, "media": "a/b"}
    return Fragment(key=key, volume=volume, order=order, on=date(2026, 3, day), sha256="ab", **{**settings, **more})


RULES = BindingRules(
    volumes={Volume.MAIN: ({"zh": "正卷"}, (Section(1, {"zh": "立案"}), Section(2, {"zh": "决定"})))},
    expected=(
        Expected(("p",), ("filing",)),
        Expected(("p",), ("decision",), When("decided", outcome="penalty")),
        Expected(("p",), ("receipt",), When("decided", outcome="penalty"), of="decision", label="决定书的送达回证"),
        Expected(("p",), ("record",), When(acts=("hold",))),
        Expected(("q",), ("other",)),
        Expected(("p",), ("closing",), When("closed", manner="executed")),
    ),
)


def test_a_volume_is_in_the_order_of_places_then_days_then_of_issue() -> None:
    loose = [
        paper("d", 3, 5),
        paper("a2", 1, 9),
        paper("a1", 1, 2),
        paper("s", 1, 1, volume=Volume.SIDE),
        paper("e", 3, 5),
    ]
    assert [item.key for item in arranged(loose, Volume.MAIN)] == ["a1", "a2", "d", "e"]
    assert [item.key for item in arranged(loose, Volume.SIDE)] == ["s"]


def test_a_proof_of_service_stands_behind_what_was_served_whatever_its_own_place() -> None:
    loose = [
        paper("notice", 3, 4),
        paper("receipt1", 2, 5, follows=("notice",)),
        paper("decision", 2, 20),
        paper("receipt2", 2, 22, follows=("decision",)),
        paper("letter", 3, 6),
    ]
    assert [item.key for item in arranged(loose, Volume.MAIN)] == [
        "decision",
        "receipt2",
        "notice",
        "receipt1",
        "letter",
    ]


def test_a_proof_of_what_is_not_there_keeps_its_own_place() -> None:
    assert [item.key for item in arranged([paper("receipt", 2, 5, follows=("x",)), paper("a", 1, 9)], Volume.MAIN)] == [
        "a",
        "receipt",
    ]


def test_pages_run_on_through_the_volume() -> None:
    bound = paginated([paper("a", 1, 1), paper("b", 1, 2), paper("c", 1, 3)], [2, 1, 4])
    assert [(item.ordinal, item.first, item.last) for item in bound] == [(1, 1, 2), (2, 3, 3), (3, 4, 7)]


def course(*acts: str, outcome: str = "", manner: str = "") -> Course:
    told: list[tuple[str, dict[str, Any]]] = [("decided", {"outcome": outcome})] if outcome else []
    told += [("closed", {"manner": manner})] if manner else []
    return Course(frozenset({"p"}), tuple(told), frozenset(acts))


@pytest.mark.parametrize(
    ("been", "here", "lacks"),
    [
        (course(), [], ["立案审批表"]),
        (course(), [paper("filing", 1, 1)], []),
        (course(outcome="penalty"), [paper("filing", 1, 1)], ["decision", "决定书的送达回证"]),
        (course(outcome="no_penalty"), [paper("filing", 1, 1)], []),
        (course("hold"), [paper("filing", 1, 1)], ["record"]),
        (course(manner="executed"), [paper("filing", 1, 1)], ["closing"]),
        (course(manner="moved"), [paper("filing", 1, 1)], []),
    ],
)  # fmt: skip
def test_what_is_expected_follows_from_what_the_case_has_been_through(
    been: Course, here: list[Fragment], lacks: list[str]
) -> None:
    names = {"filing": "立案审批表"}
    assert [item.label for item in missing(RULES, been, here, names, {})] == lacks


def test_a_paper_called_for_on_two_occasions_or_void_since_is_missed_once() -> None:
    rules = BindingRules(
        expected=(
            Expected(("p",), ("form",), When(acts=("ask",))),
            Expected(("p",), ("form",), When(acts=("refuse",))),
            Expected(("p",), ("letter",), When(issued="letter")),
        )
    )
    been = replace(course("ask", "refuse"), issued=frozenset({"letter"}))
    assert [item.key for item in missing(rules, been, [], {}, {})] == ["form", "letter"]
    assert [item.key for item in missing(rules, been, [paper("letter", 1, 1)], {}, {})] == ["form"]
    assert missing(rules, course(), [], {}, {}) == ()


def test_a_proof_of_another_service_does_not_do() -> None:
    here = [paper("filing", 1, 1), paper("decision", 2, 2), paper("notice", 3, 1)]
    proof = paper("receipt", 2, 3, follows=("notice",))
    reasons = {"receipt-decision": "公告送达，期满另附"}
    (lacking,) = missing(RULES, course(outcome="penalty"), [*here, proof], {}, reasons)
    assert lacking == Missing("receipt-decision", "决定书的送达回证", "公告送达，期满另附")
    right = paper("receipt", 2, 3, follows=("decision",))
    assert missing(RULES, course(outcome="penalty"), [*here, right], {}, {}) == ()


def test_the_list_names_every_item_with_pages_hash_and_place() -> None:
    bound = paginated([paper("filing", 1, 1), paper("x", 2, 2, kind="scan", origin="cd")], [1, 2])
    told = json.loads(
        manifest(
            case={"id": "c"},
            made_at="2026-03-02",
            sealed=True,
            volumes=[{"volume": "main", "items": listed(RULES, bound)}],
            lacking=[Missing("k", "某件", "没有")],
        )
    )
    first, second = told["volumes"][0]["items"]
    assert (first["section"], first["pages"], first["sha256"], first["printed"]) == ("立案", [1, 1], "sha256:ab", None)
    assert (second["section"], second["pages"], second["printed"]) == ("决定", [2, 3], "sha256:cd")
    assert told["missing"] == [{"label": "某件", "reason": "没有"}]
    assert (told["format"], told["sealed"]) == ("huhang-case-file-1", True)
    assert RULES.section_name(Volume.SIDE, 1) == ""
