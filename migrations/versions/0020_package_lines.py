"""Lists of referrals that came as packages, page by page; packages that were refused, and what is told back."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package_line",
        sa.Column("matter_id", sa.String(length=32), nullable=False),
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
        sa.Column("binds_at", Instant(timezone=True), nullable=False),
        sa.Column("turned_down", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["package_matter.id"], name=op.f("fk_package_line_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_package_line")),
    )
    op.create_index("ix_package_line_clock", "package_line", ["organ_id", "binds_at", "matter_id"])
    op.create_index("ix_package_line_sent", "package_line", ["organ_id", "sent_on", "matter_id"])
    op.create_table(
        "package_refusal",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("package", sa.String(length=32), nullable=False),
        sa.Column("matter", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("receiver", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("refused_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_package_refusal")),
    )
    op.create_index("ix_package_refusal_receiver", "package_refusal", ["receiver", "refused_at"])
    op.create_index("ix_package_matter_house", "package_matter", ["house", "changed_at", "id"])
    op.execute(
        sa.text(
            "INSERT INTO setting (name, value) SELECT 'behind:packages', '0020' "
            "WHERE EXISTS (SELECT 1 FROM package_matter WHERE case_id IS NULL)"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM setting WHERE name = 'behind:packages'"))
    op.drop_index("ix_package_matter_house", table_name="package_matter")
    op.drop_index("ix_package_refusal_receiver", table_name="package_refusal")
    op.drop_table("package_refusal")
    op.drop_index("ix_package_line_sent", table_name="package_line")
    op.drop_index("ix_package_line_clock", table_name="package_line")
    op.drop_table("package_line")
