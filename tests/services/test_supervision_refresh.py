"""The list "should have been transferred" follows from the ledger; nobody whom it is about can take a row off it."""

from __future__ import annotations

from typing import Any

from caseapp.domain.supervision.ranking import FindingKind
from caseapp.queries.supervision_list import FindingLine, finding_list
from caseapp.services.case_facts import change
from caseapp.services.supervision_refresh import refresh, refresh_all
from tests.factories.cases import CLOSING, REPORT, Course
from tests.factories.referrals import DOSSIER, answered, liaisons, received, refused, reported
from tests.factories.sides import act_in

SMALL: dict[str, Any] = {"turnover": 100_00, "gains": 0, "service_gains": 0}
LARGE: dict[str, Any] = {**SMALL, "turnover": 90_000_00}
NEAR: dict[str, Any] = {**SMALL, "turnover": 45_000_00}


def amounts(course: Course, case_id: str, told: dict[str, Any]) -> None:
    with course.as_("officer") as ctx:
        change(ctx, case_id, {"amounts": told}, reason="查明数额", seen_version=None)


def fined_unnoticed(course: Course) -> str:
    """A case that was fined while its amounts were entered small, and is known better afterwards."""
    case_id = course.performing(amounts=SMALL)
    amounts(course, case_id, LARGE)
    course.later(days=1)
    return case_id


def lines(course: Course, tab: str = "todo", **more: Any) -> tuple[FindingLine, ...]:
    with course.as_("supervisor") as ctx:
        refresh(ctx)
        return finding_list(ctx, handling=tab, **more).lines


def kinds(course: Course, case_id: str) -> list[str]:
    return [line.kind.value for line in lines(course) if line.case_id == case_id]


def test_a_limb_that_was_fined_is_listed_with_its_figures(course: Course) -> None:
    case_id = fined_unnoticed(course)
    (line,) = lines(course)
    assert (line.case_id, line.kind, line.fined, line.lowered) == (case_id, FindingKind.LIMB, True, False)
    figure = line.figures[0]
    assert (figure.measure, figure.value, figure.limit, figure.percent) == (("turnover",), 90_000_00, 50_000_00, 180)
    assert "法释〔2025〕5号" in figure.article
    assert line.confidence


def test_nothing_that_an_officer_or_a_head_does_takes_the_row_away(course: Course) -> None:
    """Lower amounts, other kinds of right, restricted access: the row stays, and says that something was lowered."""
    case_id = fined_unnoticed(course)
    before = lines(course)[0]
    amounts(course, case_id, SMALL)
    (line,) = lines(course)
    assert (line.lowered, line.key[0] < before.key[0]) == (True, True)
    assert line.figures == before.figures, "the amounts count at their highest"
    with course.as_("officer") as ctx:
        change(ctx, case_id, {"restricted": True}, reason="限制查阅", seen_version=None)
        change(ctx, case_id, {"ip_types": ["other"]}, reason="更正权利类型", seen_version=None)
    assert kinds(course, case_id) == ["limb"]
    done = {"performed_on": course.today.isoformat(), "paid_total": 500_000}
    course.act("officer", case_id, "confirm_performance", done)
    course.approved("officer", case_id, "close_executed", CLOSING)
    with course.parts.context() as ctx:
        refresh_all(ctx, again=True)
    assert kinds(course, case_id) == ["limb"]


def test_closing_as_not_established_hides_no_limb_that_the_amounts_meet(course: Course) -> None:
    """Those supervised decide that nothing was found: what was measured stays before the procuratorate."""
    case_id = course.filed(amounts=LARGE)
    report = {**REPORT, "proposed_outcome": "not_established", "proposed_kinds": None, "proposed_fine": None}
    course.act("officer", case_id, "conclude_investigation", report)
    course.act("legal", case_id, "review_case", course.review())
    course.act("officer", case_id, "submit_without_notice", {})
    course.approved("officer", case_id, "decide_not_established", {"decision_ground_text": "现有证据相互矛盾。"})
    assert kinds(course, case_id) == [], "nobody has ended it yet"
    closing = {"closing_manner": "not_established", "closing_summary": "违法事实不能成立。"}
    course.approved("officer", case_id, "close_not_established", closing)
    course.later(days=1)
    (line,) = lines(course)
    assert (line.case_id, line.kind, line.fined) == (case_id, FindingKind.LIMB, False)
    with course.parts.context() as ctx:
        refresh_all(ctx, again=True)
    assert kinds(course, case_id) == ["limb"]


