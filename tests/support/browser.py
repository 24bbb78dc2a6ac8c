"""A real Chromium, speaking Chinese and living in Nantong's time, with the vendored fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from tests.support.app import PASSWORD

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# It only ever opens pages of this machine, so it needs no sandbox (which root may not have) and no updates.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MILLISECONDS = 15_000

TOO_WIDE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const right = part => Math.round(part.getBoundingClientRect().right);
  const told = part => `${part.tagName} ${part.className} to ${right(part)}: ${part.textContent.trim().slice(0, 60)}`;
  const isTooWide = () => document.scrollingElement.scrollWidth > innerWidth;
  for (let tries = 60; tries > 0 && isTooWide(); tries--) { await frame(); }
  if (!isTooWide()) { return []; }
  const parts = Array.from(document.querySelectorAll('body *')).filter(part => right(part) > innerWidth);
  return [`${document.scrollingElement.scrollWidth} of ${innerWidth}`].concat(
    parts.sort((one, other) => right(other) - right(one)).slice(0, 5).map(told));
}"""
"""What reaches past the right edge, when it still does after a second: for a moment after a change of size a busy
Chromium answers with the layout of before.
"""


class NoBrowser(Exception):
    """No Chromium was found; the message says what would help."""


def require_driver() -> None:
    """Refuse where Playwright's own driver does not start; on a bare Debian it lacks one library.

    raises  NoBrowser
    """
    from playwright._impl._driver import compute_driver_executable

    node, _ = compute_driver_executable()
    tried = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        raise NoBrowser(f"Playwright's driver does not start (apt-get install libatomic1): {tried.stderr.strip()}")


def find_chromium(playwright: Playwright | None = None) -> str:
    """Return the path of a Chromium: the variable CHROMIUM, one on the PATH, or the one Playwright installed.

    raises  NoBrowser
    """
    given = os.environ.get("CHROMIUM")
    for name in [given] if given else NAMES:
        found = shutil.which(name)
        if found:
            return found
    if playwright is not None and Path(playwright.chromium.executable_path).exists():
        return playwright.chromium.executable_path
    raise NoBrowser("no Chromium: apt-get install chromium, or name one in the variable CHROMIUM")


def launch(playwright: Playwright) -> Browser:
    """Start Chromium. It sees the fonts of the repository, so Chinese is readable on a machine without any.

    raises  NoBrowser
    """
    fonts = Path(tempfile.gettempdir()) / f"huhang-fonts-{os.getuid()}.conf"
    unfinished = fonts.with_suffix(f".{os.getpid()}")
    unfinished.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{REPOSITORY / 'caseapp' / 'static' / 'fonts'}</dir><dir>/usr/share/fonts</dir>"
        "<selectfont><rejectfont><glob>*.woff2</glob></rejectfont></selectfont>"  # Chromium takes these from pages only
        '<cachedir prefix="xdg">fontconfig</cachedir><include ignore_missing="yes">/etc/fonts/conf.d</include>'
        "</fontconfig>\n",
        encoding="utf-8",
    )
    unfinished.replace(fonts)  # in one move: another worker may be reading it
    return playwright.chromium.launch(
        executable_path=find_chromium(playwright),
        args=ARGUMENTS,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )


def open_context(browser: Browser, **options: object) -> BrowserContext:
    """Return a fresh context (own cookies: a person of his own) with the language and time of the place."""
    settings: dict[str, object] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESK, **options}
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    return context


def watch(page: Page) -> list[str]:
    """Return a list that collects what must never happen on a page: script errors and refused inline code."""
    troubles: list[str] = []

    def on_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            troubles.append(f"on {page.url}: {message.text}")

    page.on("pageerror", lambda error: troubles.append(f"script error on {page.url}: {error}"))
    page.on("console", on_message)
    return troubles


def follow(link: Locator) -> None:
    """Press what leads to another page, and wait until that page is there: what is read next is read on it.

    A click alone comes back before, and what does not wait, such as a count, is then answered by the page before or
    by half a page.
    """
    with link.page.expect_navigation():
        link.click()


def sign_in(page: Page, address: str, login: str, password: str = PASSWORD) -> Page:
    """Sign in as somebody, whoever the page belonged to before; return the page that opens."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in")
    fill_in(page, login, password)
    return page


def fill_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill in the form of signing in that is open, and wait for the page that it leads to."""
    page.fill("#login", login)
    page.fill("#password", password)
    follow(page.locator(".hh-sign-in-card button.btn-primary"))


def too_wide_on_a_phone(page: Page) -> list[str]:
    """Return what makes the open page wider than a phone, furthest first; the window is afterwards as it was."""
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    found: list[str] = page.evaluate(TOO_WIDE)
    if before is not None:
        page.set_viewport_size(before)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for a worker. Mark the test `browser`."""
    from playwright.sync_api import sync_playwright

    try:
        require_driver()
        with sync_playwright() as playwright:
            running = launch(playwright)
            yield running
            running.close()
    except NoBrowser as missing:
        pytest.skip(f"browser: {missing}")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of the test answers a browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new person. The test fails when a script breaks or the content policy refuses something."""
    context = open_context(browser)
    opened = context.new_page()
    troubles = watch(opened)
    yield opened
    context.close()
    assert troubles == []
