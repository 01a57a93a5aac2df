"""Subjects by theme."""

from codeact.data.families.composition.subject import Subject
from codeact.data.families.composition.subjects import shops

HELD_OUT = "unseen"

THEMES: dict[str, tuple[Subject, ...]] = {
    "goods": (shops.GROCERIES, shops.CINEMA),
}
"""Theme to subjects."""
