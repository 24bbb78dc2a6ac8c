"""What a liaison is told: terms and whom to ask, and nothing of any case."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from caseapp.context import Context
from caseapp.domain.clocks.rules import Unit
from caseapp.queries.liaison import Side, liaison_desk
from tests.support.app import ORGAN

As = Callable[[str], AbstractContextManager[Context]]


def seated(ctx: Context, organ: str) -> Context:
    return ctx.acting_as(replace(ctx.actor, organ=organ), scope=ctx.scope)


def test_the_police_see_the_terms_of_a_transfer_and_which_bind_them(as_user: As) -> None:
    with as_user("police") as ctx:
        desk = liaison_desk(ctx)
        assert {term.id for term in desk.terms} == {"T04", "T05", "T07", "T08", "T09", "T10", "T11", "T15"}
        assert {term.id for term in desk.terms if term.own} == {"T07", "T08", "T10"}
        handing_over = next(term for term in desk.terms if term.id == "T05")
        assert (handing_over.version.rule.limit, handing_over.version.rule.unit) == (24, Unit.HOURS)
        assert handing_over.version.rule.citation == "行政执法机关移送涉嫌犯罪案件的规定 第5条"
        assert {duty.id for duty in desk.duties} >= {"T02", "T06", "T13"}


@pytest.mark.parametrize(
    ("organ", "terms", "own"),
    [
        ("320612-procuratorate", "T", set()),
        ("320612-court", "PC", {"P19a", "P19b", "P19c", "C02", "C05", "C06", "C10"}),
    ],
)
def test_every_kind_of_organ_sees_the_terms_that_concern_it(as_user: As, organ: str, terms: str, own: set[str]) -> None:
    with as_user("police") as ctx:
        desk = liaison_desk(seated(ctx, organ))
        assert desk.terms
        assert all(term.id[0] in terms for term in desk.terms)
        assert {term.id for term in desk.terms if term.own} == own
        assert any(term.side is Side.ADMINISTRATION for term in desk.terms)


def test_every_term_names_its_article(as_user: As) -> None:
    with as_user("police") as ctx:
        for organ in ("320612-police", "320612-court"):
            assert all(term.version.rule.article for term in liaison_desk(seated(ctx, organ)).terms)


def test_a_district_asks_its_own_authority_first_and_then_the_citys(as_user: As) -> None:
    with as_user("police") as ctx:
        asked = [line.id for line in liaison_desk(ctx).contacts]
        assert asked == [ORGAN, "320600-ip", "320600-cr"]


def test_the_city_may_ask_every_authority_of_the_city(as_user: As) -> None:
    with as_user("police") as ctx:
        asked = {line.id for line in liaison_desk(seated(ctx, "320600-police")).contacts}
        assert {ORGAN, "320600-ip", "320600-cr", "320681-ip"} <= asked
        assert "320000-ip" not in asked
        assert "320600-court" not in asked
