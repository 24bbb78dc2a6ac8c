"""Corrections through the services: who asks, who signs, what becomes of acts, papers and numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.context import Context
from caseapp.domain.errors import (
    ActionRefused,
    CaseAppError,
    InputError,
    InputErrors,
    NotFound,
    NotPermitted,
)
from caseapp.domain.events import EntryKind, legal_date
from caseapp.domain.facts import Goods, Right
from caseapp.domain.workflow.corrections import issuing_entry
from caseapp.queries.case_images import entries_of, image_at
from caseapp.queries.case_show import told_case
from caseapp.queries.case_timeline import timeline
from caseapp.queries.correction_effects import effects_of
from caseapp.queries.timeline_items import TimelineItem
from caseapp.services import case_approve, case_correct, case_facts, case_note, correction_draft
from caseapp.services.case_act import Outcome
from caseapp.services.case_export import export_cases
from caseapp.services.case_import import Mode, Report, import_events, import_records
from caseapp.services.case_intake import PartyDraft
from caseapp.services.correction_draft import Asked
from caseapp.services.correction_wording import Wording
from caseapp.services.document_print import pdf_of
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import CLOSING, REPORT, Course
from tests.factories.sides import PRESERVED, open_side


def seq_of(course: Course, case_id: str, action: str) -> int:
    with course.parts.context() as ctx:
        return next(
            entry.seq
            for entry in entries_of(ctx, case_id)
            if entry.kind == EntryKind.ACTED and entry.payload["action"] == action
        )


def paper_seq(course: Course, case_id: str, document: str) -> int:
    with course.parts.context() as ctx:
        issued = issuing_entry(entries_of(ctx, case_id), document)
    assert issued is not None
    return issued.seq


def ask(course: Course, login: str, case_id: str, asked: Asked) -> Outcome:
    with course.as_(login) as ctx:
        return case_correct.request(ctx, case_id, asked, seen_version=course.image(case_id).version)


def granted(course: Course, case_id: str, asked: Asked) -> Outcome:
    """Have a correction asked for by the officer and signed by both."""
    outcome = ask(course, "officer", case_id, asked)
    course.later(hours=1)
    course.sign("head", outcome)
    course.later(hours=1)
    return course.sign("leader", outcome)


def unchanged(course: Course, error: type[Exception], attempt: Callable[[], object]) -> Any:
    before = course.everything()
    with pytest.raises(error) as why:
        attempt()
    assert course.everything() == before
    return why.value


def sound(course: Course, case_id: str) -> None:
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def closing(**changes: Any) -> dict[str, Any]:
    return {**CLOSING, **changes}


# --- asking and signing ----------------------------------------------------------------------------------------------


def test_an_officer_asks_the_section_head_and_the_leader_sign_and_then_it_counts(course: Course) -> None:
    case_id = course.closed()
    course.later(days=9)
    closed_on = course.image(case_id).main.closed_on
    assert closed_on is not None
    on = closed_on + timedelta(days=3)
    asked = Asked(seq_of(course, case_id, "close_executed"), "结案日期录错", Wording(on, CLOSING))
    request = ask(course, "officer", case_id, asked)
    assert request.status == "requested"
    assert course.image(case_id).main.closed_on == closed_on
    known = course.clock.now()
    course.later(hours=1)
    assert course.sign("head", request).status == "signed"
    course.later(hours=1)
    assert course.sign("leader", request).status == "acted"
    image = course.image(case_id)
    assert image.main.closed_on == on
    (record,) = image.corrections
    assert (record.by, record.approval, record.reason) == (
        course.people["officer"].id,
        request.approval,
        "结案日期录错",
    )
    (row,) = course.rows("correction")
    assert (row["entry"], row["void"], row["kind"]) == (record.entry, False, "acted")
    assert [item["closed_on"] for item in course.rows("case_file")] == [on]
    with course.parts.context() as ctx:
        assert told_case(ctx, case_id, known_at=known)["closed_on"] == closed_on.isoformat()
        assert told_case(ctx, case_id)["closed_on"] == on.isoformat()
        assert told_case(ctx, case_id, as_of=on - timedelta(days=1))["closed_on"] is None
    sound(course, case_id)


def test_nobody_signs_his_own_correction_and_a_section_heads_goes_to_the_leader_at_once(course: Course) -> None:
    case_id = course.filed()
    asked = Asked(seq_of(course, case_id, "tell_rights"), "录错案件", with_later=True)
    request = ask(course, "head", case_id, asked)
    pending = course.image(case_id).pending_approval(course.image(case_id).main.id)
    assert pending is not None
    assert pending.steps == ("leader",)
    unchanged(course, NotPermitted, lambda: course.sign("head", request))
    assert course.sign("leader", request).status == "acted"
    sound(course, case_id)


def test_a_returned_correction_changes_nothing(course: Course) -> None:
    case_id = course.filed()
    request = ask(course, "officer", case_id, Asked(seq_of(course, case_id, "file_case"), "录错"))
    course.sign("head", request, verdict="returned", opinion="理由不足")
    assert course.image(case_id).corrections == ()
    assert course.image(case_id).main.state == "investigating"


def test_a_correction_is_void_where_the_facts_changed_before_it_was_signed(course: Course) -> None:
    case_id = course.filed()
    request = ask(course, "officer", case_id, Asked(seq_of(course, case_id, "file_case"), "录错"))
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"amounts": {"turnover": 1}}, reason="补充", seen_version=None)
    assert course.sign("head", request).status == "void"


@pytest.mark.parametrize("login", ["intake", "legal", "supervisor"])
def test_only_those_on_the_case_and_the_section_head_may_ask(course: Course, login: str) -> None:
    case_id = course.filed()
    refused = unchanged(
        course,
        ActionRefused,
        lambda: ask(course, login, case_id, Asked(seq_of(course, case_id, "file_case"), "录错")),
    )
    assert refused.unmet[0].guard == "role"


def test_while_one_correction_waits_another_is_not_asked_for(course: Course) -> None:
    case_id = course.filed()
    seq = seq_of(course, case_id, "file_case")
    ask(course, "officer", case_id, Asked(seq, "录错"))
    refused = unchanged(course, ActionRefused, lambda: ask(course, "head", case_id, Asked(seq, "录错")))
    assert refused.unmet[0].guard == "pending"


def test_openings_signatures_and_unknown_entries_cannot_be_corrected(course: Course) -> None:
    case_id = course.filed()
    kinds = course.ledger(case_id)
    for seq in (1, kinds.index("approval_requested") + 1, kinds.index("approval_signed") + 1):
        refused = unchanged(course, ActionRefused, lambda seq=seq: ask(course, "officer", case_id, Asked(seq, "录错")))
        assert refused.unmet[0].guard == "kind"
    unchanged(course, NotFound, lambda: ask(course, "officer", case_id, Asked(999, "录错")))
    unchanged(course, InputError, lambda: ask(course, "officer", case_id, Asked(2, " ")))


# --- acts ------------------------------------------------------------------------------------------------------------


def test_an_act_in_other_words_is_judged_by_its_own_guards(course: Course) -> None:
    case_id = course.closed()
    seq = seq_of(course, case_id, "file_case")
    fields = {**course.filing(), "filing_evidence": False}
    unchanged(course, CaseAppError, lambda: ask(course, "officer", case_id, Asked(seq, "录错", Wording(None, fields))))
    unchanged(course, InputErrors, lambda: ask(course, "officer", case_id, Asked(seq, "录错", Wording(None, {}))))


def test_a_filing_in_other_words_keeps_its_number_and_its_later_acts(course: Course) -> None:
    case_id = course.closed()
    number, series = course.image(case_id).number, course.rows("number_series")
    seq = seq_of(course, case_id, "file_case")
    fields = {
        **course.filing(),
        "filing_findings": "经核查，当事人仓库内有侵权床品250件。",
        "officers": course.officers[::-1],
    }
    granted(course, case_id, Asked(seq, "数量录错", Wording(None, fields)))
    image = course.image(case_id)
    assert (image.number, image.main.state) == (number, "closed")
    assert "250" in str(image.main.facts["filing_findings"])
    assert image.officers == tuple(course.officers[::-1])
    assert course.rows("number_series") == series
    sound(course, case_id)


def test_a_voided_filing_leaves_its_numbers_in_the_register_and_a_new_one_takes_the_next(course: Course) -> None:
    case_id = course.filed()
    number = course.image(case_id).number
    papers = {item.id for item in course.image(case_id).documents if item.action == "file_case"}
    assert papers
    granted(course, case_id, Asked(seq_of(course, case_id, "file_case"), "立案有误"))
    image = course.image(case_id)
    assert (image.number, image.main.state) == (None, "checking")
    assert {item.id for item in image.documents if item.voided_by} == papers
    register = course.rows("void_number")
    assert {row["number"] for row in register if row["what"] == "case"} == {number}
    assert {row["document_id"] for row in register if row["what"] == "document"} == papers
    course.approved("officer", case_id, "file_case", course.filing())
    again = course.image(case_id).number
    assert again is not None
    assert again != number
    assert [row["replaced_by"] for row in course.rows("void_number") if row["what"] == "case"] == [again]
    sound(course, case_id)


def test_a_voided_entry_is_not_corrected_again(course: Course) -> None:
    case_id = course.filed()
    seq = seq_of(course, case_id, "file_case")
    granted(course, case_id, Asked(seq, "立案有误"))
    refused = unchanged(course, ActionRefused, lambda: ask(course, "officer", case_id, Asked(seq, "再改")))
    assert refused.unmet[0].guard == "void"


def test_later_acts_that_fall_are_voided_with_their_papers_where_that_is_asked_for(course: Course) -> None:
    case_id = course.closed()
    seq = seq_of(course, case_id, "serve_prior_notice")
    refused = unchanged(course, ActionRefused, lambda: ask(course, "officer", case_id, Asked(seq, "未送达")))
    assert refused.unmet[0].guard == "later"
    granted(course, case_id, Asked(seq, "未送达", with_later=True))
    image = course.image(case_id)
    assert image.main.state == "notice_to_serve" or not image.main.last_act("decide_penalty")
    assert image.main.closed_on is None
    decision = next(item for item in image.documents if item.type == "penalty_decision")
    assert decision.voided_by is not None
    sound(course, case_id)


# --- papers ----------------------------------------------------------------------------------------------------------


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


def test_a_voided_paper_keeps_its_number_is_stamped_and_is_issued_anew_under_another(course: Course) -> None:
    case_id = course.performing()
    old = next(item for item in course.image(case_id).documents if item.type == "penalty_decision")
    with course.as_("officer") as ctx:
        plain, _name = pdf_of(ctx, old.id)
    course.later(days=1)
    granted(course, case_id, Asked(paper_seq(course, case_id, old.id), "当事人名称有误", reissue=True))
    image = course.image(case_id)
    new = next(item for item in image.documents if item.replaces == old.id)
    assert new.number is not None
    assert old.number is not None
    assert new.number != old.number
    assert new.issued_on == course.today
    (row,) = course.rows("void_number")
    assert (row["number"], row["replaced_by"], row["reason"], row["asked_by"]) == (
        old.number,
        new.number,
        "当事人名称有误",
        course.people["officer"].id,
    )
    with course.as_("officer") as ctx:
        stamped, name = pdf_of(ctx, old.id)
        fresh, _fresh_name = pdf_of(ctx, new.id)
    assert "作废" not in text_of(plain)
    assert "作废" in text_of(stamped)
    assert "当事人名称有误" in text_of(stamped)
    assert name.endswith("（作废）.pdf")
    assert old.number in text_of(fresh)
    assert "原文书作废" in text_of(fresh)
    sound(course, case_id)


def test_a_reason_that_no_font_prints_does_not_keep_a_voided_paper_from_being_opened(course: Course) -> None:
    case_id = course.filed()
    document = next(item for item in course.image(case_id).documents if item.action == "file_case")
    granted(course, case_id, Asked(paper_seq(course, case_id, document.id), "错字\U0001f600一处"))
    with course.as_("officer") as ctx:
        content, _name = pdf_of(ctx, document.id)
    assert "错字〓一处" in text_of(content)


def test_a_paper_is_not_put_in_other_words(course: Course) -> None:
    case_id = course.filed()
    document = course.image(case_id).documents[0].id
    asked = Asked(paper_seq(course, case_id, document), "录错", Wording(date(2026, 1, 1)))
    unchanged(course, InputError, lambda: ask(course, "officer", case_id, asked))


def test_an_act_in_other_words_has_its_papers_issued_anew_where_that_is_asked_for(course: Course) -> None:
    case_id = course.filed()
    seq = seq_of(course, case_id, "file_case")
    before = {item.id for item in course.image(case_id).documents if item.action == "file_case"}
    fields = {**course.filing(), "filing_reasons": "符合立案条件，事实清楚。"}
    granted(course, case_id, Asked(seq, "理由录错", Wording(None, fields), reissue=True))
    image = course.image(case_id)
    assert {item.replaces for item in image.documents if item.replaces} == before
    assert {item.id for item in image.documents if item.voided_by} == before
    sound(course, case_id)


# --- facts and notes -------------------------------------------------------------------------------------------------


def test_a_change_of_facts_is_taken_back_or_put_right(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"division": "320602", "title": "甲案"}, reason="调整", seen_version=None)
    seq = course.image(case_id).version
    granted(course, case_id, Asked(seq, "区划选错", Wording(None, {"division": "320614"})))
    image = course.image(case_id)
    assert (image.division, image.title) == ("320614", "甲案")
    assert [item.code for item in image.superseded_divisions] == ["320613"]
    granted(course, case_id, Asked(seq, "并无调整"))
    assert course.image(case_id).division == "320612"
    sound(course, case_id)
    unchanged(
        course,
        ActionRefused,
        lambda: ask(course, "officer", case_id, Asked(seq, "再改", Wording(None, {"division": "320602"}))),
    )


def test_a_field_that_the_entry_did_not_change_is_not_changed_by_correcting_it(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"title": "甲案"}, reason="调整", seen_version=None)
    asked = Asked(course.image(case_id).version, "录错", Wording(None, {"division": "320602"}))
    unchanged(course, InputError, lambda: ask(course, "officer", case_id, asked))


def test_a_note_reads_otherwise_and_the_timeline_shows_both(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_note.add(ctx, case_id, "约谈时间为三点")
    seq = course.image(case_id).version
    granted(course, case_id, Asked(seq, "时间记错", Wording(None, {"text": "约谈时间为四点"})))
    with course.as_("officer") as ctx:
        told = timeline(ctx, case_id).items
    versions = [item for item in told if item.seq == seq]
    assert [(item.note, item.gone is not None) for item in versions] == [
        ("约谈时间为四点", False),
        ("约谈时间为三点", True),
    ]
    old = versions[1].gone
    assert old is not None
    assert (old.reason, old.by, old.void) == ("时间记错", "顾海宁", False)
    assert old.place == versions[0].place
    correction: TimelineItem = next(item for item in told if item.kind == "corrected")
    assert (correction.corrects, correction.note) == (seq, "时间记错")
    assert [item.correctable for item in versions] == [True, False]
    sound(course, case_id)


# --- taken over from elsewhere ---------------------------------------------------------------------------------------

RECORD = (
    '{"external_id": "NT-1", "procedure": "penalty_general", "organ": "320612-ip", "division": "320612", '
    '"ip_types": ["trademark"], "milestones": [{"kind": "registered", "on": "2026-01-05"}, '
    '{"kind": "filed", "on": "2026-01-12"}, {"kind": "decided", "on": "2026-03-10", "outcome": "penalty"}, '
    '{"kind": "closed", "on": "2026-04-20", "manner": "executed"}]}\n'
)


def taken(ctx: Context, course: Course, file: Path) -> Report:
    return import_records(ctx, course.parts.read_exchange(file, now=ctx.now()), mode=Mode.STRICT)


def test_an_older_file_does_not_bring_a_voided_milestone_back(course: Course, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(RECORD, encoding="utf-8")
    with course.parts.context() as ctx:
        taken(ctx, course, source)
        case_id = course.rows("case_file", "id")[0]
        seq = entries_of(ctx, case_id)[-1].seq
    course.later(days=1)
    course.sign("leader", ask(course, "head", case_id, Asked(seq, "并未结案")))
    with course.parts.context() as ctx:
        report = taken(ctx, course, source)
    assert report.rejected == 1
    assert "已在本系统更正" in str(report.rejections[0]["reason"])
    assert course.image(case_id).main.closed_on is None


def test_a_milestone_taken_over_is_corrected_and_the_corrected_case_goes_out_and_comes_back(
    course: Course, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(RECORD, encoding="utf-8")
    with course.parts.context() as ctx:
        assert taken(ctx, course, source).imported == 1
    case_id = course.rows("case_file", "id")[0]
    with course.parts.context() as ctx:
        seq = next(
            entry.seq
            for entry in entries_of(ctx, case_id)
            if (entry.payload.get("milestone") or {}).get("kind") == "closed"  # type: ignore[union-attr]
        )
    before = course.clock.now()
    course.later(days=1)
    wrong = Asked(seq, "录错", Wording(None, {"manner": "nowhere"}))
    unchanged(course, InputError, lambda: ask(course, "head", case_id, wrong))
    unknown = Asked(seq, "录错", Wording(None, {"colour": "red"}))
    unchanged(course, InputError, lambda: ask(course, "head", case_id, unknown))
    request = ask(course, "head", case_id, Asked(seq, "录错", Wording(date(2026, 5, 6), {"manner": "terminated"})))
    course.sign("leader", request)
    image = course.image(case_id)
    assert image.main.closed_on == date(2026, 5, 6)
    assert image.milestones[-1].detail("manner") == "terminated"
    with course.parts.context() as ctx:
        then = image_at(ctx, case_id, known_at=before)
    assert then is not None
    assert then.main.closed_on == date(2026, 4, 20)
    sound(course, case_id)
    out = tmp_path / "out.jsonl"
    with course.parts.context() as ctx:
        export_cases(ctx, out, shape="exchange")
        assert taken(ctx, course, out).unchanged == 1
        assert taken(ctx, course, source).rejected == 1
    assert "2026-05-06" in out.read_text(encoding="utf-8")
    xes = tmp_path / "out.xes"
    with course.parts.context() as ctx:
        export_cases(ctx, xes, shape="xes")
    assert "2026-05-06" in xes.read_text(encoding="utf-8") or "2026-05-05T16" in xes.read_text(encoding="utf-8")
    assert "terminated" in xes.read_text(encoding="utf-8")


EXTENDED = RECORD.replace("NT-1", "NT-2").replace(
    '{"kind": "decided"', '{"kind": "extended", "on": "2026-03-01", "n": 30, "unit": "days"}, {"kind": "decided"'
)


def test_details_of_a_milestone_are_checked_changed_and_left_out(course: Course, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(EXTENDED, encoding="utf-8")
    with course.parts.context() as ctx:
        assert taken(ctx, course, source).imported == 1
        case_id = course.rows("case_file", "id")[0]
        seq = next(item.seq for item in course.image(case_id).milestones if item.kind == "extended")
    course.later(days=1)
    for wrong in (0, "x"):
        asked = Asked(seq, "录错", Wording(None, {"n": wrong}))
        unchanged(course, InputError, lambda asked=asked: ask(course, "head", case_id, asked))
    course.sign("leader", ask(course, "head", case_id, Asked(seq, "录错", Wording(None, {"n": 15, "unit": "days"}))))
    (told,) = (item for item in course.image(case_id).milestones if item.kind == "extended")
    assert (told.on, told.detail("n"), told.seq) == (date(2026, 3, 1), 15, seq)
    closed = next(item.seq for item in course.image(case_id).milestones if item.kind == "closed")
    course.sign("leader", ask(course, "head", case_id, Asked(closed, "方式不明", Wording(None, {"manner": ""}))))
    assert course.image(case_id).milestones[-1].detail("manner") is None
    sound(course, case_id)


def test_a_request_that_is_taken_back_leaves_the_entry_as_it_is(course: Course) -> None:
    case_id = course.filed()
    request = ask(course, "officer", case_id, Asked(seq_of(course, case_id, "file_case"), "录错"))
    with course.as_("officer") as ctx:
        assert request.approval is not None
        assert case_approve.withdraw(ctx, request.approval).status == "withdrawn"
    assert course.image(case_id).corrections == ()


# --- the matter of a case --------------------------------------------------------------------------------------------


def changed_facts(course: Course, case_id: str, **changes: Any) -> int:
    """Change facts of the case as the officer; return the seq of the entry."""
    with course.as_("officer") as ctx:
        return case_facts.change(ctx, case_id, changes, reason="调查所得", seen_version=None).version


def entered_party(course: Course, case_id: str, name: str, replaces: str | None = None, **values: str) -> int:
    with course.as_("officer") as ctx:
        draft = PartyDraft("third_party", "organisation", name, None, values)
        kept = case_facts.add_party(ctx, case_id, draft, reason="补充", seen_version=None, replaces=replaces)
    return kept.version


def test_amounts_rights_and_goods_are_put_right_and_the_later_entries_that_repeat_them_too(course: Course) -> None:
    case_id = course.filed()
    rights = (Right("trademark", "12345678", "澜庭", "甲公司"), Right("copyright", None, "云纹", "甲公司"))
    goods = (Goods("床单", None, 200, "件", 5000, 1_000_000),)
    first = changed_facts(course, case_id, amounts={"turnover": 100, "sales": 7}, rights=rights, goods=goods)
    second = changed_facts(course, case_id, amounts={"turnover": 100, "sales": 7, "gains": 3})
    wording = Wording(
        None,
        {
            "amounts": {"turnover": 90, "sales": 7},
            "rights": (replace(rights[0], holder="乙公司"), rights[1]),
            "goods": (replace(goods[0], quantity=20, value_fen=100_000),),
        },
    )
    granted(course, case_id, Asked(first, "录错", wording))
    image = course.image(case_id)
    assert image.amounts == {"turnover": 90, "sales": 7, "gains": 3}
    assert [right.holder for right in image.rights] == ["乙公司", "甲公司"]
    assert [(item.quantity, item.value_fen) for item in image.goods] == [(20, 100_000)]
    assert [(item.entry, item.void) for item in image.corrections] == [(first, False), (second, False)]
    sound(course, case_id)


def test_an_amount_that_a_later_act_states_itself_is_not_touched(course: Course) -> None:
    case_id = course.filed()
    first = changed_facts(course, case_id, amounts={"turnover": 100, "sales": 7, "gains": 5})
    course.act("officer", case_id, "conclude_investigation", {**REPORT, "turnover": 100})
    wording = Wording(None, {"amounts": {"turnover": 90, "sales": 8, "gains": 4}})
    granted(course, case_id, Asked(first, "录错", wording))
    assert course.image(case_id).amounts == {"turnover": 100, "sales": 8, "gains": 4}
    sound(course, case_id)


def test_entries_corrected_together_are_put_right_one_after_the_other(course: Course) -> None:
    case_id = course.filed()
    first = changed_facts(course, case_id, amounts={"turnover": 100})
    concluded = {**REPORT, "turnover": 200}
    course.act("officer", case_id, "conclude_investigation", concluded)
    second = changed_facts(course, case_id, amounts={"turnover": 200, "sales": 7})
    seq = seq_of(course, case_id, "conclude_investigation")
    granted(course, case_id, Asked(seq, "录错", Wording(None, {**REPORT, "turnover": 150})))
    assert course.image(case_id).amounts == {"turnover": 150, "sales": 7}
    granted(course, case_id, Asked(first, "录错", Wording(None, {"amounts": {"turnover": 90}})))
    assert course.image(case_id).amounts == {"turnover": 150, "sales": 7}
    granted(course, case_id, Asked(second, "录错", Wording(None, {"amounts": {"turnover": 150, "sales": 6}})))
    assert course.image(case_id).amounts == {"turnover": 150, "sales": 6}
    sound(course, case_id)


def test_a_voided_amount_is_gone_from_the_entries_that_repeat_it(course: Course) -> None:
    case_id = course.filed()
    first = changed_facts(course, case_id, amounts={"turnover": 100})
    changed_facts(course, case_id, amounts={"turnover": 100, "gains": 3})
    granted(course, case_id, Asked(first, "并无此额"))
    assert course.image(case_id).amounts == {"gains": 3}
    sound(course, case_id)


def test_a_party_is_put_right_and_what_was_added_after_it_stays(course: Course) -> None:
    case_id = course.filed()
    before = course.image(case_id).parties
    first = entered_party(course, case_id, "南通早结家纺厂", phone="13800000002", address="川姜镇2号")
    entered_party(course, case_id, "南通乙家纺厂")
    added = course.image(case_id).parties[-2]
    draft = PartyDraft("witness", "organisation", "南通早结家纺有限公司", None, {"phone": "13800000009"})
    asked = Asked(first, "名称录错", Wording(None, {"parties": {added.id: draft}}))
    with course.as_("officer") as ctx:
        case_correct.propose(ctx, case_id, asked)
    kept = len(course.rows("personal_value"))
    granted(course, case_id, asked)
    assert len(course.rows("personal_value")) == kept + 1
    image = course.image(case_id)
    assert [party.name for party in image.parties] == [
        *(party.name for party in before),
        "南通早结家纺有限公司",
        "南通乙家纺厂",
    ]
    now = image.parties[-2]
    assert (now.role, now.personal["address"]) == ("witness", added.personal["address"])
    assert now.personal["phone"] != added.personal["phone"]
    stranger = Asked(first, "录错", Wording(None, {"parties": {"nobody": draft}}))
    unchanged(course, InputError, lambda: ask(course, "officer", case_id, stranger))
    granted(course, case_id, Asked(first, "并无此人"))
    assert [party.name for party in course.image(case_id).parties] == [
        *(party.name for party in before),
        "南通乙家纺厂",
    ]
    sound(course, case_id)


def test_an_entry_moved_to_another_day_stays_there_when_its_words_are_put_right(course: Course) -> None:
    course.later(days=5)
    case_id = course.filed()
    course.later(days=5)
    with course.as_("officer") as ctx:
        seq = case_note.add(ctx, case_id, "约谈三点").version
    on = course.today - timedelta(days=2)
    granted(course, case_id, Asked(seq, "日期录错", Wording(on, {"text": "约谈三点"})))
    granted(course, case_id, Asked(seq, "又录错", Wording(None, {"text": "约谈四点"})))
    with course.as_("officer") as ctx:
        items = [item for item in timeline(ctx, case_id).items if item.seq == seq and item.gone is None]
    assert [(item.note, legal_date(item.at)) for item in items] == [("约谈四点", on)]
    sound(course, case_id)


# --- later acts are judged again ------------------------------------------------------------------------------------


def test_a_correction_that_takes_the_ground_from_a_later_act_is_refused_with_the_article(course: Course) -> None:
    case_id = course.performing()
    decided_on = next(act.on for act in course.image(case_id).main.acts if act.action == "decide_penalty")
    late = decided_on - timedelta(days=1)
    asked = Asked(
        seq_of(course, case_id, "serve_prior_notice"),
        "送达日期录错",
        Wording(None, course.service(late.isoformat())),
    )
    refused = unchanged(course, ActionRefused, lambda: ask(course, "officer", case_id, asked))
    assert {one.guard for one in refused.unmet} == {"later"}
    assert any(one.article for one in refused.unmet)
    assert refused.seq is not None
    with course.as_("officer") as ctx:
        proposal = case_correct.propose(ctx, case_id, replace(asked, with_later=True))
        told = effects_of(ctx, case_id, proposal)
    assert told.later
    assert any(act.because and act.article for act in told.later)
    granted(course, case_id, replace(asked, with_later=True))
    assert course.image(case_id).main.last_act("decide_penalty") is None
    sound(course, case_id)


def extended(course: Course) -> str:
    """Return a case filed on the 100th day of its life and extended 80 days later, within its limit."""
    case_id = course.checking()
    course.act("officer", case_id, "tell_rights", course.rights_told())
    course.later(days=100)
    course.approved("officer", case_id, "file_case", course.filing())
    course.later(days=80)
    course.approved("officer", case_id, "extend_handling", {"extension_n": 30, "extension_reason": "案情复杂"})
    return case_id


def test_a_later_act_out_of_an_internal_limit_stands_with_the_irregularity_on_record(course: Course) -> None:
    case_id = extended(course)
    seq, late = (seq_of(course, case_id, action) for action in ("file_case", "extend_handling"))
    on = course.today - timedelta(days=170)
    asked = Asked(seq, "立案日期录错", Wording(on, course.filing()))
    with course.as_("officer") as ctx:
        (stands,) = effects_of(ctx, case_id, case_correct.propose(ctx, case_id, asked)).stands
    assert stands.seq == late
    assert (str(stands.message), stands.article) == (
        "办案期限已经届满，不能再延长",
        "《市场监督管理行政处罚程序规定》第64条",
    )
    assert "行政诉讼法" in stands.ground
    granted(course, case_id, asked)
    image = course.image(case_id)
    (record,) = image.corrections
    assert [(item.entry, item.guard) for item in record.irregularities] == [(late, "within_clock")]
    with course.as_("officer") as ctx:
        (item,) = (item for item in timeline(ctx, case_id).items if item.seq == late)
    assert [str(message) for message, _article in item.irregularities] == ["办案期限已经届满，不能再延长"]
    sound(course, case_id)


def test_what_no_longer_holds_only_at_the_last_signature_is_refused_there(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = extended(course)
    asked = Asked(
        seq_of(course, case_id, "file_case"),
        "立案日期录错",
        Wording(course.today - timedelta(days=170), course.filing()),
    )
    request = ask(course, "officer", case_id, asked)
    course.sign("head", request)
    judged = correction_draft.findings_of

    def more(*arguments: Any, **named: Any) -> Any:
        (one,) = judged(*arguments, **named)
        return (one, replace(one, guard="another"))

    monkeypatch.setattr(correction_draft, "findings_of", more)
    refused = unchanged(course, ActionRefused, lambda: course.sign("leader", request))
    assert [one.guard for one in refused.unmet] == ["later"]


ORDER = {
    "correction_findings": "当事人销售侵权床品200件。",
    "correction_violated": "中华人民共和国商标法 第五十七条第（三）项",
    "correction_basis": "中华人民共和国行政处罚法 第二十八条第一款",
    "correction_when": "at_once",
    "correction_demand": "停止销售侵权商品。",
}


def test_a_paper_that_no_longer_belongs_where_it_stands_falls_with_its_reason_and_its_number(course: Course) -> None:
    case_id = course.filed()
    course.later(days=2)
    course.approved("officer", case_id, "correction_order", ORDER)
    (order,) = (one for one in course.image(case_id).documents if one.type == "correction_order")
    asked = Asked(seq_of(course, case_id, "file_case"), "录错案件")
    refused = unchanged(course, ActionRefused, lambda: ask(course, "officer", case_id, asked))
    assert [one.message.values["act"]["zh"] for one in refused.unmet] == [f"责令改正通知书 {order.number}"]
    with course.as_("officer") as ctx:
        told = effects_of(ctx, case_id, case_correct.propose(ctx, case_id, replace(asked, with_later=True)))
    (fallen,) = told.later
    assert (fallen.kind, str(fallen.because)) == ("document_issued", "“线索核查”状态下不能办理“制发责令改正通知书”")
    granted(course, case_id, replace(asked, with_later=True))
    image = course.image(case_id)
    assert [one.id for one in image.documents if one.voided_by and one.type == "correction_order"] == [order.id]
    assert order.number in [one.number for one in image.voids]
    sound(course, case_id)


def test_a_measure_that_could_not_have_begun_yet_is_named(course: Course) -> None:
    case_id = course.checking()
    course.later(days=1)
    kept = {**PRESERVED, "kept_at": course.clock.at.isoformat(), "kept_reason": "账簿可能被销毁。"}
    open_side(course, case_id, "evidence_preservation", "preserve_at_once", kept)
    course.later(days=4)
    told = Wording(course.today - timedelta(days=2), {"officers": course.officers})
    refused = unchanged(
        course,
        ActionRefused,
        lambda: ask(course, "head", case_id, Asked(seq_of(course, case_id, "assign_check"), "分办日期录错", told)),
    )
    why = {str(one.message.values["why"]): one.article for one in refused.unmet}
    assert "案件处于“线索待分办”，不能启动“先行登记保存证据”" in why


LOG_MAPPING = """
case: number
activity: what
time: "when"
procedure: patent_dispute
division: "320612"
ip_types: [patent_design]
attributes:
  received: {milestone: registered}
  filed: {milestone: filed}
