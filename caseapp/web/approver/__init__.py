"""The room of those who sign: section heads, legal reviewers, leaders."""

from flask import Blueprint

blueprint = Blueprint("approver", __name__)

from caseapp.web.approver import inbox, paper  # noqa: E402,F401 - the views register themselves
