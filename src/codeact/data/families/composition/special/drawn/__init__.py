"""Families whose tools are drawn for each task: signatures and descriptions have to be read, nothing can be known by heart."""

from codeact.data.families.composition.special.drawn import offers, quotes, steps
from codeact.data.family import Family

FAMILIES: tuple[Family, ...] = (*steps.FAMILIES, *quotes.FAMILIES, *offers.FAMILIES)
