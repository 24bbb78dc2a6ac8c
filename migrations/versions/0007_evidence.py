"""Evidence files, goods in custody and their moves: look-up tables that follow from the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_evidence",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("proves", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_evidence_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_evidence")),
    )
    op.create_index(op.f("ix_case_evidence_id"), "case_evidence", ["id"], unique=False)
    op.create_index(op.f("ix_case_evidence_digest"), "case_evidence", ["digest"], unique=False)
    op.create_table(
        "case_item",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("keeper_id", sa.String(length=32), nullable=True),
        sa.Column("keeper_name", sa.String(length=200), nullable=True),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_item_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_case_item")),
    )
    op.create_index(op.f("ix_case_item_keeper_id"), "case_item", ["keeper_id"], unique=False)
    op.create_table(
        "item_move",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("giver_awaited", sa.String(length=32), nullable=True),
        sa.Column("taker_awaited", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_item_move_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_item_move")),
    )
    op.create_index(op.f("ix_item_move_giver_awaited"), "item_move", ["giver_awaited"], unique=False)
    op.create_index(op.f("ix_item_move_taker_awaited"), "item_move", ["taker_awaited"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_item_move_taker_awaited"), table_name="item_move")
    op.drop_index(op.f("ix_item_move_giver_awaited"), table_name="item_move")
    op.drop_table("item_move")
    op.drop_index(op.f("ix_case_item_keeper_id"), table_name="case_item")
    op.drop_table("case_item")
    op.drop_index(op.f("ix_case_evidence_digest"), table_name="case_evidence")
    op.drop_index(op.f("ix_case_evidence_id"), table_name="case_evidence")
    op.drop_table("case_evidence")
