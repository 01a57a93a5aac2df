"""Mathematics: sums, money, numbers, equations, counting, geometry, sequences and word problems."""

from codeact.data.families.mathematics import arithmetic, counting, equations, integers, measures, money, sequences, shapes

FAMILIES = (
    *arithmetic.FAMILIES,
    *money.FAMILIES,
    *integers.FAMILIES,
    *equations.FAMILIES,
    *measures.FAMILIES,
    *counting.FAMILIES,
    *shapes.FAMILIES,
    *sequences.FAMILIES,
)
