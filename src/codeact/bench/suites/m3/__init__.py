"""The suite `m3`: tasks of several tools in five domains, after M3ToolEval (arXiv 2402.01030); tasks, tools and code are our own.

Invariant: all that a task asks follows from its prompt and its tools, and its answer is computed from the data that it was made of,
with none of the tools. It does not: copy a task of the original.
"""
