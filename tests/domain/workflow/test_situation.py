"""What guards look at: certificates, facts old and new, the latest clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import ClockView, Officer
from tests.factories.chronicles import OPENED, Chronicle, day
from tests.factories.procedures import TALE, tale

ON = date(2026, 3, 2)
CERTIFIED = Officer("o", "某", "320612-ip", frozenset({Role.OFFICER}), "F1", date(2026, 1, 1), date(2026, 12, 31))

CERTIFICATES = {
    "valid": ({}, True),
    "on its first day": ({"certificate_from": ON}, True),
    "on its last day": ({"certificate_until": ON}, True),
    "not yet": ({"certificate_from": date(2026, 3, 3)}, False),
    "no longer": ({"certificate_until": date(2026, 3, 1)}, False),
    "without beginning": ({"certificate_from": None}, True),
    "without end": ({"certificate_until": None}, True),
    "without number": ({"certificate_number": None}, False),
    "of an empty number": ({"certificate_number": ""}, False),
    "of somebody who has left": ({"active": False}, False),
}


@pytest.mark.parametrize(("change", "expected"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate_of_enforcement(change: dict[str, object], expected: bool) -> None:
    assert replace(CERTIFIED, **change).is_certified(ON) is expected  # type: ignore[arg-type]


def test_what_is_entered_wins_over_what_was_known_even_where_it_is_nothing() -> None:
    case = Chronicle(tale(), TALE).opened().acted("note", "lead", day(1), facts={"a": 1, "b": 2})
    blank = case.situation()
    assert (blank.fact("a"), blank.fact("c")) == (1, None)
    entered = replace(blank, fields={"a": 5, "b": None})
    assert (entered.fact("a"), entered.fact("b"), entered.fact("c")) == (5, None, None)


def test_of_several_clocks_of_a_rule_the_latest_is_meant() -> None:
    views = tuple(
        ClockView(rule, OPENED, None, None, met) for rule, met in (("P10", True), ("P10", None), ("P11", False))
    )
    seen = Chronicle(tale(), TALE).opened().situation(clocks=views)
    assert seen.clock("P10") is views[1]
    assert seen.clock("P99") is None
