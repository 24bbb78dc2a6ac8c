"""What a file is, told from its first and last bytes, and how its name may be shown. Nothing is opened or decoded here.

Only kinds named in `KINDS` are taken into a case. A web page is none of them: it could run in the browser of whoever
opens it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from caseapp.domain.errors import N_, InputError, Message

SAMPLE_BYTES = 65_536
"""So much of the beginning and of the end of a file is looked at."""
LONGEST_NAME = 120


class FileGroup(StrEnum):
    """What people call a kind of file."""

    PICTURE = "picture"
    PDF = "pdf"
    OFFICE = "office"
    AUDIO = "audio"
    VIDEO = "video"
    ARCHIVE = "archive"
    TEXT = "text"


class Preview(StrEnum):
    """What is shown of a file inside a page."""

    PICTURE = "picture"
    PAGES = "pages"
    """Its pages, drawn."""
    WORDS = "words"
    """The words at its beginning, drawn on a sheet."""
    SOUND = "sound"
    FILM = "film"
    """Played by the browser."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file that may be kept.

    media     the type it is served as
    endings   what its name may end in, the usual ending first
    drawable  a picture that is measured when it comes in; a broken one is refused
    preview   what can be shown of it without giving out the file: '' nothing, else a `Preview`
    opened_with  programs that open it, where nothing or only its words are shown
    """

    id: str
    group: FileGroup
    media: str
    endings: tuple[str, ...]
    drawable: bool = False
    preview: str = ""
    opened_with: tuple[str, ...] = ()


_OFFICE_PROGRAMS = ("WPS Office", "Microsoft Office", "LibreOffice")
_PLAYERS = ("VLC", "Windows Media Player")
_ROWS = (
    FileKind("jpeg", FileGroup.PICTURE, "image/jpeg", ("jpg", "jpeg", "jfif"), drawable=True, preview=Preview.PICTURE),
    FileKind("png", FileGroup.PICTURE, "image/png", ("png",), drawable=True, preview=Preview.PICTURE),
    FileKind("gif", FileGroup.PICTURE, "image/gif", ("gif",), drawable=True, preview=Preview.PICTURE),
    FileKind("webp", FileGroup.PICTURE, "image/webp", ("webp",), drawable=True, preview=Preview.PICTURE),
    FileKind("bmp", FileGroup.PICTURE, "image/bmp", ("bmp",), drawable=True, preview=Preview.PICTURE),
    FileKind("tiff", FileGroup.PICTURE, "image/tiff", ("tif", "tiff"), drawable=True, preview=Preview.PICTURE),
    FileKind("heic", FileGroup.PICTURE, "image/heic", ("heic", "heif"), preview=Preview.PICTURE),
    FileKind("pdf", FileGroup.PDF, "application/pdf", ("pdf",), preview=Preview.PAGES),
    FileKind(
        "ooxml",
        FileGroup.OFFICE,
        "application/vnd.openxmlformats-officedocument",
        ("docx", "xlsx", "pptx"),
        preview=Preview.WORDS,
        opened_with=_OFFICE_PROGRAMS,
    ),
    FileKind(
        "odf",
        FileGroup.OFFICE,
        "application/vnd.oasis.opendocument",
        ("odt", "ods", "odp"),
        preview=Preview.WORDS,
        opened_with=_OFFICE_PROGRAMS,
    ),
    FileKind("ofd", FileGroup.OFFICE, "application/ofd", ("ofd",), preview=Preview.WORDS, opened_with=("WPS Office",)),
    FileKind(
        "ole",
        FileGroup.OFFICE,
        "application/x-ole-storage",
        ("doc", "xls", "ppt", "wps", "et", "dps"),
        opened_with=_OFFICE_PROGRAMS,
    ),
    FileKind("mp3", FileGroup.AUDIO, "audio/mpeg", ("mp3",), preview=Preview.SOUND),
    FileKind("m4a", FileGroup.AUDIO, "audio/mp4", ("m4a",), preview=Preview.SOUND),
    FileKind("aac", FileGroup.AUDIO, "audio/aac", ("aac",), preview=Preview.SOUND),
    FileKind("wav", FileGroup.AUDIO, "audio/wav", ("wav",), preview=Preview.SOUND),
    FileKind("amr", FileGroup.AUDIO, "audio/amr", ("amr",), opened_with=("VLC",)),
    FileKind("ogg", FileGroup.AUDIO, "audio/ogg", ("ogg", "oga", "opus"), preview=Preview.SOUND),
    FileKind("flac", FileGroup.AUDIO, "audio/flac", ("flac",), preview=Preview.SOUND),
    FileKind("mp4", FileGroup.VIDEO, "video/mp4", ("mp4", "m4v", "mov", "3gp"), preview=Preview.FILM),
    FileKind("avi", FileGroup.VIDEO, "video/x-msvideo", ("avi",), opened_with=_PLAYERS),
    FileKind("matroska", FileGroup.VIDEO, "video/x-matroska", ("mkv", "webm"), preview=Preview.FILM),
    FileKind("asf", FileGroup.VIDEO, "video/x-ms-asf", ("wmv", "asf", "wma"), opened_with=_PLAYERS),
    FileKind("zip", FileGroup.ARCHIVE, "application/zip", ("zip",), opened_with=("7-Zip",)),
    FileKind("text", FileGroup.TEXT, "text/plain", ("txt", "csv", "log"), preview=Preview.WORDS),
)
KINDS: Mapping[str, FileKind] = MappingProxyType({kind.id: kind for kind in _ROWS})
"""Every kind of file that is taken, by id."""

DRAWN = frozenset({Preview.PICTURE, Preview.PAGES, Preview.WORDS})
"""Previews that are pictures drawn anew."""
PLAYED = frozenset({Preview.SOUND, Preview.FILM})
"""Previews that are the file itself, played by the browser: recordings of kinds that browsers know."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"ID3", "mp3"),
    (b"#!AMR", "amr"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"0&\xb2u\x8ef\xcf\x11", "asf"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
_WEB_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|\?xml|meta|link)\b", re.I)
_TEXT_CONTROLS = frozenset("\t\n\r\f")


