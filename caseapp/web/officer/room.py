"""The room of those who handle cases."""

from flask import Blueprint

blueprint = Blueprint("officer", __name__)
