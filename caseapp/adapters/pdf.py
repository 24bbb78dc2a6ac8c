"""Prints HTML as PDF with WeasyPrint and the bundled fonts only.

Rendering is serialised by one lock for the whole process: Pango's font map must not be shared by threads (shared, it
hangs or crashes now and then). Fontconfig is pointed at a private folder, so no font of the machine can leak into a
document, and nothing but vendored files may be fetched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unicodedata import category
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

from caseapp.adapters.pdf_stamp import laid_over, stamp_page
from caseapp.domain.errors import N_, ExternalError, InputError, Message

COMMON_FAMILY = "Noto Serif SC Common"
RARE_FAMILY = "Noto Serif SC Rare"
EXTRA_FAMILY = "Document FangSong"
"""Families by which style sheets know the faces, to be named in the order EXTRA, COMMON, RARE.

A face is read whole for every document that uses it, so the small faces (GB2312) come first and the large one (GBK and
rare characters of names) is only touched where they lack a character. EXTRA is an office's own 仿宋, if it has one.
"""
FACES = (
    ("NotoSerifSC-Regular-gb2312.ttf", COMMON_FAMILY),
    ("NotoSerifSC-Bold-gb2312.ttf", COMMON_FAMILY),
    ("NotoSerifSC-Regular-gbk.ttf", RARE_FAMILY),
)
APT_LINE = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
PDF_VARIANT = "pdf/a-2u"
"""Archival form (ISO 19005-2), every character mapped to Unicode."""

MAX_DATA_URL_CHARACTERS = 64 * 1024
_DATA_TYPES = ("data:image/png;base64,", "data:image/svg+xml;base64,")
_RESOURCE_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".ttf": "font/ttf"}

MAX_STYLES = 16
_LOCK = threading.Lock()
_SHAPELESS = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories of characters that need no glyph; of the controls only line ends and tabs are let through."""


@dataclass(frozen=True, slots=True)
class _Printer:
    """WeasyPrint's modules once loaded, and the one font configuration they work with."""

    html: Any
    css: Any
    fetcher: Any
    fatal: type[BaseException]
    fonts: Any


