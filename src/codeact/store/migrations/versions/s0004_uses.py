"""Tokens that an owner's runs used, which stay known when the runs are removed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From runs, their events and files, keys, requests and talks."""
    op.create_table(
        "uses",
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_uses_owner", "uses", ["owner", "time"])
    op.execute(  # as it was counted so far: all that a run used, when something happened in it last
        "INSERT INTO uses (owner, time, tokens) "
        "SELECT owner, updated, input_tokens + output_tokens FROM runs WHERE input_tokens + output_tokens > 0"
    )
