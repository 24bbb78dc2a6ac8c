"""Alive, ready, and numbers for monitoring. Open to anybody who reaches the port, so they tell nothing about cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from time import monotonic

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from caseapp.queries.behind import behind
from caseapp.queries.health import DatabaseState, Readiness, gauges, gauges_for_anybody, scheduler_is_alive
from caseapp.web.api.room import blueprint
from caseapp.web.shared.context import ctx_of_nobody, huhang
from caseapp.web.shared.guard import public
from caseapp.web.shared.visitors import is_loopback, visitor_address

KEPT_SECONDS = 10
"""Numbers are counted no more often than this, however often somebody asks."""
_KEPT = "huhang_metrics"


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process is alive; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say which parts are ready; 503 where requests cannot be served."""
    parts = huhang()
    found = parts.database_state()
    newest = found is DatabaseState.READY
    state = Readiness(
        database=found is not DatabaseState.SILENT,
        migrations=newest,
        definitions=bool(parts.law.procedures.latest()),
        caught_up=newest and not behind(ctx_of_nobody()),
        scheduler=newest and scheduler_is_alive(ctx_of_nobody()),
    )
    return {"ready": state.ready, **asdict(state)}, 200 if state.ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Return the numbers in the text format of Prometheus: those of cases to this machine alone.

    How many cases there are, and how many are late, is not for everybody who reaches the port: a liaison could count
    what was not sent to his organ.
    """
    if not is_loopback(visitor_address()):
        return Response(_text(gauges_for_anybody()), content_type=CONTENT_TYPE_LATEST)
    kept: tuple[float, bytes] | None = current_app.extensions.get(_KEPT)
    if kept is None or monotonic() - kept[0] > KEPT_SECONDS:
        numbers = {**gauges_for_anybody(), **gauges(ctx_of_nobody())}
        kept = current_app.extensions[_KEPT] = (monotonic(), _text(numbers))
    return Response(kept[1], content_type=CONTENT_TYPE_LATEST)


def _text(numbers: Mapping[str, float]) -> bytes:
    registry = CollectorRegistry()
    for name, value in numbers.items():
        Gauge(f"huhang_{name}", name.replace("_", " "), registry=registry).set(value)
    return generate_latest(registry)
