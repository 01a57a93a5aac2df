"""Families with tools and a state of their own."""

from codeact.data.families.composition.special import drawn, following, messages, states
from codeact.data.family import Family

FAMILIES: tuple[Family, ...] = (
    *messages.FAMILIES,
    *following.FAMILIES,
    *states.FAMILIES,
    *drawn.FAMILIES,
)
