"""The sandbox as a server for other programs: MCP over standard input and output, or HTTP on loopback.

Invariant: clients are kept apart, and a client is trusted no further than with its own session. It does not: ask a model.
"""
