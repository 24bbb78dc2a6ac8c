"""One running system for the journeys of a file, and people with browsers of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from caseapp.domain.events import LEGAL_ZONE
from tests.journeys.pages import Visitors
from tests.journeys.site import Site, open_site
from tests.support.databases import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=LEGAL_ZONE)
"""A working day with no holiday near, early enough for a case to be closed within the year."""


@pytest.fixture(scope="module")
def site(databases: Databases, blank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running system, on a Monday morning."""
    with open_site(databases, blank, tmp_path_factory.mktemp("site"), at=MONDAY) as running:
        yield running


@pytest.fixture
def visitors(site: Site, browser: Browser) -> Iterator[Visitors]:
    """`visitors.enter("officer")` – a person at a browser of his own, signed in through the sign-in page."""
    with Visitors(site.url, browser) as people:
        yield people
