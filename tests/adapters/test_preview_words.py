"""The first words of documents are read out of them; nothing in them is carried out, followed or unpacked endlessly."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from caseapp.adapters.preview_words import LONGEST_LINE, MOST_BYTES, MOST_LINES, sheet_of, words_of
from tests.adapters.test_pictures import FONT
from tests.support.evidence_files import docx, packed, xlsx

ODF = (
    '<d xmlns:t="t"><t:h>清单</t:h><t:p>第一<t:span>批</t:span></t:p><t:table-row><c>床单</c><c>3</c></t:table-row></d>'
)
OFD = "<Page><TextObject><TextCode>送货单</TextCode></TextObject></Page>"
SLIDE = '<s xmlns:a="a"><a:p><a:r><a:t>调查</a:t></a:r><a:r><a:t>情况</a:t></a:r></a:p></s>'


@pytest.mark.parametrize(
    ("kind", "content", "lines"),
    [
        ("ooxml", docx("进货明细", " ", "四件套"), ["进货明细", "四件套"]),
        ("ooxml", xlsx(("品名", "数量"), ("被套", "三")), ["品名  数量  7", "被套  三  7"]),
        ("ooxml", packed({"ppt/slides/slide1.xml": SLIDE}), ["调查情况"]),
        ("odf", packed({"content.xml": ODF}), ["清单", "第一批", "床单  3"]),
        ("ofd", packed({"Doc_0/Pages/Page_0/Content.xml": OFD}), ["送货单"]),
        ("text", "一\n\n二".encode("gb18030"), ["一", "二"]),
        ("text", ("字" * 30_000).encode(), ["字" * 21_845]),
        ("text", "账册".encode("utf-16"), ["账册"]),
        ("text", b"\xff\xfe\xd8", []),
    ],
)
def test_words_are_read(kind: str, content: bytes, lines: list[str]) -> None:
    assert words_of(kind, io.BytesIO(content)) == lines


def test_no_entity_is_looked_up_and_no_part_unpacked_without_end() -> None:
    secret = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:d xmlns:w="w"><w:p><w:t>甲&x;</w:t></w:p></w:d>'
    assert words_of("ooxml", io.BytesIO(packed({"word/document.xml": secret}))) == ["甲"]
    with pytest.raises(ValueError, match="too large"):
        words_of("ooxml", io.BytesIO(packed({"word/document.xml": " " * (MOST_BYTES + 1)})))
    with pytest.raises(etree.XMLSyntaxError):
        words_of("odf", io.BytesIO(packed({"content.xml": "nothing"})))


def test_lines_are_broken_where_the_sheet_ends_and_are_not_endless() -> None:
    long = sheet_of(["长" * (LONGEST_LINE + 1), "a\x07\tb"], 400, str(FONT)).convert("L")
    assert long.size == (282, 100)
    assert sheet_of(["字"] * MOST_LINES, 400, str(FONT)).size == (282, 400)
    assert len(words_of("text", io.BytesIO("行\n".encode() * 500))) == MOST_LINES
    with pytest.raises(ValueError, match="no words"):
        sheet_of([], 400, str(FONT))
