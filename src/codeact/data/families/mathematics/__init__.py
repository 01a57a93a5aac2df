"""Mathematics: sums, money, numbers, equations, counting, geometry, sequences, word problems and problems of daily life."""

from codeact.data.families.mathematics import (
    arithmetic,
    counting,
    equations,
    household,
    integers,
    measures,
    money,
    number_questions,
    sequences,
    shapes,
)

FAMILIES = (
    *arithmetic.FAMILIES,
    *money.FAMILIES,
    *integers.FAMILIES,
    *equations.FAMILIES,
    *measures.FAMILIES,
    *counting.FAMILIES,
    *shapes.FAMILIES,
    *sequences.FAMILIES,
    *number_questions.FAMILIES,
    *household.FAMILIES,
)
