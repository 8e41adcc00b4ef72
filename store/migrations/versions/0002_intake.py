"""What a department brings in: imports and their refusals, reports, volumes, uploads; and what is drawn from them."""

import sqlalchemy as sa
from alembic import op

from store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
WORD = sa.String(length=80)


def _department() -> sa.Column[str]:
    return sa.Column("department_id", ID, nullable=False)


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["department_id"], ["departments.department_id"], name=op.f(f"fk_{table}_department_id")
    )


def _references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{column}"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _add_columns()
    _imports()
    _reports()
    _volumes()
    _uploads()


def _add_columns() -> None:
    for column in ("worth", "priority"):
        op.add_column("cases", sa.Column(column, sa.Float(), nullable=False, server_default="0"))
    op.create_index(
        op.f("ix_cases_department_id_status_priority"), "cases", ["department_id", "status", "priority"], unique=False
    )
    op.add_column("readings", sa.Column("answered", WORD, nullable=True))
    op.add_column("tracer_models", sa.Column("metrics", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("tracer_models", sa.Column("run", ID, nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("total", sa.Integer(), nullable=True))
    op.add_column("jobs", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", ID, nullable=False),
        _department(),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        _belongs("imports"),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_department_id_started_at"), "imports", ["department_id", "started_at"])
    op.create_table(
        "import_refusals",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _department(),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        _belongs("import_refusals"),
        _references("import_refusals", "import_id", "imports"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_refusals")),
    )
    op.create_table(
        "column_maps",
        _department(),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("header", ID, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        _belongs("column_maps"),
        sa.PrimaryKeyConstraint("department_id", "kind", "header", name=op.f("pk_column_maps")),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("report_id", ID, nullable=False),
        _department(),
        sa.Column("source", WORD, nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("content", ID, nullable=False),
        sa.Column("study", ID, nullable=False),
        sa.Column("exam", ID, nullable=True),
        sa.Column("reader_id", ID, nullable=True),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("region", WORD, nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("truth", WORD, nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("main_findings", sa.JSON(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("changed_by", ID, nullable=True),
        _belongs("reports"),
        _references("reports", "reader_id", "readers"),
        _references("reports", "case_id", "cases"),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reports")),
    )
    op.create_index(
        op.f("ix_reports_department_id_source_source_id"), "reports", ["department_id", "source", "source_id"]
    )
    op.create_index(op.f("ix_reports_department_id_study"), "reports", ["department_id", "study"])
    op.create_index(op.f("ix_reports_case_id"), "reports", ["case_id"])
    op.create_table(
        "study_identities",
        sa.Column("case_id", ID, nullable=False),
        _department(),
        sa.Column("accession", sa.String(length=200), nullable=False),
        sa.Column("study_uid", sa.String(length=200), nullable=False),
        _belongs("study_identities"),
        _references("study_identities", "case_id", "cases"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_study_identities")),
    )


def _volumes() -> None:
    op.create_table(
        "report_counts",
        _department(),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("finding", WORD, nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        _belongs("report_counts"),
        sa.PrimaryKeyConstraint(
            "department_id", "reader_id", "month", "modality", "finding", name=op.f("pk_report_counts")
        ),
    )
    op.create_table(
        "volumes",
        _department(),
        sa.Column("source", WORD, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        _belongs("volumes"),
        _references("volumes", "reader_id", "readers"),
        sa.PrimaryKeyConstraint("department_id", "source", "reader_id", "month", "modality", name=op.f("pk_volumes")),
    )
    op.create_table(
        "finding_gaps",
        _department(),
        sa.Column("finding", WORD, nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        _belongs("finding_gaps"),
        sa.PrimaryKeyConstraint("department_id", "finding", name=op.f("pk_finding_gaps")),
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("upload_id", ID, nullable=False),
        _department(),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        _belongs("uploads"),
        _references("uploads", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_started_at"), "uploads", ["started_at"])
