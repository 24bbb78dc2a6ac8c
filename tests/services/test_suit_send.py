"""A court serves a complaint from its room on the decision that its paper names; it learns nothing of any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from caseapp.domain.errors import NotPermitted, RuleRefused
from caseapp.queries.referral_desk import shared_page
from caseapp.services import attachments
from caseapp.services.case_act import Outcome
from caseapp.services.ledger_rebuild import differences
from caseapp.services.suit_send import SuitDraft, serve
from tests.factories.cases import Course
from tests.factories.courts import by_court, court_liaison
from tests.factories.sides import act_in, open_side, side_of
from tests.services.test_matter_send import PDF
from tests.support.app import ORGAN

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
SUIT: dict[str, Any] = {
    "suit_number": "（2026）苏0612行初9号",
    "plaintiff": "南通锦屏家纺有限公司",
    "sued_by": "respondent",
    "sued": "organ",
    "suit_claims": "请求撤销处罚决定。",
}


def decision(course: Course, case_id: str) -> SuitDraft:
    """Return a complaint that names the decision of a case as its paper does."""
    image = course.image(case_id)
    paper = next(item for item in image.documents if item.type == "penalty_decision")
    party = next(one.name for one in image.parties if one.role == "respondent")
    assert paper.number is not None
    return SuitDraft(ORGAN, paper.number, paper.issued_on, str(party), SUIT)


def served(course: Course, draft: SuitDraft, *, by: Any = None, **more: Any) -> Outcome:
    with course.parts.context(by or court_liaison(course)) as ctx:
        return serve(ctx, draft, **more)


def test_a_complaint_is_served_signed_for_and_answered_and_the_case_opens_with_the_receipt(course: Course) -> None:
    case_id = course.performing()
    draft = decision(course, case_id)
    with course.parts.context(court_liaison(course)) as ctx:
        files = attachments.keep(ctx, [("起诉状副本.pdf", PDF)])
    key = "s" * 32
    sent = served(course, replace(draft, number=f" {draft.number} "), files=files, idempotency_key=key)
    assert served(course, draft, idempotency_key=key) == sent, "the same form again does nothing"
    side = side_of(course, case_id, "remedy")
    assert (side.id, side.state, side.clocks) == (sent.proceeding, "suit_sent", ())
    with course.parts.context(court_liaison(course)) as ctx:
        page = shared_page(ctx, sent.proceeding)
    assert (page.line.title, page.number, page.papers, page.carried) == ("", "", (), ())
    assert [file.name for act in page.acts for file in act.files] == ["起诉状副本.pdf"]
    course.later(days=3)
    act_in(course, case_id, "remedy", "sign_suit", {"suit_served_on": course.today.isoformat()})
    side = side_of(course, case_id, "remedy")
    (clock,) = side.clocks
    assert (clock.rule, clock.met, clock.started_on) == ("C07", None, course.today)
    main = course.image(case_id).main
    assert (main.facts["remedy_kind"], main.facts["remedy_number"]) == ("lawsuit", SUIT["suit_number"])
    with course.parts.context(court_liaison(course)) as ctx:
        assert shared_page(ctx, sent.proceeding).line.title == course.image(case_id).title
    defence = {
        "defence_text": "处罚合法。",
        "defence_evidence": "笔录",
        "defence_norms": "商标法",
        "head_in_court": "局长",
    }
    act_in(course, case_id, "remedy", "answer_suit", defence)
    judged = {
        "judged_on": course.today.isoformat(),
        "remedy_result": "upheld",
        "judgment_number": "9号",
        "judgment_text": "驳回诉讼请求。",
    }
    by_court(course, sent.proceeding, "judge", judged)
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_after_a_reconsideration_the_suit_goes_on_where_that_ended(course: Course) -> None:
    case_id = course.performing()
    draft = decision(course, case_id)
    on = course.today.isoformat()
    asked = {
        "remedy_kind": "reconsideration",
        "remedy_on": on,
        "remedy_body": "通州区人民政府",
        "remedy_claimant": "南通锦屏家纺有限公司",
        "remedy_claims": "处罚过重。",
    }
    open_side(course, case_id, "remedy", "note_reconsideration", asked)
    proceeding = side_of(course, case_id, "remedy").id
    with pytest.raises(RuleRefused):
        served(course, draft)
    ended = {"remedy_ended_on": on, "remedy_result": "upheld", "remedy_number": "复决1号"}
    act_in(course, case_id, "remedy", "record_reconsideration", ended)
    with pytest.raises(RuleRefused):
        served(course, draft)
    assert served(course, replace(draft, fields={**SUIT, "sued": "both"})).proceeding == proceeding
    with course.parts.context(court_liaison(course)) as ctx:
        assert "复决1号" not in repr(shared_page(ctx, proceeding))


def test_every_refusal_reads_the_same_whatever_is_wrong_and_each_try_is_recorded(course: Course) -> None:
    case_id, other = course.performing(), course.closed()
    draft, lead = decision(course, case_id), decision(course, other)
    wrong = {
        "no such number": replace(draft, number="通州市监知罚字〔2026〕999号"),
        "another day": replace(draft, decided_on=draft.decided_on - timedelta(days=1)),
        "another party": replace(draft, party="南通某某家纺有限公司"),
        "another organ": replace(draft, organ="320614-ip"),
        "another case's number": replace(draft, number=lead.number, decided_on=lead.decided_on, party="甲"),
        "a defendant that does not fit": replace(draft, fields={**SUIT, "sued": "both"}),
        "a form that is not complete": replace(draft, fields={}),
    }
    told = set()
    for one in wrong.values():
        with pytest.raises(RuleRefused) as caught:
            served(course, one)
        told.add((type(caught.value), str(caught.value)))
    assert len(told) == 1
    assert not course.image(case_id).proceedings[1:]
    served(course, draft)
    with pytest.raises(RuleRefused) as caught:
        served(course, draft)
    assert (type(caught.value), str(caught.value)) in told, "that one is under way is not told either"
    tries = [row["payload"] for row in course.rows("ledger_entry") if row["kind"] == "decision_named"]
    assert [("true" in str(one).lower()) for one in tries] == [*[False] * len(wrong), True, False]


def test_nobody_but_a_court_serves(course: Course) -> None:
    case_id = course.performing()
    draft = decision(course, case_id)
    court_liaison(course)
    for login in ("procurator", "police", "officer"):
        with pytest.raises(NotPermitted):
            served(course, draft, by=course.people[login])
