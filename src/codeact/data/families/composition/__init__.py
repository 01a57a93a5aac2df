"""Families of tasks that are done with several calls of tools of everyday life."""

from codeact.data.families.composition.pattern import families
from codeact.data.families.composition.patterns import PATTERNS
from codeact.data.families.composition.subjects import HELD_OUT, THEMES
from codeact.data.family import Family

FAMILIES: tuple[Family, ...] = families(PATTERNS, THEMES, HELD_OUT)
