"""Mirrors caseapp/adapters/pdf.py: real PDFs, read back."""

from __future__ import annotations

import builtins
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.document_renderer import DocumentRenderer
from caseapp.adapters.pdf import APT_LINE, EXTRA_FAMILY, FACES, WeasyPdfRenderer, vendored_file
from caseapp.domain.documents import unprintable_characters
from caseapp.domain.errors import ExternalError, InputError
from tests.support.document_facts import DOCUMENTS_FILE, FONTS, ROOT, TEMPLATES, facts_for, full_facts

TYPES = load_document_types(DOCUMENTS_FILE, templates_dir=TEMPLATES)
PDF = WeasyPdfRenderer(FONTS)
PAPERS = DocumentRenderer(TEMPLATES, glyphs_missing=PDF.glyphs_missing)

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, (297 - 37) * MM, 35 * MM
"""The type area of GB/T 9704-2012 in points from the lower left corner."""


def print_document(kind: str, *, preview: bool = False, **changes: object) -> bytes:
    facts = facts_for(kind)
    facts.update(changes)
    return PDF.render(PAPERS.render_html(TYPES[kind], facts, preview=preview), title=TYPES[kind].name["zh"])


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    """Return every kind of document, printed once."""
    return {kind: print_document(kind) for kind in TYPES}


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def texts_of(pdf: bytes) -> Iterator[str]:
    """Give the text of a PDF as read by pypdf, and by pdftotext where the machine has it."""
    yield squeeze("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))
    if program := shutil.which("pdftotext"):
        done = subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True)
        yield squeeze(done.stdout.decode())


def runs_of(pdf: bytes, page: int = 0) -> list[tuple[str, float, float, float]]:
    """Return (text, x, y, size) of every run of a page, from the lower left corner in points."""
    found: list[tuple[str, float, float, float]] = []

    def visit(text: str, matrix: Any, text_matrix: Any, font: object, size: float) -> None:
        if text.strip():
            a, b, c, d, e, f = matrix
            x, y = text_matrix[4], text_matrix[5]
            found.append((text.strip(), a * x + c * y + e, b * x + d * y + f, abs(size * text_matrix[3] * d)))

    PdfReader(BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def fonts_of(pdf: bytes) -> set[str]:
    names = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, "every font is embedded"
            names.add(font["/BaseFont"].split("+", 1)[1])
    return names


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("lead_register", ["案件来源登记表", "通知知源字〔2026〕31号", "江苏澜庭纺织集团有限公司", "登记人：沈意"]),
        ("filing_approval", ["立案审批表", "顾海宁（执法证件号：10060112001）", "签名：姜㛃", "2026年8月17日"]),
        ("investigation_report", ["案件调查终结报告", "六、自由裁量的理由等其他需要说明的事项", "25,728.00"]),
        ("review_form", ["法制审核表", "7．处理是否适当", "审核人员：季彧"]),
        ("prior_notice", ["行政处罚告知书", "有权进行陈述和申辩", "五个工作日内", "0513-86500000"]),
        ("penalty_decision", ["通知知罚字〔2026〕7号", "翟䶮", "人民币玖万柒仟叁佰伍拾叁元整", "六十日内"]),
        ("no_penalty_decision", ["不予行政处罚决定书", "没有造成危害后果"]),
        ("on_spot_decision", ["当场行政处罚决定书", "2026年11月6日10时05分"]),
        ("service_receipt", ["送达回证", "《行政处罚决定书》", "收件人签名"]),
        ("closing_approval", ["结案审批表", "已于2026年11月18日缴纳全部罚款"]),
    ],
)
def test_the_text_of_every_document_can_be_read_back(printed: dict[str, bytes], kind: str, words: list[str]) -> None:
    for text in texts_of(printed[kind]):
        for word in words:
            assert word in text


def is_foot(text: str) -> bool:
    """Return whether a run stands in the foot where each page of a record is signed."""
    return "签名：\u3000" in text or ("签名）：\u3000" in text and text.count("签名") == 2)


@pytest.mark.parametrize("kind", TYPES)
def test_every_page_is_a4_and_keeps_to_the_type_area(printed: dict[str, bytes], kind: str) -> None:
    reader = PdfReader(BytesIO(printed[kind]))
    for number, page in enumerate(reader.pages):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((210 * MM, 297 * MM), abs=0.1)
        for text, x, y, _ in runs_of(printed[kind], number):
            if (text.startswith("—") and text.endswith("—")) or is_foot(text):
                continue
            assert LEFT - 1 <= x <= RIGHT, text
            assert BOTTOM - 1 <= y <= TOP + 1, text


@pytest.mark.parametrize(
    "kind", ["lead_register", "filing_approval", "review_form", "on_spot_decision", "service_receipt"]
)
def test_forms_fit_on_one_page(printed: dict[str, bytes], kind: str) -> None:
    assert len(PdfReader(BytesIO(printed[kind])).pages) == 1


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    pdf = print_document("penalty_decision", course="案" * 28 * 60)
    lines: dict[int, int] = {}
    for text, _, y, size in runs_of(pdf, 1):
        assert size == pytest.approx(16, abs=0.1) or text.startswith("—")
        if set(text) == {"案"}:
            lines[round(y)] = lines.get(round(y), 0) + len(text)
    assert len(lines) == 22
    assert set(lines.values()) == {28}
    heights = sorted(lines, reverse=True)
    assert heights[0] - heights[-1] == pytest.approx(21 * 225 * MM / 22, abs=1.5)


