"""Figures of a quarter as they were reported, which nothing may change."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_REFUSAL = "a frozen quarter is never changed"
SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER figure_snapshot_no_{event.lower()} BEFORE {event} ON figure_snapshot "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for event in ("UPDATE", "DELETE")
)
POSTGRES_TRIGGERS = (
    f"CREATE FUNCTION figure_snapshot_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
    "CREATE TRIGGER figure_snapshot_no_change BEFORE UPDATE OR DELETE ON figure_snapshot "
    "FOR EACH ROW EXECUTE FUNCTION figure_snapshot_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "figure_snapshot",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("known_at", Instant(timezone=True), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("organ", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_figure_snapshot")),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for trigger in POSTGRES_TRIGGERS if postgres else SQLITE_TRIGGERS:
        op.execute(sa.text(trigger))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER figure_snapshot_no_change ON figure_snapshot")
        op.execute("DROP FUNCTION figure_snapshot_refuse()")
    op.drop_table("figure_snapshot")
