"""What tests of queries ask for beside the installation: cases on their way."""

from __future__ import annotations

from tests.factories.cases import course

__all__ = ["course"]
