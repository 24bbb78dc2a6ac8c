"""The application factory: extensions, rooms, commands. Nothing else."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from flask import Flask
from flask_migrate import Migrate

import caseapp.models  # noqa: F401 - registers the tables
from caseapp import cli, web
from caseapp.db import db, prepare_engine
from caseapp.domain.errors import DefinitionError
from caseapp.ports import Clock
from caseapp.wiring import build

if TYPE_CHECKING:
    from config import Config

migrate = Migrate()


def create_app(config: Config, *, clock: Clock | None = None) -> Flask:
    """Build the application. raises DefinitionError where `workflows/` is broken: the process must not start"""
    app = Flask("caseapp", template_folder=str(config.templates), static_folder=str(config.static))
    config.var.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config),
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        SESSION_COOKIE_SECURE=config.secure_cookies,
        TESTING=config.testing,
    )
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.migrations), render_as_batch=True)
    with app.app_context():
        engine = db.engine
        prepare_engine(engine)
        app.extensions["huhang"] = build(config, engine, clock=clock)
    web.register(app)
    cli.register(app)
    return app


def only_workflows(broken: DefinitionError) -> Flask:
    """Return a bare application with the command group `workflows`, where that is what was asked for.

    For anything else every problem is printed (file, path, problem) and the process ends with status 1.
    """
    if "workflows" not in sys.argv[1:2]:
        sys.stderr.write("".join(f"{problem}\n" for problem in broken.problems))
        raise SystemExit(1)
    app = Flask("caseapp")
    cli.register(app, only=("workflows",))
    return app


def _engine_options(config: Config) -> dict[str, object]:
    if config.database_is_sqlite:
        return {"connect_args": {"check_same_thread": False}, "pool_size": 20, "max_overflow": 20}
    return {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": True}
