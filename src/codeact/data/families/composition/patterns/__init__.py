"""Patterns of questions over any subject."""

from codeact.data.families.composition.pattern import Pattern
from codeact.data.families.composition.patterns import amounts, chains, choosing, days, deciding, figures, tables

PATTERNS: tuple[Pattern, ...] = (
    *figures.PATTERNS,
    *choosing.PATTERNS,
    *chains.PATTERNS,
    *tables.PATTERNS,
    *amounts.PATTERNS,
    *deciding.PATTERNS,
    *days.PATTERNS,
)
