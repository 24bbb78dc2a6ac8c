"""Evidence and goods in custody can be found: where there are some, what is left to the program is marked, for their
texts follow from the ledger (`services.catch_up`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_THINGS = "SELECT 1 FROM case_evidence UNION SELECT 1 FROM case_item"
_MARKED = "SELECT 1 FROM setting WHERE name = 'behind:texts'"


def upgrade() -> None:
    op.execute(
        sa.text(
            "INSERT INTO setting (name, value) SELECT 'behind:texts', '0014' "
            f"WHERE EXISTS ({_THINGS}) AND NOT EXISTS ({_MARKED})"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM setting WHERE name = 'behind:texts' AND value = '0014'"))
