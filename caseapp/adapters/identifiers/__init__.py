"""Checks of numbers that identify bodies, people and rights: `check` one kind, or `check_right` by kind of right."""

from caseapp.adapters.identifiers.patents import patent_number
from caseapp.adapters.identifiers.register import check, check_right

__all__ = ["check", "check_right", "patent_number"]
