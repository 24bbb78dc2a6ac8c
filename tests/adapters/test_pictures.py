"""Previews stand upright, bombs are refused unopened, and a file that cannot be drawn harms nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
from PIL import Image

from caseapp.adapters.pdf import WeasyPdfRenderer
from caseapp.adapters.pictures import PreviewMaker
from caseapp.domain.errors import ExternalError, InputError
from tests.support import evidence_files as files

FONT = Path(__file__).resolve().parents[2] / "caseapp" / "static" / "fonts" / "NotoSerifSC-Regular-gb2312.ttf"
DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def pictures(tmp_path: Path) -> PreviewMaker:
    return PreviewMaker(tmp_path / "previews", FONT, most_pixels=50_000_000)


def on_disk(tmp_path: Path, content: bytes) -> Callable[[], BinaryIO]:
    path = tmp_path / "file"
    path.write_bytes(content)
    return lambda: path.open("rb")


def drawn(pictures: PreviewMaker, tmp_path: Path, kind: str, content: bytes, longest: int = 40) -> Image.Image:
    made = pictures.preview(DIGEST, kind, on_disk(tmp_path, content), longest=longest)
    return Image.open(io.BytesIO(made)).convert("RGB")


def test_a_picture_is_measured_without_being_unpacked(pictures: PreviewMaker) -> None:
    assert pictures.measure(io.BytesIO(files.jpeg(64, 48))) == (64, 48)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(files.bomb(), "百万像素", id="a bomb of 3.6 billion pixels"),
        pytest.param(files.bomb(8_000), "百万像素", id="a picture just too large"),
        pytest.param(files.jpeg()[:30], "已损坏", id="half a picture"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "已损坏", id="only the beginning"),
    ],
)
def test_a_bad_picture_is_refused(pictures: PreviewMaker, content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        pictures.measure(io.BytesIO(content))


def test_a_preview_is_small_and_keeps_its_shape(pictures: PreviewMaker, tmp_path: Path) -> None:
    preview = drawn(pictures, tmp_path, "jpeg", files.jpeg(400, 200))
    assert preview.size == (40, 20)
    assert preview.getpixel((5, 10)) > (240, 240, 240)  # type: ignore[operator]


def test_a_picture_taken_sideways_stands_upright(pictures: PreviewMaker, tmp_path: Path) -> None:
    """Orientation 6: the camera was turned, so the white left half of the stored picture belongs on top."""
    preview = drawn(pictures, tmp_path, "jpeg", files.jpeg(400, 200, orientation=6))
    assert preview.size == (20, 40)
    assert preview.getpixel((10, 5)) > (240, 240, 240)  # type: ignore[operator]
    red = preview.getpixel((10, 35))
    assert isinstance(red, tuple)
    assert red[0] > 150 > red[1]


def test_a_scan_is_shown_as_the_picture_it_is(pictures: PreviewMaker, tmp_path: Path) -> None:
    preview = drawn(pictures, tmp_path, "pdf", files.scan())
    green = preview.getpixel((14, 20))
    assert isinstance(green, tuple)
    assert green[1] > green[0] + 30


def test_the_words_of_a_page_stand_where_they_stand_on_paper(pictures: PreviewMaker, tmp_path: Path) -> None:
    printer = WeasyPdfRenderer(FONT.parent)
    page = "<style>@page{size:A4;margin:0}p{margin:0;padding:20mm;font-size:40pt}</style>"
    paper = printer.render(
        f"<html>{page}<p>证据清单证据清单证据清单证据清单证据清单证据清单证据清单证据清单证据清单", title="x"
    )
    preview = drawn(pictures, tmp_path, "pdf", paper, 400).convert("L")
    assert preview.size == (283, 400)
    top, foot = preview.crop((20, 20, 260, 190)), preview.crop((20, 250, 260, 390))
    assert min(top.tobytes()) < 120, "there is ink above"
    assert min(foot.tobytes()) > 200, "there is none below"


def test_what_cannot_be_drawn_is_refused_and_not_tried_again(pictures: PreviewMaker, tmp_path: Path) -> None:
    for longest, (kind, content) in enumerate(
        (("png", files.bomb()), ("pdf", b"%PDF-1.7 nothing"), ("heic", files.heic()[:300]), ("ooxml", files.png())), 40
    ):
        with pytest.raises(ExternalError, match="不能预览"):
            drawn(pictures, tmp_path, kind, content, longest)

        def never() -> BinaryIO:
            raise AssertionError("the file is not opened again")

        with pytest.raises(ExternalError, match="不能预览"):
            pictures.preview(DIGEST, kind, never, longest=longest)


def test_a_picture_of_a_telephone_is_shown(pictures: PreviewMaker, tmp_path: Path) -> None:
    preview = drawn(pictures, tmp_path, "heic", files.heic())
    assert preview.size == (40, 30)
    white, red = preview.getpixel((5, 15)), preview.getpixel((35, 15))
    assert isinstance(white, tuple)
    assert isinstance(red, tuple)
    assert min(white) > 230
    assert red[0] > 150 > red[1]


def test_every_page_of_a_paper_can_be_turned_to(pictures: PreviewMaker, tmp_path: Path) -> None:
    content = on_disk(tmp_path, files.pdf(3))
    made = [pictures.preview(DIGEST, "pdf", content, longest=40, page=page) for page in (1, 3, 9)]
    assert [pictures.pages(one) for one in made] == [3, 3, 3], "behind the last page stands the last"
    assert pictures.pages(b"\xff\xd8") == 1


def test_the_first_words_of_a_document_are_drawn(pictures: PreviewMaker, tmp_path: Path) -> None:
    preview = drawn(pictures, tmp_path, "ooxml", files.docx("进货明细", "四件套 96 套"), 400).convert("L")
    assert preview.size == (282, 100), "a sheet is no longer than what stands on it needs"
    assert min(preview.crop((8, 8, 200, 40)).tobytes()) < 120
    assert min(preview.crop((8, 60, 270, 95)).tobytes()) > 200


def test_a_preview_is_drawn_once(pictures: PreviewMaker, tmp_path: Path) -> None:
    first = pictures.preview(DIGEST, "png", on_disk(tmp_path, files.png()), longest=40)

    def never() -> BinaryIO:
        raise AssertionError("the file is not opened again")

    assert pictures.preview(DIGEST, "png", never, longest=40) == first


def test_a_card_carries_its_words(pictures: PreviewMaker) -> None:
    card = Image.open(io.BytesIO(pictures.card(["演示", "现场照片"])))
    assert card.size == (960, 720)
    assert len(card.convert("L").getcolors() or []) > 10, "there are letters on it"
