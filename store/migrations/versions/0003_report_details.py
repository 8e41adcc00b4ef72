"""What a report says of a finding beyond whether it is there, so that a final report can be compared with it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
