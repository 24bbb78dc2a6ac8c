"""Forms that outlived their session, kept for their person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy import func, select, update

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.workflow.situation import Actor
from caseapp.models import Draft
from caseapp.queries.kept_forms import KEPT_FOR, kept_form
from caseapp.services.kept_forms import KEPT_BYTES, KEPT_FORMS, drop_form, keep_form
from caseapp.services.tidying import tidy
from caseapp.services.unit_of_work import unit_of_work

As = Callable[[str], AbstractContextManager[Context]]
People = Mapping[str, Actor]
FIELDS = (("story", "现场查获二百只"), ("officers", "1"), ("officers", "2"))


def keep(ctx: Context, person: Actor, *, path: str = "/cases/new") -> str:
    return keep_form(ctx, person.id, path=path, page="/desk", fields=FIELDS)


def test_its_person_gets_it_back_and_nobody_else(ctx: Context, as_user: As, people: People) -> None:
    name = keep(ctx, people["officer"])
    with as_user("officer") as own:
        found = kept_form(own, name)
    assert found is not None
    assert (found.path, found.page, found.fields) == ("/cases/new", "/desk", FIELDS)
    for login in ("officer2", "leader", "sysadmin"):
        with as_user(login) as other:
            assert kept_form(other, name) is None
            drop_form(other, name)
    with as_user("officer") as own:
        assert kept_form(own, name) is not None
        drop_form(own, name)
        assert kept_form(own, name) is None


def test_it_is_sealed(ctx: Context, people: People) -> None:
    keep(ctx, people["officer"])
    content = ctx.session.execute(select(Draft.content)).scalar_one()
    assert "二百只" not in content
    assert content.startswith("aes-256-gcm:")


def test_a_draft_of_another_kind_is_no_kept_form(ctx: Context, as_user: As, people: People) -> None:
    name = keep(ctx, people["officer"])
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Draft).where(Draft.id == name).values(id="another kind"))
    with as_user("officer") as own:
        assert kept_form(own, "another kind") is None


def test_too_much_is_not_kept(ctx: Context, people: People) -> None:
    fields = (("story", "字" * KEPT_BYTES),)
    assert keep_form(ctx, people["officer"].id, path="/x", page="", fields=fields) == ""
    assert ctx.session.execute(select(func.count()).select_from(Draft)).scalar_one() == 0


def test_the_oldest_of_many_gives_way_to_the_newest(ctx: Context, as_user: As, people: People, clock: SetClock) -> None:
    names = []
    for number in range(KEPT_FORMS + 1):
        clock.at += timedelta(seconds=1)
        names.append(keep(ctx, people["officer"], path=f"/cases/{number}"))
    colleague = keep(ctx, people["officer2"])
    with as_user("officer") as own:
        assert [kept_form(own, name) is not None for name in names] == [False] + [True] * KEPT_FORMS
    with as_user("officer2") as other:
        assert kept_form(other, colleague) is not None


def test_it_is_kept_for_half_a_day_and_then_tidied_away(
    ctx: Context, as_user: As, people: People, clock: SetClock
) -> None:
    name = keep(ctx, people["officer"])
    clock.at += KEPT_FOR
    with as_user("officer") as own:
        assert kept_form(own, name) is not None
    assert tidy(ctx).drafts == 0
    clock.at += timedelta(seconds=1)
    with as_user("officer") as own:
        assert kept_form(own, name) is None
    assert tidy(ctx).drafts == 1