class WeasyPdfRenderer:
    """The `PdfRenderer` port on WeasyPrint.

    fonts_dir       folder with the bundled faces
    extra_font      a locally licensed 仿宋 (ttf or otf) for the running text
    resources_dirs  further folders whose files a document may refer to
    work_dir        where the private font folder and its cache are kept; a temporary folder by default
    raises          ExternalError: a font file is missing
    """

    def __init__(
        self,
        fonts_dir: Path,
        extra_font: Path | None = None,
        *,
        resources_dirs: Sequence[Path] = (),
        work_dir: Path | None = None,
    ) -> None:
        self._faces = [(fonts_dir / file, family) for file, family in FACES]
        if extra_font is not None:
            self._faces.append((extra_font, EXTRA_FAMILY))
        self._allowed = tuple(folder.resolve() for folder in (fonts_dir, *resources_dirs))
        self._work_dir = work_dir
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._printer: _Printer | None = None
        self._styles: dict[str, object] = {}
        for path in self._font_files():
            if not path.is_file():
                raise ExternalError(Message(N_("找不到字体文件 %(path)s，无法打印文书"), {"path": str(path)}))

    def _font_files(self) -> tuple[Path, ...]:
        return tuple(path for path, _ in self._faces)

    def glyphs_missing(self, text: str) -> tuple[str, ...]:
        """Return, each once and in order, the characters of a text that none of the fonts has. Needs no system
        library.
        """
        covered = _code_points(self._font_files())
        return tuple(
            dict.fromkeys(character for character in text if ord(character) not in covered and _has_shape(character))
        )

    def ready(self) -> bool:
        """Return whether Pango is installed."""
        try:
            with _LOCK:
                self._printer = self._printer or self._load()
        except ExternalError:
            return False
        return True

    def render(self, html: str, *, title: str) -> bytes:
        """Return the PDF (A-2u, tagged) of an HTML page; the same page and title give the same bytes.

        raises  ExternalError: Pango is not installed (the message has the line that installs it), or the page refers to
                something that may not be fetched;
                InputError: the page has a character that no font has, which would print as a box
        """
        with _LOCK:
            if self._printer is None:
                self._printer = self._load()
            printer = self._printer
            page = printer.html(string=html, url_fetcher=printer.fetcher, media_type="print")
            texts = _head_styles_taken_out(page.etree_element)
            self._refuse_unprintable("".join(page.etree_element.itertext()))
            target = BytesIO()
            try:
                styles = [self._parsed(text, printer) for text in texts]
                document = page.render(font_config=printer.fonts, stylesheets=styles)
                document.metadata.title = title
                document.write_pdf(target, pdf_variant=PDF_VARIANT, pdf_tags=True)
            except printer.fatal as error:
                raise ExternalError(Message(N_("文书引用了不允许的外部资源：%(url)s"), {"url": str(error)})) from error
            return target.getvalue()

    def stamp(self, content: bytes, word: str, lines: Sequence[str]) -> bytes:
        """Return a PDF with a word stamped across every page, and lines at the head that say why.

        raises  as `render`
        """
        return laid_over(content, self.render(stamp_page(word, lines), title=word))

    def _parsed(self, style: str, printer: _Printer) -> object:
        """Return a style sheet parsed once: all documents share theirs, and parsing takes longer than laying out a
        page.
        """
        if style not in self._styles:
            if len(self._styles) >= MAX_STYLES:
                self._styles.clear()
            self._styles[style] = printer.css(string=style, url_fetcher=printer.fetcher, font_config=printer.fonts)
        return self._styles[style]

    def _refuse_unprintable(self, text: str) -> None:
        lacking = self.glyphs_missing(text)
        if lacking:
            characters = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in lacking)
            raise InputError("", Message(N_("字库中没有以下字，无法打印：%(characters)s"), {"characters": characters}))

    def _load(self) -> _Printer:
        """Import WeasyPrint, which loads Pango, with the private fonts as the only ones it sees."""
        # What WeasyPrint prints about a missing library would stand in the answer of a command; we say it ourselves.
        with _fontconfig(self._prepare_fonts()), redirect_stdout(StringIO()):
            try:
                import weasyprint
                from weasyprint.text.fonts import FontConfiguration
                from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
            except OSError as error:
                raise ExternalError(
                    Message(
                        N_("打印文书需要系统库 Pango，请先运行：%(command)s（%(error)s）"),
                        {"command": APT_LINE, "error": str(error).splitlines()[0]},
                    )
                ) from error
            fonts = FontConfiguration()
        allowed = self._allowed

        class VendoredOnly(URLFetcher):  # type: ignore[misc]
            """Gives out vendored files and small inline images; anything else stops the rendering."""

            def fetch(self, url: str, headers: object = None) -> object:
                if url.startswith(_DATA_TYPES) and len(url) <= MAX_DATA_URL_CHARACTERS:
                    return super().fetch(url, headers)
                path = vendored_file(url, allowed)
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _RESOURCE_TYPES[path.suffix]})

        return _Printer(
            weasyprint.HTML, weasyprint.CSS, VendoredOnly(fail_on_errors=True), FatalURLFetchingError, fonts
        )

    def _prepare_fonts(self) -> Path:
        """Lay out a folder with exactly the fonts that may be used, and return the Fontconfig file that names it."""
        if self._work_dir is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="documents-fonts-")
            root = Path(self._temporary.name).resolve()
        else:
            root = self._work_dir.resolve()
        folder = root / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        wanted = {f"{number}{path.suffix}": path.resolve() for number, path in enumerate(self._font_files())}
        for found in folder.iterdir():
            if wanted.get(found.name) != found.resolve():
                found.unlink(missing_ok=True)
        for name, path in wanted.items():
            _place(path, folder / name)
        # The family is put before the font's own name; replacing that name confuses Pango.
        rules = "".join(
            f'<match target="scan"><test name="file" compare="eq"><string>{escape(str(folder / name))}</string></test>'
            f'<edit name="family" mode="prepend"><string>{family}</string></edit></match>'
            for name, (_, family) in zip(wanted, self._faces, strict=True)
        )
        file = root / "fonts.conf"
        # Other processes may be reading it: it is replaced as a whole.
        draft = root / f"fonts.{os.getpid()}.conf"
        draft.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
            f"<dir>{escape(str(folder))}</dir>{rules}<cachedir>{escape(str(root / 'cache'))}</cachedir></fontconfig>",
            encoding="utf-8",
        )
        draft.replace(file)
        return file


def _head_styles_taken_out(page: Any) -> list[str]:
    """Remove the style elements from the head of a parsed page and return their texts."""
    texts = []
    for head in page.findall("head"):
        for element in head.findall("style"):
            texts.append(element.text or "")
            head.remove(element)
    return texts


def vendored_file(url: str, folders: Sequence[Path]) -> Path:
    """Return the file a document may read: of a known type and, links resolved, inside one of the folders.

    raises  PermissionError for any other URL: http(s), other schemes, files elsewhere
    """
    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    if (
        parts.scheme != "file"
        or parts.netloc
        or path.suffix not in _RESOURCE_TYPES
        or not any(path.is_relative_to(folder) for folder in folders)
        or not path.is_file()
    ):
        raise PermissionError(f"documents may not fetch {url[:200]}")
    return path


def _place(path: Path, name: Path) -> None:
    """Put a font where the folder needs it: a link, or a copy on a file system without links."""
    try:
        name.symlink_to(path)
    except FileExistsError:
        return
    except OSError:
        shutil.copyfile(path, name)


@contextmanager
def _fontconfig(file: Path) -> Iterator[None]:
    """Show Fontconfig our file only while it loads; child processes such as a browser keep the machine's own fonts."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(file)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@lru_cache(maxsize=4)
def _code_points(paths: tuple[Path, ...]) -> frozenset[int]:
    """Return the code points that at least one of the fonts draws."""
    covered: set[int] = set()
    for path in paths:
        with TTFont(path, lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)


def _has_shape(character: str) -> bool:
    kind = category(character)
    if kind == "Cc":
        return character not in "\n\r\t"
    # Variation selectors choose among shapes of the character before them and have none of their own.
    return kind not in _SHAPELESS and not (0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF)
