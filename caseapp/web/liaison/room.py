"""The blueprint of the liaisons' room."""

from flask import Blueprint

blueprint = Blueprint("liaison", __name__)
