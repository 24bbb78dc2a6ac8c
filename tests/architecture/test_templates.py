"""Pages carry no inline script or style, load nothing from elsewhere and decide nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import REPOSITORY, files, shown

# Papers are printed, not shown in a browser; messages go out by mail, where only inline style works.
PAGES = [
    path
    for path in files("templates", suffix=".html")
    if path.relative_to(REPOSITORY).parts[1] not in {"documents", "messages"}
]
INLINE = {
    "a script written into the page": r"<script(?![^>]*\b(src=|type=\"application/json\"))",
    "a style sheet written into the page": r"<style\b",
    "a style written on an element": r"\sstyle\s*=",
    "an event handler written on an element": r"\son[a-z]+\s*=\s*[\"']",
    "a javascript address": r"javascript:",
    "an htmx attribute that needs evaluation": r"\shx-(on\b|on:|vals\s*=\s*[\"']js:)",
    "a file from elsewhere": r"<(?:script|link|img|iframe|source|use)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//",
    "a text that is not escaped": r"\|\s*safe\b|autoescape\s+false",
}


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|<!--.*?-->", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("pattern", INLINE.values(), ids=INLINE.keys())
def test_no_page_has(pattern: str) -> None:
    found = [
        f"{shown(path)}: {match.group(0).strip()}"
        for path in PAGES
        for match in re.finditer(pattern, without_comments(path.read_text(encoding="utf-8")), re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_every_picture_on_a_page_has_words_or_is_decoration(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    assert [image for image in re.findall(r"<img\b[^>]*>", text) if "alt=" not in image] == []


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (REPOSITORY / "caseapp/static/vendor/icons/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        (shown(path), name)
        for path in files("templates", suffix=".html")
        for name in re.findall(
            r"icons\.svg'?\)?\s*\}\}#([a-z0-9-]+)|\bicon\('([a-z0-9-]+)'", path.read_text(encoding="utf-8")
        )
        for name in name
        if name
    }
    assert {(path, name) for path, name in named if name not in known} == set()
