"""Joint work is begun, answered, minuted and ended; only organs that take part know of it, whatever way they look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.context import Context
from caseapp.domain.errors import InputError, NotFound, NotPermitted, RuleRefused, StaleCase
from caseapp.domain.joint_work import Answer, PostKind
from caseapp.queries import joint_work as queries
from caseapp.queries.joint_work import waiting_for_us, work_list, work_page, works_with
from caseapp.services import joint_work as services
from caseapp.services.joint_minutes import minutes_pdf
from caseapp.services.joint_work import WorkDraft, answer_work, begin_work, end_work, write_in_work
from caseapp.services.joint_work_files import open_file
from tests.factories.cases import Course
from tests.factories.referrals import POLICE, PROCURATORATE, liaisons, received
from tests.services.test_matter_send import PDF

SECRET = "刘某仓库"
DRAFT = WorkDraft(
    "consultation", "evidence", f"{SECRET}取证会商", "请就电子数据取证提出意见。", (POLICE, PROCURATORATE)
)


@contextmanager
def as_(course: Course, who: Any) -> Iterator[Context]:
    with course.parts.context(who) as ctx:
        yield ctx


def begun(course: Course, draft: WorkDraft = DRAFT, *, by: str = "officer", key: str | None = None) -> str:
    with course.as_(by) as ctx:
        return begin_work(ctx, draft, idempotency_key=key).id


def test_it_is_begun_answered_minuted_and_ended(course: Course) -> None:
    people = liaisons(course)
    work = begun(course, key="k1")
    assert begun(course, key="k1") == work, "the same submission counts once"
    with as_(course, people["police"]) as ctx:
        assert waiting_for_us(ctx) == 1
        answer_work(ctx, work, Answer.ACCEPTED, "")
        assert waiting_for_us(ctx) == 0
        with pytest.raises(RuleRefused):
            answer_work(ctx, work, Answer.DECLINED, "改日再议")
        with pytest.raises(RuleRefused):
            end_work(ctx, work, "已经办结")
    with as_(course, people["procurator"]) as ctx:
        with pytest.raises(InputError):
            answer_work(ctx, work, Answer.DECLINED, " ")
        answer_work(ctx, work, Answer.DECLINED, "另行安排。")
    with course.as_("leader") as ctx:
        with pytest.raises(RuleRefused):
            end_work(ctx, work, "会商完毕")
        write_in_work(ctx, work, "三方一致同意先固定后台数据。", minutes=True)
        end_work(ctx, work, "会商完毕")
        with pytest.raises(RuleRefused):
            write_in_work(ctx, work, "补充", minutes=False)
        page = work_page(ctx, work)
    assert [post.kind for post in page.posts] == [
        PostKind.ACCEPTED,
        PostKind.DECLINED,
        PostKind.MINUTES,
        PostKind.CLOSED,
    ]
    assert (page.line.closed_on, page.may_write, page.may_end) == (course.today, False, False)
    assert course.ledger("system")[-5:] == [
        "joint_work_begun",
        "joint_work_accepted",
        "joint_work_declined",
        "joint_work_minutes",
        "joint_work_closed",
    ]
    payloads = [row["payload"] for row in course.rows("ledger_entry") if row["kind"].startswith("joint_work_")]
    assert not any(SECRET in text or "后台数据" in text for text in payloads), "the ledger keeps digests of the words"
    told = [row["user_id"] for row in course.rows("notification") if row["kind"] == "joint"]
    assert {people["police"].id, people["procurator"].id, course.people["officer"].id} <= set(told)
    assert not any(SECRET in row["message"] for row in course.rows("notification"))


def test_who_takes_no_part_finds_it_nowhere(course: Course) -> None:
    people, work = liaisons(course), begun(course)
    for login in ("court", "police2"):
        with as_(course, people[login]) as ctx:
            assert waiting_for_us(ctx) == 0
            found = work_list(ctx, words=SECRET)
            assert (found.lines, found.total, set(found.counts.values())) == ((), 0, {0})
            with pytest.raises(NotFound):
                work_page(ctx, work)
            with pytest.raises(NotFound):
                write_in_work(ctx, work, "您好", minutes=False)
    with course.as_("intake") as ctx, pytest.raises(NotPermitted):
        write_in_work(ctx, work, "您好", minutes=False)
    with course.as_("supervisor") as ctx, pytest.raises(NotPermitted):
        begin_work(ctx, DRAFT)


def test_a_linked_case_is_known_only_as_far_as_it_was_disclosed(course: Course) -> None:
    people, open_case, other = liaisons(course), course.filed(), course.filed()
    numbers = (course.image(open_case).display_number(), course.image(other).display_number())
    received(course, open_case)
    work = begun(course, WorkDraft(**{**_told(DRAFT), "cases": numbers}))
    with course.as_("officer") as ctx:
        assert {(one.case_id, one.number) for one in work_page(ctx, work).cases} == {
            (open_case, numbers[0]),
            (other, numbers[1]),
        }
    with as_(course, people["police"]) as ctx:
        assert {(one.case_id, one.number) for one in work_page(ctx, work).cases} == {("", numbers[0]), ("", "")}
    with as_(course, people["procurator"]) as ctx:
        assert {one.number for one in work_page(ctx, work).cases} == {""}
        with pytest.raises(InputError):
            begin_work(ctx, WorkDraft("clue_notice", "sharing", "线索", "见附件", (POLICE,), cases=(numbers[1],)))


def test_what_is_asked_wrongly_is_refused(course: Course) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"invited": ("nowhere",)},
        {"subject": " "},
        {"wanted_on": course.today - timedelta(days=1)},
        {"cases": ("没有这个案号",)},
    )
    for change in wrong:
        with pytest.raises(InputError):
            begun(course, WorkDraft(**{**_told(DRAFT), **change}))
    assert course.rows("joint_work") == []


def test_who_wrote_from_an_older_page_is_told(course: Course, monkeypatch: Any) -> None:
    work = begun(course)
    with course.as_("officer") as ctx:
        seen = services._open(ctx, work)
    with course.as_("leader") as ctx:
        write_in_work(ctx, work, "先写的", minutes=False)
    monkeypatch.setattr(services, "_open", lambda _ctx, _work: seen)
    with course.as_("officer") as ctx, pytest.raises(StaleCase):
        write_in_work(ctx, work, "后写的", minutes=False)


def test_the_board_is_walked_page_by_page(course: Course, monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    asked = {"wanted_on": course.today}
    works = {begun(course, WorkDraft(**{**_told(DRAFT), **asked})), begun(course)}
    course.later(days=3)
    with as_(course, liaisons(course)["procurator"]) as ctx:
        first = work_list(ctx, tab="waiting", kind="consultation", words="取证")
        second = work_list(ctx, tab="waiting", after=first.after)
        none = work_list(ctx, tab="closed")
    lines = (*first.lines, *second.lines)
    assert {line.id for line in lines} == works
    assert sorted(line.late for line in lines) == [False, True]
    assert (first.total, second.after, none.lines) == (2, None, ())


def _told(draft: WorkDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in WorkDraft.__slots__}


def test_files_come_along_are_looked_at_and_only_go_to_organs_that_take_part(course: Course) -> None:
    people = liaisons(course)
    with course.as_("officer") as ctx:
        work = begin_work(ctx, DRAFT, files=[("取证方案.pdf", BytesIO(PDF))]).id
        for wrong in ([("a.exe", b"MZ")], [("a.pdf", b"")], [("a.pdf", b"GIF89a")], [("a.pdf", PDF)] * 6):
            with pytest.raises(InputError) as refused:
                write_in_work(ctx, work, "补充", minutes=False, files=[(name, BytesIO(one)) for name, one in wrong])
            assert refused.value.field == "files"
        assert work_page(ctx, work).posts == (), "a post whose file is refused is not written"
        write_in_work(ctx, work, "纪要一", minutes=True, files=[("签到表.pdf", BytesIO(PDF + b"2"))])
        page = work_page(ctx, work)
    assert [[file.name for file in files] for files in (page.files, page.posts[0].files)] == [
        ["取证方案.pdf"],
        ["签到表.pdf"],
    ]
    with as_(course, people["police"]) as ctx:
        for post, content in ((0, PDF), (page.posts[0].number, PDF + b"2")):
            found, file = open_file(ctx, work, post, 1)
            with file:
                assert (file.read(), found.size) == (content, len(content))
    with as_(course, people["procurator"]) as ctx:
        answer_work(ctx, work, Answer.ACCEPTED, "", files=[("意见.pdf", BytesIO(PDF))])
        assert [file.name for file in work_page(ctx, work).posts[-1].files] == ["意见.pdf"]
    with as_(course, people["court"]) as ctx:
        for ask in (lambda: open_file(ctx, work, 0, 1), lambda: minutes_pdf(ctx, work, page.posts[0].number)):
            with pytest.raises(NotFound):
                ask()
    kept = [row["payload"] for row in course.rows("ledger_entry") if row["kind"].startswith("joint_work_")]
    assert [str(one).count("sha256:") for one in kept] == [2, 2, 2], "the words and the file, by their digests"
    assert [kind for kind in course.ledger("access") if kind == "exported"] == ["exported", "exported"]


def test_minutes_are_printed_and_found_with_all_that_was_written(course: Course) -> None:
    people = liaisons(course)
    work = begun(course)
    with course.as_("officer") as ctx:
        write_in_work(ctx, work, "先固定后台数据。", minutes=False)
        write_in_work(ctx, work, "一、由公安机关见证。", minutes=True)
        reply, minutes = work_page(ctx, work).posts
        content, name = minutes_pdf(ctx, work, minutes.number)
        assert (name, content[:5]) == (f"会商纪要-{SECRET}取证会商.pdf", b"%PDF-")
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")
        assert "一、由公安机关见证。" in text
        assert "南通市公安局通州分局" in text
        with pytest.raises(NotFound):
            minutes_pdf(ctx, work, reply.number)
        assert [line.id for line in works_with(ctx, f"{SECRET} 后台", limit=5)[0]] == [work]
        assert works_with(ctx, f"{SECRET} 没有写过", limit=5) == ((), 0)
        assert works_with(ctx, " ", limit=5) == ((), 0)
    with as_(course, people["court"]) as ctx:
        assert works_with(ctx, SECRET, limit=5) == ((), 0)
