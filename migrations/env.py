"""Runs the migrations on the application's own engine."""

from alembic import context
from flask import current_app

from caseapp.db import WRITABLE, Model

config = context.config


def run() -> None:
    engine = current_app.extensions["huhang"].engine
    with engine.connect().execution_options(**{WRITABLE: True}) as connection:
        context.configure(
            connection=connection, target_metadata=Model.metadata, render_as_batch=True, compare_type=True
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
