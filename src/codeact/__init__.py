"""codeact: language-model agents that act by running Python in a real, confined interpreter.

Importing it is cheap: names are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codeact.build import Agent as Agent
    from codeact.build import Session as Session
    from codeact.client import Client as Client
    from codeact.errors import CodeactError as CodeactError
    from codeact.events import Limits as Limits
    from codeact.events import Observation as Observation
    from codeact.trajectory import Trajectory as Trajectory
    from codeact.trajectory import load as load

__version__ = "0.1.0"

_HOMES = {
    "Agent": "codeact.build",
    "Client": "codeact.client",
    "CodeactError": "codeact.errors",
    "Limits": "codeact.events",
    "Observation": "codeact.events",
    "Session": "codeact.build",
    "Trajectory": "codeact.trajectory",
    "load": "codeact.trajectory",
}

__all__ = ["Agent", "Client", "CodeactError", "Limits", "Observation", "Session", "Trajectory", "__version__", "load"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'codeact' has no attribute {name!r}")
    return getattr(import_module(home), name)


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext codeact`` calls: the magics `%%agent` and `%agent`.

    Args:
        shell: of IPython.
    """
    import_module("codeact.notebook").load_ipython_extension(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What ``%unload_ext codeact`` calls: their sessions end.

    Args:
        shell: of IPython.
    """
    import_module("codeact.notebook").unload_ipython_extension(shell)


def __dir__() -> list[str]:
    return sorted(__all__)
