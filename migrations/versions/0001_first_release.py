"""The tables of the first release, and the triggers that keep the ledger append-only."""

import sqlalchemy as sa
from alembic import op

from caseapp.db import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_TRIGGERS = (
    """CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)
POSTGRES_TRIGGERS = (
    """CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()""",
    """CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()""",
)


def upgrade() -> None:
    op.create_table(
        "anchor_mark",
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_anchor_mark")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("lead_number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("channel", sa.String(length=60), nullable=True),
        sa.Column("ip_types", sa.String(length=200), nullable=False),
        sa.Column("campaigns", sa.String(length=200), nullable=False),
        sa.Column("respondent", sa.String(length=200), nullable=False),
        sa.Column("lead_officer", sa.String(length=32), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("manner", sa.String(length=20), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_due_rule", sa.String(length=20), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("external_id", name=op.f("uq_case_file_external_id")),
        sa.UniqueConstraint("lead_number", name=op.f("uq_case_file_lead_number")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index("ix_case_file_category_opened", "case_file", ["category", "opened_on", "id"], unique=False)
    op.create_index(
        "ix_case_file_demo",
        "case_file",
        ["demo"],
        unique=False,
        sqlite_where=sa.text("demo"),
        postgresql_where=sa.text("demo"),
    )
    op.create_index("ix_case_file_division_opened", "case_file", ["division", "opened_on", "id"], unique=False)
    op.create_index("ix_case_file_due", "case_file", ["next_due_on", "id"], unique=False)
    op.create_index("ix_case_file_filed", "case_file", ["filed_on", "id"], unique=False)
    op.create_index("ix_case_file_number", "case_file", ["number", "id"], unique=False)
    op.create_index("ix_case_file_opened", "case_file", ["opened_on", "id"], unique=False)
    op.create_index("ix_case_file_organ_due", "case_file", ["organ_id", "next_due_on", "id"], unique=False)
    op.create_index("ix_case_file_organ_opened", "case_file", ["organ_id", "opened_on", "id"], unique=False)
    op.create_index(
        "ix_case_file_campaigns",
        "case_file",
        ["campaigns", "id"],
        unique=False,
        sqlite_where=sa.text("campaigns <> ''"),
        postgresql_where=sa.text("campaigns <> ''"),
    )
    op.create_index("ix_case_file_procedure_opened", "case_file", ["procedure", "opened_on", "id"], unique=False)
    op.create_index("ix_case_file_title", "case_file", ["title", "id"], unique=False)
    op.create_index("ix_case_file_updated", "case_file", ["updated_at", "id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_saved_at"), "draft", ["saved_at"], unique=False)
    op.create_index(op.f("ix_draft_user_id"), "draft", ["user_id"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("finished_at", Instant(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_job_run")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("occurred_at", Instant(timezone=True), nullable=False),
        sa.Column("precision", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("appended_at", Instant(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_ledger_entry_chain_seq")),
    )
    op.create_index("ix_ledger_entry_actor", "ledger_entry", ["actor", "id"], unique=False)
    op.create_index("ix_ledger_entry_appended", "ledger_entry", ["appended_at", "id"], unique=False)
    op.create_table(
        "ledger_head",
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("read_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("key", name=op.f("uq_notification_key")),
    )
    op.create_index("ix_notification_user", "notification", ["user_id", "read_at", "id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organ_id", "series", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "organ",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("short_zh", sa.String(length=40), nullable=False),
        sa.Column("short_en", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("document_word", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("postcode", sa.String(length=10), nullable=True),
        sa.Column("fee_bank", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["organ.id"], name=op.f("fk_organ_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ")),
    )
    op.create_index(op.f("ix_organ_division"), "organ", ["division"], unique=False)
    op.create_index(op.f("ix_organ_path"), "organ", ["path"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("available_at", Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["available_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "submission",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_made_at"), "submission", ["made_at"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.String(length=400), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("certificate_number", sa.String(length=40), nullable=True),
        sa.Column("certificate_from", sa.Date(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", Instant(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("last_login_at", Instant(timezone=True), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_account_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_index(op.f("ix_account_organ_id"), "account", ["organ_id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("organ_id", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("requested_by", sa.String(length=32), nullable=False),
        sa.Column("requested_at", Instant(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=True),
        sa.Column("step_role", sa.String(length=40), nullable=True),
        sa.Column("step_since", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_approval_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_case_id"), "approval", ["case_id"], unique=False)
    op.create_index(op.f("ix_approval_requested_by"), "approval", ["requested_by"], unique=False)
    op.create_index("ix_approval_waiting", "approval", ["status", "step_role", "organ_id"], unique=False)
    op.create_table(
        "case_division",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_division_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_case_division")),
    )
    op.create_table(
        "case_ip_type",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ip_type", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_ip_type_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ip_type", name=op.f("pk_case_ip_type")),
    )
    op.create_index("ix_case_ip_type_type", "case_ip_type", ["ip_type", "case_id"], unique=False)
    op.create_table(
        "case_officer",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_officer_case_id")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_officer")),
    )
    op.create_index("ix_case_officer_user", "case_officer", ["user_id", "case_id"], unique=False)
    op.create_table(
        "case_party",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_party_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_case_party")),
    )
    op.create_index(
        "ix_case_party_name",
        "case_party",
        ["name", "case_id"],
        unique=False,
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.create_index(
        "ix_case_party_uscc",
        "case_party",
        ["uscc", "case_id"],
        unique=False,
        postgresql_ops={"uscc": "text_pattern_ops"},
    )
    op.create_table(
        "case_right",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_right_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_case_right")),
    )
    op.create_index(
        "ix_case_right_number",
        "case_right",
        ["number", "case_id"],
        unique=False,
        postgresql_ops={"number": "text_pattern_ops"},
    )
    op.create_table(
        "clock_run",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_clock_run_case_id")),
        sa.PrimaryKeyConstraint("case_id", "proceeding_id", "ordinal", name=op.f("pk_clock_run")),
    )
    op.create_index("ix_clock_run_rule", "clock_run", ["rule", "case_id"], unique=False)
    op.create_index(
        "ix_clock_run_running",
        "clock_run",
        ["due_on", "case_id"],
        unique=False,
        sqlite_where=sa.text("met IS NULL"),
        postgresql_where=sa.text("met IS NULL"),
    )
    op.create_table(
        "closure_case",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("ip_types", sa.String(length=200), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("manner", sa.String(length=20), nullable=True),
        sa.Column("known_since", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_closure_case_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_closure_case")),
    )
    op.create_table(
        "issued_document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", Instant(timezone=True), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_digest", sa.String(length=80), nullable=False),
        sa.Column("template_version", sa.String(length=80), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("printed_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_issued_document_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("number", name=op.f("uq_issued_document_number")),
    )
    op.create_index(op.f("ix_issued_document_case_id"), "issued_document", ["case_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("order_at", Instant(timezone=True), nullable=False),
        sa.Column("precision", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("manner", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("irregular", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_milestone_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_milestone")),
    )
    op.create_index("ix_milestone_kind_on", "milestone", ["kind", "on_date", "case_id"], unique=False)
    op.create_table(
        "personal_value",
        sa.Column("commitment", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("erased_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_personal_value_case_id")),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_personal_value")),
    )
    op.create_index(op.f("ix_personal_value_case_id"), "personal_value", ["case_id"], unique=False)
    postgres = op.get_bind().dialect.name == "postgresql"
    for trigger in POSTGRES_TRIGGERS if postgres else SQLITE_TRIGGERS:
        op.execute(sa.text(trigger))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP TRIGGER ledger_entry_no_change ON ledger_entry"))
        op.execute(sa.text("DROP TRIGGER ledger_entry_no_truncate ON ledger_entry"))
        op.execute(sa.text("DROP FUNCTION ledger_is_append_only()"))
    else:
        op.execute(sa.text("DROP TRIGGER ledger_entry_no_update"))
        op.execute(sa.text("DROP TRIGGER ledger_entry_no_delete"))
    op.drop_index(op.f("ix_personal_value_case_id"), table_name="personal_value")
    op.drop_table("personal_value")
    op.drop_index("ix_milestone_kind_on", table_name="milestone")
    op.drop_table("milestone")
    op.drop_index(op.f("ix_issued_document_case_id"), table_name="issued_document")
    op.drop_table("issued_document")
    op.drop_table("closure_case")
    op.drop_index(
        "ix_clock_run_running",
        table_name="clock_run",
        sqlite_where=sa.text("met IS NULL"),
        postgresql_where=sa.text("met IS NULL"),
    )
    op.drop_index("ix_clock_run_rule", table_name="clock_run")
    op.drop_table("clock_run")
    op.drop_index("ix_case_right_number", table_name="case_right")
    op.drop_table("case_right")
    op.drop_index("ix_case_party_uscc", table_name="case_party")
    op.drop_index("ix_case_party_name", table_name="case_party")
    op.drop_table("case_party")
    op.drop_index("ix_case_officer_user", table_name="case_officer")
    op.drop_table("case_officer")
    op.drop_index("ix_case_ip_type_type", table_name="case_ip_type")
    op.drop_table("case_ip_type")
    op.drop_table("case_division")
    op.drop_index("ix_approval_waiting", table_name="approval")
    op.drop_index(op.f("ix_approval_requested_by"), table_name="approval")
    op.drop_index(op.f("ix_approval_case_id"), table_name="approval")
    op.drop_table("approval")
    op.drop_index(op.f("ix_account_organ_id"), table_name="account")
    op.drop_table("account")
    op.drop_index(op.f("ix_submission_made_at"), table_name="submission")
    op.drop_table("submission")
    op.drop_table("setting")
    op.drop_index(
        "ix_outbox_open",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_index(op.f("ix_organ_path"), table_name="organ")
    op.drop_index(op.f("ix_organ_division"), table_name="organ")
    op.drop_table("organ")
    op.drop_table("number_series")
    op.drop_index("ix_notification_user", table_name="notification")
    op.drop_table("notification")
    op.drop_table("ledger_head")
    op.drop_index("ix_ledger_entry_appended", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_actor", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_table("job_run")
    op.drop_index(op.f("ix_draft_user_id"), table_name="draft")
    op.drop_index(op.f("ix_draft_saved_at"), table_name="draft")
    op.drop_table("draft")
    op.drop_index("ix_case_file_campaigns", table_name="case_file")
    op.drop_index("ix_case_file_procedure_opened", table_name="case_file")
    op.drop_index("ix_case_file_title", table_name="case_file")
    op.drop_index("ix_case_file_updated", table_name="case_file")
    op.drop_index("ix_case_file_organ_opened", table_name="case_file")
    op.drop_index("ix_case_file_organ_due", table_name="case_file")
    op.drop_index("ix_case_file_opened", table_name="case_file")
    op.drop_index("ix_case_file_number", table_name="case_file")
    op.drop_index("ix_case_file_filed", table_name="case_file")
    op.drop_index("ix_case_file_due", table_name="case_file")
    op.drop_index("ix_case_file_division_opened", table_name="case_file")
    op.drop_index(
        "ix_case_file_demo", table_name="case_file", sqlite_where=sa.text("demo"), postgresql_where=sa.text("demo")
    )
    op.drop_index("ix_case_file_category_opened", table_name="case_file")
    op.drop_table("case_file")
    op.drop_table("anchor_mark")
