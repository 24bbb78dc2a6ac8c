"""Nightly checks of the closure figures."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("known_at", Instant(timezone=True), nullable=False),
        sa.Column("finished_at", Instant(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_check")),
    )
    op.create_index(op.f("ix_figure_check_known_at"), "figure_check", ["known_at"])


def downgrade() -> None:
    op.drop_table("figure_check")
