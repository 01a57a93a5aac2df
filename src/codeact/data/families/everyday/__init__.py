"""Everyday work: dates, strings, files, statistics, and plain conversation."""

from codeact.data.families.everyday import dates

FAMILIES = (*dates.FAMILIES,)
