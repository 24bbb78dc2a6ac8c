"""Which worker runs what: the tests of one file on one kind of database stay together, the longest files begin.

They share what is costly to make (a server with a browser before it, a story told once, a loaded year). pytest-xdist
has groups for this, but its release 3.8 changes names that pytest 9.2 no longer reads; once that is mended,
`--dist loadgroup` can take the place of this module.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_ON_POSTGRES = re.compile(r"\[(.*-)?postgres(-.*)?\]$")


class ByFileAndDatabase(LoadScopeScheduling):
    """Hands out files, apart for each kind of database."""

    def _split_scope(self, nodeid: str) -> str:
        return f"{nodeid.split('::', 1)[0]} {'postgres' if _ON_POSTGRES.search(nodeid) else ''}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    config.option.loadscopereorder = False  # the order is that of `pytest_collection_modifyitems`
    return ByFileAndDatabase(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if "journeys" in item.path.parts:
        return 0
    if item.get_closest_marker("browser"):
        return 1
    return 2 if "demo" in item.path.parts else 3
