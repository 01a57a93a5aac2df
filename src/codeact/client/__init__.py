"""The client of a codeact server: runs and sessions that are somewhere else, as if they were here.

Invariant: it imports nothing of the server, and `httpx` (the extra `client`) only when a `Client` is made. It does not: run code, or keep
runs.
"""

from codeact.client.client import Client
from codeact.client.remote_session import RemoteSession
from codeact.client.run_handle import Numbered, RemoteRun, RunHandle
from codeact.client.told import About, FileInfo, Files, RunInfo, SessionInfo

__all__ = ["About", "Client", "FileInfo", "Files", "Numbered", "RemoteRun", "RemoteSession", "RunHandle", "RunInfo", "SessionInfo"]
