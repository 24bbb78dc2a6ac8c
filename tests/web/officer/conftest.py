"""The officer's room with an office at work behind it."""

from __future__ import annotations

from tests.support.office import office

__all__ = ["office"]
