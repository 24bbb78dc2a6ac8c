"""Binds finished PDFs and pictures into one volume: merged as they are, stamped with page numbers, marked as PDF/A.

Nothing is laid out again. The numbers are set with the digits of the bundled face, embedded once.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream
from PIL import Image, UnidentifiedImageError

from caseapp.adapters.archival import archival_problems
from caseapp.domain.errors import N_, InputError, Message
from caseapp.ports import Sheet

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
STAMP_POINTS = 12
STAMP_FROM_TOP, STAMP_FROM_EDGE = 13 * MM, 15 * MM
MOST_PIXELS = 60_000_000
_FONT = Name("/HuhangFolio")
_ACTIVE = ("/AA", "/Annots", "/StructParents", "/Tabs", "/Thumb", "/PieceInfo", "/Metadata")
"""Entries of a page that do not belong on a bound sheet: what acts by itself, and what points into another file."""


class PikeBinder:
    """The `PdfBinder` port on pikepdf. digits: a TrueType face of the bundled ones"""

    def __init__(self, digits: Path) -> None:
        self._digits = digits

    def page_count(self, content: bytes, media: str) -> int:
        """Return how many sheets a file makes. raises InputError for one that cannot be bound"""
        if media == "application/pdf":
            with _opened(content) as pdf:
                return len(pdf.pages)
        _picture(content)
        return 1

    def bind(self, front: bytes, sheets: Sequence[Sheet], back: bytes, *, title: str) -> bytes:
        """Return the volume: `front` unnumbered, the sheets numbered from 1 through all of them, `back` unnumbered.

        front, back  PDFs of the printer; the front's colour profile serves the whole
        raises       InputError for a file that cannot be bound
        """
        with _opened(front) as volume:
            for key in ("/StructTreeRoot", "/MarkInfo", "/Outlines"):
                if key in volume.Root:
                    del volume.Root[key]
            marks: list[tuple[str, int]] = []
            first = len(volume.pages)
            for sheet in sheets:
                marks.append((sheet.title, len(volume.pages)))
                self._append(volume, sheet.content, sheet.media)
            last = len(volume.pages)
            self._append(volume, back, "application/pdf")
            for page in volume.pages:
                for key in _ACTIVE:
                    if key in page.obj:
                        del page.obj[key]
            if last > first:
                _stamp(volume, first, last, self._digits)
            with volume.open_outline() as outline:
                outline.root.extend(OutlineItem(text, place) for text, place in marks)
            return _saved(volume, title)

    def _append(self, volume: Pdf, content: bytes, media: str) -> None:
        with _opened(content if media == "application/pdf" else _as_pdf(content)) as part:
            volume.pages.extend(part.pages)

    def archival_problems(self, content: bytes) -> tuple[str, ...]:
        """Return what keeps a PDF from being PDF/A-2b, as far as its structure shows; () = nothing found."""
        return archival_problems(content)


def _opened(content: bytes) -> Pdf:
    try:
        return Pdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise InputError("file", Message(N_("PDF 文件加了密码，不能装订"))) from error
    except pikepdf.PdfError as error:
        raise InputError("file", Message(N_("PDF 文件已损坏，不能装订"))) from error


def _picture(content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            raise InputError("file", Message(N_("图片过大，不能装订")))
        picture.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise InputError("file", Message(N_("图片文件已损坏，不能装订"))) from error
    return picture


def _as_pdf(content: bytes) -> bytes:
    """Return a picture as one A4 page: a JPEG in RGB or grey goes in as it is, anything else without loss."""
    picture = _picture(content)
    width, height = picture.size
    if picture.format == "JPEG" and picture.mode in ("RGB", "L"):
        data, filter_ = content, Name.DCTDecode
        space = Name.DeviceRGB if picture.mode == "RGB" else Name.DeviceGray
    else:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
        data, filter_, space = flat.tobytes(), None, Name.DeviceRGB
    margin = 25 * MM
    scale = min((A4[0] - 2 * margin) / width, (A4[1] - 2 * margin) / height)
    wide, high = width * scale, height * scale
    pdf = Pdf.new()
    image = Stream(pdf, data)
    image.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": width, "/Height": height,
                  "/ColorSpace": space, "/BitsPerComponent": 8})  # fmt: skip
    if filter_ is not None:
        image["/Filter"] = filter_
    drawn = f"q {wide:.3f} 0 0 {high:.3f} {(A4[0] - wide) / 2:.3f} {(A4[1] - high) / 2:.3f} cm /Im0 Do Q"
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(A4[0], 3), round(A4[1], 3)]),
        Contents=Stream(pdf, drawn.encode()),
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    target = io.BytesIO()
    pdf.save(target, compress_streams=True)
    return target.getvalue()


# --- page numbers -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _digit_face(path: Path) -> tuple[bytes, tuple[int, ...], tuple[int, ...], int, int, int]:
    """Return a face with nothing but digits: its file, and in 1/1000 widths, box, ascent, descent, cap height."""
    font = TTFont(path)
    options = subset.Options(notdef_outline=True, glyph_names=False, layout_features=[], hinting=False)
    options.drop_tables += ["DSIG", "GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(text="0123456789")
    cutter.subset(font)
    target = io.BytesIO()
    font.save(target)
    per = 1000 / font["head"].unitsPerEm
    names = font.getBestCmap()
    widths = tuple(round(font["hmtx"][names[ord(digit)]][0] * per) for digit in "0123456789")
    head = font["head"]
    box = tuple(round(value * per) for value in (head.xMin, head.yMin, head.xMax, head.yMax))
    ascent, descent = round(font["hhea"].ascent * per), round(font["hhea"].descent * per)
    return target.getvalue(), widths, box, ascent, descent, 700


def _font_in(pdf: Pdf, path: Path) -> tuple[Any, tuple[int, ...]]:
    content, widths, box, ascent, descent, capital = _digit_face(path)
    file = Stream(pdf, content)
    file["/Length1"] = len(content)
    unicode = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Folio def /CMapType 2 def\n" \
        "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <30> <39> <0030> endbfrange\n" \
        "endcmap CMapName currentdict /CMap defineresource pop end end"  # fmt: skip
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/HUHANG+Folio"),
        Flags=32,
        FontBBox=Array(box),
        ItalicAngle=0,
        Ascent=ascent,
        Descent=descent,
        CapHeight=capital,
        StemV=80,
        FontFile2=pdf.make_indirect(file),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/HUHANG+Folio"),
        FirstChar=48,
        LastChar=57,
        Widths=Array(widths),
        Encoding=Name.WinAnsiEncoding,
        ToUnicode=Stream(pdf, unicode.encode()),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(font), widths


def _stamp(volume: Pdf, first: int, last: int, face: Path) -> None:
    """Number the sheets: at the top, on the outer side — odd ones right, even ones left."""
    font, widths = _font_in(volume, face)
    for place in range(first, last):
        page = volume.pages[place]
        number = place - first + 1
        wide = sum(widths[int(digit)] for digit in str(number)) * STAMP_POINTS / 1000
        matrix, width, height = _upright(page)
        x = width - STAMP_FROM_EDGE - wide if number % 2 else STAMP_FROM_EDGE
        y = height - STAMP_FROM_TOP
        page.add_resource(font, Name.Font, _FONT, replace_existing=True)
        drawn = f"\nQ\nq {matrix} cm BT /HuhangFolio {STAMP_POINTS} Tf 0 g {x:.2f} {y:.2f} Td ({number}) Tj ET Q\n"
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(drawn.encode())


def _upright(page: pikepdf.Page) -> tuple[str, float, float]:
    """Return the matrix from the page as it is seen to its own coordinates, and its width and height as seen."""
    left, low, right, top = (float(value) for value in page.mediabox)
    width, height = right - left, top - low
    turn = int(page.obj.get("/Rotate", 0)) % 360
    if turn == 90:
        return f"0 1 -1 0 {left + width:.3f} {low:.3f}", height, width
    if turn == 180:
        return f"-1 0 0 -1 {left + width:.3f} {low + height:.3f}", width, height
    if turn == 270:
        return f"0 -1 1 0 {left:.3f} {low + height:.3f}", height, width
    return f"1 0 0 1 {left:.3f} {low:.3f}", width, height


def _saved(volume: Pdf, title: str) -> bytes:
    for key in list(volume.docinfo.keys()):
        del volume.docinfo[key]
    volume.docinfo["/Title"] = title
    with volume.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
        for key in ("pdf:Producer", "xmp:CreateDate", "xmp:ModifyDate", "xmp:CreatorTool"):
            if key in metadata:
                del metadata[key]
    target = io.BytesIO()
    volume.remove_unreferenced_resources()
    volume.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return target.getvalue()
