"""Whether a PDF is PDF/A-2b (ISO 19005-2), as far as its structure shows it.

Looked at: identification, colour profile, fonts embedded, no encryption, no scripts or actions, no outside or hidden
content, allowed filters and colour spaces. What only rendering would show is not judged.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

_FORBIDDEN_ACTIONS = frozenset(
    {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript", "/Hide", "/SetOCGState", "/Rendition",
     "/Trans", "/GoTo3DView"}
)  # fmt: skip
_FORBIDDEN_ANNOTATIONS = frozenset({"/3D", "/Sound", "/Screen", "/Movie"})
_CMYK = frozenset({"/DeviceCMYK", "/DeviceN", "/Separation"})


def archival_problems(content: bytes) -> tuple[str, ...]:
    """Return what was found, in words for people who know PDF; () = nothing."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return tuple(dict.fromkeys(_problems(pdf)))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        return (f"cannot be read: {error}",)


def _problems(pdf: Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "encrypted"
    if "/ID" not in pdf.trailer:
        yield "no file identifier"
    metadata = pdf.open_metadata()
    if metadata.get("pdfaid:part") != "2" or metadata.get("pdfaid:conformance") not in ("B", "U", "A"):
        yield "metadata do not say PDF/A-2"
    title = pdf.docinfo.get("/Title") if "/Info" in pdf.trailer else None
    if title is not None and str(title) != str(metadata.get("dc:title", "")):
        yield "title differs between metadata and information dictionary"
    if not _has_profile(pdf):
        yield "no output intent with a colour profile"
    for key in ("/AA", "/OpenAction", "/AcroForm"):
        if key in pdf.Root:
            yield f"{key[1:]} in the catalogue"
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and ("/JavaScript" in names or "/EmbeddedFiles" in names):
        yield "scripts or embedded files"
    for page in pdf.pages:
        yield from _page(page)
    for thing in pdf.objects:
        yield from _thing(thing)


def _has_profile(pdf: Pdf) -> bool:
    intents = pdf.Root.get("/OutputIntents")
    return isinstance(intents, Array) and any(
        isinstance(item, Dictionary) and item.get("/S") == Name.GTS_PDFA1 and "/DestOutputProfile" in item
        for item in intents
    )


def _page(page: pikepdf.Page) -> Iterator[str]:
    if "/AA" in page.obj:
        yield "a page acts by itself"
    for annotation in page.obj.get("/Annots", ()):
        if not isinstance(annotation, Dictionary):
            continue
        if str(annotation.get("/Subtype", "")) in _FORBIDDEN_ANNOTATIONS:
            yield f"annotation {annotation['/Subtype']}"
        action = annotation.get("/A")
        if isinstance(action, Dictionary) and str(action.get("/S", "")) in _FORBIDDEN_ACTIONS:
            yield f"action {action['/S']}"


def _thing(thing: Any) -> Iterator[str]:
    if isinstance(thing, Stream):
        yield from _stream(thing)
    if isinstance(thing, Dictionary):
        if thing.get("/Type") == Name.Font:
            yield from _font(thing)
        if str(thing.get("/S", "")) in _FORBIDDEN_ACTIONS and "/Type" not in thing:
            yield f"action {thing['/S']}"


def _stream(stream: Stream) -> Iterator[str]:
    filters = stream.get("/Filter")
    named = [str(item) for item in filters] if isinstance(filters, Array) else [str(filters)] if filters else []
    if "/LZWDecode" in named or "/Crypt" in named:
        yield f"filter {', '.join(named)}"
    if any(key in stream for key in ("/F", "/FFilter", "/FDecodeParms")):
        yield "content kept in another file"
    if stream.get("/Subtype") == Name.Image:
        space = stream.get("/ColorSpace")
        base = str(space[0]) if isinstance(space, Array) and len(space) else str(space)
        if base in _CMYK:
            yield f"a picture in {base}"
        if bool(stream.get("/Interpolate", False)):
            yield "an interpolated picture"
    if stream.get("/Subtype") == Name.PS:
        yield "PostScript"


def _font(font: Dictionary) -> Iterator[str]:
    kind = str(font.get("/Subtype", ""))
    name = str(font.get("/BaseFont", "?"))
    if kind == "/Type3":
        return
    if kind == "/Type0":
        for below in font.get("/DescendantFonts", ()):
            if not _embedded(below):
                yield f"font {name} is not embedded"
    elif kind in ("/Type1", "/TrueType", "/MMType1") and not _embedded(font):
        yield f"font {name} is not embedded"


def _embedded(font: Any) -> bool:
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )
