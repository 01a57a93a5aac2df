"""Programming: functions written to a specification, and small algorithms carried out."""

from codeact.data.families.programming import functions, puzzles, texts, unseen

FAMILIES = (*functions.FAMILIES, *texts.FAMILIES, *puzzles.FAMILIES, *unseen.FAMILIES)
