"""Texts that can be searched know the organ of their case, and so does their index.

The index follows from the texts by rules of the program: `flask database prepare` makes it anew (`services.catch_up`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OF_THE_CASE = (
    "UPDATE search_entry SET organ_id = (SELECT organ_id FROM case_file WHERE case_file.id = search_entry.case_id)"
)


def upgrade() -> None:
    op.add_column("search_entry", sa.Column("organ_id", sa.String(length=40), nullable=True))
    op.execute(sa.text(_OF_THE_CASE))
    with op.batch_alter_table("search_entry") as table:
        table.alter_column("organ_id", existing_type=sa.String(length=40), nullable=False)
    op.execute(
        sa.text(
            "INSERT INTO setting (name, value) SELECT 'behind:index', '0012' WHERE EXISTS (SELECT 1 FROM search_entry)"
        )
    )


def downgrade() -> None:
    # The older program could not take these entries out of its index again: it writes its own.
    op.execute(sa.text("DELETE FROM search_entry"))
    if op.get_bind().dialect.name != "postgresql":
        op.execute(sa.text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
    op.execute(sa.text("DELETE FROM setting WHERE name IN ('behind:index', 'behind:texts')"))
    op.execute(
        sa.text(
            "INSERT INTO setting (name, value) SELECT 'behind:texts', '0011' WHERE EXISTS (SELECT 1 FROM case_file)"
        )
    )
    with op.batch_alter_table("search_entry") as table:
        table.drop_column("organ_id")
