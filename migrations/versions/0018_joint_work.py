"""Joint work of several organs: the board, its organs, what they wrote, the cases it is about."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joint_work",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_work")),
    )
    op.create_index("ix_joint_work_opened", "joint_work", ["opened_on", "id"])
    op.create_table(
        "joint_work_organ",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["work_id"], ["joint_work.id"], name=op.f("fk_joint_work_organ_work_id")),
        sa.PrimaryKeyConstraint("work_id", "organ_id", name=op.f("pk_joint_work_organ")),
    )
    op.create_index("ix_joint_work_organ_organ", "joint_work_organ", ["organ_id", "answer"])
    op.create_table(
        "joint_work_post",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("written_at", Instant(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["joint_work.id"], name=op.f("fk_joint_work_post_work_id")),
        sa.PrimaryKeyConstraint("work_id", "number", name=op.f("pk_joint_work_post")),
    )
    op.create_table(
        "joint_work_case",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["joint_work.id"], name=op.f("fk_joint_work_case_work_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_joint_work_case_case_id")),
        sa.PrimaryKeyConstraint("work_id", "case_id", name=op.f("pk_joint_work_case")),
    )
    op.create_index("ix_joint_work_case_case", "joint_work_case", ["case_id"])


def downgrade() -> None:
    for table in ("joint_work_case", "joint_work_post", "joint_work_organ", "joint_work"):
        op.drop_table(table)
