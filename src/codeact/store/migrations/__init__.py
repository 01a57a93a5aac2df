"""Alembic's steps from one schema to the next, one file a step; `codeact.store.database` runs them when it opens a database."""
