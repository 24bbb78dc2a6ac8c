"""Cases that are sent to other organs."""

from tests.factories.cases import course

__all__ = ["course"]