def recognise(head: bytes, tail: bytes, name: str) -> FileKind:
    """Return what a file is, from its content; its name only has to agree.

    head, tail  its first and last `SAMPLE_BYTES` (the whole, where it is shorter)

    raises  InputError (field 'files') with the reason: empty, a web page, of no kind that is taken, another ending
    """
    if not head:
        raise InputError("files", Message(N_("文件是空的（0 字节）")))
    found = _by_start(head) or _container(head, tail, ending_of(name)) or _text(head)
    if found is None:
        raise InputError(
            "files",
            Message(N_("不能识别的文件类型。可以附入图片、PDF、办公文档、录音、录像、ZIP 压缩包和纯文本文件")),
        )
    kind = KINDS[found]
    ending = ending_of(name)
    if ending and ending not in kind.endings:
        raise InputError(
            "files",
            Message(
                N_("文件名以 .%(ending)s 结尾，内容却是 %(kind)s 文件；请核对来源，改用正确的文件名后再附"),
                {"ending": ending, "kind": kind.endings[0].upper()},
            ),
        )
    return kind


def _by_start(head: bytes) -> str | None:
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "heic" if brand in _HEIF_BRANDS else "m4a" if brand in (b"M4A ", b"M4B ") else "mp4"
    if head[:2] == b"BM" and len(head) > 26 and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3" if head[1] & 0x06 == 0x02 else None
    return None


def _container(head: bytes, tail: bytes, ending: str) -> str | None:
    """Return which kind of ZIP it is. The list of names at its end is looked at; nothing is unpacked."""
    if not head.startswith(b"PK\x03\x04"):
        return None
    if _ODF in head[:200]:
        return "odf"
    names = head + tail
    if b"OFD.xml" in names and ending == "ofd":
        return "ofd"
    if b"[Content_Types].xml" in names and ending != "zip":
        return "ooxml"
    return "zip"


def _text(head: bytes) -> str | None:
    text = _decoded(head)
    if text is None or any(sign < " " and sign not in _TEXT_CONTROLS for sign in text):
        return None
    if _WEB_PAGE.search(text):
        raise InputError(
            "files",
            Message(N_("网页文件（HTML、SVG、XML）可能带有脚本，不能附入；请另存为 PDF 或者截图后再附")),
        )
    return "text"


def _decoded(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(head[: len(head) // 2 * 2], "utf-16")
    for codec, cut in (("utf-8-sig", 3), ("gb18030", 3)):
        for shorter in range(cut + 1):  # the sample may end inside a character
            found = _try(head[: len(head) - shorter], codec)
            if found is not None:
                return found
    return None


def _try(head: bytes, codec: str) -> str | None:
    try:
        return head.decode(codec)
    except UnicodeDecodeError:
        return None


# --- names ----------------------------------------------------------------------------------------------------------


def ending_of(name: str) -> str:
    """Return what stands behind the last dot, in small letters; '' where there is none."""
    return safe_name(name).rpartition(".")[2].lower() if "." in safe_name(name) else ""


def safe_name(name: str) -> str:
    """Return a name as it may be shown and saved: no path, nothing invisible, nothing that turns the direction of
    writing, not too long. Its ending is kept.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if sign.isspace() else sign for sign in last if _is_visible(sign))
    seen = re.sub(r'[<>:"|?*]', "_", " ".join(seen.split())).strip(". ")
    if not seen:
        return N_("未命名")
    stem, dot, ending = seen.rpartition(".")
    if dot and 0 < len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
    return seen[:LONGEST_NAME].rstrip()


def odd_name(name: str) -> str:
    """Return the name as it came, with everything invisible written out, where it is not shown as it came; else ''."""
    if name == safe_name(name):
        return ""
    shown = "".join(sign if _is_visible(sign) else f"\\u{ord(sign):04x}" for sign in name)
    return shown if len(shown) <= 2 * LONGEST_NAME else f"{shown[: 2 * LONGEST_NAME]}…"


def _is_visible(sign: str) -> bool:
    """Whether a sign has a look of its own: no control, no mark of direction, no private or unassigned code."""
    return sign == " " or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def size_text(size: int) -> str:
    """Return a size in bytes as people read it: 812 B, 34.1 KB, 2.3 MB."""
    if size < 1 << 10:
        return f"{size} B"
    if size < 1 << 20:
        return f"{size / (1 << 10):.1f} KB"
    return f"{size / (1 << 20):.1f} MB"
