"""Evidence on the case page: every file gets its answer; it is looked at, described anew, withdrawn, given out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html

from caseapp.services import access_log
from tests.support import evidence_files as files
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

TOLD = {"how": "scene", "source": "店铺货架", "place": "南通家纺城3区1208号", "proves": "销售侵权商品"}
File = tuple[io.BytesIO, str]


def file(content: bytes, name: str = "现场照片.jpg") -> File:
    return io.BytesIO(content), name


def attach(visitor: Visitor, case_id: str, *attached: File, json_wanted: bool = False, **changes: Any) -> Any:
    path = f"/cases/{case_id}/evidence/new"
    sent = {**fields(visitor.get(path).text), **TOLD, **changes, "files": list(attached)}
    headers = {"Accept": "application/json"} if json_wanted else {}
    return visitor.post(path, fields=sent, content_type="multipart/form-data", headers=headers)


def test_many_files_are_attached_at_once_and_shown(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    answer = attach(officer, case.id, file(files.jpeg()), file(files.scan(), "进货单.pdf"), file(b"x" * 9, "a.txt"))
    assert answer.status_code == 303
    pieces = office.image(case.id).evidence
    assert [piece.title for piece in pieces] == ["现场照片.jpg", "进货单.pdf", "a.txt"]
    assert pieces[0].officers == tuple(office.officers())
    page = officer.get(f"/cases/{case.id}?tab=evidence").text
    assert "已附入 3 份证据" in page
    assert page.count("picture-small") == 2, "words have no small picture"
    assert "店铺货架" in words(page)
    picture = officer.get(f"/cases/{case.id}/evidence/{pieces[0].id}/picture-small")
    assert (picture.mimetype, picture.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    shown = officer.get(f"/cases/{case.id}/evidence/{pieces[1].id}").text
    assert f"/cases/{case.id}/evidence/{pieces[1].id}/picture-large" in shown
    assert pieces[1].file.digest in shown
    for path in (f"/cases/{case.id}?tab=timeline", f"/cases/{case.id}?tab=overview"):
        assert officer.get(path).status_code == 200
    assert "附入证据 1 现场照片.jpg" in officer.get(f"/cases/{case.id}?tab=timeline").text


def test_every_file_gets_its_own_answer(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    answer = attach(officer, case.id, file(files.jpeg()), file(b"<svg onload=x>", "a.svg"), file(b"", "b.jpg"))
    assert answer.status_code == 422
    told = words(answer.text)
    assert "网页文件" in told
    assert "0 字节" in told
    assert "a.svg" in told
    assert [piece.number for piece in office.image(case.id).evidence] == [1]
    again = attach(
        officer, case.id, file(files.jpeg()), file(files.png(), "../\u202egnp.png"), json_wanted=True, title="x"
    )
    results = json.loads(again.text)["results"]
    assert "已作为证据 1" in results[0]["reason"]
    assert (results[1]["name"], results[1]["number"]) == ("gnp.png", 2)
    assert office.image(case.id).evidence[1].file.sent_as == "../\\u202egnp.png"
    page = officer.get(results[1]["url"]).text
    assert "\\u202e" in page
    assert "\u202e" not in page


def test_what_is_not_said_is_asked_for(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    assert "请选择要附入的文件" in attach(officer, case.id).text
    nothing = attach(officer, case.id, file(files.jpeg()), source="", acquired_at="9 o'clock")
    assert nothing.status_code == 422
    assert "请填写“来源”" in nothing.text
    assert "09:30" in nothing.text
    told = json.loads(attach(officer, case.id, file(files.jpeg()), json_wanted=True, place="").text)
    assert told == {"errors": ["请填写“取得地点”"]}
    alone = attach(officer, case.id, file(files.jpeg()), officers=office.officers()[0])
    assert "调查取证不得少于2人" in words(alone.text)
    assert "《行政处罚法》第42条" in words(alone.text)
    assert office.image(case.id).evidence == ()


class _Unread(io.RawIOBase):
    """A body of a certain length of which nobody may read a byte."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._at = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = self._length + offset if whence == io.SEEK_END else offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        raise AssertionError("the body is refused by its length")


