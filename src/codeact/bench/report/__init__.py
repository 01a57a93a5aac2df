"""What results say: scores with intervals and tests, charts, and pages that show them.

Invariant: a score follows from the results alone, so that equal results give equal bytes; what depends on the clock is kept apart. It does
not: run or grade anything.
"""
