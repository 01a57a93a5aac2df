"""Calls of tools on the host, as the session's code makes them."""
