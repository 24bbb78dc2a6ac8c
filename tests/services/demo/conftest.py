"""A demonstration loaded once for a whole file of tests, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.facts import CaseImage
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import image_of
from caseapp.services.demo.load import LoadedYear, load_year
from caseapp.wiring import Huhang
from tests.support.app import NOW, Installations
from tests.support.databases import Databases

SINCE, UNTIL = date(2025, 11, 23), date(2026, 11, 23)


@dataclass(frozen=True)
class Year:
    """A loaded year: what the loader says of it, and every case as it stands at the end."""

    parts: Huhang
    ctx: Context
    loaded: LoadedYear
    cases: tuple[CaseImage, ...]


def load(parts: Huhang, cases: int, *, seed: int = 7, since: date = SINCE, until: date = UNTIL) -> LoadedYear:
    """Load a demonstration into an installation, as the command does."""
    with parts.context() as ctx:
        loaded = load_year(ctx, cases=cases, seed=seed, since=since, until=until)
    parts.demonstrates_now()
    return loaded


@pytest.fixture(scope="module")
def year(databases: Databases, blank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """A year of 150 cases: about the smallest that tells every story."""
    made = Installations(databases, blank, tmp_path_factory.mktemp("year"), [])
    parts = made.new(SetClock(NOW))
    loaded = load(parts, 150)
    with parts.context() as ctx:
        images = ctx.session.query(CaseFile.image).order_by(CaseFile.opened_on, CaseFile.lead_number)
        yield Year(parts, ctx, loaded, tuple(image_of(row.image) for row in images))
    made.close()
