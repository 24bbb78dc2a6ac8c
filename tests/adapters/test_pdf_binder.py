"""Mirrors caseapp/adapters/pdf_binder.py and archival.py: real volumes, read back by another library."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image
from pypdf import PdfReader

from caseapp.adapters.archival import archival_problems
from caseapp.adapters.pdf import WeasyPdfRenderer
from caseapp.adapters.pdf_binder import MM, PikeBinder
from caseapp.domain.errors import InputError
from caseapp.ports import Sheet
from tests.factories.pictures import png
from tests.support.document_facts import FONTS

PRINTER = WeasyPdfRenderer(FONTS)
BINDER = PikeBinder(FONTS / "NotoSerifSC-Regular-gb2312.ttf")


def paper(text: str, pages: int = 1) -> bytes:
    body = "".join(f"<p style='break-after: page'>{text} {number}</p>" for number in range(1, pages + 1))
    return PRINTER.render(f"<html><body style='font-family: Noto Serif SC Common'>{body}</body></html>", title=text)


def jpeg(mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new(mode, (800, 600)).save(target, "JPEG")
    return target.getvalue()


@pytest.fixture(scope="module")
def volume() -> bytes:
    sheets = [
        Sheet(paper("正文一", 3), "application/pdf", "一"),
        Sheet(jpeg(), "image/jpeg", "照片"),
        Sheet(png(), "image/png", "签名"),
        Sheet(paper("正文二", 2), "application/pdf", "二"),
    ]
    return BINDER.bind(paper("封面", 2), sheets, paper("备考表"), title="案卷")


def folio(page: pikepdf.Page) -> str:
    """Return the number stamped on a sheet."""
    drawn = [part.read_bytes() for part in page.Contents] if isinstance(page.Contents, Array) else []
    return drawn[-1].decode().split("(")[1].split(")")[0] if drawn and b"HuhangFolio" in drawn[-1] else ""


def test_sheets_are_numbered_through_and_front_and_back_are_not(volume: bytes) -> None:
    with Pdf.open(io.BytesIO(volume)) as pdf:
        assert [folio(page) for page in pdf.pages] == ["", "", "1", "2", "3", "4", "5", "6", "7", ""]
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(volume)).pages]
    assert texts[5].strip() == "4"
    assert "正文二" in texts[7]


def test_odd_numbers_stand_right_and_even_ones_left(volume: bytes) -> None:
    def first_x(place: int) -> float:
        found: list[float] = []

        def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
            if text.strip().isdigit():
                found.append(tm[4])

        PdfReader(io.BytesIO(volume)).pages[place].extract_text(visitor_text=note)
        return found[-1]

    assert first_x(4) > 150 * MM
    assert first_x(5) < 30 * MM


def test_a_volume_is_archival_and_every_part_has_a_bookmark(volume: bytes) -> None:
    assert archival_problems(volume) == ()
    outline = PdfReader(io.BytesIO(volume)).outline
    assert [item["/Title"] for item in outline if not isinstance(item, list)] == ["一", "照片", "签名", "二"]


def test_the_same_parts_make_the_same_volume() -> None:
    sheets = [Sheet(paper("正文"), "application/pdf", "一"), Sheet(jpeg(), "image/jpeg", "照片")]
    front, back = paper("封面"), paper("备考表")
    assert BINDER.bind(front, sheets, back, title="案卷") == BINDER.bind(front, sheets, back, title="案卷")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_sheet_is_numbered_where_it_is_seen(turn: int) -> None:
    with Pdf.open(io.BytesIO(paper("横页"))) as pdf:
        pdf.pages[0].obj["/Rotate"] = turn
        target = io.BytesIO()
        pdf.save(target)
    bound = BINDER.bind(paper("封面"), [Sheet(target.getvalue(), "application/pdf", "x")], paper("备考"), title="x")
    with Pdf.open(io.BytesIO(bound)) as pdf:
        page = pdf.pages[1]
        told = page.Contents[-1].read_bytes().decode()
    a, b, c, d, e, f = (float(part) for part in told.split("q ")[1].split(" cm")[0].split())
    x, y = (float(part) for part in told.split("0 g ")[1].split(" Td")[0].split())
    at = (a * x + c * y + e, b * x + d * y + f)
    seen = {90: (at[1], 210 * MM - at[0]), 180: (210 * MM - at[0], 297 * MM - at[1]), 270: (297 * MM - at[1], at[0])}
    width, height = (297 * MM, 210 * MM) if turn in (90, 270) else (210 * MM, 297 * MM)
    assert seen[turn][0] == pytest.approx(width - 15 * MM, abs=12)
    assert seen[turn][1] == pytest.approx(height - 13 * MM, abs=1)


def test_pages_are_counted_before_they_are_bound() -> None:
    assert BINDER.page_count(paper("x", 3), "application/pdf") == 3
    assert BINDER.page_count(png(), "image/png") == 1


def locked() -> bytes:
    with Pdf.open(io.BytesIO(paper("x"))) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
        return target.getvalue()


@pytest.mark.parametrize(
    ("made", "media"),
    [(locked, "application/pdf"), (lambda: b"%PDF-1.7 nothing", "application/pdf"), (lambda: b"GIF", "image/png")],
    ids=["locked", "damaged", "no picture"],
)
def test_what_cannot_be_bound_is_said_before(made: Callable[[], bytes], media: str) -> None:
    with pytest.raises(InputError):
        BINDER.page_count(made(), media)


def changed(change: Callable[[Pdf], object]) -> bytes:
    with Pdf.open(io.BytesIO(paper("正文"))) as pdf:
        change(pdf)
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def _script(pdf: Pdf) -> None:
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _bare_font(pdf: Pdf) -> None:
    pdf.pages[0].add_resource(pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)), Name.Font)  # fmt: skip


def _cmyk(pdf: Pdf) -> None:
    image = Stream(pdf, b"\0" * 4)
    image.update({"/Subtype": Name.Image, "/ColorSpace": Name.DeviceCMYK, "/Width": 1, "/Height": 1})
    pdf.pages[0].add_resource(pdf.make_indirect(image), Name.XObject)


def _attachment(pdf: Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


def _no_profile(pdf: Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def _other_claim(pdf: Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["pdfaid:part"] = "1"


def _launch(pdf: Pdf) -> None:
    action = Dictionary(S=Name.Launch, F="a.exe")
    pdf.pages[0].obj["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_script, "OpenAction"),
        (_bare_font, "not embedded"),
        (_cmyk, "DeviceCMYK"),
        (_attachment, "embedded files"),
        (_no_profile, "colour profile"),
        (_other_claim, "PDF/A-2"),
        (_launch, "Launch"),
    ],
    ids=["script", "font", "cmyk", "attachment", "profile", "claim", "launch"],
)
def test_what_is_not_archival_is_found(change: Callable[[Pdf], object], said: str) -> None:
    assert any(said in problem for problem in archival_problems(changed(change)))


def test_locked_and_damaged_files_are_not_archival() -> None:
    assert archival_problems(locked())
    assert archival_problems(b"nothing")
