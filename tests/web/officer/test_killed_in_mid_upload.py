"""The whole server is killed in mid-upload: nothing half stored is left, and the file can be added again."""

from __future__ import annotations

import http.client
import io
import signal
import subprocess
import sys
from urllib.parse import urlencode

import pytest

from caseapp.domain.evidence import EvidenceDraft
from caseapp.queries.evidence_check import check_files
from caseapp.services import evidence_add
from caseapp.services.ledger_rebuild import differences
from config import ROOT
from tests.support import evidence_files as files
from tests.support.app import PASSWORD
from tests.support.office import Office
from tests.support.upload_server import COPYING, KEPT
from tests.web.officer.forms import fields

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
BOUNDARY = "this-is-no-part-of-any-file"


class Browser:
    """A browser as plain as can be; `post` does not wait for an answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        return self._ask("GET", path, b"", {}).read().decode()

    def sign_in(self, login: str) -> None:
        told = {**fields(self.get("/sign-in")), "login": login, "password": PASSWORD}
        self._ask("POST", "/sign-in", urlencode(told).encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def post(self, path: str, body: bytes) -> None:
        self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(
            method, path, body, {"Cookie": cookies, "Origin": f"http://127.0.0.1:{self.port}", **headers}
        )
        return connection

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        answer = self._send(method, path, body, headers).getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _sep, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer


def form(told: dict[str, object], content: bytes) -> bytes:
    """Return a form with one file as browsers send it."""
    parts = []
    for name, value in told.items():
        for one in value if isinstance(value, list) else [value]:
            parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'.encode())
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'.encode()
    return b"".join([*parts, head, content, f"\r\n--{BOUNDARY}--\r\n".encode()])


@pytest.mark.parametrize("point", [COPYING, KEPT])
def test_a_server_killed_in_mid_upload_leaves_nothing_half_stored(office: Office, point: str) -> None:
    case, content = office.checking(), files.jpeg(600, 400)
    config = office.parts.config
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.upload_server", config.database_url, str(config.var), point],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        browser = Browser(int(server.stdout.readline()))
        browser.sign_in("officer")
        path = f"/cases/{case.id}/evidence/new"
        told = {**fields(browser.get(path)), "how": "scene", "source": "货架", "place": "家纺城"}
        browser.post(path, form(told, content))
        assert server.stdout.readline() == "there\n"
    finally:
        server.send_signal(signal.SIGKILL)
        server.communicate()
    with office.context("officer") as ctx:
        assert office.image(case.id).evidence == ()
        assert check_files(ctx) == {"pieces": 0, "files": 0, "broken": []}
        assert list(differences(ctx)) == []
        for path_kept in (config.var / "evidence" / "sha256").rglob("*"):
            assert path_kept.is_dir() or path_kept.read_bytes() == content, "what stands where files are kept is whole"
        draft = EvidenceDraft("货架", ctx.today(), "家纺城", "scene", tuple(office.officers()))
        added = evidence_add.add(ctx, case.id, io.BytesIO(content), "a.jpg", draft)
        assert (added.number, check_files(ctx)) == (1, {"pieces": 1, "files": 1, "broken": []})
        leftovers = list((config.var / "evidence" / "incoming").iterdir())
        assert len(leftovers) == (point == COPYING)
        if leftovers:
            later = leftovers[0].stat().st_mtime + 1
            assert ctx.ports.evidence.drop_leftovers(older_than_seconds=0, now=later) == 1
