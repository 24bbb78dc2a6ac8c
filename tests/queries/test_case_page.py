"""The case page: what may be done and why not, who is waited for, and the case as it stood on another day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from caseapp.domain.clocks.status import Status
from caseapp.domain.errors import NotFound
from caseapp.queries.case_page import CasePage, case_page
from caseapp.services.case_facts import change
from tests.support.office import Office, count, office

__all__ = ["office"]


def page(office: Office, login: str, case_id: str) -> CasePage:
    with office.context(login) as ctx:
        return case_page(ctx, case_id)


def test_steps_are_sorted_by_whose_they_are_and_whether_they_are_open(office: Office) -> None:
    case = office.told()
    offers = page(office, "officer", case.id).main.offers
    assert offers is not None
    assert "file_case" in [offer.action for offer in offers.first]
    assert [offer.action for offer in offers.done] == ["tell_rights"]
    assert all(offer.obstacles and offer.mine for offer in offers.blocked)
    assert {offer.action for offer in offers.elsewhere} == {"change_officers"}
    for offer in offers.elsewhere:
        assert offer.roles
        assert not offer.mine


def test_a_blocked_step_tells_sentence_article_and_cure(office: Office) -> None:
    case = office.checking()
    approval = office.act(case.id, "officer", "file_case", office.filing()).approval
    assert approval is not None
    office.sign(case.id, approval, "head", "leader")
    offers = page(office, "officer", case.id).main.offers
    assert offers is not None
    (blocked,) = [offer for offer in offers.blocked if offer.action == "conclude_investigation"]
    (obstacle,) = blocked.obstacles
    assert "权利" in str(obstacle.message)
    assert "第21条" in obstacle.article
    assert [cure["zh"] for cure in obstacle.cures] == ["办案人员"]


def test_who_takes_no_step_in_this_state_is_offered_none(office: Office) -> None:
    offers = page(office, "intake", office.checking().id).main.offers
    assert offers is not None
    assert offers.first == offers.others == offers.blocked == offers.done == ()
    assert offers.elsewhere


def test_a_pending_request_shows_its_chain_and_who_may_sign(office: Office) -> None:
    case, approval = office.asked()
    (pending,) = page(office, "officer", case.id).pending
    assert pending.id == approval
    assert pending.own
    assert [step.verdict for step in pending.steps] == ["waiting", ""]
    assert pending.steps[0].waits_for == ("钱立新",)
    assert pending.obstacles  # not one's own
    (for_head,) = page(office, "head", case.id).pending
    assert for_head.obstacles == ()
    assert not for_head.own
    office.sign(case.id, approval, "head")
    (after,) = page(office, "officer", case.id).pending
    assert [(step.verdict, step.by) for step in after.steps] == [("signed", "钱立新"), ("waiting", "")]
    assert after.steps[1].waits_for == ("施明远",)
    offers = page(office, "officer", case.id).main.offers
    assert offers is not None
    assert offers.first == offers.others == ()
    assert "pending" in {obstacle.guard for offer in offers.blocked for obstacle in offer.obstacles}


def test_the_clock_that_binds_is_the_running_one_that_ends_first(office: Office) -> None:
    case = office.filed()
    shown = page(office, "officer", case.id)
    assert shown.binding is not None
    assert shown.binding.rule == "P10"
    ended = [line for line in shown.clocks if not line.live]
    assert [(line.rule, line.status) for line in ended] == [("P01", Status.MET)]
    assert 0 <= shown.binding.done < shown.binding.total


def test_documents_name_the_act_they_came_from(office: Office) -> None:
    case = office.filed()
    titles = [(line.title, str(line.action)) for line in page(office, "officer", case.id).documents]
    assert titles[0][0] == "立案/不予立案审批表"
    assert len(titles) == 2


def test_looking_back_shows_the_day_and_offers_nothing(office: Office) -> None:
    case = office.told()
    first = office.today()
    office.later(days=3)
    outcome = office.act(case.id, "officer", "file_case", office.filing())
    assert outcome.approval is not None
    office.sign(case.id, outcome.approval, "head", "leader")
    with office.context("officer") as ctx:
        then = case_page(ctx, case.id, as_of=first)
        known = case_page(ctx, case.id, known_at=office.clock.at - timedelta(days=1))
        with pytest.raises(NotFound):
            case_page(ctx, case.id, as_of=first - timedelta(days=1))
    assert then.looks_back
    assert known.looks_back
    for shown in (then, known):
        assert shown.main.state.id == "checking"
        assert shown.main.offers is None
        assert shown.number != page(office, "officer", case.id).number
    assert then.version == page(office, "officer", case.id).version  # of the stored case


def test_a_change_known_later_is_not_shown_as_known_before(office: Office) -> None:
    case = office.checking()
    before = office.clock.at
    office.later(hours=1)
    with office.context("officer") as ctx:
        change(ctx, case.id, {"summary": "补充线索"}, reason="补充", seen_version=office.version(case.id))
        assert case_page(ctx, case.id, known_at=before).image.summary != "补充线索"
        assert case_page(ctx, case.id).image.summary == "补充线索"


def test_the_page_reads_a_case_in_few_statements(office: Office) -> None:
    lean = office.checking()
    rich, _approval = office.asked()

    def read(case_id: str) -> int:
        return count(office.parts.engine, lambda: page(office, "officer", case_id))

    assert read(lean.id) == read(rich.id) <= 3
