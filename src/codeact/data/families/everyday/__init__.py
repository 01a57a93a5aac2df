"""Everyday work: dates, times, texts, files, statistics, plots, and plain conversation."""

from codeact.data.families.everyday import clock, dates, samples, texts

FAMILIES = (*dates.FAMILIES, *clock.FAMILIES, *texts.FAMILIES, *samples.FAMILIES)
