"""Row 16: binding a case file of papers that are already printed beside printing them again."""

from __future__ import annotations

from pathlib import Path

from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.document_renderer import DocumentRenderer
from caseapp.adapters.pdf import WeasyPdfRenderer
from caseapp.adapters.pdf_binder import PikeBinder
from caseapp.ports import Sheet
from config import ROOT
from tests.bench.measure import Line, cpu, ratios
from tests.support import document_facts

COPIES = 5
KINDS = (
    "filing_approval",
    "penalty_decision",
    "service_receipt",
    "prior_notice",
    "investigation_report",
    "review_form",
)


def rows(folder: Path) -> list[Line]:
    """Measure CPU seconds: two sheets laid out and everything else merged, against laying all of it out again."""
    fonts = ROOT / "caseapp/static/fonts"
    types = load_document_types(ROOT / "workflows" / "documents.yaml", templates_dir=ROOT / "templates" / "documents")
    pdf = WeasyPdfRenderer(fonts, resources_dirs=(ROOT / "templates/documents",), work_dir=folder / "fonts")
    pages = DocumentRenderer(ROOT / "templates/documents", glyphs_missing=pdf.glyphs_missing)
    binder = PikeBinder(fonts / "NotoSerifSC-Regular-gb2312.ttf")
    facts = document_facts.full_facts()

    def printed(kind: str) -> bytes:
        return pdf.render(pages.render_html(types[kind], facts, preview=False), title=kind)

    issued = [printed(kind) for kind in KINDS for _ in range(COPIES)]
    sheets = [Sheet(content, "application/pdf", "文书") for content in issued]

    def bound() -> float:
        return cpu(lambda: binder.bind(printed("case_front"), sheets, printed("case_remarks"), title="案卷"))

    def again() -> float:
        return cpu(lambda: [printed(kind) for kind in ("case_front", *KINDS * COPIES, "case_remarks")])

    ratio, above, below = ratios(bound, again, rounds=5)
    count = sum(binder.page_count(content, "application/pdf") for content in issued)
    note = f"{len(issued)} 件 {count} 页：{above * 1000:.0f} / {below * 1000:.0f} ms CPU"
    return [Line("16", "装订已制发的文书 / 全部重新排版", ratio, True, 0.3, 0.1, note)]
