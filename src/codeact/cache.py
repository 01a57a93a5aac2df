"""Where codeact keeps what can be made or fetched again: model weights, font lists.

Invariant: one folder for all of it, named by CODEACT_CACHE_DIR when that is set. It does not: make, fill or empty the folder.
"""

import os
from pathlib import Path

import platformdirs

VARIABLE = "CODEACT_CACHE_DIR"


def folder() -> Path:
    """The cache folder: CODEACT_CACHE_DIR, else the user's cache directory for codeact."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else platformdirs.user_cache_path("codeact")
