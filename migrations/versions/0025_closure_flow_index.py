"""An index from which the sums by month are read without sorting and without their rows."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_closure_flow_month", table_name="closure_flow")
    op.create_index("ix_closure_flow_sums", "closure_flow", ["month", "closing", "division", "ip_types", "cases"])


def downgrade() -> None:
    op.drop_index("ix_closure_flow_sums", table_name="closure_flow")
    op.create_index("ix_closure_flow_month", "closure_flow", ["month"])