def test_page_numbers_stand_outside_odd_ones_right_even_ones_left(printed: dict[str, bytes]) -> None:
    for page in range(3):
        (number,) = [run for run in runs_of(printed["penalty_decision"], page) if run[0] == f"— {page + 1} —"]
        _, x, y, size = number
        assert size == pytest.approx(14, abs=0.1)
        assert BOTTOM - 7 * MM - 14 <= y <= BOTTOM - 7 * MM, "its top is 7 mm below the type area"
        if page % 2:
            assert x == pytest.approx(LEFT + 14, abs=1)
        else:
            assert RIGHT - 60 < x < RIGHT - 14


def test_an_outward_paper_has_its_head_title_and_signature_in_place(printed: dict[str, bytes]) -> None:
    runs = {text: (x, y, size) for text, x, y, size in runs_of(printed["penalty_decision"])}
    x, y, size = runs["南通市通州区知识产权局"]
    assert y + size * 0.88 == pytest.approx(TOP - 35 * MM, abs=2 * MM), (
        "the head begins 35 mm below the type area's top"
    )
    assert x + size * 11 / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=3), "and is centred"
    x, _, size = runs["行政处罚决定书"]
    assert size == pytest.approx(22, abs=0.1)
    assert x + size * 7 / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=3)
    last = {text: x for page in (3, 4) for text, x, _, _ in runs_of(printed["penalty_decision"], page)}
    # 2026年11月6日: seven digits of half a character and three of a whole one, four characters in from the right.
    assert last["2026年11月6日"] == pytest.approx(RIGHT - 4 * 16 - 6.9 * 16, abs=16)


@pytest.mark.parametrize("kind", TYPES)
def test_only_bundled_fonts_are_embedded(printed: dict[str, bytes], kind: str) -> None:
    assert fonts_of(printed[kind]) <= {"Noto-Serif-SC-Common", "Noto-Serif-SC-Common-Bold", "Noto-Serif-SC-Rare"}


def test_a_rare_character_of_a_name_is_set_in_the_large_face(printed: dict[str, bytes]) -> None:
    for rare in "㐂𬱖䶮":
        assert PDF.glyphs_missing(rare) == ()
    pdf = print_document("service_receipt", remarks=None, case={"name": "丂某某案"})
    assert fonts_of(pdf) == {"Noto-Serif-SC-Common", "Noto-Serif-SC-Common-Bold", "Noto-Serif-SC-Rare"}
    for text in texts_of(pdf):
        assert "丂某某案" in text
    assert "Noto-Serif-SC-Rare" not in fonts_of(printed["service_receipt"])


def test_the_characters_that_no_font_has_are_named_once_and_in_order() -> None:
    assert PDF.glyphs_missing("王𪛖与♞\n\t李𪛖\u200b\ufe0f") == ("𪛖", "♞")


def test_an_unprintable_name_is_found_before_printing_and_never_printed() -> None:
    facts = full_facts()
    facts["parties"][0]["legal_representative"] = "王𪛖"  # type: ignore[index]
    found = unprintable_characters(TYPES["penalty_decision"], facts, PDF.glyphs_missing)
    assert [(item.path, item.code) for item in found] == [("parties.0.legal_representative", "U+2A6D6")]
    with pytest.raises(InputError, match="U\\+2A6D6"):
        PDF.render("<p>王𪛖</p>", title="x")


def test_every_page_of_a_demonstration_paper_and_of_a_draft_is_marked() -> None:
    pdf = print_document("penalty_decision", preview=True, demo=True)
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 3
    for page in pages:
        text = squeeze(page.extract_text())
        assert "演示" in text
        assert "草稿" in text


def test_a_real_paper_is_not_marked(printed: dict[str, bytes]) -> None:
    for text in texts_of(printed["penalty_decision"]):
        assert "演示" not in text
        assert "草稿" not in text


def test_the_file_is_archival_tagged_and_dated_by_its_issue(printed: dict[str, bytes]) -> None:
    reader = PdfReader(BytesIO(printed["penalty_decision"]))
    assert reader.metadata is not None
    assert reader.metadata.title == "行政处罚决定书"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.isoformat() == "2026-11-06T09:30:00+08:00"
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


PRINT_AND_HASH = """
import hashlib, sys
from tests.adapters.test_pdf import print_document
for kind in sys.argv[1:]:
    print(kind, hashlib.sha256(print_document(kind)).hexdigest())
"""


def test_the_same_facts_give_the_same_bytes_in_any_process(printed: dict[str, bytes]) -> None:
    kinds = ["penalty_decision", "closing_approval"]
    expected = {kind: hashlib.sha256(printed[kind]).hexdigest() for kind in kinds}
    again = {kind: hashlib.sha256(print_document(kind)).hexdigest() for kind in kinds}
    assert again == expected
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/Lima"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_AND_HASH, *kinds], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert dict(line.split() for line in done.stdout.decode().splitlines()) == expected


