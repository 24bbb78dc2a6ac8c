"""Hand-overs between organs, joint organs, earlier numbers of a case, deputies."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organ_transfer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("receiver", sa.String(length=40), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("dispute", sa.Boolean(), nullable=False),
        sa.Column("reported_to", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_organ_transfer_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ_transfer")),
    )
    op.create_index("ix_organ_transfer_case_id", "organ_transfer", ["case_id"])
    op.create_index("ix_organ_transfer_receiver", "organ_transfer", ["receiver", "status"])
    op.create_index("ix_organ_transfer_reported", "organ_transfer", ["reported_to", "status"])
    op.create_index("ix_organ_transfer_sender", "organ_transfer", ["sender", "sent_on"])
    op.create_table(
        "case_joint",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_joint_case_id")),
        sa.PrimaryKeyConstraint("case_id", "organ_id", name=op.f("pk_case_joint")),
    )
    op.create_index("ix_case_joint_organ", "case_joint", ["organ_id", "case_id"])
    op.create_table(
        "kept_number",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_kept_number_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_kept_number")),
    )
    op.create_index("ix_kept_number_number", "kept_number", ["number"])
    op.create_table(
        "deputy",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("principal_id", sa.String(length=32), nullable=False),
        sa.Column("deputy_id", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("named_by", sa.String(length=32), nullable=False),
        sa.Column("named_at", Instant(), nullable=False),
        sa.Column("allowed_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["deputy_id"], ["account.id"], name=op.f("fk_deputy_deputy_id")),
        sa.ForeignKeyConstraint(["principal_id"], ["account.id"], name=op.f("fk_deputy_principal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index("ix_deputy_deputy", "deputy", ["deputy_id", "last_on"])
    op.create_index("ix_deputy_principal", "deputy", ["principal_id", "last_on"])


def downgrade() -> None:
    op.drop_index("ix_deputy_principal", table_name="deputy")
    op.drop_index("ix_deputy_deputy", table_name="deputy")
    op.drop_table("deputy")
    op.drop_index("ix_kept_number_number", table_name="kept_number")
    op.drop_table("kept_number")
    op.drop_index("ix_case_joint_organ", table_name="case_joint")
    op.drop_table("case_joint")
    op.drop_index("ix_organ_transfer_sender", table_name="organ_transfer")
    op.drop_index("ix_organ_transfer_reported", table_name="organ_transfer")
    op.drop_index("ix_organ_transfer_receiver", table_name="organ_transfer")
    op.drop_index("ix_organ_transfer_case_id", table_name="organ_transfer")
    op.drop_table("organ_transfer")
