"""Addresses of guests' documents: a frame sends no key, so that its address is one that only who saw the run can know.

Invariant: an address is good for one document of one run, and for as long as the process lives. It does not: serve it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

_SECRET = secrets.token_bytes(32)


def addresses(root: str, run_id: str) -> Callable[[int, int], str]:
    """What gives the addresses of a run's documents: by the number of the event, and the place among its outputs."""
    return lambda number, place: f"{root}/page/guest/{run_id}/{number}/{place}/{_proof(run_id, number, place)}"


def proves(proof: str, run_id: str, number: int, place: int) -> bool:
    """Whether an address was given out by this process."""
    return hmac.compare_digest(proof.encode(), _proof(run_id, number, place).encode())


def _proof(run_id: str, number: int, place: int) -> str:
    return hmac.new(_SECRET, f"{run_id}/{number}/{place}".encode(), hashlib.sha256).hexdigest()[:32]
