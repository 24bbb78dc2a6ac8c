"""E-mails about notices: addresses, how often, and one row for each e-mail."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_UNMAILED = sa.text("mail_key IS NULL AND read_at IS NULL")
_MAILED = sa.text("mail_key IS NOT NULL")


def upgrade() -> None:
    op.add_column("account", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("account", sa.Column("email_refused", sa.String(length=300), nullable=True))
    op.add_column("notification", sa.Column("mail_key", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_notification_unmailed",
        "notification",
        ["created_at", "user_id"],
        sqlite_where=_UNMAILED,
        postgresql_where=_UNMAILED,
    )
    op.create_index(
        "ix_notification_mail_key", "notification", ["mail_key"], sqlite_where=_MAILED, postgresql_where=_MAILED
    )
    op.create_table(
        "notice_cadence",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("notice_group", sa.String(length=20), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_notice_cadence_user_id")),
        sa.PrimaryKeyConstraint("user_id", "notice_group", name=op.f("pk_notice_cadence")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("notices", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_mail_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_index("ix_mail_status", "mail", ["status", "id"])


def downgrade() -> None:
    op.drop_index("ix_mail_status", table_name="mail")
    op.drop_table("mail")
    op.drop_table("notice_cadence")
    op.drop_index("ix_notification_mail_key", table_name="notification", sqlite_where=_MAILED, postgresql_where=_MAILED)
    op.drop_index(
        "ix_notification_unmailed", table_name="notification", sqlite_where=_UNMAILED, postgresql_where=_UNMAILED
    )
    op.drop_column("notification", "mail_key")
    op.drop_column("account", "email_refused")
    op.drop_column("account", "email")
