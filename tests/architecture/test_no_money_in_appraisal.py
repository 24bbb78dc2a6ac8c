"""Fines and confiscations enter no figure by which an office or a person is judged (行政处罚法 art 74).

Guarded where it cannot be forgotten: the code and the tables that appraisal figures are made of do not know money.
"""

from __future__ import annotations

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.models.closure_case import ClosureCase
from tests.architecture.tree import REPOSITORY, shown

MONEY = re.compile(
    r"(?:^|_)(?:amounts?|fen|yuan|money|fined?|fines|turnover|gains|confiscat\w*|penalty_sum|sales|proceeds)(?:_|$)"
)
APPRAISAL = sorted(
    {
        *(path for path in (REPOSITORY / "caseapp/domain/metrics").glob("*.py") if path.stem != "transfers"),
        *(
            path
            for room in ("queries", "services", "models", "jobs", "cli")
            for stem in (
                "board*",
                "closure*",
                "reach",
                "signs",
                "forecast",
                "figure*",
                "restate*",
                "told_hist*",
                "case_histories",
                "metrics",
                "target*",
                "indicator*",
            )
            for path in (REPOSITORY / "caseapp" / room).glob(f"{stem}.py")
        ),
    }
)


def names_of(path: Path) -> set[str]:
    """Return every name that code uses: variables, attributes, arguments, modules, keys; no docstrings."""
    found: set[str] = set()
    for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match part:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                found.add(name)
            case ast.alias(name=name):
                found |= set(name.split("."))
            case ast.ImportFrom(module=str(module)):
                found |= set(module.split("."))
            case ast.Constant(value=str(text)) if text.isidentifier():
                found.add(text)
    return found


def test_there_is_code_to_look_at() -> None:
    assert {"closure.py", "policy.py", "closure_case.py", "figures.py"} <= {path.name for path in APPRAISAL}


@pytest.mark.parametrize("name", ["amounts", "turnover_fen", "fine", "money", "total_confiscated"])
def test_the_words_of_money_are_recognised(name: str) -> None:
    assert MONEY.search(name)


@pytest.mark.parametrize("path", APPRAISAL, ids=shown)
def test_code_of_appraisal_figures_does_not_know_money(path: Path) -> None:
    assert {name for name in names_of(path) if MONEY.search(name.lower())} == set()


def test_neither_what_a_figure_reads_nor_by_what_it_is_split_is_money() -> None:
    read = {*leaves(CaseHistory), *leaves(MetricPolicy), *ClosureCase.__table__.c.keys(), *Dimension}
    assert {"filed_on", "manner", "division"} <= read
    assert {name for name in read if MONEY.search(name)} == set()


def leaves(kind: Any) -> set[str]:
    """Return the names of all fields of a dataclass and of those within it."""
    found: set[str] = set()
    for item in fields(kind):
        found.add(item.name)
        hint = get_type_hints(kind)[item.name]
        for inner in (hint, *get_args(hint)):
            if is_dataclass(inner):
                found |= leaves(inner)
    return found
