"""Lists and figures of referrals from rows of their own. Their rows follow from the ledger: where there are
referrals, writing them is left to the program (`services.catch_up`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _key() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
    )


def upgrade() -> None:
    op.drop_index("ix_referral_share_organ", table_name="referral_share")
    op.drop_table("referral_share")
    op.create_table(
        "referral_share",
        *_key(),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("peer", sa.String(length=20), nullable=False),
        sa.Column("sender_id", sa.String(length=40), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("offence", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.Integer(), nullable=True),
        sa.Column("binds_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_referral_share_case_id")),
        sa.PrimaryKeyConstraint("case_id", "proceeding_id", "ordinal", name=op.f("pk_referral_share")),
    )
    op.create_index("ix_referral_share_clock", "referral_share", ["organ_id", "latest", "binds_at", "proceeding_id"])
    op.create_index(
        "ix_referral_share_count",
        "referral_share",
        ["organ_id", "latest", "category", "mine", "binds_at", "peer", "offence"],
    )
    op.create_index("ix_referral_share_sent", "referral_share", ["organ_id", "latest", "sent_on", "proceeding_id"])
    op.create_index("ix_referral_share_proceeding", "referral_share", ["proceeding_id"])
    op.create_table(
        "referral_course",
        *_key(),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("offence", sa.String(length=20), nullable=False),
        sa.Column("receiver_id", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_referral_course_case_id")),
        sa.PrimaryKeyConstraint("case_id", "proceeding_id", name=op.f("pk_referral_course")),
    )
    op.create_index("ix_referral_course_sent", "referral_course", ["procedure", "sent_on"])
    op.execute(
        sa.text(
            "INSERT INTO setting (name, value) SELECT 'behind:referrals', '0017' "
            "WHERE EXISTS (SELECT 1 FROM side_proceeding WHERE procedure IN ('referral', 'reverse_referral'))"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM setting WHERE name = 'behind:referrals'"))
    op.drop_index("ix_referral_course_sent", table_name="referral_course")
    op.drop_table("referral_course")
    for name in ("proceeding", "count", "sent", "clock"):
        op.drop_index(f"ix_referral_share_{name}", table_name="referral_share")
    op.drop_table("referral_share")
    op.create_table(
        "referral_share",
        *_key(),
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
    op.create_index("ix_referral_share_organ", "referral_share", ["organ_id", "category", "sent_on"])
