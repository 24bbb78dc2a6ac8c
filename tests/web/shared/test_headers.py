"""What every answer tells the browser."""

from __future__ import annotations

import re

import pytest

from caseapp.web.shared.headers import POLICY
from tests.web.shell import ROOT, Shell


@pytest.mark.parametrize(
    "path", ["/sign-in", "/desk", "/nowhere", "/errors/rule", "/healthz", "/static/css/huhang.css"]
)
def test_every_answer_carries_the_policy(shell: Shell, path: str) -> None:
    answer = shell.visitor().signed_in("wang").get(path)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_nothing_inline_and_nothing_from_elsewhere_may_run() -> None:
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_pages_are_not_kept_by_the_browser(shell: Shell) -> None:
    assert shell.visitor().signed_in("wang").get("/desk").headers["Cache-Control"] == "no-store"


def test_files_with_a_mark_are_kept_and_without_are_asked_about(shell: Shell) -> None:
    visitor = shell.visitor()
    assert "immutable" in visitor.get("/static/css/huhang.css?v=1").headers["Cache-Control"]
    assert "immutable" not in visitor.get("/static/css/huhang.css").headers.get("Cache-Control", "")


def test_fonts_are_kept_though_style_sheets_cannot_mark_them(shell: Shell) -> None:
    answer = shell.visitor().get("/static/fonts/NotoSansSC-Regular-gb2312.woff2")
    assert answer.headers["Cache-Control"] == "public, max-age=604800"


def test_https_is_insisted_on_only_where_it_is_used(shell: Shell) -> None:
    visitor = shell.visitor()
    assert "Strict-Transport-Security" not in visitor.get("/sign-in").headers
    assert "max-age" in visitor.get("/sign-in", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_no_template_holds_inline_code_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*(src=|application/json))|\sstyle=|\son[a-z]+=|javascript:", re.I)
    pages = [page for page in (ROOT / "templates").rglob("*.html") if "documents" not in page.parts]
    assert len(pages) > 20
    guilty = [
        f"{page.relative_to(ROOT)}: {found.group(0)}"
        for page in pages
        if (found := inline.search(page.read_text(encoding="utf-8")))
    ]
    assert guilty == []


def test_no_template_names_another_host() -> None:
    for page in (ROOT / "templates").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(src|href|action)=[\"']https?://", text), page
