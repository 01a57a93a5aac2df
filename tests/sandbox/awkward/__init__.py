"""A table of awkward and hostile cells, each with how it must end and what must be seen of it."""

from sandbox.awkward.case import LIMITS as LIMITS
from sandbox.awkward.case import Case as Case
from sandbox.awkward.endings import ENDINGS
from sandbox.awkward.floods import FLOODS
from sandbox.awkward.hostile import HOSTILE
from sandbox.awkward.notebook import NOTEBOOK

CASES = (*NOTEBOOK, *ENDINGS, *FLOODS, *HOSTILE)
