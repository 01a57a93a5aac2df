"""Checks that families need beyond those of every suite; each is imported from the family that it belongs to."""

from codeact.data.families.embodied.judging import house
from codeact.data.families.everyday.lines import filed
from codeact.data.families.everyday.plots import plotted
from codeact.data.families.programming.writing import written

__all__ = ["filed", "house", "plotted", "written"]
