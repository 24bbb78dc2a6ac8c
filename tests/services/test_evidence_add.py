"""Adding, describing and withdrawing evidence: who may, what is refused, what the ledger and the tables say then."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from caseapp.domain.errors import (
    ActionRefused,
    CaseAppError,
    ExternalError,
    FileChanged,
    InputError,
    InputErrors,
    NotFound,
)
from caseapp.domain.evidence import Evidence, EvidenceDraft
from caseapp.services import evidence_add, evidence_change, evidence_read, notify
from caseapp.services.evidence_add import AddedEvidence
from caseapp.services.ledger_rebuild import differences
from caseapp.services.outbox_dispatch import dispatch
from tests.factories.cases import Course
from tests.support import evidence_files as files


def draft(course: Course, **changes: Any) -> EvidenceDraft:
    told: dict[str, Any] = {
        "source": "当事人店铺货架",
        "acquired_on": course.today,
        "place": "南通家纺城3区1208号",
        "how": "scene",
        "officers": tuple(course.officers),
        "proves": "当事人销售侵权商品96套",
    }
    return EvidenceDraft(**{**told, **changes})


def add(
    course: Course, case_id: str, content: bytes | None = None, *, by: str = "officer", name: str = "现场照片.jpg",
    key: str | None = None, **changes: Any,
) -> AddedEvidence:  # fmt: skip
    with course.as_(by) as ctx:
        file = io.BytesIO(files.jpeg() if content is None else content)
        return evidence_add.add(ctx, case_id, file, name, draft(course, **changes), idempotency_key=key)


def piece(course: Course, case_id: str, number: int = 1) -> Evidence:
    return next(one for one in course.image(case_id).evidence if one.number == number)


def kept_files(course: Course) -> list[Path]:
    return [path for path in (course.parts.config.var / "evidence").rglob("*") if path.is_file()]


def payloads(course: Course, chain: str, kind: str) -> list[dict[str, Any]]:
    return [
        json.loads(row["payload"])
        for row in course.rows("ledger_entry")
        if (row["chain"], row["kind"]) == (chain, kind)
    ]


def rebuilt_as_stored(course: Course, case_id: str) -> None:
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_a_piece_is_entered_with_all_that_is_known_of_it(course: Course) -> None:
    case_id = course.checking()
    first = add(course, case_id, acquired_at="09:30")
    second = add(course, case_id, files.pdf(), name="进货单.pdf", title="进货单", kind="documentary", how="submitted")
    assert (first.number, first.title, second.number, second.title) == (1, "现场照片.jpg", 2, "进货单")
    found = piece(course, case_id)
    assert (found.kind, found.how, found.source, found.place) == (
        "audiovisual",
        "scene",
        "当事人店铺货架",
        "南通家纺城3区1208号",
    )
    assert (found.officers, found.proves, found.acquired_at) == (
        tuple(course.officers),
        "当事人销售侵权商品96套",
        "09:30",
    )
    assert (found.added_by, found.added_on) == (course.people["officer"].id, course.today)
    assert (found.file.kind, found.file.size) == ("jpeg", len(files.jpeg()))
    assert found.file.digest.startswith("sha256:")
    rows = course.rows("case_evidence", "number", "title", "digest", "withdrawn_on")
    assert [tuple(row) for row in rows] == [
        (1, "现场照片.jpg", found.file.digest, None),
        (2, "进货单", piece(course, case_id, 2).file.digest, None),
    ]
    assert [row["topic"] for row in course.rows("outbox")].count("draw_preview") == 2
    rebuilt_as_stored(course, case_id)


REFUSED: dict[str, tuple[dict[str, Any], type[CaseAppError], str]] = {
    "a web page": ({"content": b"<html>", "name": "a.html"}, InputError, "网页文件"),
    "a bomb": ({"content": files.bomb(), "name": "a.png"}, InputError, "百万像素"),
    "nothing": ({"content": b"", "name": "a.jpg"}, InputError, "0 字节"),
    "the wrong ending": ({"name": "a.pdf"}, InputError, "内容却是"),
    "no source and no place": ({"source": " ", "place": ""}, InputErrors, "2 处"),
    "a day to come": ({"acquired_on": date(2027, 1, 1)}, InputErrors, "1 处"),
    "a manner nobody knows": ({"how": "magic"}, InputErrors, "1 处"),
    "a kind nobody knows": ({"kind": "magic"}, InputErrors, "1 处"),
    "words without an end": ({"proves": "长" * 2000}, InputErrors, "1 处"),
    "nobody who got it": ({"officers": ()}, InputErrors, "1 处"),
    "somebody who does not exist": ({"officers": ("0" * 32,)}, InputErrors, "1 处"),
    "one officer alone": ({"officers": None}, ActionRefused, "不得少于2人，现为1人"),
    "a clerk of another desk": ({"by": "legal"}, ActionRefused, "本案办案人员"),
}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_what_may_not_be_entered_is_refused_and_leaves_nothing(course: Course) -> None:
    case_id = course.checking()
    for what, (given, kind, reason) in REFUSED.items():
        changes = dict(given)
        if "officers" in changes and changes["officers"] is None:
            changes["officers"] = (course.people["officer"].id,)
        with pytest.raises(kind) as refused:
            add(course, case_id, **changes)
        assert reason in str(refused.value), what
    assert course.image(case_id).evidence == ()
    assert kept_files(course) == []


def test_an_officer_without_a_certificate_takes_no_evidence(course: Course) -> None:
    case_id = course.checking()
    pair = (course.people["officer"].id, course.people["legal"].id)
    with pytest.raises(ActionRefused, match="没有有效的行政执法证件") as refused:
        add(course, case_id, officers=pair)
    assert refused.value.unmet[0].article == "《行政处罚法》第42条、第55条"
    assert add(course, case_id, officers=pair[:1], how="submitted").number == 1, "who hands it in needs one receiver"


def test_the_same_file_is_entered_once_and_again_after_it_was_withdrawn(course: Course) -> None:
    case_id = course.checking()
    first = add(course, case_id, key="once")
    assert add(course, case_id, key="once") == first
    with pytest.raises(InputError, match="已作为证据 1"):
        add(course, case_id)
    with course.as_("officer") as ctx:
        evidence_change.withdraw(ctx, case_id, first.id, reason="拍错了")
    assert add(course, case_id).number == 2, "numbers are never given again"
    assert len(kept_files(course)) == 1


def test_two_officers_who_add_at_once_both_succeed(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = course.checking()
    came: list[AddedEvidence] = []
    check = evidence_add._refuse_twin

    def meanwhile(image: Any, digest: str) -> None:
        check(image, digest)
        if not came:
            came.append(AddedEvidence("", "", 0, ""))
            came.append(add(course, case_id, files.png(), by="officer2", name="b.png"))

    monkeypatch.setattr(evidence_add, "_refuse_twin", meanwhile)
    mine = add(course, case_id)
    assert sorted((mine.number, came[1].number)) == [1, 2]
    rebuilt_as_stored(course, case_id)


def test_a_piece_is_described_anew_with_its_reason(course: Course) -> None:
    case_id = course.checking()
    added = add(course, case_id)
    now = evidence_change.draft_of(piece(course, case_id))
    with course.as_("officer2") as ctx:
        evidence_change.describe(
            ctx, case_id, added.id, replace(now, kind="physical", proves="侵权数量"), reason="归类有误"
        )
        with pytest.raises(InputError, match="没有任何更改"):
            evidence_change.describe(
                ctx, case_id, added.id, replace(now, kind="physical", proves="侵权数量"), reason="再次"
            )
        with pytest.raises(NotFound):
            evidence_change.describe(ctx, case_id, "0" * 32, now, reason="x")
    after = piece(course, case_id)
    assert (after.kind, after.proves, after.source) == ("physical", "侵权数量", now.source)
    [told] = payloads(course, case_id, "evidence_described")
    assert told["changes"] == {"kind": "physical", "proves": "侵权数量"}
    rebuilt_as_stored(course, case_id)


def test_a_withdrawn_piece_stays_with_its_reason(course: Course) -> None:
    case_id = course.checking()
    added = add(course, case_id)
    with course.as_("officer") as ctx:
        with pytest.raises(InputError):
            evidence_change.withdraw(ctx, case_id, added.id, reason=" ")
        evidence_change.withdraw(ctx, case_id, added.id, reason="与本案无关")
        with pytest.raises(ActionRefused, match="已经撤回"):
            evidence_change.withdraw(ctx, case_id, added.id, reason="再次")
    after = piece(course, case_id)
    assert (after.stands, after.withdrawn_reason, after.withdrawn_on) == (False, "与本案无关", course.today)
    with course.as_("supervisor") as ctx:
        found, file = evidence_read.open_file(ctx, case_id, added.id, how="download")
        with file:
            assert file.read() == files.jpeg()
        assert found == after
    rebuilt_as_stored(course, case_id)


def test_who_has_no_hand_in_the_case_changes_nothing(course: Course) -> None:
    case_id = course.checking()
    added = add(course, case_id, by="head")
    for login in ("legal", "leader"):
        with course.as_(login) as ctx, pytest.raises(ActionRefused, match="本案办案人员"):
            evidence_change.withdraw(ctx, case_id, added.id, reason="x")
    assert add(course, case_id, files.png(), by="intake", name="b.png").number == 2, "a clerk may, while it is a lead"


def test_every_look_at_a_file_is_kept(course: Course) -> None:
    case_id = course.checking()
    added = add(course, case_id)
    with course.as_("officer") as ctx:
        for _time in range(2):
            evidence_read.open_file(ctx, case_id, added.id, how="download")[1].close()
    looks = payloads(course, f"access:{case_id}", "evidence_read")
    assert looks == [{"evidence": added.id, "what": "download"}] * 2


def test_a_file_is_not_given_out_where_the_look_cannot_be_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = course.checking()
    added = add(course, case_id)
    opened = []
    real = course.parts.ports.evidence.open

    def opening(digest: str, **how: bool) -> Any:
        opened.append(real(digest, **how))
        return opened[-1]

    def full(*_given: object, **_named: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(course.parts.ports.evidence, "open", opening)
    monkeypatch.setattr(evidence_read, "note_evidence_read", full)
    with course.as_("officer") as ctx, pytest.raises(OSError, match="no room"):
        evidence_read.open_file(ctx, case_id, added.id, how="download")
    assert [file.closed for file in opened] == [True]


def tampered(course: Course) -> Path:
    [path] = kept_files(course)
    path.chmod(0o640)
    path.write_bytes(b"another picture")
    return path


@pytest.mark.parametrize("harm", [tampered, lambda course: kept_files(course)[0].unlink()], ids=["changed", "deleted"])
def test_a_file_that_was_harmed_is_given_to_nobody_and_administrators_are_told(
    course: Course, harm: Callable[[Course], object]
) -> None:
    case_id = course.checking()
    added = add(course, case_id)
    harm(course)
    with course.as_("officer") as ctx:
        for _time in range(2):
            with pytest.raises(FileChanged):
                evidence_read.open_file(ctx, case_id, added.id, how="download")
        with pytest.raises(FileChanged):
            evidence_read.preview(ctx, case_id, added.id, "small")
    told = course.rows("notification", "user_id", "kind")
    told_of_it = sorted(user for user, kind in told if kind == "evidence_changed")
    expected = sorted((course.people["sysadmin"].id, course.people["audit"].id))
    assert told_of_it == expected, "nobody is told twice"
    assert payloads(course, f"access:{case_id}", "evidence_read") == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_previews_are_drawn_after_the_act_or_when_asked_for(course: Course) -> None:
    case_id = course.checking()
    picture, paper = add(course, case_id), add(course, case_id, files.scan(), name="单据.pdf")
    words = add(course, case_id, "聊天".encode(), name="a.txt")
    broken = add(course, case_id, b"%PDF-1.7 broken", name="b.pdf")
    with course.as_("officer") as ctx:
        assert evidence_read.preview(ctx, case_id, picture.id, "small").startswith(b"\xff\xd8")
        assert evidence_read.has_preview(piece(course, case_id, 2))
        assert evidence_read.preview(ctx, case_id, words.id, "small").startswith(b"\xff\xd8")
        with pytest.raises(ExternalError, match="不能预览"):
            evidence_read.preview(ctx, case_id, broken.id, "small")
    with course.parts.context() as ctx:
        assert dispatch(ctx).failed == 0, "a file that cannot be drawn is no failure"
    drawn = {path.name for path in (course.parts.config.var / "cache" / "previews").iterdir()}
    with course.parts.context() as ctx, pytest.raises(FileChanged):
        evidence_read.draw(ctx, {"digest": "sha256:" + "0" * 64, "kind": "jpeg"})
    digest = piece(course, case_id, paper.number).file.digest.partition(":")[2]
    assert any(name.startswith(digest) for name in drawn)


def test_telling_administrators_tells_each_once(course: Course) -> None:
    """The notice goes to those who keep the system and those who keep the record, and to nobody else."""
    from caseapp.domain.errors import Message
    from caseapp.services.unit_of_work import unit_of_work

    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        count = notify.tell_administrators_of_record(ctx, unit, kind="x", key="x", message=Message("x"))
    assert count == 2
