"""What `workflows/` says, for people to read."""

from __future__ import annotations

import pytest

from caseapp.context import Context
from caseapp.domain.errors import NotFound
from caseapp.queries.clock_book import clock_book
from caseapp.queries.law_book import amounts, citations_of, procedure, procedures, unsettled


def test_every_version_is_listed_with_its_digest_and_how_surely_it_is_known(ctx: Context) -> None:
    rows = procedures(ctx)
    assert {(row.procedure.id, row.procedure.version) for row in rows} == {
        (item.id, item.version) for item in ctx.law.procedures.all()
    }
    for row in rows:
        assert row.procedure.digest.startswith("sha256:")
        assert sum(count for _word, count in row.confidence) == len(list(citations_of(row.procedure)))


def test_a_definition_shows_every_state_and_action_in_words(ctx: Context) -> None:
    page = procedure(ctx, "penalty_general")
    source = page.row.procedure
    assert [line.state.id for line in page.states] == [state.id for state in source.states]
    assert [line.action.id for line in page.actions] == [action.id for action in source.actions]
    filing = next(line for line in page.actions if line.action.id == "file_case")
    assert [guard.about.zh for guard in filing.guards][:2] == ["由本案办案人员办理", "已登记当事人"]
    assert [step.name.zh for step in filing.steps] == ["办案机构负责人意见", "机关负责人审批"]
    assert [rule.id for rule in filing.starts] == ["P10"]
    assert [rule.id for rule in filing.meets] == ["P01"]
    assert [post.to.zh for post in filing.posts] == [source.state("investigating").name.zh]


def test_a_condition_names_what_it_asks_about(ctx: Context) -> None:
    extending = next(line for line in procedure(ctx, "penalty_general").actions if line.action.id == "extend_check")
    named = {guard.name: [text.zh for text in guard.of] for guard in extending.guards}
    assert named["within_clock"] == ["线索核查并决定是否立案"]
    assert named["act_not_done"] == ["延长核查期限"]
    within = next(guard for guard in extending.guards if guard.name == "within_clock")
    assert within.refusal is not None
    assert within.article


def test_the_actions_of_one_state_are_those_that_begin_there(ctx: Context) -> None:
    page = procedure(ctx, "penalty_general", state="investigating")
    assert page.shown is not None
    assert page.actions
    assert all("investigating" in line.action.sources for line in page.actions)
    counted = next(line.actions for line in page.states if line.state.id == "investigating")
    assert counted == len(page.actions)


@pytest.mark.parametrize(("name", "version", "state"), [("nothing", None, ""), ("penalty_general", 99, "")])
def test_what_is_not_defined_is_not_found(ctx: Context, name: str, version: int | None, state: str) -> None:
    with pytest.raises(NotFound):
        procedure(ctx, name, version, state=state)


def test_a_state_that_is_not_defined_is_not_found(ctx: Context) -> None:
    with pytest.raises(NotFound):
        procedure(ctx, "penalty_general", state="nowhere")


def test_every_deadline_is_told_with_all_its_versions_and_one_at_most_is_current(ctx: Context) -> None:
    book = clock_book(ctx)
    assert [line.id for line in book.clocks] == list(ctx.law.rules)
    assert sum(len(line.versions) for line in book.clocks) == len(ctx.law.rules.rules)
    assert sum(count for _word, count in book.confidence) == len(ctx.law.rules.rules)
    assert all(sum(version.current for version in line.versions) <= 1 for line in book.clocks)
    check = next(line for line in book.clocks if line.id == "P01")
    assert (str(check.versions[0].limit), str(check.versions[0].extensions[0].span)) == ("15 个工作日", "15 个工作日")
    handling = next(line for line in book.clocks if line.id == "P10")
    assert [str(extension.span) for extension in handling.versions[0].extensions] == ["30 日", "若干日"]
    assert {item.id for item in book.uncounted} == set(ctx.law.rules.no_clock)


def test_deadlines_are_narrowed_to_what_nobody_has_read_in_the_text(ctx: Context) -> None:
    shown = clock_book(ctx, confidence="unsettled").clocks
    assert 0 < len(shown) < len(list(ctx.law.rules))
    assert all(any(v.rule.confidence != "verified" for v in line.versions) for line in shown)
    uncertain = {line.id for line in clock_book(ctx, confidence="uncertain").clocks}
    assert uncertain < {line.id for line in shown}


def test_numbers_stand_together_with_their_versions_the_newest_first(ctx: Context) -> None:
    lines = amounts(ctx)
    assert len(lines) == len(ctx.law.amounts.versions)
    ids = [line.amount.id for line in lines]
    assert len(dict.fromkeys(ids)) == len([one for one, other in zip(ids, [None, *ids], strict=False) if one != other])
    person = [line for line in lines if line.amount.id == "simplified_person"]
    assert [(line.amount.value, line.current) for line in person] == [(200_00, True), (50_00, False)]


def test_what_waits_for_a_lawyer_is_counted(ctx: Context) -> None:
    found = unsettled(ctx)
    assert found.clocks == sum(rule.confidence != "verified" for rule in ctx.law.rules.rules) > 0
    assert found.limits == sum(one.provision.confidence != "verified" for one in ctx.law.thresholds.thresholds) > 0
    assert found.total == found.clocks + found.amounts + found.citations + found.limits
