"""Bodies beyond any limit, through the whole server: refused by their length with the application's own answer."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from caseapp.queries.evidence_check import check_files
from config import ROOT
from tests.support.office import Office
from tests.support.upload_server import NEVER
from tests.web.officer.test_killed_in_mid_upload import Browser

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

GIGABYTE = 1 << 30
LIMIT = 1
FORM = "multipart/form-data; boundary=x"


@pytest.fixture
def browser(office: Office) -> Iterator[Browser]:
    """A browser of an officer who is signed in at a server that takes a megabyte."""
    config = office.parts.config
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.upload_server", config.database_url, str(config.var), NEVER, str(LIMIT)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        visitor = Browser(int(server.stdout.readline()))
        visitor.sign_in("officer")
        yield visitor
    finally:
        server.send_signal(signal.SIGKILL)
        server.communicate()


def answer(browser: Browser, path: str, body: bytes = b"", **headers: str) -> tuple[http.client.HTTPResponse, str]:
    """Send the head of a request and the body as it is, and return the answer with its text."""
    told = {"Host": f"127.0.0.1:{browser.port}", "Origin": f"http://127.0.0.1:{browser.port}", "Content-Type": FORM}
    told["Cookie"] = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    with socket.create_connection(("127.0.0.1", browser.port), timeout=60) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        came = http.client.HTTPResponse(line)
        came.begin()
        return came, came.read().decode()


def test_what_is_beyond_any_limit_is_answered_with_the_limit_and_what_to_do(office: Office, browser: Browser) -> None:
    case = office.checking()
    path = f"/cases/{case.id}/evidence/new"
    claims = str(2 * GIGABYTE)
    page, text = answer(browser, path, Content_Length=claims, Accept="text/html")
    assert (page.status, page.headers["Connection"]) == (413, "close")
    assert page.headers["Content-Type"].startswith("text/html")
    assert f"一次合计不超过 {LIMIT} MB" in text
    assert "没有保存任何内容" in text
    assert "护航" in text

    program, text = answer(browser, path, Content_Length=claims, Accept="application/json")
    told = json.loads(text)
    assert (program.status, told["status"]) == (413, 413)
    assert f"{LIMIT} MB" in told["detail"]
    assert "没有保存任何内容" in told["cure"]

    careful, _ = answer(browser, path, Content_Length=claims, Expect="100-continue")
    assert careful.status == 413, "a client that asks first is told before it sends anything"

    piece = b"x" * (1 << 16)
    sent, text = answer(browser, path, piece * 400, Content_Length=str(400 << 16))
    assert sent.status == 413, "a client that sends all of it reads the answer"
    assert f"{LIMIT} MB" in text

    chunks = b"".join([b"10000\r\n" + piece + b"\r\n"] * 400) + b"0\r\n\r\n"
    streamed, text = answer(browser, path, chunks, Transfer_Encoding="chunked")
    assert streamed.status == 413, "a body in chunks has no length to begin with"
    assert f"{LIMIT} MB" in text

    assert re.search(r'name="csrf_token"', browser.get(path)), "the server goes on"
    incoming = office.parts.config.var / "evidence" / "incoming"
    assert not incoming.exists() or list(incoming.iterdir()) == []
    with office.context("officer") as ctx:
        assert check_files(ctx) == {"pieces": 0, "files": 0, "broken": []}


def test_nobody_has_to_be_known_to_be_refused(office: Office, browser: Browser) -> None:
    browser.cookies.clear()
    page, text = answer(browser, "/sign-in", Content_Length=str(2 * GIGABYTE), Accept="text/html")
    assert page.status == 413
    assert "15 MB" in text
