"""Two cases become one, one becomes two: both histories linked, nothing lost, nothing counted twice."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.domain.connections import Counterpart, TransferKind
from caseapp.domain.errors import ActionRefused, InputError, NotPermitted, StaleCase
from caseapp.domain.events import MilestoneKind
from caseapp.domain.facts import CaseImage, Goods, Right
from caseapp.domain.items import Fate
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.workflow.merging import Part, Portion
from caseapp.models.case_file import CaseFile
from caseapp.queries import closure
from caseapp.queries.case_timeline import timeline
from caseapp.queries.party_details import party_details
from caseapp.services import case_assign, case_facts, case_merge, case_transfer, evidence_list
from caseapp.services.case_intake import CaseRef, PartyDraft
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import RESPONDENT, Course
from tests.factories.custody import ask, attach, confirm, take
from tests.factories.organs import HAIMEN, neighbours
from tests.support import evidence_files as files

ANOTHER = PartyDraft("respondent", "organisation", "南通云帆家纺有限公司", None, {"phone": "13900000002"})
OTHER_RIGHT = Right("patent_design", "ZL202130000001.1", "提花被面", "南通澜庭家纺有限公司")


def merge(course: Course, into: str, other: str, by: str = "leader", **more: Any) -> CaseRef:
    with course.as_(by) as ctx:
        return case_merge.merge(ctx, into, other, **{"reason": "同一违法行为", "seen_version": None, **more})


def split(course: Course, case_id: str, by: str = "leader", **more: Any) -> CaseRef:
    told = {"title": "南通云帆家纺有限公司案", "reason": "另一当事人单独处理", "seen_version": None}
    with course.as_(by) as ctx:
        return case_merge.split(ctx, case_id, Portion(**more), **told)


def reasons(refused: pytest.ExceptionInfo[ActionRefused]) -> str:
    return " ".join(str(one.message) for one in refused.value.unmet)


def links(image: CaseImage) -> list[tuple[str, str]]:
    return [(link.kind, link.case) for link in image.links]


# --- merging ---------------------------------------------------------------------------------------------------------


def test_the_merged_case_closes_as_merged_and_both_tell_of_each_other(course: Course) -> None:
    into, other = course.filed(), course.filed()
    number = course.image(into).number
    assert merge(course, into, other).id == into
    gone, kept = course.image(other), course.image(into)
    assert (gone.main.state, gone.main.category) == ("closed", "closed")
    assert [(item.kind, item.details) for item in gone.milestones[-2:]] == [
        (MilestoneKind.MERGED, {"into": number}),
        (MilestoneKind.CLOSED, {"manner": "merged"}),
    ]
    assert gone.main.facts["closing_manner"] == "merged"
    assert gone.main.facts["merge_reason"] == "同一违法行为"
    assert [act.action for act in gone.main.acts[-2:]] == ["merge_case", "close_merged"]
    assert all(clock.met is not None for clock in gone.main.clocks if clock.rule != "P21")
    assert (links(gone), links(kept)) == ([("merged_into", into)], [("merged_from", other)])
    assert (kept.main.category, kept.parties) == ("open", course.image(into).parties)
    with course.as_("leader") as ctx:
        assert "并入本案" in str(timeline(ctx, into).items[0].title)
        assert list(differences(ctx)) == []


def test_what_is_asked_for_goes_along_once(course: Course) -> None:
    into = course.filed(goods=(Goods("四件套", quantity=3),), amounts={"turnover": 100_00, "marks": 1})
    other = course.filed(
        parties=(RESPONDENT, ANOTHER),
        rights=(Right("trademark", "12345678", "澜庭", "南通澜庭家纺有限公司"), OTHER_RIGHT),
        goods=(Goods("被套", quantity=5),),
        amounts={"turnover": 50_00, "gains": 7_00},
        ip_types=("trademark", "patent_design"),
    )
    merge(course, into, other, take=tuple(Part))
    image = course.image(into)
    assert [party.name for party in image.parties] == [RESPONDENT.name, ANOTHER.name]
    assert [right.number for right in image.rights] == ["12345678", OTHER_RIGHT.number]
    assert [(item.name, item.quantity) for item in image.goods] == [("四件套", 3), ("被套", 5)]
    assert dict(image.amounts) == {"turnover": 150_00, "gains": 7_00, "marks": 1}
    assert image.ip_types == ("trademark", "patent_design")
    with course.as_("officer") as ctx:
        shown = party_details(ctx, image, in_full=True)
        assert [line.text for line in shown[1].personal] == ["13900000002"]
        assert list(differences(ctx)) == []


def test_a_lead_merged_into_a_case_ends_as_not_filed(course: Course) -> None:
    into, lead = course.filed(), course.lead().id
    merge(course, into, lead)
    image = course.image(lead)
    assert (image.main.category, image.milestones[-1].kind) == ("closed", MilestoneKind.NOT_FILED)
    assert image.milestones[-1].detail("reason") == "merged"
    with pytest.raises(ActionRefused) as refused:
        merge(course, course.lead().id, into)
    assert "尚未立案的线索" in reasons(refused)


def test_both_cases_are_written_or_none(course: Course) -> None:
    into, other = course.filed(), course.filed()
    before = course.everything()
    with pytest.raises(StaleCase):
        merge(course, into, other, seen_version=1)
    with pytest.raises(ActionRefused):
        merge(course, into, into)
    with pytest.raises(NotPermitted):
        merge(course, into, other, by="head")
    with pytest.raises(InputError):
        merge(course, into, other, reason="")
    assert course.everything() == before
    first = merge(course, into, other, idempotency_key="k")
    assert merge(course, into, other, idempotency_key="k") == first


def test_what_is_under_way_or_decided_or_ones_own_is_not_merged(course: Course) -> None:
    into, other, decided = course.filed(), course.filed(), course.closed()
    with pytest.raises(ActionRefused) as refused:
        merge(course, into, decided)
    assert "已作出决定" in reasons(refused)
    course.act("officer", other, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    with pytest.raises(ActionRefused) as refused:
        merge(course, into, other)
    assert "审批正在进行" in reasons(refused)
    with course.as_("head") as ctx:
        case_assign.assign(ctx, into, [course.people["leader"].id, course.officers[0]], seen_version=None)
    with pytest.raises(ActionRefused) as refused:
        merge(course, into, course.filed())
    assert "并案、分案" in reasons(refused)


def test_cases_of_two_organs_are_not_merged(course: Course) -> None:
    course.people = {**course.people, **neighbours(course.parts)}
    into, other = course.filed(), course.filed()
    moved(course, other)
    with pytest.raises(ActionRefused) as refused:
        merge(course, into, other)
    assert "不在同一机关" in reasons(refused)


# --- splitting -------------------------------------------------------------------------------------------------------


def test_a_new_case_takes_what_was_chosen_and_begins_as_a_lead(course: Course) -> None:
    case_id = course.filed(parties=(RESPONDENT, ANOTHER), goods=(Goods("四件套"), Goods("被套")))
    before = course.image(case_id)
    made = split(course, case_id, parties=[before.parties[1].id], rights=[0], goods=[1])
    new, old = course.image(made.id), course.image(case_id)
    assert [party.name for party in new.parties] == [ANOTHER.name]
    assert [party.name for party in old.parties] == [RESPONDENT.name]
    assert new.parties[0].id != before.parties[1].id
    assert (new.rights, old.rights) == (before.rights, before.rights)
    assert ([item.name for item in new.goods], [item.name for item in old.goods]) == (["被套"], ["四件套"])
    assert (new.main.state, new.officers, new.organ) == ("lead", old.officers, old.organ)
    assert [(item.kind, item.details) for item in new.milestones] == [
        (MilestoneKind.REGISTERED, None),
        (MilestoneKind.SPLIT, {"from": before.number}),
    ]
    assert (links(new), links(old)) == ([("split_from", case_id)], [("split_into", made.id)])
    with course.as_("officer") as ctx:
        assert [line.text for line in party_details(ctx, new, in_full=True)[0].personal] == ["13900000002"]
        assert list(differences(ctx)) == []
    course.act("head", made.id, "assign_check", {"officers": course.officers})


@pytest.mark.parametrize("chosen", [{}, {"parties": "respondent"}], ids=["nothing", "the only respondent"])
def test_a_split_that_leaves_nothing_on_one_side_is_refused(course: Course, chosen: dict[str, Any]) -> None:
    case_id = course.filed()
    if chosen:
        chosen = {"parties": [course.image(case_id).parties[0].id]}
    before = course.everything()
    with pytest.raises(InputError) as why:
        split(course, case_id, **chosen)
    assert why.value.field == "parties"
    assert course.everything() == before


def test_who_may_not_merge_may_not_split(course: Course) -> None:
    case_id = course.filed()
    with pytest.raises(NotPermitted):
        split(course, case_id, by="head", rights=[0])
    with pytest.raises(ActionRefused):
        split(course, course.closed(), rights=[0])


# --- figures ---------------------------------------------------------------------------------------------------------


def moved(course: Course, case_id: str) -> None:
    with course.as_("leader") as ctx:
        case_transfer.send(ctx, case_id, TransferKind.MOVE, HAIMEN, reason="发生地", seen_version=None)
    transfer = course.image(case_id).transfers[-1].id
    with course.as_("haimen_head") as ctx:
        case_transfer.receive(ctx, transfer)


def naive(course: Course, period: Period) -> dict[str, tuple[int, int]]:
    """R1 by division, told from the milestones and the present division of every case, one by one."""
    found: dict[str, list[int]] = {}
    with course.parts.context() as ctx:
        ids = list(ctx.session.execute(select(CaseFile.id)).scalars())
    for case_id in ids:
        image = course.image(case_id)
        here = next((item.code for item in reversed(image.divisions) if item.on <= period.last), "")
        told = found.setdefault(here, [0, 0])
        filed = [item.on for item in image.milestones if item.kind is MilestoneKind.FILED]
        closed = [item for item in image.milestones if item.kind is MilestoneKind.CLOSED and filed]
        told[0] += bool(closed) and closed[-1].on <= period.last
        told[1] += bool(filed) and filed[0] <= period.last
    return {code: (closed, filed) for code, (closed, filed) in found.items() if closed or filed}


@pytest.mark.parametrize("seed", [3, 11])
def test_figures_by_division_add_up_after_any_moves_mergers_and_splits(course: Course, seed: int) -> None:
    course.people = {**course.people, **neighbours(course.parts)}
    dice = random.Random(seed)
    first = course.today
    days = [first]
    here = [course.filed(parties=(RESPONDENT, ANOTHER)) for _ in range(4)]
    for _ in range(5):
        course.later(days=1)
        days.append(course.today)
        act = dice.choice(["move", "merge", "split"])
        case_id = here.pop(dice.randrange(len(here)))
        if act == "move":
            moved(course, case_id)
        elif act == "merge" and here:
            merge(course, dice.choice(here), case_id, take=[Part.PARTIES])
        else:
            image = course.image(case_id)
            if len(image.parties) > 1:
                split(course, case_id, parties=[image.parties[-1].id])
            here.append(case_id)
        if not here:
            here.append(course.filed())
    for day in days:
        period = Period(first, day)
        with course.as_("supervisor") as ctx:
            told = closure.closure_rate(ctx, "R1", period, by=(Dimension.DIVISION,))
        rows = {row.key[Dimension.DIVISION]: (row.numerator, row.denominator) for row in told.rows}
        assert rows == naive(course, period)
        assert told.total.denominator == sum(filed for _closed, filed in rows.values())


# --- evidence and goods ----------------------------------------------------------------------------------------------


def listed(course: Course, case_id: str) -> dict[str, Any]:
    with course.as_("officer") as ctx:
        return evidence_list.gather(ctx, course.image(case_id))


def test_evidence_and_goods_follow_a_merger_and_tell_where_they_were(course: Course) -> None:
    into, other = course.filed(), course.filed()
    with course.as_("officer") as ctx:
        case_facts.change(ctx, other, {"restricted": True}, reason="举报人要求保密", seen_version=None)
    attach(course, into, files.jpeg(40))
    paper = attach(course, other, files.jpeg(50), "仓库照片.jpg")
    attach(course, other, files.jpeg(40), "同一张照片.jpg")
    item = take(course, other, evidence=(paper,))
    move = ask(course, other, item, "officer2", 20)
    with pytest.raises(ActionRefused) as refused:
        merge(course, into, other)
    assert "物品 1 有一次移交尚未确认" in reasons(refused)
    confirm(course, other, move, "officer2")
    gone = course.image(other)
    merge(course, into, other)
    kept, left = course.image(into), course.image(other)
    assert kept.restricted, "what was restricted stays so"
    assert [(piece.number, piece.title) for piece in kept.evidence] == [(1, "现场照片.jpg"), (2, "仓库照片.jpg")]
    assert kept.evidence[1].came_from == Counterpart(other, gone.display_number(), "1")
    assert not any(piece.stands for piece in left.evidence)
    hands = [(one.number, one.quantity, one.keeper) for one in kept.custody.items]
    assert hands == [(one.number, one.quantity, one.keeper) for one in gone.custody.items]
    assert kept.custody.items[0].evidence == (kept.evidence[1].id,)
    assert all(one.keeper is None for one in left.custody.items)
    told = listed(course, into)
    assert told["evidence_list"][1]["source"].endswith(f"（由{gone.display_number()}证据1转入）")
    assert told["custody"][0]["state"].endswith(f"（由{gone.display_number()}物品1转入）")
    gone_along = listed(course, other)["went_along"]
    assert gone_along == [f"1（转入{kept.number}，为证据2）", f"2（转入{kept.number}，为证据1）"]
    with course.as_("officer") as ctx:
        assert list(differences(ctx)) == []
    back = ask(course, into, kept.custody.items[0].id, Fate.RETURNED, 76)
    confirm(course, into, back, "officer", receipt=kept.evidence[1].id)
    assert course.image(into).custody.items[0].fate == Fate.RETURNED


def test_at_a_split_the_chosen_pieces_and_goods_go(course: Course) -> None:
    case_id = course.filed(parties=(RESPONDENT, ANOTHER))
    both, one = attach(course, case_id, files.jpeg(40)), attach(course, case_id, files.jpeg(50), "货架.jpg")
    item, stays = take(course, case_id), take(course, case_id, name="被套")
    with pytest.raises(InputError) as why:
        split(course, case_id, items=["0" * 32])
    assert why.value.field == "items"
    new = split(course, case_id, evidence=[one], items=[item]).id
    left, made = course.image(case_id), course.image(new)
    assert [piece.id for piece in left.evidence if piece.stands] == [both]
    assert [kept.id for kept in left.custody.items if kept.keeper] == [stays]
    assert [(piece.number, piece.title) for piece in made.evidence] == [(1, "货架.jpg")]
    assert [(kept.number, kept.name) for kept in made.custody.items] == [("1", "全棉四件套")]
    with pytest.raises(InputError) as why:
        split(course, case_id, evidence=[one])
    assert why.value.field == "evidence"
    shared = split(course, case_id, evidence=[both], evidence_in_both=True).id
    assert course.image(case_id).evidence[0].stands
    assert course.image(shared).evidence[0].stands
    with course.as_("leader") as ctx:
        [item_told] = [told for told in timeline(ctx, new).items if told.kind == "linked"]
        assert [value.parts for value in item_told.values] == [("1 货架.jpg",), ("1 全棉四件套",)]
        assert list(differences(ctx)) == []
