"""A database as the first codeact that kept runs left it: its schema, word by word, and two runs in it."""

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version (version_num) VALUES ('0001');
CREATE TABLE runs (
    id VARCHAR(64) NOT NULL, version INTEGER NOT NULL, title TEXT NOT NULL, model TEXT NOT NULL, format VARCHAR(32) NOT NULL,
    state VARCHAR(32) NOT NULL, reason TEXT NOT NULL, answer TEXT, turns INTEGER NOT NULL, input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL, cost DOUBLE PRECISION NOT NULL, events INTEGER NOT NULL, created DOUBLE PRECISION NOT NULL,
    updated DOUBLE PRECISION NOT NULL, CONSTRAINT pk_runs PRIMARY KEY (id)
);
CREATE INDEX ix_runs_created ON runs (created);
CREATE TABLE events (
    run_id VARCHAR(64) NOT NULL, number INTEGER NOT NULL, line TEXT NOT NULL, CONSTRAINT pk_events PRIMARY KEY (run_id, number),
    CONSTRAINT fk_events_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
"""
RUN = """
INSERT INTO runs VALUES (:id, 1, 'What?', 'script', 'code', :state, '', :answer, 1, 10, 5, 0.25, :events, 1.0, 2.0)
"""
USAGE = '{"input_tokens":10,"output_tokens":5,"cached_tokens":0,"cost":0.25}'
LIMITS = (
    '{"turns":10,"tokens":null,"seconds":null,"cost":null,"malformed":3,"action_seconds":30.0,"memory_mb":2048,"processes":64,'
    '"output_chars":8000,"disk_mb":1024,"file_mb":512}'
)


def lines(run_id: str, parent: str) -> list[str]:
    """A run's events as they were written then; `parent` as JSON."""
    return [
        f'{{"time":1.0,"type":"run_started","run_id":"{run_id}","model":"script","format":"code","system":"Be brief.","isolation":"none",'
        f'"limits":{LIMITS},"tools":[],"answer_schema":null,"parent":{parent},"environment":{{}}}}',
        '{"time":1.0,"type":"task_given","text":"What?","files":["prices.csv"]}',
        f'{{"time":2.0,"type":"model_turn","turn":1,"text":"<solution>42</solution>","usage":{USAGE},"finish":"stop","seconds":0.5,'
        '"seconds_to_first_token":0.1}',
        '{"time":2.0,"type":"answered","turn":1,"text":"42","value":null}',
        f'{{"time":2.0,"type":"run_ended","state":"answered","reason":"","turns":1,"usage":{USAGE},"seconds":1.0}}',
    ]


RUNS = {"first": lines("first", "null"), "second": lines("second", '"first"')[:3]}
"""The events of each run: one that was answered, and one of it that was broken off."""


def engine(address: str) -> AsyncEngine:
    """Connections that know nothing of codeact."""
    url = make_url(address)
    return create_async_engine(url.set(drivername=DRIVERS[url.drivername]))


async def make(address: str) -> None:
    """Make the database at an empty address."""
    connections = engine(address)
    async with connections.begin() as connection:
        schema = SCHEMA if connection.dialect.name == "postgresql" else SCHEMA.replace("DOUBLE PRECISION", "DOUBLE")
        for statement in schema.split(";\n"):
            await connection.execute(text(statement))
        for run_id, kept in RUNS.items():
            state, answer = ("answered", "42") if len(kept) == 5 else ("running", None)
            await connection.execute(text(RUN), {"id": run_id, "state": state, "answer": answer, "events": len(kept)})
            for number, line in enumerate(kept):
                row = {"run_id": run_id, "number": number, "line": line}
                await connection.execute(text("INSERT INTO events VALUES (:run_id, :number, :line)"), row)
    await connections.dispose()
