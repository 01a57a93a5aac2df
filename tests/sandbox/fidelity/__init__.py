"""Fidelity: what runs in a session behaves as in CPython. Snippets of ours, and CPython's own tests."""
