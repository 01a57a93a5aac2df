"""Tables: CSV files, with pandas, and SQLite databases, with SQL."""

from codeact.data.families.tables import databases, frames

FAMILIES = (*frames.FAMILIES, *databases.FAMILIES)
