"""The blueprint of the administrators' room."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)
