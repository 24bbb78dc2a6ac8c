"""Row 15: a one-page official document beside stock WeasyPrint with the fonts a Debian machine has for Chinese."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.document_renderer import DocumentRenderer
from caseapp.adapters.pdf import WeasyPdfRenderer
from config import ROOT
from tests.bench.measure import Line, cpu, ratios
from tests.support import document_facts

PAPERS = 4
STOCK_FAMILY = "Noto Serif CJK SC"


def rows(folder: Path) -> list[Line]:
    """Measure CPU seconds of warm renderings."""
    types = load_document_types(ROOT / "workflows" / "documents.yaml", templates_dir=ROOT / "templates" / "documents")
    pdf = WeasyPdfRenderer(
        ROOT / "caseapp/static/fonts", resources_dirs=(ROOT / "templates/documents",), work_dir=folder / "fonts"
    )
    pages = DocumentRenderer(ROOT / "templates/documents", glyphs_missing=pdf.glyphs_missing)
    html = pages.render_html(types["service_receipt"], document_facts.full_facts(), preview=False)

    def product() -> float:
        return cpu(lambda: [pdf.render(html, title="送达回证") for _ in range(PAPERS)])

    if not _stock_font_installed():
        seconds = product() / PAPERS
        note = f"{seconds * 1000:.0f} ms; 未装 fonts-noto-cjk，无法与原装比较"
        return [Line("15", "一页文书 / 原装 WeasyPrint + Noto CJK", float("nan"), True, 0.6, 0.45, note)]
    from weasyprint import CSS, HTML

    stock_html = f'<html lang="zh"><body>{html}</body></html>'

    def stock() -> float:
        style = CSS(string=f"* {{ font-family: '{STOCK_FAMILY}' !important }} @page {{ size: A4 }}")

        def render() -> None:
            HTML(string=stock_html, base_url=str(ROOT / "templates/documents")).write_pdf(
                io.BytesIO(), stylesheets=[style]
            )

        return cpu(lambda: [render() for _ in range(PAPERS)])

    ratio, above, below = ratios(product, stock)
    note = f"{above / PAPERS * 1000:.0f} / {below / PAPERS * 1000:.0f} ms CPU"
    return [Line("15", "一页文书 / 原装 WeasyPrint + Noto CJK", ratio, True, 0.6, 0.45, note)]


def _stock_font_installed() -> bool:
    try:
        found = subprocess.run(["fc-list", STOCK_FAMILY], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return False
    return bool(found.stdout.strip())
