"""The blueprint of what machines ask."""

from flask import Blueprint

blueprint = Blueprint("api", __name__)
