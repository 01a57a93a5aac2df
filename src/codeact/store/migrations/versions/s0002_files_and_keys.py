"""Whose a run is and of which it was begun, files that runs are given, and keys of those who may ask."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From runs and their events."""
    op.add_column("runs", sa.Column("owner", sa.String(64), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("parent", sa.String(64)))
    op.create_index("ix_runs_owner", "runs", ["owner", "created"])
    _name_parents(op.get_bind())
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blobs"),
    )
    op.create_table(
        "run_files",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "sha256", name="pk_run_files"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_files_run_id_runs", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name="fk_run_files_sha256_blobs"),
    )
    op.create_index("ix_run_files_sha256", "run_files", ["sha256"])
    op.create_table(
        "keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("revoked", sa.Double),
        sa.Column("last_used", sa.Double),
        sa.Column("most_sessions", sa.Integer),
        sa.Column("most_runs", sa.Integer),
        sa.Column("most_tokens", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )


def _name_parents(connection: sa.Connection) -> None:
    """What a run's first event says of the run that it was begun of."""
    found = connection.execute(sa.text('SELECT run_id, line FROM events WHERE number = 0 AND line LIKE \'%"parent":"%\''))
    rows = [{"of": run_id, "parent": json.loads(line).get("parent")} for run_id, line in found.all()]
    if rows:
        connection.execute(sa.text("UPDATE runs SET parent = :parent WHERE id = :of"), rows)
