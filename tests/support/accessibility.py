"""Ask axe-core what keeps people from using a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
GRAVE = {"serious", "critical"}


def grave_violations(page: Page) -> list[str]:
    """Return one line for each element that breaks a WCAG 2.1 A or AA rule seriously or critically."""
    page.evaluate(
        AXE.read_text(encoding="utf-8")
    )  # evaluated, not added as a script tag: the content policy forbids that
    # What else axe found out (what passed, what has no place on the page) is much longer, and nobody reads it.
    found = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
        ".then(found => found.violations)",
        RULES,
    )
    return [
        f"{page.url}: {violation['id']} ({violation['impact']}): {node['html'][:160]}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
