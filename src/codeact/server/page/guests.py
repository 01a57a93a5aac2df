"""Addresses of guests' documents and files: a frame sends no key, so that its address is one that only who saw the run can know.

Invariant: an address is good for one document of one run, or for one file of it as long as its content is what it was; and for as long as
the process lives. It does not: serve it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import quote

_SECRET = secrets.token_bytes(32)


def addresses(root: str, run_id: str) -> Callable[[int, int], str]:
    """What gives the addresses of a run's documents: by the number of the event, and the place among its outputs."""
    return lambda number, place: f"{root}/page/guest/{run_id}/{number}/{place}/{_proof(f'{run_id}/{number}/{place}')}"


def proves(proof: str, run_id: str, number: int, place: int) -> bool:
    """Whether an address was given out by this process."""
    return hmac.compare_digest(proof.encode(), _proof(f"{run_id}/{number}/{place}").encode())


def file_address(root: str, run_id: str, path: str, content: bytes) -> str:
    """The address of a file of a run's workspace with this content."""
    digest = digest_of(content)
    return f"{root}/page/guest/file/{run_id}/{digest}/{_proof(f'file/{run_id}/{digest}/{path}')}/{quote(path)}"


def proves_file(proof: str, run_id: str, path: str, digest: str) -> bool:
    """Whether an address of a file was given out by this process."""
    return hmac.compare_digest(proof.encode(), _proof(f"file/{run_id}/{digest}/{path}").encode())


def digest_of(content: bytes) -> str:
    """What stands for a content in an address."""
    return hashlib.sha256(content).hexdigest()


def _proof(what: str) -> str:
    return hmac.new(_SECRET, what.encode(), hashlib.sha256).hexdigest()[:32]
