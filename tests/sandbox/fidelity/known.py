"""The differences that stay, each with its reason.

Invariant: each names a snippet that does differ; `test_snippets` fails when one no longer does.
"""

_KEYS = "a line after the KeyError says which keys there are"
_IPYTHON = "the result is shown as IPython shows it: "

KNOWN = {
    "input without anybody there": "nobody is at the keyboard: the error says so, and what to do instead",
    "lone surrogate printed": "printed as an escape: output is not lost to what UTF-8 cannot hold",
    "result that is a type": _IPYTHON + "classes by their name",
    "result that is a function": _IPYTHON + "functions with their signature",
    "result that is a generator's type": _IPYTHON + "classes by their name",
    "result of a class with repr of several lines": _IPYTHON + "laid out",
    "class_getitem": _IPYTHON + "classes by their name",
    "recursion error": "the shell's own frames count towards the recursion limit: the number of repeated lines differs by ten",
    "error in a key function of sorted": _KEYS,
    "dict methods and order": _KEYS,
    "exception in a thread": "CPython reads the source line from a file, and a cell is none: the session shows it all the same",
    "server on loopback": "a session has no network, not even its own loopback",
}
"""Name of a snippet to why it differs."""
