"""A whole server that stops in the middle of storing a file: python -m tests.support.upload_server URL VAR POINT.

It prints its port, and "there" when an upload has come to the point: then it waits for what never comes, and is killed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from waitress import create_server

from caseapp.adapters import evidence_store
from caseapp.adapters.clock import SetClock
from caseapp.app import create_app
from caseapp.services import evidence_entry
from tests.support.app import NOW, configuration

COPYING, KEPT = "while it is copied", "before it is entered in the case"


def main(url: str, var: str, point: str) -> None:
    """Serve until killed."""

    def stop(*_any: Any, **_named: Any) -> Any:
        print("there", flush=True)
        sys.stdin.read()
        raise AssertionError("nobody answers")

    stops: dict[str, Callable[[], None]] = {
        COPYING: lambda: setattr(evidence_store.os, "fsync", stop),
        KEPT: lambda: setattr(evidence_entry, "begin", stop),
    }
    stops[point]()
    server: Any = create_server(create_app(configuration(url, Path(var)), clock=SetClock(NOW)), port=0)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
