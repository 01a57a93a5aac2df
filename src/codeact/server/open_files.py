"""How many files the server's process may have open: as many as the system lets it.

Invariant: the soft limit is raised at most to the hard one, which is left as it is; code in a sandbox has a limit of its own
(`sandbox.guest.confine`). It does not: open anything.
"""

import resource

_MOST = 1 << 20
_OF_A_SESSION = 16
"""The process of a session and its pipes take seven, and each of eight checkpoints one."""
_OF_THE_SERVER = 256
"""The database, models, servers of tools, and clients that ask and watch."""


def raised() -> int:
    """Raise the limit as far as it can be; returns what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _MOST if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def shortage(limit: int, runs: int, sessions: int) -> str:
    """What is said of a limit that would not do; empty if it does.

    Args:
        limit: files that may be open.
        runs: worked on at once; as many more rest in memory with their sessions.
        sessions: without an agent that are awake at once.
    """
    needed = _OF_THE_SERVER + _OF_A_SESSION * (2 * runs + sessions)
    if limit >= needed:
        return ""
    return (
        f"{limit} files may be open at once, and {runs} runs and {sessions} sessions may need {needed}: "
        "raise the hard limit (ulimit -Hn, or LimitNOFILE= of systemd), or lower --runs and --sessions"
    )
