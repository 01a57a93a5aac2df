"""Questions about a few numbers or words that the question itself lists, in the many ways in which people write and ask them.

Invariant: a right answer is computed from exact values by other code than the expert's, which is given only what is written; a draw that
has no answer, or more than one, is drawn again. It does not: average over a window, which is a family that training has none of.
"""

from codeact.data.families.everyday.short_lists import arranging, averages, choosing, neighbours, several

FAMILIES = (
    *averages.FAMILIES,
    *choosing.FAMILIES,
    *neighbours.FAMILIES,
    *arranging.FAMILIES,
    *several.FAMILIES,
)
