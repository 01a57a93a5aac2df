"""A table of awkward tools, each with what the model sees of it, a right call and a wrong one."""

from tools.awkward.behaviour import CASES as BEHAVIOUR
from tools.awkward.case import Case as Case
from tools.awkward.records import CASES as RECORDS
from tools.awkward.scalars import CASES as SCALARS

CASES = (*SCALARS, *RECORDS, *BEHAVIOUR)
