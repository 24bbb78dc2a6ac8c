"""What a file is, is told by its content; its name must agree and may hide nothing."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.file_kinds import (
    KINDS,
    LONGEST_NAME,
    SAMPLE_BYTES,
    ending_of,
    odd_name,
    recognise,
    safe_name,
    size_text,
)
from tests.support import evidence_files as files

GOOD = {
    "a photograph": ("现场.JPG", files.jpeg(), "jpeg"),
    "a screenshot": ("a.png", files.png(), "png"),
    "a picture without an ending": ("IMG0001", files.png(), "png"),
    "a moving picture": ("a.gif", b"GIF89a" + b"\0" * 20, "gif"),
    "a web picture": ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
    "a bitmap": ("a.bmp", b"BM" + b"\x3a\0\0\0" + b"\0" * 40, "bmp"),
    "a fax": ("a.tif", b"II*\0" + b"\0" * 20, "tiff"),
    "a telephone's picture": ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 12, "heic"),
    "a paper": ("合同.pdf", files.pdf(), "pdf"),
    "a letter": ("函.docx", files.docx(), "ooxml"),
    "an open letter": ("a.odt", b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text", "odf"),
    "an official layout": ("a.ofd", files.archive("OFD.xml"), "ofd"),
    "an old letter": ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 8, "ole"),
    "a recording": ("a.mp3", b"ID3\x03" + b"\0" * 20, "mp3"),
    "a recording without a head": ("a.mp3", b"\xff\xfb\x90\x00" + b"\0" * 20, "mp3"),
    "a recording of a telephone": ("a.amr", b"#!AMR\n" + b"\0" * 8, "amr"),
    "a raw recording": ("a.aac", b"\xff\xf1\x50\x80" + b"\0" * 20, "aac"),
    "a wave": ("a.wav", b"RIFF\x10\0\0\0WAVEfmt ", "wav"),
    "a spoken note": ("a.m4a", b"\0\0\0\x18ftypM4A " + b"\0" * 12, "m4a"),
    "a film": ("a.mov", b"\0\0\0\x18ftypqt  " + b"\0" * 12, "mp4"),
    "a film of a camera": ("a.avi", b"RIFF\x10\0\0\0AVI LIST", "avi"),
    "a packed folder": ("证据.zip", files.archive(), "zip"),
    "a letter packed on purpose": ("a.zip", files.docx(), "zip"),
    "words": ("聊天记录.txt", "当事人：在吗".encode(), "text"),
    "words as old machines write them": ("a.csv", "名称,数量\r\n四件套,96".encode("gb18030"), "text"),
    "words with a mark of order": ("a.txt", "订单".encode("utf-16"), "text"),
}
BAD = {
    "nothing": ("a.jpg", b"", "0 字节"),
    "a web page": ("a.html", b"<!DOCTYPE html><p>x", "网页文件"),
    "a web page under another name": ("a.txt", b"  <script>alert(1)</script>", "网页文件"),
    "a drawing with a script": (
        "a.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        "网页文件",
    ),
    "a drawing behind a head": ("a.svg", b'<?xml version="1.0"?><svg/>', "网页文件"),
    "a picture called a paper": ("a.pdf", files.jpeg(), "内容却是 JPG 文件"),
    "a program called a picture": ("a.jpg", b"MZ\x90\0" + b"\0" * 60, "不能识别"),
    "a program": ("a.exe", b"MZ\x90\0" + b"\0" * 60, "不能识别"),
    "a program for Linux": ("a", b"\x7fELF" + b"\0" * 60, "不能识别"),
    "a packed program": ("a.jar", files.archive("META-INF/MANIFEST.MF"), ".jar"),
    "words called a program": ("a.bat", b"del *.*", ".bat"),
    "a picture whose ending is turned round": ("photo\u202egpj.exe", files.jpeg(), ".exe"),
    "noise": ("a.txt", bytes(range(256)), "不能识别"),
}


@pytest.mark.parametrize(("name", "content", "kind"), GOOD.values(), ids=GOOD)
def test_is_recognised(name: str, content: bytes, kind: str) -> None:
    assert recognise(content[:SAMPLE_BYTES], content[-SAMPLE_BYTES:], name) is KINDS[kind]


@pytest.mark.parametrize(("name", "content", "reason"), BAD.values(), ids=BAD)
def test_is_refused_with_the_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as refused:
        recognise(content[:SAMPLE_BYTES], content[-SAMPLE_BYTES:], name)
    assert refused.value.field == "files"


def test_words_cut_inside_a_character_are_still_words() -> None:
    content = ("证据" * 40_000).encode()
    assert recognise(content[:SAMPLE_BYTES], content[-SAMPLE_BYTES:], "a.txt").id == "text"


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        pytest.param("现场照片 1.jpg", "现场照片 1.jpg", id="an ordinary name"),
        pytest.param("../../etc/passwd", "passwd", id="a path"),
        pytest.param("C:\\证据\\照片.jpg", "照片.jpg", id="a path of Windows"),
        pytest.param("a\x00b\nc\x1b[31m.jpg", "abc[31m.jpg", id="controls"),
        pytest.param("photo\u202egpj.exe", "photogpj.exe", id="a mark that turns the writing round"),
        pytest.param("a\u200b\u2066b\u2069.png", "ab.png", id="marks without a look"),
        pytest.param("<img onerror=1>.png", "_img onerror=1_.png", id="signs of markup"),
        pytest.param("...jpg", "jpg", id="dots in front"),
        pytest.param("\u202e\u200f", "未命名", id="nothing to be seen"),
        pytest.param("e\u0301.txt", "é.txt", id="a letter in two parts"),
        pytest.param("长" * 400 + ".jpeg", "长" * (LONGEST_NAME - 5) + ".jpeg", id="very long"),
    ],
)
def test_a_name_is_shown_without_what_deceives(came: str, shown: str) -> None:
    assert safe_name(came) == shown
    assert safe_name(shown) == shown


def test_what_was_taken_out_of_a_name_is_written_out_beside_it() -> None:
    assert odd_name("现场.jpg") == ""
    assert odd_name("a\u202eb.jpg") == "a\\u202eb.jpg"
    assert len(odd_name("\u202e" * 5000)) <= 2 * LONGEST_NAME + 1


@pytest.mark.parametrize(("name", "ending"), [("a.JPG", "jpg"), ("a", ""), ("a.tar.gz", "gz"), ("a.jpg ", "jpg")])
def test_the_ending_is_what_stands_last(name: str, ending: str) -> None:
    assert ending_of(name) == ending


@pytest.mark.parametrize(("size", "text"), [(812, "812 B"), (34_918, "34.1 KB"), (2_411_725, "2.3 MB")])
def test_sizes_are_read_at_a_glance(size: int, text: str) -> None:
    assert size_text(size) == text


def test_what_is_not_shown_names_a_program_that_opens_it() -> None:
    assert [kind.id for kind in KINDS.values() if not kind.preview and not kind.opened_with] == []
