"""Everyday work: dates, times, texts, files, statistics, plots, and plain conversation."""

from codeact.data.families.everyday import clock, dates, texts

FAMILIES = (*dates.FAMILIES, *clock.FAMILIES, *texts.FAMILIES)