def test_the_transfer_takes_it_away_and_a_refusal_without_reasons_takes_its_place(course: Course) -> None:
    case_id = course.deciding(amounts=LARGE)
    empty = {"refused_limbs": ["a213"], "not_transferred_reasons": "经研究决定，不予移送。"}
    course.approved("officer", case_id, "refuse_referral", empty)
    course.later(days=1)
    (line,) = lines(course)
    assert (line.kind, line.held, line.reasons) == (FindingKind.REFUSAL, "organ", "经研究决定，不予移送。")
    course.approved("officer", case_id, "decide_penalty", course.decision())
    assert kinds(course, case_id) == ["refusal"]


def test_a_refusal_with_reasons_is_no_row(course: Course) -> None:
    case_id = course.deciding(amounts=LARGE)
    reasoned = {"refused_limbs": ["a213"], "not_transferred_reasons": "标识近似而不相同，不属于同一种商品。"}
    course.approved("officer", case_id, "refuse_referral", reasoned)
    course.later(days=1)
    assert kinds(course, case_id) == []


def test_silence_is_listed_once_the_term_is_over_and_ends_with_the_act(course: Course) -> None:
    case_id = course.filed()
    reported(course, case_id)
    assert kinds(course, case_id) == []
    course.later(days=5)
    (line,) = lines(course)
    assert (line.kind, line.held, line.clock and line.clock["zh"]) == (FindingKind.SILENCE, "organ", "决定是否移送")
    act_in(course, case_id, "referral", "decide_referral", {"referral_verdict": "refer"}, by="leader")
    act_in(course, case_id, "referral", "complete_dossier", DOSSIER)
    assert kinds(course, case_id) == []
    course.later(days=3)
    assert [line.clock and line.clock["zh"] for line in lines(course)] == ["向同级公安机关移送"]


def test_the_police_are_listed_for_their_silence_and_for_empty_reasons(course: Course) -> None:
    silent, empty = course.filed(), course.filed()
    received(course, silent)
    proceeding = received(course, empty)
    on = {"refused_on": course.today.isoformat(), "refusal_number": "1号", "refusal_ground": "no_crime"}
    answered(course, course.people["police"], proceeding, "refuse_to_file", {**on, "refusal_reasons": "证据不足。"})
    course.later(days=8)
    found = {line.case_id: line for line in lines(course, kind=FindingKind.REFUSAL)}
    assert (set(found), found[empty].held) == ({empty}, "police")
    assert {(line.case_id, line.held) for line in lines(course, kind=FindingKind.SILENCE)} == {(silent, "police")}


def test_amounts_just_below_a_limit_are_listed_when_they_come_again(course: Course) -> None:
    first = course.filed(amounts=NEAR)
    course.later(days=1)
    assert lines(course) == ()
    second = course.filed(amounts=NEAR)
    course.later(days=1)
    with course.parts.context() as ctx:
        assert refresh_all(ctx) >= 1
    (line,) = [one for one in lines(course) if one.by == "party"]
    assert (line.kind, line.case_id, line.count) == (FindingKind.REPEATED, second, 2)
    assert [one.percent for one in line.near] == [90, 90]
    assert {one.number for one in line.near} == {course.image(one).display_number() for one in (first, second)}


def test_a_procurator_of_the_place_sees_figures_and_no_party(course: Course) -> None:
    case_id = fined_unnoticed(course)
    who = liaisons(course)
    with course.parts.context(who["procurator"]) as ctx:
        assert refresh(ctx).cases
        (line,) = finding_list(ctx).lines
        assert (line.case_id, line.title, line.openable) == (case_id, "", False)
        assert "锦屏" not in repr(line)
    elsewhere = refused(course, course.filed())
    assert elsewhere
    for login in ("supervisor", "officer"):
        with course.as_(login) as ctx:
            assert bool(finding_list(ctx).lines) is (login == "supervisor")


def test_the_rows_are_walked_page_by_page(course: Course, monkeypatch: Any) -> None:
    monkeypatch.setattr("caseapp.queries.supervision_list.PAGE", 1)
    cases = {course.filed(), course.filed()}
    for case_id in cases:
        reported(course, case_id)
    course.later(days=5)
    with course.as_("supervisor") as ctx:
        refresh(ctx)
        first = finding_list(ctx)
        second = finding_list(ctx, after=first.after)
        narrowed = finding_list(ctx, organ="320613-ip")
    assert {line.case_id for line in (*first.lines, *second.lines)} == cases
    assert (first.total, second.after, narrowed.lines, first.counts["todo"]) == (2, None, (), 2)
