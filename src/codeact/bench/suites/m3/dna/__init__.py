"""Strands of plants' DNA and RNA: tools, tasks and oracle of one domain."""
