"""side proceedings beside the main one

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "side_proceeding",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_side_proceeding_case_id")),
        sa.PrimaryKeyConstraint("case_id", "proceeding_id", name=op.f("pk_side_proceeding")),
    )
    op.create_index(
        "ix_side_proceeding_procedure", "side_proceeding", ["procedure", "category", "case_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_side_proceeding_procedure", table_name="side_proceeding")
    op.drop_table("side_proceeding")
