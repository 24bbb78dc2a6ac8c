"""What machines ask: alive, ready, numbers."""

from caseapp.web.api import health
from caseapp.web.api.room import blueprint

__all__ = ["blueprint", "health"]
