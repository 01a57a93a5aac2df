"""Everyday work: dates, times, texts, files, statistics, plots, and plain conversation."""

from codeact.data.families.everyday import (
    calendar_questions,
    clock,
    clock_questions,
    dates,
    lines,
    notations,
    plots,
    samples,
    short_lists,
    small_files,
    tables_in_files,
    talk,
    texts,
    words_questions,
)

FAMILIES = (
    *dates.FAMILIES,
    *clock.FAMILIES,
    *texts.FAMILIES,
    *samples.FAMILIES,
    *tables_in_files.FAMILIES,
    *lines.FAMILIES,
    *plots.FAMILIES,
    *talk.FAMILIES,
    *calendar_questions.FAMILIES,
    *clock_questions.FAMILIES,
    *words_questions.FAMILIES,
    *notations.FAMILIES,
    *short_lists.FAMILIES,
    *small_files.FAMILIES,
)
