"""Views are kept under a name by their owner, shared with the organ by those who may, and nobody else's to change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from caseapp.context import Context
from caseapp.domain.errors import InputError, NotFound, NotPermitted, RuleRefused
from caseapp.queries.saved_views import COLUMNS, DEFAULT_COLUMNS, columns_of, view_of, views_of
from caseapp.services import saved_views

AsUser = Callable[[str], AbstractContextManager[Context]]


def names(ctx: Context) -> list[str]:
    return [view.name for view in views_of(ctx)]


def test_a_view_is_its_owner_s_until_a_head_shares_it_with_the_organ(as_user: AsUser) -> None:
    with as_user("head") as ctx:
        view_id = saved_views.save(ctx, " 本周到期 ", "tab=due")
        assert names(ctx) == ["本周到期"]
    with as_user("officer") as ctx:
        assert names(ctx) == []
        with pytest.raises(NotFound):
            view_of(ctx, view_id)
    with as_user("head") as ctx:
        saved_views.share(ctx, view_id, with_organ=True)
    with as_user("officer") as ctx:
        saved_views.save(ctx, "我的商标案", "ip_type=trademark")
        assert [(view.name, view.own, view.shared) for view in views_of(ctx)] == [
            ("我的商标案", True, False),
            ("本周到期", False, True),
        ]
        assert view_of(ctx, view_id).query == "tab=due"
    with as_user("supervisor") as ctx:  # of another organ
        assert names(ctx) == []
    with as_user("head") as ctx:
        saved_views.share(ctx, view_id, with_organ=False)
    with as_user("officer") as ctx:
        assert names(ctx) == ["我的商标案"]


def test_an_officer_shares_nothing(as_user: AsUser) -> None:
    with as_user("officer") as ctx:
        view_id = saved_views.save(ctx, "我的", "tab=mine")
        with pytest.raises(NotPermitted):
            saved_views.share(ctx, view_id, with_organ=True)


def test_only_the_owner_changes_a_view(as_user: AsUser) -> None:
    with as_user("head") as ctx:
        view_id = saved_views.save(ctx, "共享的", "tab=open")
        saved_views.share(ctx, view_id, with_organ=True)
    with as_user("leader") as ctx:
        for change in (
            lambda: saved_views.rename(ctx, view_id, "别的"),
            lambda: saved_views.set_filters(ctx, view_id, ""),
            lambda: saved_views.share(ctx, view_id, with_organ=False),
            lambda: saved_views.remove(ctx, view_id),
        ):
            with pytest.raises(NotFound):
                change()
    with as_user("head") as ctx:
        saved_views.rename(ctx, view_id, "在办的")
        saved_views.set_filters(ctx, view_id, "tab=open&sort=due")
        assert (view_of(ctx, view_id).name, view_of(ctx, view_id).query) == ("在办的", "tab=open&sort=due")
        saved_views.remove(ctx, view_id)
        assert names(ctx) == []


def test_a_name_stands_for_one_view_of_a_person(as_user: AsUser) -> None:
    with as_user("head") as ctx:
        saved_views.save(ctx, "甲", "")
        other = saved_views.save(ctx, "乙", "")
        for refused in (lambda: saved_views.save(ctx, "甲", "tab=due"), lambda: saved_views.rename(ctx, other, "甲")):
            with pytest.raises(InputError):
                refused()
    with as_user("officer") as ctx:
        saved_views.save(ctx, "甲", "")


def test_a_view_has_a_name_and_bounds(as_user: AsUser) -> None:
    with as_user("officer") as ctx:
        for name, query in (("", ""), ("长" * 21, ""), ("甲", "q=" + "长" * 2000)):
            with pytest.raises(InputError):
                saved_views.save(ctx, name, query)
        for number in range(saved_views.MOST_VIEWS):
            view_id = saved_views.save(ctx, f"第{number}个", "")
        with pytest.raises(RuleRefused):
            saved_views.save(ctx, "再一个", "")
        with pytest.raises(InputError):
            saved_views.set_filters(ctx, view_id, "q=" + "长" * 2000)


def test_columns_are_chosen_by_each_person(as_user: AsUser) -> None:
    with as_user("officer") as ctx:
        assert columns_of(ctx) == DEFAULT_COLUMNS
        assert saved_views.choose_columns(ctx, ["closed", "respondent", "salary"]) == ("respondent", "closed")
        saved_views.choose_columns(ctx, reversed(COLUMNS))
        assert columns_of(ctx) == COLUMNS
        saved_views.choose_columns(ctx, [])
        assert columns_of(ctx) == ()
    with as_user("head") as ctx:
        assert columns_of(ctx) == DEFAULT_COLUMNS
