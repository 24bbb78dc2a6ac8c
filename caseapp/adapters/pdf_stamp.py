"""Laying a stamp over every page of a printed document: the pages beneath stay what they were."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from io import BytesIO

from pypdf import PdfReader, PdfWriter

_STYLE = """
@page { size: A4; margin: 0 }
body { margin: 0; font-family: "Noto Serif SC Common", "Noto Serif SC Rare"; color: #c1121f; text-align: center }
.stamp { position: absolute; top: 92mm; left: 25mm; width: 160mm; transform: rotate(-18deg) }
.stamp h1 { display: inline-block; margin: 0; padding: 2mm 14mm; border: 1.6mm solid #c1121f; font-size: 64pt;
  letter-spacing: 0.3em; text-indent: 0.3em }
.lines { position: absolute; top: 6mm; left: 20mm; right: 20mm; font-size: 9.5pt; line-height: 14pt }
.lines p { margin: 0 }
"""


def stamp_page(word: str, lines: Sequence[str]) -> str:
    """Return the HTML of one page with nothing on it but the stamp, and what it is about at the head."""
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><style>{_STYLE}</style></head>'
        f'<body><div class="lines">{told}</div><div class="stamp"><h1>{escape(word)}</h1></div></body></html>'
    )


def laid_over(content: bytes, stamp: bytes) -> bytes:
    """Return a PDF with the first page of `stamp` laid over each of its pages."""
    over = PdfReader(BytesIO(stamp)).pages[0]
    writer = PdfWriter(clone_from=BytesIO(content))
    for page in writer.pages:
        page.merge_page(over)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
