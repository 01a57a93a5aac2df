"""Tables: CSV files, with pandas, and SQLite databases, with SQL."""

from codeact.data.families.tables import cleaning, databases, frames, unseen

FAMILIES = (*frames.FAMILIES, *cleaning.FAMILIES, *databases.FAMILIES, *unseen.FAMILIES)
