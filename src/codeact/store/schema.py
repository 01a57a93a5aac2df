"""The tables, as they are now; `migrations` brings an older database here.

Invariant: an event is stored as the line that a trajectory file would hold, so that a run exported from a database is byte for byte the run
as it was recorded. It does not: talk to a database (`database` does).
"""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("format", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("answer", Text),
    Column("turns", Integer, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost", Double, nullable=False),
    Column("events", Integer, nullable=False),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("owner", String(64), nullable=False, server_default=""),
    Column("parent", String(64)),
    Index(None, "created"),
    Index(None, "owner", "created"),
)
"""A run in short, kept beside its events so that lists are fast; it can always be made anew from them."""

EVENTS = Table(
    "events",
    METADATA,
    Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
)
"""The events of runs, counted from 0 in each."""

BLOBS = Table(
    "blobs",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("created", Double, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""Contents of files; `created` is when the content was last given."""

RUN_FILES = Table(
    "run_files",
    METADATA,
    Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String(64), ForeignKey("blobs.sha256"), primary_key=True),
    Column("created", Double, nullable=False),
    Index(None, "sha256"),
)
"""Which run was given which contents; `created` is when its event was taken."""

KEYS = Table(
    "keys",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("revoked", Double),
    Column("last_used", Double),
    Column("most_sessions", Integer),
    Column("most_runs", Integer),
    Column("most_tokens", BigInteger),
)
"""Who may ask: the SHA-256 of a key's secret, and what it may do and use; `scopes` with spaces between."""

REQUESTS = Table(
    "requests",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("answer", Text),
    Index(None, "run_id"),
)
"""Requests that are done once, and the event by which each was done; `answer` where that event and those after it do not say it."""

TALKS = Table(
    "talks",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Index(None, "run_id"),
)
"""Conversations by all that was said in them: the run, and the number of its message that was answered last."""

USES = Table(
    "uses",
    METADATA,
    Column("owner", String(64), nullable=False),
    Column("time", Double, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Index(None, "owner", "time"),
)
"""Tokens that an owner's runs used, and when: kept with the event that tells of them, and not removed with the run."""


def storable(text: str) -> str:
    """The text with U+FFFD for what no database takes: half a surrogate pair, and NUL."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
