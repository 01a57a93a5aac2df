"""Programming: functions written to a specification, and small algorithms carried out."""

from codeact.data.families.programming import functions

FAMILIES = (*functions.FAMILIES,)
