"""Checks that families need beyond those of every suite; each is imported from the family that it belongs to."""
