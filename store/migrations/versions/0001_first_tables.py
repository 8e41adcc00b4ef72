"""The first tables."""

import sqlalchemy as sa
from alembic import op

from store.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_departments")),
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("resource", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.department_id"], name=op.f("fk_audit_department_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_actor_resource"), "audit", ["actor", "resource"], unique=False)
    op.create_index(op.f("ix_audit_department_id_at"), "audit", ["department_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("patient", sa.String(length=64), nullable=False),
        sa.Column("twin_of", sa.String(length=64), nullable=True),
        sa.Column("scrub_version", sa.String(length=80), nullable=True),
        sa.Column("profile_version", sa.String(length=80), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.department_id"], name=op.f("fk_cases_department_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint(
            "department_id", "source", "source_id", name=op.f("uq_cases_department_id_source_source_id")
        ),
    )
    op.create_index(op.f("ix_cases_department_id_status"), "cases", ["department_id", "status"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.department_id"], name=op.f("fk_jobs_department_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_status"), "jobs", ["status"], unique=False)
    op.create_table(
        "readers",
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_readers_department_id")
        ),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_readers")),
    )
    op.create_index(op.f("ix_readers_department_id"), "readers", ["department_id"], unique=False)
    op.create_table(
        "tracer_models",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("promoted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_tracer_models_department_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "version", name=op.f("pk_tracer_models")),
    )
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_accounts_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_accounts_reader_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_index(op.f("ix_accounts_department_id"), "accounts", ["department_id"], unique=False)
    op.create_table(
        "case_images",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("image_id", sa.String(length=64), nullable=False),
        sa.Column("series_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_images_case_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_case_images_department_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "image_id", name=op.f("pk_case_images")),
    )
    op.create_index(op.f("ix_case_images_image_id"), "case_images", ["image_id"], unique=False)
    op.create_table(
        "case_keys",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("truth", sa.String(length=80), nullable=False),
        sa.Column("finding", sa.String(length=80), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("imitates", sa.String(length=80), nullable=True),
        sa.Column("observations", sa.JSON(), nullable=False),
        sa.Column("diagnosis", sa.String(length=80), nullable=True),
        sa.Column("diagnosis_text", sa.Text(), nullable=False),
        sa.Column("differential", sa.JSON(), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("proof", sa.String(length=80), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("difficulty_sd", sa.Float(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("lesions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_keys_case_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_case_keys_department_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_keys")),
    )
    op.create_table(
        "discrepancies",
        sa.Column("discrepancy_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("score", sa.String(length=80), nullable=False),
        sa.Column("sampling", sa.String(length=80), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("finding", sa.String(length=80), nullable=True),
        sa.Column("error_class", sa.String(length=80), nullable=True),
        sa.Column("reviewer", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_discrepancies_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_discrepancies_reader_id")),
        sa.PrimaryKeyConstraint("discrepancy_id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("department_id", "source_key", name=op.f("uq_discrepancies_department_id_source_key")),
    )
    op.create_index(
        op.f("ix_discrepancies_department_id_finding"), "discrepancies", ["department_id", "finding"], unique=False
    )
    op.create_index(op.f("ix_discrepancies_reader_id"), "discrepancies", ["reader_id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_identities_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_identities_reader_id")),
        sa.PrimaryKeyConstraint("department_id", "label", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_reader_id"), "identities", ["reader_id"], unique=False)
    op.create_table(
        "practice_sets",
        sa.Column("set_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_practice_sets_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_practice_sets_reader_id")),
        sa.PrimaryKeyConstraint("set_id", name=op.f("pk_practice_sets")),
    )
    op.create_index(
        op.f("ix_practice_sets_reader_id_created_at"), "practice_sets", ["reader_id", "created_at"], unique=False
    )
    op.create_table(
        "reader_states",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("skill", sa.String(length=160), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("variance", sa.Float(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_reader_states_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_reader_states_reader_id")),
        sa.PrimaryKeyConstraint("reader_id", "kind", "skill", name=op.f("pk_reader_states")),
    )
    op.create_table(
        "readings",
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("truth", sa.String(length=80), nullable=False),
        sa.Column("finding", sa.String(length=80), nullable=True),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("answer_text", sa.String(length=200), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("set_id", sa.String(length=64), nullable=True),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_readings_case_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_readings_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_readings_reader_id")),
        sa.PrimaryKeyConstraint("reading_id", name=op.f("pk_readings")),
        sa.UniqueConstraint(
            "department_id",
            "source",
            "reader_id",
            "case_id",
            "sequence",
            name=op.f("uq_readings_department_id_source_reader_id_case_id_sequence"),
        ),
    )
    op.create_index(op.f("ix_readings_case_id"), "readings", ["case_id"], unique=False)
    op.create_index(op.f("ix_readings_department_id_finding"), "readings", ["department_id", "finding"], unique=False)
    op.create_index(op.f("ix_readings_reader_id_case_id"), "readings", ["reader_id", "case_id"], unique=False)
    op.create_table(
        "state_heads",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("reader_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_state_heads_department_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.reader_id"], name=op.f("fk_state_heads_reader_id")),
        sa.PrimaryKeyConstraint("reader_id", "kind", name=op.f("pk_state_heads")),
    )
    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_account_roles_account_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_account_roles_department_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "department_id", "role", name=op.f("pk_account_roles")),
    )
    op.create_table(
        "disputes",
        sa.Column("dispute_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_disputes_case_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_disputes_department_id")
        ),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_disputes_reading_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_disputes")),
    )
    op.create_index(op.f("ix_disputes_case_id"), "disputes", ["case_id"], unique=False)
    op.create_table(
        "practice_set_cases",
        sa.Column("set_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("chance_mean", sa.Float(), nullable=False),
        sa.Column("chance_low", sa.Float(), nullable=False),
        sa.Column("chance_high", sa.Float(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_practice_set_cases_case_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_practice_set_cases_department_id")
        ),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_practice_set_cases_reading_id")),
        sa.ForeignKeyConstraint(["set_id"], ["practice_sets.set_id"], name=op.f("fk_practice_set_cases_set_id")),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_practice_set_cases")),
        sa.UniqueConstraint("set_id", "case_id", name=op.f("uq_practice_set_cases_set_id_case_id")),
    )
    op.create_index(op.f("ix_practice_set_cases_case_id"), "practice_set_cases", ["case_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_sessions_account_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_sessions_department_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)
    op.create_table(
        "state_changes",
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.department_id"], name=op.f("fk_state_changes_department_id")
        ),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_state_changes_reading_id")),
        sa.PrimaryKeyConstraint("reading_id", "skill", name=op.f("pk_state_changes")),
    )


def downgrade() -> None:
    op.drop_table("state_changes")
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_practice_set_cases_case_id"), table_name="practice_set_cases")
    op.drop_table("practice_set_cases")
    op.drop_index(op.f("ix_disputes_case_id"), table_name="disputes")
    op.drop_table("disputes")
    op.drop_table("account_roles")
    op.drop_table("state_heads")
    op.drop_index(op.f("ix_readings_reader_id_case_id"), table_name="readings")
    op.drop_index(op.f("ix_readings_department_id_finding"), table_name="readings")
    op.drop_index(op.f("ix_readings_case_id"), table_name="readings")
    op.drop_table("readings")
    op.drop_table("reader_states")
    op.drop_index(op.f("ix_practice_sets_reader_id_created_at"), table_name="practice_sets")
    op.drop_table("practice_sets")
    op.drop_index(op.f("ix_identities_reader_id"), table_name="identities")
    op.drop_table("identities")
    op.drop_index(op.f("ix_discrepancies_reader_id"), table_name="discrepancies")
    op.drop_index(op.f("ix_discrepancies_department_id_finding"), table_name="discrepancies")
    op.drop_table("discrepancies")
    op.drop_table("case_keys")
    op.drop_index(op.f("ix_case_images_image_id"), table_name="case_images")
    op.drop_table("case_images")
    op.drop_index(op.f("ix_accounts_department_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("tracer_models")
    op.drop_index(op.f("ix_readers_department_id"), table_name="readers")
    op.drop_table("readers")
    op.drop_index(op.f("ix_jobs_status"), table_name="jobs")
    op.drop_table("jobs")
    op.drop_index(op.f("ix_cases_department_id_status"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit")
    op.drop_index(op.f("ix_audit_department_id_at"), table_name="audit")
    op.drop_index(op.f("ix_audit_actor_resource"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("departments")
