"""Cases on one patent become one by an act of the dispute: chosen from a list, checked, linked; on both databases."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.domain.facts import Right
from caseapp.queries.action_page import action_page
from caseapp.services.case_intake import PartyDraft
from tests.factories.cases import Course
from tests.services.test_dispute_life import PATENT, REQUEST, REQUESTER, filed, panel, papers_of, rebuilt_as_stored

__all__ = ["panel"]

OTHER_RESPONDENT = PartyDraft("respondent", "organisation", "南通云锦家纺有限公司", None, {"address": "川姜镇2号"})
OTHER_PATENT = Right("patent_design", "ZL202330380999.1", "枕套", REQUESTER.name)
REASON = {"merge_reason": "两案专利和被控侵权产品相同"}


def offered(course: Course, case_id: str, action: str = "merge_case") -> list[str]:
    with course.as_("officer") as ctx:
        page = action_page(ctx, case_id, course.image(case_id).main.id, action)
        return [number for number, _ in page.cases]


def refused(course: Course, case_id: str, number: str | None) -> set[str]:
    with pytest.raises(ActionRefused) as caught:
        course.act("officer", case_id, "merge_case", {"merged_into": number, **REASON})
    return {unmet.guard for unmet in caught.value.unmet}


def test_a_case_goes_into_another_on_the_same_patent_and_both_say_so(
    course: Course, panel: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    into = filed(course, panel)
    monkeypatch.setitem(REQUEST, "parties", (REQUESTER, OTHER_RESPONDENT))
    monkeypatch.setitem(REQUEST, "rights", (Right("patent_design", PATENT.number, "被套", REQUESTER.name),))
    other = filed(course, panel)
    monkeypatch.setitem(REQUEST, "rights", (OTHER_PATENT,))
    third = filed(course, panel)
    number = course.image(into).number
    assert offered(course, other) == [number]
    assert offered(course, third) == []
    assert refused(course, other, course.image(third).number) == {"right"}
    assert refused(course, other, course.image(other).number) == {"same"}
    assert refused(course, other, "通知知纠字〔2020〕99号") == {"other"}

    course.approved("officer", other, "merge_case", {"merged_into": number, **REASON})
    joined, gone = course.image(into), course.image(other)
    assert [(link.kind, link.case) for link in joined.links] == [("merged_from", other)]
    assert [(link.kind, link.case) for link in gone.links] == [("merged_into", into)]
    assert {party.name for party in joined.parties if party.role == "respondent"} >= {OTHER_RESPONDENT.name}
    assert gone.main.state == "merged"
    assert [item.detail("into") for item in gone.milestones if item.kind.value == "merged"] == [number]
    assert papers_of(course, other)["merging_notice"]["joined"]["into"] == number
    assert refused(course, third, gone.number) >= {"category", "right"}
    course.approved("officer", other, "close_merged", {"closing_manner": "merged", "closing_summary": "并入"})
    assert rebuilt_as_stored(course, into)
    assert rebuilt_as_stored(course, other)


def test_a_case_that_was_decided_meanwhile_is_found_at_the_last_signature(
    course: Course, panel: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    into = filed(course, panel)
    monkeypatch.setitem(REQUEST, "parties", (REQUESTER, OTHER_RESPONDENT))
    other = filed(course, panel)
    asked = course.act("officer", other, "merge_case", {"merged_into": course.image(into).number, **REASON})
    course.sign("head", asked)
    withdrawal = {"withdrawn_on": course.today.isoformat(), "withdrawn_why": "own", "cancel_reason": "撤回"}
    course.approved("officer", into, "withdraw_request", withdrawal)
    with pytest.raises(ActionRefused) as caught:
        course.sign("leader", asked)
    assert {unmet.guard for unmet in caught.value.unmet} == {"category"}
    assert course.image(into).links == ()
