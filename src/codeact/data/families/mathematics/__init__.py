"""Mathematics: sums, money, numbers, equations, counting, geometry, sequences and word problems."""

from codeact.data.families.mathematics import arithmetic, equations, integers, money

FAMILIES = (*arithmetic.FAMILIES, *money.FAMILIES, *integers.FAMILIES, *equations.FAMILIES)
