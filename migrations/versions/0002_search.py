"""Texts that can be searched, with an index of their grams on either database.

Cases that were there before have no texts yet: `flask ledger rebuild` writes them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("vector", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_search_entry_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("case_id", "kind", "place", name=op.f("uq_search_entry_case_id_kind_place")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_search_entry_vector", "search_entry", ["vector"], postgresql_using="gin")
    else:
        op.execute(
            sa.text("CREATE VIRTUAL TABLE search_index USING fts5(grams, content='', detail=none, tokenize='ascii')")
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_search_entry_vector", table_name="search_entry")
    else:
        op.execute(sa.text("DROP TABLE search_index"))
    op.drop_table("search_entry")
