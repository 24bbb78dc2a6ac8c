"""Referrals that travel as signed files between installations."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package_matter",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("house", sa.String(length=40), nullable=False),
        sa.Column("peer_organ", sa.String(length=40), nullable=False),
        sa.Column("peer", sa.String(length=20), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_package_matter_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_matter")),
    )
    op.create_index("ix_package_matter_case", "package_matter", ["case_id"], unique=False)
    op.create_index("ix_package_matter_peer", "package_matter", ["peer_organ", "category", "sent_on"], unique=False)
    op.create_table(
        "package_step",
        sa.Column("matter_id", sa.String(length=32), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("package", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("act_seq", sa.Integer(), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["package_matter.id"], name=op.f("fk_package_step_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", "ours", "sequence", name=op.f("pk_package_step")),
        sa.UniqueConstraint("package", name=op.f("uq_package_step_package")),
    )


def downgrade() -> None:
    op.drop_table("package_step")
    op.drop_index("ix_package_matter_peer", table_name="package_matter")
    op.drop_index("ix_package_matter_case", table_name="package_matter")
    op.drop_table("package_matter")
