"""What isolation this machine can give, layer by layer, found by trying.

Invariant: a layer is reported on only after it worked here, just now. It does not: change anything, or choose the tier (`session` does).
"""

import platform
import sys
from dataclasses import dataclass

from codeact.errors import IsolationError, SessionError
from codeact.sandbox import cgroups, delegation, forkserver, isolation
from codeact.sandbox.guest import landlock, seccomp
from codeact.sandbox.session import Session

_DEFECT = "This is a defect: please report it."
_TRIALS = {
    "own user": "import os; os.getuid() != 0",
    "capabilities dropped": "int(next(l for l in open('/proc/self/status') if l.startswith('CapEff')).split()[1], 16) in (0, 1 << 18)",
    "no new privileges": "next(l for l in open('/proc/self/status') if l.startswith('NoNewPrivs')).split()[1] == '1'",
    "seccomp filter": "next(l for l in open('/proc/self/status') if l.startswith('Seccomp:')).split()[1] == '2'",
    "private processes": "import os; os.getppid() == 1",
    "private root": "import os; not os.path.exists('/home') and not os.path.exists('/sys')",
    "no network": "import socket\ntry:\n    socket.socket(); reached = True\nexcept OSError:\n    reached = False\nnot reached",
    "files outside refused": "try:\n    open('/etc/shadow').read(1); seen = True\nexcept OSError:\n    seen = False\nnot seen",
}


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer.

    Args:
        name: of the layer.
        on: whether it works here.
        detail: what was found.
        mend: what to do to get it, empty when it is on.
    """

    name: str
    on: bool
    detail: str
    mend: str = ""


def probe(python: str | None = None) -> list[LayerReport]:
    """Try every tier, and every layer of the strongest that works.

    Args:
        python: the interpreter for sessions, None for this one.
    """
    kernel = platform.release()
    abi = landlock.version() if sys.platform == "linux" else 0
    reports = [
        LayerReport(
            "Linux", sys.platform == "linux", f"{platform.system()} {kernel}", "" if sys.platform == "linux" else isolation.mend("")
        ),
        LayerReport("Landlock", abi > 0, _landlock(abi), "" if abi else isolation.mend("landlock")),
        LayerReport(
            "seccomp",
            seccomp.supported(),
            platform.machine(),
            "" if seccomp.supported() else "There is a filter for x86_64 and aarch64 only.",
        ),
    ]
    tiers = [_tier(tier, python) for tier in ("strict", "landlock")]
    inside, in_force = _inside(python)
    return [*reports, *tiers, *inside, _cgroup(in_force)]


def pick_tier(wanted: str = "auto", python: str | None = None) -> str:
    """The tier that a session would get.

    Args:
        wanted: a tier or ``auto``.

    Raises:
        IsolationError: it cannot be had; the message says why and how to mend it.
    """
    return forkserver.for_wish(wanted, (), python).kind.tier


def _landlock(abi: int) -> str:
    if abi == 0:
        return "not in this kernel"
    return f"ABI {abi}" if abi >= landlock.KNOWS_TRUNCATE else f"ABI {abi}: enough for tier strict, tier landlock needs Linux 6.2"


def _tier(tier: isolation.Tier, python: str | None) -> LayerReport:
    try:
        forkserver.get(forkserver.Kind(python or isolation.default_python(), tier, ()))
    except IsolationError as error:
        return LayerReport(f"tier {tier}", False, error.reason, error.mend)
    except SessionError as error:
        return LayerReport(f"tier {tier}", False, str(error))
    return LayerReport(f"tier {tier}", True, "a session can be had")


def _inside(python: str | None) -> tuple[list[LayerReport], bool]:
    """What a session of the strongest tier finds about itself, and whether it is in a cgroup of ours."""
    try:
        with Session(preload=(), python=python) as session:
            found = {name: session.run(code).result == "True" for name, code in _TRIALS.items()}
            tier = session.isolation
            group = cgroups.of_this_process()
            in_force = isinstance(group, cgroups.HostGroup) and group.in_use()
    except SessionError:
        return [], False
    expected = set(_TRIALS) - ({"private processes", "private root"} if tier == "landlock" else set())
    reports = [LayerReport(name, on, f"tried in tier {tier}", "" if on or name not in expected else _DEFECT) for name, on in found.items()]
    return reports, in_force


def _cgroup(in_force: bool) -> LayerReport:
    group = cgroups.of_this_process()
    if isinstance(group, delegation.Nowhere):
        return LayerReport("cgroup limits", False, f"{group.reason}: the warden alone counts, and not what the kernel holds", group.mend)
    where = repr(str(group.folder.parent))
    if not in_force:
        return LayerReport("cgroup limits", False, f"v2, below {where}, but sessions are not in it: the warden alone counts", _DEFECT)
    return LayerReport("cgroup limits", True, f"v2, below {where}: the kernel bounds memory, its own included, and processes")
