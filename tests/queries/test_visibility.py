"""The WHERE clause of sight says exactly what the claim about a person and a case says."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import True_, insert, select

from caseapp.context import Context
from caseapp.domain.errors import NotFound
from caseapp.domain.policies.predicates import Outline, actor_sees_case, sight_of
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.models.case_joint import CaseJoint
from caseapp.models.case_officer import CaseOfficer
from caseapp.queries.visibility import require_visible, visible_cases, visible_parts
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang

ORGANS = ("320600-ip", "320612-ip", "320612-station-chuanjiang", "320613-ip")
"""The city, two of its counties, and a station of one of them."""
ME, ANOTHER = "a" * 32, "b" * 32
ROLE_SETS = [
    *({role} for role in Role),
    {Role.OFFICER, Role.INTAKE_CLERK},
    {Role.OFFICER, Role.SECTION_HEAD},
    {Role.SYSTEM_ADMINISTRATOR, Role.LIAISON},
    set(),
]


@pytest.fixture
def cases(ctx: Context, parts: Huhang) -> dict[str, Outline]:
    """One case for each combination of organ, joint organ, lead or case, restricted or not, mine or not."""
    made: dict[str, Outline] = {}
    with unit_of_work(ctx) as unit:
        for number, (organ, joint, is_lead, restricted, mine) in enumerate(
            product(ORGANS, (None, ORGANS[1], ORGANS[2]), (False, True), (False, True), (False, True)), start=1
        ):
            case_id = f"{number:032x}"
            officer = ME if mine else ANOTHER
            unit.connection.execute(
                insert(CaseFile).values(
                    id=case_id,
                    version=1,
                    head_hash="0" * 64,
                    title="案件",
                    organ_id=organ,
                    division="320612",
                    procedure="penalty_general",
                    procedure_version=1,
                    proceeding_id=case_id,
                    state="x",
                    category="lead" if is_lead else "open",
                    counts=True,
                    ip_types="|trademark|",
                    campaigns="",
                    respondent="",
                    opened_on=date(2026, 11, 1),
                    restricted=restricted,
                    demo=False,
                    origin="user",
                    updated_at=ctx.now(),
                    image="{}",
                )
            )
            unit.connection.execute(insert(CaseOfficer).values(case_id=case_id, user_id=officer, ordinal=0))
            upward = parts.organs.upward(organ)
            paths = ()
            if joint is not None:
                unit.connection.execute(insert(CaseJoint).values(case_id=case_id, organ_id=joint))
                paths = (tuple(parts.organs.upward(joint)),)
            made[case_id] = Outline(tuple(upward), frozenset({officer}), is_lead, restricted, paths)
    return made


def test_the_clause_and_the_claim_agree_for_every_role_and_scope(ctx: Context, cases: dict[str, Outline]) -> None:
    for roles, scope, organ in product(ROLE_SETS, Scope, ORGANS):
        me = ctx.acting_as(Actor(ME, "我", organ, frozenset(roles)), scope=scope)
        seen = set(ctx.session.execute(select(CaseFile.id).where(visible_cases(me))).scalars())
        parts = [ctx.session.execute(select(CaseFile.id).where(part)).scalars().all() for part in visible_parts(me)]
        assert sorted(one for part in parts for one in part) == sorted(seen), "no part repeats what another has"
        sight = sight_of(roles, scope)
        claimed = {case_id for case_id, case in cases.items() if actor_sees_case(ME, organ, sight, case)}
        assert seen == claimed, (sorted(roles), scope, organ)


def test_who_sees_everything_is_asked_no_condition(ctx: Context) -> None:
    supervisor = ctx.acting_as(Actor(ME, "我", ORGANS[1], frozenset({Role.SUPERVISOR})), scope=Scope.CITY)
    for who in (ctx, supervisor):
        assert isinstance(visible_cases(who), True_)
        assert [type(part) for part in visible_parts(who)] == [True_]


def test_a_case_out_of_sight_cannot_be_told_from_one_that_does_not_exist(
    ctx: Context, cases: dict[str, Outline]
) -> None:
    me = ctx.acting_as(Actor(ME, "我", ORGANS[1], frozenset({Role.OFFICER})), scope=Scope.OWN)
    hidden = next(case_id for case_id, case in cases.items() if ME not in case.officers)
    with pytest.raises(NotFound) as out_of_sight:
        require_visible(me, hidden)
    with pytest.raises(NotFound) as missing:
        require_visible(me, "f" * 32)
    assert str(out_of_sight.value) == str(missing.value)
