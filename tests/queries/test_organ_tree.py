"""The tree of organs."""

from __future__ import annotations

from sqlalchemy import update

from caseapp.context import Context
from caseapp.models import Organ
from caseapp.queries.organ_tree import OrganContact, organ, organ_choices, organ_tree
from caseapp.services.unit_of_work import unit_of_work
from tests.support.app import ORGAN


def test_every_organ_stands_once_below_the_one_above_it(ctx: Context) -> None:
    tree = organ_tree(ctx)
    assert {row.id for row in tree} == {record.id for record in ctx.law.organs}
    assert len(tree) == len({row.id for row in tree})
    path: list[str] = []
    for row in tree:
        del path[row.depth :]
        assert (path[-1] if path else None) == row.parent
        path.append(row.id)


def test_an_organ_that_issues_documents_needs_address_and_telephone(ctx: Context) -> None:
    before = organ(ctx, ORGAN).row
    assert before.incomplete
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(Organ).where(Organ.id == ORGAN).values(address="通州区人民路1号", phone="0513-1")
        )
    after = organ(ctx, ORGAN).row
    assert not after.incomplete
    assert after.contact == OrganContact("通州区人民路1号", "0513-1")
    assert after.contact.mark != before.contact.mark
    police = organ(ctx, "320612-police").row
    assert (police.document_word, police.incomplete) == (None, False)


def test_people_who_are_active_are_counted(ctx: Context, people: object) -> None:
    assert organ(ctx, ORGAN).row.people == 9
    assert organ(ctx, "320612-police").row.people == 1
    assert organ(ctx, "320600-court").row.people == 0


def test_one_organ_tells_what_is_above_and_below(ctx: Context) -> None:
    city = organ(ctx, "320600-ip")
    assert [row.id for row in city.above] == ["320000-ip"]
    assert ORGAN in {row.id for row in city.below}


def test_only_organs_that_exist_today_are_offered(ctx: Context) -> None:
    offered = {organ_id for organ_id, _name, _depth in organ_choices(ctx)}
    assert offered == {record.id for record in ctx.law.organs if record.in_force(ctx.today())}