def test_threads_print_one_after_another_and_alike(printed: dict[str, bytes]) -> None:
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: print_document("service_receipt"), range(8)))
    assert set(results) == {printed["service_receipt"]}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param('<img src="http://127.0.0.1:9/x.png">', id="http-image"),
        pytest.param('<img src="https://example.org/x.png">', id="https-image"),
        pytest.param('<img src="file:///etc/passwd">', id="file-elsewhere"),
        pytest.param('<img src="ftp://example.org/x.png">', id="ftp"),
        pytest.param('<link rel="attachment" href="file:///etc/passwd">', id="attachment"),
        pytest.param('<link rel="stylesheet" href="http://127.0.0.1:9/x.css">', id="style-sheet"),
        pytest.param("<style>@import url(http://127.0.0.1:9/x.css);</style>", id="import"),
        pytest.param("<style>@font-face{font-family:x;src:url(file:///etc/passwd)}p{font-family:x}</style>", id="font"),
        pytest.param(f'<img src="data:image/png;base64,{"A" * 70_000}">', id="large-inline-image"),
        pytest.param('<img src="data:text/html;base64,PGI+">', id="other-inline-data"),
    ],
)
def test_nothing_outside_the_vendored_folders_is_fetched(page: str) -> None:
    for html in (
        f"<html><head>{page}</head><body><p>文</p></body></html>",
        f"<html><body>{page}<p>文</p></body></html>",
    ):
        with pytest.raises(ExternalError, match="不允许的外部资源"):
            PDF.render(html, title="x")


def test_a_small_inline_image_and_a_vendored_file_are_taken(tmp_path: Path) -> None:
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    (tmp_path / "seal.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>', "utf-8"
    )
    printer = WeasyPdfRenderer(FONTS, resources_dirs=[tmp_path])
    html = f'<img src="data:image/png;base64,{dot}"><img src="{(tmp_path / "seal.svg").as_uri()}">'
    assert printer.render(html, title="x").startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda folder: (folder.parent / "secret.css").as_uri(), id="beside-the-folder"),
        pytest.param(lambda folder: f"{folder.as_uri()}/../secret.css", id="dots"),
        pytest.param(lambda folder: f"{folder.as_uri()}/%2e%2e/secret.css", id="encoded-dots"),
        pytest.param(lambda folder: (folder / "link.css").as_uri(), id="link-that-leads-out"),
        pytest.param(lambda folder: (folder / "note.txt").as_uri(), id="other-type"),
        pytest.param(lambda folder: f"file://host{folder}/ok.css", id="other-host"),
        pytest.param(lambda folder: str(folder / "ok.css"), id="no-scheme"),
    ],
)
def test_a_vendored_file_is_one_that_lies_in_its_folder(tmp_path: Path, make: Callable[[Path], str]) -> None:
    folder = tmp_path / "vendored"
    folder.mkdir()
    for path in (folder / "ok.css", folder / "note.txt", tmp_path / "secret.css"):
        path.write_text("", "utf-8")
    (folder / "link.css").symlink_to(tmp_path / "secret.css")
    assert vendored_file((folder / "ok.css").as_uri(), [folder]) == folder / "ok.css"
    with pytest.raises(PermissionError):
        vendored_file(make(folder), [folder])


def test_an_office_may_set_its_own_fangsong(tmp_path: Path) -> None:
    own = tmp_path / "FangSong.ttf"
    shutil.copyfile(FONTS / FACES[1][0], own)
    printer = WeasyPdfRenderer(FONTS, own, work_dir=tmp_path / "work")
    html = PAPERS.render_html(TYPES["service_receipt"], full_facts(), preview=False)
    assert EXTRA_FAMILY.replace(" ", "-") in {
        name.removesuffix("-Bold") for name in fonts_of(printer.render(html, title="x"))
    }
    assert sorted(path.name for path in (tmp_path / "work" / "fonts").iterdir()) == ["0.ttf", "1.ttf", "2.ttf", "3.ttf"]


def test_the_machine_keeps_its_own_font_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/fonts/mine.conf")
    WeasyPdfRenderer(FONTS).render("<p>文</p>", title="x")
    assert os.environ["FONTCONFIG_FILE"] == "/etc/fonts/mine.conf"


def test_a_missing_font_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExternalError, match=FACES[0][0]):
        WeasyPdfRenderer(tmp_path)


def test_without_pango_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = builtins.__import__

    def without_pango(name: str, *arguments: Any, **options: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libgobject-2.0-0'")
        return genuine(name, *arguments, **options)

    printer = WeasyPdfRenderer(FONTS)
    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(ExternalError) as refused:
        printer.render("<p>文</p>", title="x")
    assert APT_LINE in str(refused.value)
    assert "libgobject" in str(refused.value)
    assert printer.glyphs_missing("𪛖") == ("𪛖",), "what needs no Pango still works"