activities:
  送达请求书: {action: serve_request}
"""
LOG = "number,what,when,received,filed\nA-1,送达请求书,2026-03-09T10:00:00+08:00,2026-03-02,2026-03-05\n"


def test_the_date_of_an_act_taken_over_is_corrected_and_nothing_else_of_it(course: Course, tmp_path: Path) -> None:
    mapping, log = tmp_path / "mapping.yaml", tmp_path / "log.csv"
    mapping.write_text(LOG_MAPPING, encoding="utf-8")
    log.write_text(LOG, encoding="utf-8")
    with course.parts.context() as ctx:
        lines = course.parts.read_event_log(log, mapping, shape="csv", now=ctx.now())
        assert import_events(ctx, lines, mode=Mode.STRICT).imported == 1
        case_id = course.rows("case_file", "id")[0]
    seq = seq_of(course, case_id, "serve_request")

    def answer_runs() -> tuple[date, date]:
        (row,) = (row for row in course.rows("clock_run") if row["rule"] == "D03a")
        told = next(item.on for item in course.image(case_id).milestones if item.kind == "served")
        return told, row["due_on"]

    assert answer_runs() == (date(2026, 3, 9), date(2026, 3, 24))
    before = course.clock.now()
    course.later(days=1)
    said = Asked(seq, "录错", Wording(None, {"service_receiver": "张某"}))
    assert "只能更正日期或者作废" in str(unchanged(course, InputError, lambda: ask(course, "head", case_id, said)))
    unchanged(
        course, InputError, lambda: ask(course, "head", case_id, Asked(seq, "录错", Wording(date(2026, 3, 9), {})))
    )
    early = Asked(seq, "录错", Wording(date(2026, 3, 4), {}))
    unchanged(course, ActionRefused, lambda: ask(course, "head", case_id, early))
    course.sign("leader", ask(course, "head", case_id, Asked(seq, "送达回证为16日", Wording(date(2026, 3, 16), {}))))
    assert answer_runs() == (date(2026, 3, 16), date(2026, 3, 31))
    with course.parts.context() as ctx:
        then = image_at(ctx, case_id, known_at=before)
    assert then is not None
    assert next(item.on for item in then.milestones if item.kind == "served") == date(2026, 3, 9)
    sound(course, case_id)
    with course.parts.context() as ctx:
        again = course.parts.read_event_log(log, mapping, shape="csv", now=ctx.now())
        assert import_events(ctx, again, mode=Mode.STRICT).unchanged == 1  # the log does not take the correction back
    assert answer_runs()[0] == date(2026, 3, 16)
