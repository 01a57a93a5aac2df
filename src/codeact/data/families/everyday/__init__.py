"""Everyday work: dates, times, texts, files, statistics, plots, and plain conversation."""

from codeact.data.families.everyday import clock, dates, lines, plots, samples, tables_in_files, talk, texts

FAMILIES = (
    *dates.FAMILIES,
    *clock.FAMILIES,
    *texts.FAMILIES,
    *samples.FAMILIES,
    *tables_in_files.FAMILIES,
    *lines.FAMILIES,
    *plots.FAMILIES,
    *talk.FAMILIES,
)
