"""Where runs are kept: one schema in SQLite by default, in PostgreSQL by URL.

Nothing is imported here: `codeact.store.kept` is where to begin. It needs the extra `serve`.
"""
