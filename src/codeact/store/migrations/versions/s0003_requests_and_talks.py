"""Requests that are done once, and where conversations of clients without an id of them stand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From runs, their events and files, and keys."""
    op.create_table(
        "requests",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_requests"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_requests_run_id_runs", ondelete="CASCADE"),
    )
    op.create_index("ix_requests_run_id", "requests", ["run_id"])
    op.create_table(
        "talks",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_talks"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_talks_run_id_runs", ondelete="CASCADE"),
    )
    op.create_index("ix_talks_run_id", "talks", ["run_id"])
