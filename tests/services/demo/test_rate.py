"""A full year has the figures of a real one: most of what is filed is closed, and not everywhere alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from caseapp import wiring
from caseapp.adapters.clock import SetClock
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.policy import Dimension
from caseapp.queries.closure import closure_rate
from caseapp.services.installation import sync_organs
from caseapp.wiring import Huhang
from tests.services.demo.conftest import SINCE, UNTIL, load
from tests.support.app import NOW, configuration, law_at_hand
from tests.support.databases import sqlite_databases
from tests.support.spine import migrate, open_engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def full_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Huhang]:
    """800 cases, in SQLite alone: what the two databases say is compared with the smaller year."""
    url = sqlite_databases(tmp_path_factory).create()
    engine = open_engine(url)
    migrate(engine)
    with law_at_hand():
        parts = wiring.build(configuration(url, tmp_path_factory.mktemp("full")), engine, clock=SetClock(NOW))
    with parts.context() as ctx:
        sync_organs(ctx)
    load(parts, 800)
    yield parts
    engine.dispose()


@pytest.mark.parametrize(
    "since", [pytest.param(SINCE, id="the whole year"), pytest.param(date(2026, 1, 1), id="the calendar year so far")]
)
def test_the_city_closes_nine_cases_of_ten(full_year: Huhang, since: date) -> None:
    with full_year.context() as ctx:
        figure = closure_rate(ctx, "R2", Period(since, UNTIL), by=[Dimension.DIVISION])
    assert figure.total.rate is not None
    assert 0.90 <= figure.total.rate <= 0.96
    assert figure.total.denominator > 600
    rates = [row.rate for row in figure.rows if row.rate is not None]
    assert len(rates) == 9
    assert max(rates) - min(rates) > 0.05


def test_few_cases_are_decided_after_their_limit(full_year: Huhang) -> None:
    with full_year.context() as ctx:
        figure = closure_rate(ctx, "R4", Period(SINCE, UNTIL))
    assert figure.total.rate is not None
    assert 0.95 < figure.total.rate < 1
