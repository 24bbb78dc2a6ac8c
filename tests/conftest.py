"""What every test can ask for: databases, a browser, published data. The fixtures live in tests/support."""

from __future__ import annotations

import gc
import importlib.util
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

from tests.support import compiled, postgres, skips

pytest_plugins = [
    "tests.support.databases",
    "tests.support.mail_server",
    "tests.support.shared_files",
    "tests.support.spine",
    *(["tests.support.scheduling"] if importlib.util.find_spec("xdist") else []),
    *(["tests.support.app"] if importlib.util.find_spec("tests.support.app") else []),
    "tests.support.browser",
]

# A slow machine is no failure; where a change is judged, the same examples are tried each time.
settings.register_profile("huhang", deadline=None, print_blob=True, derandomize=skips.nothing_may_be_skipped())
settings.load_profile("huhang")


def pytest_configure(config: pytest.Config) -> None:
    for name in list(os.environ):
        if name == "DATABASE_URL" or name.startswith("CASEAPP_"):
            del os.environ[name]  # tests choose their own database and folders
    compiled.share()
    if not hasattr(config, "workerinput"):
        postgres.open_session()


def pytest_collection_finish() -> None:
    """Leave what ten thousand collected tests are made of out of every later search for garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.close_session()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    skips.refuse(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    skips.refuse(report)
    return report
