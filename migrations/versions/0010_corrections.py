"""Corrections: what they took back stays readable by earlier knowledge; the void register."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("milestone", sa.Column("corrects", sa.Integer(), nullable=True))
    op.add_column("milestone", sa.Column("superseded_at", Instant(), nullable=True))
    op.add_column("case_division", sa.Column("superseded_at", Instant(), nullable=True))
    op.create_table(
        "correction",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("approval", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_correction_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_recorded_at"), "correction", ["recorded_at"], unique=False)
    op.create_table(
        "void_number",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("voided_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("approval", sa.String(length=32), nullable=True),
        sa.Column("replaced_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_void_number_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_void_number")),
    )
    for column in ("document_id", "number", "organ_id", "voided_at"):
        op.create_index(op.f(f"ix_void_number_{column}"), "void_number", [column], unique=False)


def downgrade() -> None:
    for column in ("document_id", "number", "organ_id", "voided_at"):
        op.drop_index(op.f(f"ix_void_number_{column}"), table_name="void_number")
    op.drop_table("void_number")
    op.drop_index(op.f("ix_correction_recorded_at"), table_name="correction")
    op.drop_table("correction")
    op.drop_column("case_division", "superseded_at")
    op.drop_column("milestone", "superseded_at")
    op.drop_column("milestone", "corrects")
