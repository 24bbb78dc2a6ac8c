"""Sums of plain cases by month, kept by triggers on the cases; indexes by which figures find the few they read."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MONTH = {
    "sqlite": "(CAST(substr({day}, 1, 4) AS INTEGER) * 12 + CAST(substr({day}, 6, 2) AS INTEGER) - 1)",
    "postgresql": "(extract(year FROM {day})::integer * 12 + extract(month FROM {day})::integer - 1)",
}
_KIND = ("division", "procedure", "source", "ip_types")
_COLUMNS = "(month, closing, division, procedure, source, ip_types, cases)"
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def _told(dialect: str, side: str, day: str, sign: int, condition: str) -> str:
    """Return the statement that adds one side of a change to the sums of one of its days."""
    month = _MONTH[dialect].format(day=f"{side}.{day}")
    closing = {"sqlite": int(day == "closed_on"), "postgresql": str(day == "closed_on").lower()}[dialect]
    kinds = ", ".join(f"{side}.{name}" for name in _KIND)
    return (
        f"INSERT INTO closure_flow {_COLUMNS} SELECT {month}, {closing}, {kinds}, {sign} "
        f"WHERE {side}.plain AND {side}.{day} IS NOT NULL{condition};"
    )


def _changed(dialect: str, day: str) -> str:
    differs = _DIFFERS[dialect]
    parts = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in ("plain", day, *_KIND))
    return f" AND ({parts})"


def _statements(dialect: str, event: str) -> str:
    days = ("filed_on", "closed_on")
    if event == "INSERT":
        return "\n".join(_told(dialect, "NEW", day, 1, "") for day in days)
    if event == "DELETE":
        return "\n".join(_told(dialect, "OLD", day, -1, "") for day in days)
    return "\n".join(
        _told(dialect, side, day, sign, _changed(dialect, day))
        for day in days
        for side, sign in (("OLD", -1), ("NEW", 1))
    )


def _sqlite_triggers() -> list[str]:
    return [
        f"CREATE TRIGGER closure_flow_{event.lower()} AFTER {event} ON closure_case BEGIN\n"
        f"{_statements('sqlite', event)}\nEND"
        for event in ("INSERT", "UPDATE", "DELETE")
    ]


def _postgres_triggers() -> list[str]:
    made = []
    for event in ("INSERT", "UPDATE", "DELETE"):
        name = f"closure_flow_{event.lower()}"
        made.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
            f"{_statements('postgresql', event)}\nRETURN NULL; END $$"
        )
        made.append(f"CREATE TRIGGER {name} AFTER {event} ON closure_case FOR EACH ROW EXECUTE FUNCTION {name}()")
    made.append(
        "CREATE FUNCTION closure_flow_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "DELETE FROM closure_flow; RETURN NULL; END $$"
    )
    made.append(
        "CREATE TRIGGER closure_flow_truncate AFTER TRUNCATE ON closure_case "
        "FOR EACH STATEMENT EXECUTE FUNCTION closure_flow_truncate()"
    )
    return made


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "closure_flow",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("closing", sa.Boolean(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("ip_types", sa.String(length=200), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_flow")),
    )
    op.create_index("ix_closure_flow_month", "closure_flow", ["month"])
    op.create_index("ix_closure_case_filed", "closure_case", ["plain", "filed_on"])
    op.create_index("ix_closure_case_closed", "closure_case", ["plain", "closed_on"])
    op.create_index("ix_closure_case_known", "closure_case", ["known_since"])
    for day in ("filed_on", "closed_on"):
        month = _MONTH[dialect].format(day=day)
        closing = {"sqlite": int(day == "closed_on"), "postgresql": str(day == "closed_on").lower()}[dialect]
        op.execute(
            f"INSERT INTO closure_flow {_COLUMNS} "  # noqa: S608
            f"SELECT {month}, {closing}, {', '.join(_KIND)}, count(*) FROM closure_case "
            f"WHERE plain AND {day} IS NOT NULL GROUP BY {month}, {', '.join(_KIND)}"
        )
    for trigger in _sqlite_triggers() if dialect == "sqlite" else _postgres_triggers():
        op.execute(sa.text(trigger.replace("::", "\\:\\:") if dialect == "postgresql" else trigger))


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for event in ("insert", "update", "delete", *(("truncate",) if postgres else ())):
        if postgres:
            op.execute(f"DROP TRIGGER closure_flow_{event} ON closure_case")
            op.execute(f"DROP FUNCTION closure_flow_{event}()")
        else:
            op.execute(f"DROP TRIGGER closure_flow_{event}")
    for index in ("known", "closed", "filed"):
        op.drop_index(f"ix_closure_case_{index}", table_name="closure_case")
    op.drop_table("closure_flow")
