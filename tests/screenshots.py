"""`make screenshots`: the pictures of docs/screenshots, taken of the running system with demonstration data.

Every room as its own people see it, at 1440 and 390 pixels, in Chinese and English.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config import ROOT
from tests.support.browser import DESK, PHONE, follow, launch, open_context

FOLDER = ROOT / "docs" / "screenshots"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose view, which page, and what to press to get there from it (a CSS selector)."""

    name: str
    login: str
    path: str
    press: str = ""


SHOTS = (
    Shot("sign-in", "", "/sign-in"),
    Shot("desk", "officer", "/desk"),
    Shot("cases", "officer", "/cases"),
    Shot("new-case", "officer", "/cases/new"),
    Shot("case", "officer", "/cases?tab=mine", "tbody tr a"),
    Shot("new-dispute", "intake", "/cases/new/dispute"),
    Shot("search", "officer", "/search?q=家纺"),
    Shot("notices", "officer", "/notices"),
    Shot("workload", "head", "/handover"),
    Shot("approvals", "head", "/approvals"),
    Shot("approval", "leader", "/approvals", "tbody tr a"),
    Shot("figures", "supervisor", "/figures"),
    Shot("figures-overview", "supervisor", "/figures/overview"),
    Shot("figures-spread", "supervisor", "/figures/spread"),
    Shot("figures-in-hand", "supervisor", "/figures/in-hand"),
    Shot("figures-reach", "supervisor", "/figures/reach"),
    Shot("figures-forecast", "supervisor", "/figures/forecast"),
    Shot("figures-questions", "supervisor", "/figures/questions"),
    Shot("figures-strength", "supervisor", "/figures/strength"),
    Shot("overdue", "supervisor", "/overdue"),
    Shot("liaison", "police", "/referrals"),
    Shot("admin", "sysadmin", "/admin"),
    Shot("security", "secadmin", "/admin/security"),
)


@contextmanager
def running(var: Path, port: int, *, cases: int) -> Iterator[str]:
    """Serve a demonstration of so many cases, kept in `var`, and stop it afterwards."""
    environment = {**os.environ, "CASEAPP_VAR": str(var), "FLASK_APP": "run", "PORT": str(port), "DATABASE_URL": ""}
    flask = [sys.executable, "-m", "flask"]
    if not (var / "huhang.sqlite3").exists():
        subprocess.run([*flask, "database", "prepare"], cwd=ROOT, env=environment, check=True)
        subprocess.run([*flask, "demo", "load", "--cases", str(cases)], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen([*flask, "serve", "--no-jobs"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/healthz")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"{url} does not answer")


def sign_in(page: Page, url: str, login: str, *, english: bool) -> None:
    """Sign in by the demonstration button of that account, in a language."""
    page.goto(f"{url}/sign-in")
    if login:
        follow(page.locator(f'button[name="login"][value="{login}"]'))
    switch = page.locator(f'button[name="language"][value="{"en" if english else "zh"}"]')
    if switch.count():
        follow(switch)


def take(browser: Browser, url: str, shots: tuple[Shot, ...], folder: Path) -> list[Path]:
    """Take the pictures and return their files."""
    taken = []
    for english in (False, True):
        for size, suffix in ((DESK, ""), (PHONE, "-phone")):
            for login in dict.fromkeys(shot.login for shot in shots):
                context = open_context(browser, viewport=size, locale="en-GB" if english else "zh-CN")
                page = context.new_page()
                sign_in(page, url, login, english=english)
                for shot in shots:
                    if shot.login != login:
                        continue
                    page.goto(f"{url}{shot.path}")
                    if shot.press and page.locator(shot.press).count():
                        page.locator(shot.press).first.click()
                        page.wait_for_load_state()
                    page.wait_for_timeout(900)
                    file = folder / f"{shot.name}{suffix}{'-en' if english else ''}.png"
                    page.screenshot(path=file)
                    taken.append(file)
                context.close()
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of pictures, comma separated")
    parser.add_argument("--var", type=Path, help="a folder with a demonstration that is there already")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--cases", type=int, default=300)
    asked = parser.parse_args()
    chosen = tuple(shot for shot in SHOTS if not asked.only or shot.name in re.split(r"[ ,]+", asked.only))
    asked.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        running(asked.var or Path(scratch), free_port(), cases=asked.cases) as url,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for file in take(browser, url, chosen, asked.folder):
            sys.stderr.write(f"{file.name}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
