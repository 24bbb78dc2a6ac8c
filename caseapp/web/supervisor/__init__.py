"""The room of those who answer for the closure rate."""

from flask import Blueprint

blueprint = Blueprint("supervisor", __name__)

# views register themselves
from caseapp.web.supervisor import closure, counted, overdue, restated, transfers  # noqa: E402,F401
