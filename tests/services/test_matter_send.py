"""A procuratorate opens a matter in its room: a lead of ours, or the case that it came from; the reply goes back."""

from __future__ import annotations

from typing import Any

import pytest

from caseapp.domain.errors import InputError, InputErrors, NotFound, NotPermitted
from caseapp.queries.case_images import entries_of
from caseapp.queries.referral_desk import shared_page
from caseapp.services import attachments, matter_send
from caseapp.services.ledger_rebuild import differences
from caseapp.services.matter_send import MatterDraft, SentMatter
from tests.factories.cases import Course
from tests.factories.referrals import answered, liaisons, prosecuting, received
from tests.factories.sides import act_in, side_of
from tests.support.app import ORGAN

sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
OPINION: dict[str, Any] = {
    "reverse_ground": "not_prosecuted",
    "reverse_number": "通检刑不诉检意〔2026〕1号",
    "reverse_opinion": "犯罪情节轻微，作出不起诉决定；依法应当给予行政处罚。",
    "reverse_papers": "不起诉决定书",
}
PDF = b"%PDF-1.7\n%%EOF\n"


def draft(**changes: Any) -> MatterDraft:
    settings: dict[str, Any] = {
        "fields": OPINION,
        "organ": ORGAN,
        "ip_types": ("trademark",),
        "respondent": "南通锦屏家纺有限公司",
    }
    return MatterDraft(**{**settings, **changes})


def sent(course: Course, who: Any, made: MatterDraft, **more: Any) -> SentMatter:
    with course.parts.context(who) as ctx:
        return matter_send.send(ctx, made, **more)


def case_of(course: Course, matter: SentMatter) -> str:
    (row,) = [row for row in course.rows("referral_share") if row["proceeding_id"] == matter.proceeding]
    return str(row["case_id"])


def test_an_opinion_becomes_a_lead_of_ours_and_the_reply_goes_back_in_time(course: Course) -> None:
    procurator = liaisons(course)["procurator"]
    with course.parts.context(procurator) as ctx:
        files = attachments.keep(ctx, [("C:\\卷\\不起诉决定书.PDF", PDF)])
    matter = sent(course, procurator, draft(), files=files, idempotency_key="k" * 32)
    assert sent(course, procurator, draft(), files=files, idempotency_key="k" * 32) == matter
    case_id = case_of(course, matter)
    image = course.image(case_id)
    assert (image.organ, image.source, image.main.category) == (ORGAN, "transfer", "lead")
    assert image.title == "南通锦屏家纺有限公司涉嫌侵犯注册商标专用权案"
    side = side_of(course, case_id, "reverse_referral")
    assert (side.id, side.state) == (matter.proceeding, "sent")
    course.act("head", case_id, "assign_check", {"officers": course.officers})
    told = {"matter_received_on": course.today.isoformat()}
    act_in(course, case_id, "reverse_referral", "sign_matter", told)
    assert {clock.rule: clock.met for clock in side_of(course, case_id, "reverse_referral").clocks} == {"J02": None}
    reply = {"reply_kind": "not_filed", "reply_text": "经核查不予立案。"}
    act_in(course, case_id, "reverse_referral", "reply_result", reply)
    assert {clock.rule: clock.met for clock in side_of(course, case_id, "reverse_referral").clocks} == {"J02": True}
    with course.parts.context(procurator) as ctx:
        page = shared_page(ctx, matter.proceeding)
        assert [paper.title for paper in page.papers] == ["关于检察意见的回复"]
        assert [file.name for act in page.acts for file in act.files] == ["不起诉决定书.pdf"]
        content, media, name = attachments.content_of(ctx, entries_of(ctx, case_id), page.acts[-1].seq, files[0].sha256)
        assert (content, media, name) == (PDF, "application/pdf", "不起诉决定书.pdf")
        with pytest.raises(NotFound):
            attachments.content_of(ctx, entries_of(ctx, case_id), page.acts[0].seq, files[0].sha256)
    answered(course, procurator, matter.proceeding, "accept_reply", {"accepted_by": "联络员1"})
    assert side_of(course, case_id, "reverse_referral").category == "closed"
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_only
def test_an_opinion_out_of_a_case_that_was_referred_goes_into_that_case(course: Course) -> None:
    people = liaisons(course)
    case_id = course.filed()
    proceeding = prosecuting(course, case_id)
    police = people["police"]
    over = {"procuratorate_organ": people["procurator"].organ, "review_sent_number": "诉1号"}
    answered(course, police, proceeding, "send_to_procuratorate", over)
    first = sent(course, people["procurator"], draft(organ="", from_matter=proceeding))
    assert case_of(course, first) == case_id
    again = sent(course, people["procurator"], draft(organ="", from_matter=proceeding))
    assert case_of(course, again) != case_id
    assert course.image(case_of(course, again)).organ == course.image(case_id).organ


@sqlite_only
def test_what_was_not_sent_to_the_sender_is_no_source_and_nobody_else_sends(course: Course) -> None:
    people = liaisons(course)
    case_id = course.filed()
    proceeding = received(course, case_id)
    for matter in (proceeding, "0" * 32):
        with pytest.raises(NotFound):
            sent(course, people["procurator"], draft(from_matter=matter))
    with pytest.raises(NotPermitted):
        sent(course, course.people["officer"], draft())
    for wrong, field in (
        ({"organ": "320612-police"}, "organ"),
        ({"respondent": " "}, "respondent"),
        ({"ip_types": ()}, "ip_types"),
    ):
        with pytest.raises(InputErrors) as caught:
            sent(course, people["procurator"], draft(**wrong))
        assert [one.field for one in caught.value.errors] == [field]
    with course.parts.context(people["procurator"]) as ctx:
        for files in ([("a", PDF)] * 6, [("a", b"")], [("a.exe", b"MZ")]):
            with pytest.raises(InputError) as refused:
                attachments.keep(ctx, files)
            assert refused.value.field == "files"
    assert len(course.rows("case_file")) == 1
