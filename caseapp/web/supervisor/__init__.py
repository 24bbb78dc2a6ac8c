"""The room of those who answer for the closure rate."""

from flask import Blueprint

blueprint = Blueprint("supervisor", __name__)

from caseapp.web.supervisor import (  # noqa: E402 - views register themselves
    board_cases,  # noqa: F401
    boards,  # noqa: F401
    closure,  # noqa: F401
    counted,  # noqa: F401
    forecast,  # noqa: F401
    overdue,  # noqa: F401
    plan,  # noqa: F401
    quarters,  # noqa: F401
    questions,  # noqa: F401
    reach,  # noqa: F401
    restated,  # noqa: F401
    transfers,  # noqa: F401
)
