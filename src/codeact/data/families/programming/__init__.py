"""Programming: functions written to a specification, and small algorithms carried out."""

from codeact.data.families.programming import functions, puzzles, repair, texts, unseen

FAMILIES = (*functions.FAMILIES, *texts.FAMILIES, *repair.FAMILIES, *puzzles.FAMILIES, *unseen.FAMILIES)
