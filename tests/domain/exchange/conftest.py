"""The example of the exchange format, and reading it with changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime

import pytest

from caseapp.domain.divisions import DivisionTable
from caseapp.domain.exchange.parse import parse_record
from caseapp.domain.exchange.record import ExchangeRecord
from tests.support.exchange_samples import DIVISIONS, EXAMPLE, NOW

Read = Callable[..., ExchangeRecord]


@pytest.fixture
def divisions() -> DivisionTable:
    return DIVISIONS


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def example() -> dict[str, object]:
    """The example of the format; a copy that a test may change."""
    return copy.deepcopy(EXAMPLE)


@pytest.fixture
def read(example: dict[str, object]) -> Read:
    """Read the example with some keys changed; Ellipsis takes a key away."""

    def reading(**changes: object) -> ExchangeRecord:
        told = {**example, **changes}
        return parse_record(
            {key: value for key, value in told.items() if value is not ...}, now=NOW, divisions=DIVISIONS
        )

    return reading
