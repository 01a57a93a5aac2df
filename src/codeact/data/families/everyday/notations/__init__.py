"""Questions about how short pieces of text are written: naming styles, codes, masks, addresses, separators and number formats.

Invariant: right answers are put together from the parts that the question was made of, or by loops over characters and bits. It does not:
read files.
"""

from codeact.data.families.everyday.notations import codes, identifiers, parts, records, rewriting, styles

FAMILIES = (
    *styles.FAMILIES,
    *codes.FAMILIES,
    *parts.FAMILIES,
    *rewriting.FAMILIES,
    *records.FAMILIES,
    *identifiers.FAMILIES,
)