def test_a_body_of_two_gigabytes_is_refused_unread(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    answer = officer.client.post(
        f"/cases/{case.id}/evidence/new",
        input_stream=_Unread(2 << 30),
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 413
    assert f"一次合计不超过 {office.parts.config.evidence_megabytes} MB" in answer.text
    assert "请返回上一页" in answer.text


def test_other_forms_keep_the_ordinary_limit(enter: Enter, office: Office) -> None:
    case = office.checking()
    answer = enter("officer").client.post(
        f"/cases/{case.id}/notes",
        input_stream=_Unread(20 << 20),
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 413


def test_a_file_is_given_out_as_it_came_and_never_as_a_page(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    attach(officer, case.id, file(files.jpeg()), file(files.docx(), "说明.docx"), file(files.pdf(), "合同.pdf"))
    picture, letter, paper = office.image(case.id).evidence
    for piece, media in ((picture, "image/jpeg"), (letter, "application/octet-stream"), (paper, "application/pdf")):
        answer = officer.get(f"/cases/{case.id}/evidence/{piece.id}/file")
        assert answer.mimetype == media
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert piece.file.name in unquote(answer.headers["Content-Disposition"])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert len(answer.data) == piece.file.size
    assert officer.get(f"/cases/{case.id}/evidence/{paper.id}/pdf").status_code == 404, "no file is a page of this site"
    assert officer.get(f"/cases/{case.id}/evidence/{letter.id}/recording").status_code == 503
    timeline = officer.get(f"/cases/{case.id}?tab=timeline").text
    assert "下载证据文件" in timeline


def test_papers_are_turned_over_and_words_shown_as_drawings_of_them(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    old, locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"%PDF-1.7 locked"
    attached = [file(files.pdf(3), "合同.pdf"), file(files.docx("进货明细"), "说明.docx"), file(old, "旧.doc")]
    attach(officer, case.id, *attached, file(locked, "锁.pdf"))
    pages = [officer.get(f"/cases/{case.id}/evidence/{one.id}").text for one in office.image(case.id).evidence]
    assert "第 1 页，共 3 页" in words(pages[0])
    paper, letter, *_others = office.image(case.id).evidence
    second = officer.get(f"/cases/{case.id}/evidence/{paper.id}?page=2").text
    assert "picture-large?page=2" in second
    assert "第 2 页，共 3 页" in words(second)
    assert "第 3 页，共 3 页" in words(officer.get(f"/cases/{case.id}/evidence/{paper.id}?page=99").text)
    assert "只显示开头的文字" in words(pages[1])
    drawn = officer.get(f"/cases/{case.id}/evidence/{letter.id}/picture-large")
    assert (drawn.mimetype, drawn.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "这类文件没有预览" in words(pages[2])
    assert "可以用这些软件打开：WPS Office" in words(pages[2])
    assert "办公文档 · 608 B" in words(pages[2])
    none = html.fromstring(pages[2]).find_class("hh-viewer-none")[0].text_content()
    assert office.image(case.id).evidence[2].file.digest in none
    assert "可能已损坏或者加密" in words(pages[3])


def test_a_recording_is_played_part_by_part(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    sound, film = files.wav(), b"\0\0\0\x18ftypmp42" + b"\0" * 400
    attach(officer, case.id, file(sound, "询问录音.wav"), file(film, "现场录像.mp4"))
    first, second = office.image(case.id).evidence
    assert "<audio" in officer.get(f"/cases/{case.id}/evidence/{first.id}").text
    page = officer.get(f"/cases/{case.id}/evidence/{second.id}")
    assert "<video" in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    path = f"/cases/{case.id}/evidence/{first.id}/recording"
    whole = officer.get(path)
    assert (whole.status_code, whole.data, whole.mimetype) == (200, sound, "audio/wav")
    assert whole.headers["Accept-Ranges"] == "bytes"
    for wanted, part, told in (
        ("bytes=0-99", sound[:100], f"bytes 0-99/{len(sound)}"),
        ("bytes=100-", sound[100:], f"bytes 100-{len(sound) - 1}/{len(sound)}"),
        ("bytes=-7", sound[-7:], f"bytes {len(sound) - 7}-{len(sound) - 1}/{len(sound)}"),
    ):
        answer = officer.get(path, headers={"Range": wanted})
        assert (answer.status_code, answer.data, answer.headers["Content-Range"]) == (206, part, told)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Disposition"].startswith("inline")
    assert officer.get(path, headers={"Range": f"bytes={len(sound)}-"}).status_code == 416
    [kept] = list((office.parts.config.var / "evidence").rglob(first.file.digest[7:]))
    kept.chmod(0o640)
    kept.write_bytes(sound[:-1] + b"!")
    assert officer.get(path, headers={"Range": "bytes=100-"}).status_code == 409, "touched since it was checked"


def test_a_changed_file_is_refused_and_told(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    attach(officer, case.id, file(files.jpeg()))
    (piece,) = office.image(case.id).evidence
    [path] = [one for one in (office.parts.config.var / "evidence" / "sha256").rglob("*") if one.is_file()]
    path.chmod(0o640)
    path.write_bytes(files.jpeg(80))
    answer = officer.get(f"/cases/{case.id}/evidence/{piece.id}/file")
    assert answer.status_code == 409
    assert "与附入时的校验值不符" in words(answer.text)
    assert "请勿使用这份文件" in words(answer.text)


def test_a_piece_is_described_anew_and_withdrawn(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    attach(officer, case.id, file(files.jpeg()))
    (piece,) = office.image(case.id).evidence
    edit = f"/cases/{case.id}/evidence/{piece.id}/edit"
    form = fields(officer.get(edit).text)
    assert (form["source"], form["officers"]) == ("店铺货架", office.officers())
    assert "没有任何更改" in send(officer, edit, form, reason="无").text
    assert send(officer, edit, form, officers=office.officers()[0], reason="x").status_code == 422
    assert send(officer, edit, form, source="").status_code == 422
    assert send(officer, edit, form, title="货架照片", kind="physical", reason="归类").status_code == 303
    assert office.image(case.id).evidence[0].title == "货架照片"
    away = f"/cases/{case.id}/evidence/{piece.id}/withdraw"
    form = fields(officer.get(f"/cases/{case.id}/evidence/{piece.id}").text, "/withdraw")
    assert send(officer, away, form).status_code == 422
    assert send(officer, away, form, reason="拍摄对象有误").status_code == 303
    page = html.fromstring(officer.get(f"/cases/{case.id}?tab=evidence").text)
    [struck] = page.xpath("//li[contains(@class, 'is-withdrawn')]//s")
    assert struck.text_content() == "货架照片"
    assert "拍摄对象有误" in page.text_content()
    seen = officer.get(f"/cases/{case.id}/evidence/{piece.id}").text
    assert "这份证据已撤回" in seen
    assert "/withdraw" not in seen
    assert officer.get(f"/cases/{case.id}/evidence/{piece.id}/file").status_code == 200, "it stays in the file"


def test_the_list_is_made_from_the_page(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    path = f"/cases/{case.id}/evidence/list"
    empty = officer.post(path, page=f"/cases/{case.id}?tab=evidence")
    assert empty.status_code == 303
    assert "尚缺以下内容" in officer.get(empty.location).text
    attach(officer, case.id, file(files.jpeg()))
    assert officer.post(path, page=f"/cases/{case.id}?tab=evidence").location.endswith("tab=documents")
    assert "证据清单" in words(officer.get(f"/cases/{case.id}?tab=documents").text)


def test_only_who_sees_the_case_sees_its_evidence(enter: Enter, office: Office) -> None:
    case, other = office.checking(), office.checking()
    attach(enter("officer"), case.id, file(files.jpeg()))
    (piece,) = office.image(case.id).evidence
    paths = [f"/cases/{case.id}/evidence/{piece.id}{part}" for part in ("", "/file", "/picture-small")]
    for login, status in (("supervisor", 200), ("leader", 200), ("police", 403), ("sysadmin", 403)):
        visitor = enter(login)
        for path in paths:
            assert visitor.get(path).status_code == status, (login, path)
    officer = enter("officer")
    assert officer.get(paths[0].replace(case.id, other.id)).status_code == 404, "one case opens no other's evidence"
    leader = enter("leader")
    assert leader.get(f"/cases/{case.id}/evidence/new").status_code == 403
    assert "附入证据" not in words(leader.get(f"/cases/{case.id}?tab=evidence").text)
    with office.context("officer") as ctx:
        assert access_log.note_read(ctx, case.id, "page") is False, "looking was kept already"
