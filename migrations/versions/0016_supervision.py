"""Supervision: the rows of the list "should have been transferred"; they follow from the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supervision_finding",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("handling", sa.String(length=20), nullable=False),
        sa.Column("letter", sa.String(length=32), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_supervision_finding_case_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", "subject", name=op.f("pk_supervision_finding")),
    )
    op.create_index("ix_supervision_finding_rank", "supervision_finding", ["weight", "since_on", "case_id"])
    op.create_index("ix_supervision_finding_organ", "supervision_finding", ["organ_id", "weight"])
    op.create_table(
        "supervision_mark",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.Column("near_on", sa.Date(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_supervision_mark_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_supervision_mark")),
    )
    op.create_index("ix_supervision_mark_near", "supervision_mark", ["organ_id", "near_on"])


def downgrade() -> None:
    op.drop_table("supervision_mark")
    op.drop_table("supervision_finding")
