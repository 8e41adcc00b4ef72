"""The tables. Every row carries its department; who a reader is lies in ``identities``, apart from everything else.

A case is two rows: ``cases`` holds what a reader may see before answering and how the case is kept, ``case_keys`` what
gives the answer away (wall 1).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(64)
WORD = String(80)


def _department() -> Column[str]:
    return Column("department_id", ID, ForeignKey("departments.department_id"), nullable=False)


departments = Table(
    "departments",
    metadata,
    Column("department_id", ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("demo", Boolean, nullable=False, default=False),
    Column("library_version", Integer, nullable=False, default=1),
)

readers = Table(
    "readers",
    metadata,
    Column("reader_id", ID, primary_key=True),
    _department(),
    Column("level", WORD, nullable=False, default=""),
    Column("site", WORD, nullable=False, default=""),
    Index(None, "department_id"),
)

identities = Table(
    "identities",
    metadata,
    _department(),
    Column("label", String(200), nullable=False),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    PrimaryKeyConstraint("department_id", "label"),
    Index(None, "reader_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", ID, primary_key=True),
    _department(),
    Column("login", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(300), nullable=False),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Index(None, "department_id"),
)

account_roles = Table(
    "account_roles",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.account_id"), nullable=False),
    _department(),
    Column("role", WORD, nullable=False),
    PrimaryKeyConstraint("account_id", "department_id", "role"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", ID, primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.account_id"), nullable=False),
    _department(),
    Column("csrf", ID, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "account_id"),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", ID, primary_key=True),
    _department(),
    Column("source", WORD, nullable=False),
    Column("source_id", String(200), nullable=False),
    Column("status", WORD, nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("history", Text, nullable=False, default=""),
    Column("region", WORD, nullable=False),
    Column("modality", String(16), nullable=False, default=""),
    Column("patient", ID, nullable=False),
    Column("twin_of", ID, nullable=True),
    Column("scrub_version", WORD, nullable=True),
    Column("profile_version", WORD, nullable=True),
    Column("flags", JSON, nullable=False, default=list),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime, nullable=True),
    Column("decided_by", ID, nullable=True),
    Column("decision_reason", Text, nullable=False, default=""),
    Column("worth", Float, nullable=False, default=0.0, server_default="0"),
    Column("priority", Float, nullable=False, default=0.0, server_default="0"),
    UniqueConstraint("department_id", "source", "source_id"),
    Index(None, "department_id", "status"),
    Index(None, "department_id", "status", "priority"),
)

case_images = Table(
    "case_images",
    metadata,
    Column("case_id", ID, ForeignKey("cases.case_id"), nullable=False),
    _department(),
    Column("image_id", ID, nullable=False),
    Column("series_id", ID, nullable=False),
    Column("number", Integer, nullable=False),
    Column("frames", Integer, nullable=False, default=1),
    PrimaryKeyConstraint("case_id", "image_id"),
    Index(None, "image_id"),
)

case_keys = Table(
    "case_keys",
    metadata,
    Column("case_id", ID, ForeignKey("cases.case_id"), primary_key=True),
    _department(),
    Column("title", Text, nullable=False, default=""),
    Column("report", Text, nullable=False, default=""),
    Column("sections", JSON, nullable=False, default=list),
    Column("truth", WORD, nullable=False),
    Column("finding", WORD, nullable=True),
    Column("findings", JSON, nullable=False, default=list),
    Column("imitates", WORD, nullable=True),
    Column("observations", JSON, nullable=False, default=list),
    Column("diagnosis", WORD, nullable=True),
    Column("diagnosis_text", Text, nullable=False, default=""),
    Column("differential", JSON, nullable=False, default=list),
    Column("discussion", Text, nullable=False, default=""),
    Column("origin", WORD, nullable=False),
    Column("proof", WORD, nullable=False),
    Column("difficulty", Float, nullable=False, default=0.0),
    Column("difficulty_sd", Float, nullable=False, default=1.0),
    Column("points", JSON, nullable=False, default=list),
    Column("lesions", JSON, nullable=False, default=list),
)

readings = Table(
    "readings",
    metadata,
    Column("reading_id", ID, primary_key=True),
    _department(),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("case_id", ID, ForeignKey("cases.case_id"), nullable=False),
    Column("source", WORD, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("read_at", UtcDateTime, nullable=True),
    Column("correct", Boolean, nullable=False),
    Column("truth", WORD, nullable=False),
    Column("finding", WORD, nullable=True),
    Column("modality", String(16), nullable=False, default=""),
    Column("region", WORD, nullable=False),
    Column("answer", JSON, nullable=True),
    Column("answer_text", String(200), nullable=False, default=""),
    Column("answered", WORD, nullable=True),
    Column("confidence", Integer, nullable=True),
    Column("seconds", Float, nullable=True),
    Column("set_id", ID, nullable=True),
    Column("weight", Float, nullable=False, default=1.0),
    UniqueConstraint("department_id", "source", "reader_id", "case_id", "sequence"),
    Index(None, "reader_id", "case_id"),
    Index(None, "department_id", "finding"),
    Index(None, "case_id"),
)

reader_states = Table(
    "reader_states",
    metadata,
    _department(),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("kind", WORD, nullable=False),
    Column("skill", String(160), nullable=False),
    Column("mean", Float, nullable=False),
    Column("variance", Float, nullable=False),
    Column("reads", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("last_seen", UtcDateTime, nullable=True),
    Column("model", WORD, nullable=False),
    PrimaryKeyConstraint("reader_id", "kind", "skill"),
)

state_heads = Table(
    "state_heads",
    metadata,
    _department(),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("kind", WORD, nullable=False),
    Column("reading_id", ID, nullable=False),
    Column("read_at", UtcDateTime, nullable=True),
    Column("source", WORD, nullable=False),
    Column("sequence", Integer, nullable=False, default=0),
    Column("model", WORD, nullable=False),
    PrimaryKeyConstraint("reader_id", "kind"),
)

practice_sets = Table(
    "practice_sets",
    metadata,
    Column("set_id", ID, primary_key=True),
    _department(),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("model", WORD, nullable=False),
    Column("library_version", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Index(None, "reader_id", "created_at"),
)

practice_set_cases = Table(
    "practice_set_cases",
    metadata,
    Column("set_id", ID, ForeignKey("practice_sets.set_id"), nullable=False),
    _department(),
    Column("position", Integer, nullable=False),
    Column("case_id", ID, ForeignKey("cases.case_id"), nullable=False),
    Column("chance_mean", Float, nullable=False),
    Column("chance_low", Float, nullable=False),
    Column("chance_high", Float, nullable=False),
    Column("purpose", WORD, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reading_id", ID, ForeignKey("readings.reading_id"), nullable=True),
    PrimaryKeyConstraint("set_id", "position"),
    UniqueConstraint("set_id", "case_id"),
    Index(None, "case_id"),
)

state_changes = Table(
    "state_changes",
    metadata,
    Column("reading_id", ID, ForeignKey("readings.reading_id"), nullable=False),
    _department(),
    Column("skill", String(200), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    PrimaryKeyConstraint("reading_id", "skill"),
)

discrepancies = Table(
    "discrepancies",
    metadata,
    Column("discrepancy_id", ID, primary_key=True),
    _department(),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("source_key", String(200), nullable=False),
    Column("score", WORD, nullable=False),
    Column("sampling", WORD, nullable=False),
    Column("modality", String(16), nullable=False, default=""),
    Column("finding", WORD, nullable=True),
    Column("error_class", WORD, nullable=True),
    Column("reviewer", ID, nullable=True),
    Column("case_id", ID, nullable=True),
    Column("reviewed_at", UtcDateTime, nullable=False),
    UniqueConstraint("department_id", "source_key"),
    Index(None, "department_id", "finding"),
    Index(None, "reader_id"),
)

disputes = Table(
    "disputes",
    metadata,
    Column("dispute_id", ID, primary_key=True),
    _department(),
    Column("reading_id", ID, ForeignKey("readings.reading_id"), nullable=False),
    Column("case_id", ID, ForeignKey("cases.case_id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("settled", Boolean, nullable=False, default=False),
    Index(None, "case_id"),
)

tracer_models = Table(
    "tracer_models",
    metadata,
    _department(),
    Column("version", WORD, nullable=False),
    Column("name", WORD, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("promoted_at", UtcDateTime, nullable=False),
    Column("metrics", JSON, nullable=False, default=dict, server_default="{}"),
    Column("run", ID, nullable=False, default="", server_default=""),
    PrimaryKeyConstraint("department_id", "version"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", ID, primary_key=True),
    _department(),
    Column("kind", WORD, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("status", WORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("heartbeat_at", UtcDateTime, nullable=True),
    Column("finished_at", UtcDateTime, nullable=True),
    Column("error", Text, nullable=False, default=""),
    Column("done", Integer, nullable=False, default=0, server_default="0"),
    Column("total", Integer, nullable=True),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Index(None, "status"),
)

imports = Table(
    "imports",
    metadata,
    Column("import_id", ID, primary_key=True),
    _department(),
    Column("kind", WORD, nullable=False),
    Column("source", WORD, nullable=False, default=""),
    Column("file", String(200), nullable=False),
    Column("status", WORD, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("heartbeat_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=True),
    Column("added", Integer, nullable=False, default=0),
    Column("known", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("notices", JSON, nullable=False, default=dict),
    Column("problems", JSON, nullable=False, default=dict),
    Index(None, "department_id", "started_at"),
)

import_refusals = Table(
    "import_refusals",
    metadata,
    Column("import_id", ID, ForeignKey("imports.import_id"), nullable=False),
    Column("number", Integer, nullable=False),
    _department(),
    Column("place", String(300), nullable=False),
    Column("problem", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    PrimaryKeyConstraint("import_id", "number"),
)

column_maps = Table(
    "column_maps",
    metadata,
    _department(),
    Column("kind", WORD, nullable=False),
    Column("header", ID, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("time_zone", String(64), nullable=False, default=""),
    PrimaryKeyConstraint("department_id", "kind", "header"),
)

reports = Table(
    "reports",
    metadata,
    Column("report_id", ID, primary_key=True),
    _department(),
    Column("source", WORD, nullable=False),
    Column("source_id", String(200), nullable=False),
    Column("status", String(1), nullable=False),
    Column("content", ID, nullable=False),
    Column("study", ID, nullable=False),
    Column("exam", ID, nullable=True),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=True),
    Column("modality", String(16), nullable=False, default=""),
    Column("region", WORD, nullable=False),
    Column("read_at", UtcDateTime, nullable=True),
    Column("truth", WORD, nullable=False),
    Column("findings", JSON, nullable=False, default=dict),
    Column("main_findings", JSON, nullable=False, default=list),
    Column("details", JSON, nullable=False, default=dict, server_default="{}"),
    Column("case_id", ID, ForeignKey("cases.case_id"), nullable=True),
    Column("changed_by", ID, nullable=True),
    Index(None, "department_id", "source", "source_id"),
    Index(None, "department_id", "study"),
    Index(None, "case_id"),
)

study_identities = Table(
    "study_identities",
    metadata,
    Column("case_id", ID, ForeignKey("cases.case_id"), primary_key=True),
    _department(),
    Column("accession", String(200), nullable=False, default=""),
    Column("study_uid", String(200), nullable=False, default=""),
)

report_counts = Table(
    "report_counts",
    metadata,
    _department(),
    Column("reader_id", ID, nullable=False),
    Column("month", String(7), nullable=False),
    Column("modality", String(16), nullable=False),
    Column("finding", WORD, nullable=False),
    Column("reports", Integer, nullable=False),
    PrimaryKeyConstraint("department_id", "reader_id", "month", "modality", "finding"),
)

volumes = Table(
    "volumes",
    metadata,
    _department(),
    Column("source", WORD, nullable=False),
    Column("reader_id", ID, ForeignKey("readers.reader_id"), nullable=False),
    Column("month", String(7), nullable=False),
    Column("modality", String(16), nullable=False),
    Column("reads", Integer, nullable=False),
    PrimaryKeyConstraint("department_id", "source", "reader_id", "month", "modality"),
)

finding_gaps = Table(
    "finding_gaps",
    metadata,
    _department(),
    Column("finding", WORD, nullable=False),
    Column("gap", Float, nullable=False),
    PrimaryKeyConstraint("department_id", "finding"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", ID, primary_key=True),
    _department(),
    Column("account_id", ID, ForeignKey("accounts.account_id"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("case_id", ID, nullable=True),
    Index(None, "started_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", Integer, primary_key=True, autoincrement=True),
    _department(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", ID, nullable=False),
    Column("action", WORD, nullable=False),
    Column("resource", String(200), nullable=False),
    Column("subject", ID, nullable=True),
    Column("outcome", WORD, nullable=False),
    Index(None, "department_id", "at"),
    Index(None, "actor", "resource"),
    Index(None, "subject"),
)
