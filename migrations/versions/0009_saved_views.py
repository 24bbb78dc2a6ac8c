"""Views of the case list under a name, and the columns that each person sees."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared_with", sa.String(length=40), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_saved_view_owner_id")),
        sa.ForeignKeyConstraint(["shared_with"], ["organ.id"], name=op.f("fk_saved_view_shared_with")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_view_owner_id_name")),
    )
    op.create_index("ix_saved_view_shared_with", "saved_view", ["shared_with"])
    op.create_table(
        "list_columns",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("list_name", sa.String(length=20), nullable=False),
        sa.Column("columns", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_list_columns_user_id")),
        sa.PrimaryKeyConstraint("user_id", "list_name", name=op.f("pk_list_columns")),
    )


def downgrade() -> None:
    op.drop_table("list_columns")
    op.drop_index("ix_saved_view_shared_with", table_name="saved_view")
    op.drop_table("saved_view")
