"""Which peers there are, and why some are not here."""

import importlib

from peers.live import Peer
from peers.ours import Ours
from peers.worker import Worker

_OPTIONAL = {
    "ipykernel": ("peers.kernel", "Kernel", {}),
    "smolagents": ("peers.smol", "Smolagents", {}),
    "pydantic-monty": ("peers.monty", "PydanticMonty", {"reused": False}),
    "pydantic-monty, reused": ("peers.monty", "PydanticMonty", {"reused": True}),
}


def all_peers() -> tuple[list[Peer], dict[str, str]]:
    """Those that can be imported, ours first; and of the others, why not."""
    peers: list[Peer] = [Ours(checkpoints=checkpoints, warm=warm) for checkpoints in (False, True) for warm in (False, True)]
    peers.append(Worker())
    missing = {"ipybox": "not asked: it needs a Docker daemon and its image"}
    for name, (module, kind, options) in _OPTIONAL.items():
        try:
            peers.append(getattr(importlib.import_module(module), kind)(**options))
        except ImportError as error:
            missing[name] = f"{error}; install the extra: pip install 'codeact[peers]'"
    return peers, missing
