"""The room of those who answer for the closure rate."""

from flask import Blueprint

blueprint = Blueprint("supervisor", __name__)

from caseapp.web.supervisor import closure, counted, overdue  # noqa: E402,F401 - the views register themselves
