"""Identity numbers and telephones get what they are looked up by; what an upgrade leaves to the program is marked.

The program makes the fingerprints, for the key is its own, and writes the texts of cases from before 0002, for they
follow from the ledger: `flask database prepare` does both, and takes the marks away (`services.catch_up`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TOGETHER = "ck_personal_value_sought_goes_with_the_value"
_WITHOUT_TEXTS = (
    "SELECT 1 FROM case_file WHERE NOT EXISTS "
    "(SELECT 1 FROM search_entry WHERE search_entry.case_id = case_file.id AND search_entry.kind = 'case')"
)
_NUMBERS = "SELECT 1 FROM personal_value WHERE value IS NOT NULL AND field IN ('id_number', 'phone')"


def upgrade() -> None:
    with op.batch_alter_table("personal_value") as table:
        table.add_column(sa.Column("sought", sa.String(length=90), nullable=True))
        table.create_check_constraint(op.f(_TOGETHER), "value IS NOT NULL OR sought IS NULL")
        table.create_index("ix_personal_value_sought", ["sought"])
    for mark, found in (("behind:texts", _WITHOUT_TEXTS), ("behind:numbers", _NUMBERS)):
        op.execute(sa.text(f"INSERT INTO setting (name, value) SELECT '{mark}', '0011' WHERE EXISTS ({found})"))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM setting WHERE name IN ('behind:texts', 'behind:numbers')"))
    with op.batch_alter_table("personal_value") as table:
        table.drop_index("ix_personal_value_sought")
        table.drop_constraint(op.f(_TOGETHER), type_="check")
        table.drop_column("sought")
