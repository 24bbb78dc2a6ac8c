"""Bound case files, and the letterheads of organs."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bound_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("to_seal", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.String(length=32), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("main_sha256", sa.String(length=64), nullable=True),
        sa.Column("side_sha256", sa.String(length=64), nullable=True),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=True),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_bound_file_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bound_file")),
    )
    op.create_index(op.f("ix_bound_file_case_id"), "bound_file", ["case_id"])
    op.create_table(
        "letterhead",
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=120), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("phrases", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_letterhead_organ_id_organ")),
        sa.PrimaryKeyConstraint("organ_id", "version", name=op.f("pk_letterhead")),
    )


def downgrade() -> None:
    op.drop_table("letterhead")
    op.drop_index(op.f("ix_bound_file_case_id"), table_name="bound_file")
    op.drop_table("bound_file")
