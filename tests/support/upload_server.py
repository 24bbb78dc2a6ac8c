"""A whole server that stops in the middle of storing a file: python -m tests.support.upload_server URL VAR POINT [MB].

It prints its port, and "there" when an upload has come to the point: then it waits for what never comes, and is killed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from caseapp.adapters import evidence_store
from caseapp.adapters.clock import SetClock
from caseapp.app import create_app
from caseapp.cli.http_server import http_server
from caseapp.services import evidence_entry
from tests.support.app import NOW, configuration

COPYING, KEPT, NEVER = "while it is copied", "before it is entered in the case", "at no point"


def main(url: str, var: str, point: str, megabytes: str = "200") -> None:
    """Serve until killed. megabytes: the largest piece of evidence"""

    def stop(*_any: Any, **_named: Any) -> Any:
        print("there", flush=True)
        sys.stdin.read()
        raise AssertionError("nobody answers")

    stops: dict[str, Callable[[], None]] = {
        COPYING: lambda: setattr(evidence_store.os, "fsync", stop),
        KEPT: lambda: setattr(evidence_entry, "begin", stop),
        NEVER: lambda: None,
    }
    stops[point]()
    application = create_app(configuration(url, Path(var), evidence_megabytes=int(megabytes)), clock=SetClock(NOW))
    server = http_server(application, host="127.0.0.1", port=0)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
