"""The room of those who answer for the closure rate."""

from flask import Blueprint

blueprint = Blueprint("supervisor", __name__)

from caseapp.web.supervisor import closure, counted, overdue, transfers  # noqa: E402,F401 - views register themselves
