"""Files beside what the organs write in a joint work."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joint_work_file",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["joint_work.id"], name=op.f("fk_joint_work_file_work_id")),
        sa.PrimaryKeyConstraint("work_id", "post", "place", name=op.f("pk_joint_work_file")),
    )


def downgrade() -> None:
    op.drop_table("joint_work_file")
