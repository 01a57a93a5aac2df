"""Embodied decision making: a house told in words, in which things are found, changed and brought elsewhere."""

from codeact.data.families.embodied import chores, errands, several, unseen

FAMILIES = (*errands.FAMILIES, *several.FAMILIES, *chores.FAMILIES, *unseen.FAMILIES)
