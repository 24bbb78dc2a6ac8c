"""Referrals: which other organs take part in a proceeding."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_share",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("peer", sa.String(length=20), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_referral_share_case_id")),
        sa.PrimaryKeyConstraint("case_id", "proceeding_id", "ordinal", name=op.f("pk_referral_share")),
    )
    op.create_index("ix_referral_share_organ", "referral_share", ["organ_id", "category", "sent_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_referral_share_organ", table_name="referral_share")
    op.drop_table("referral_share")
