"""Reading where a hierarchy is mounted and where a process is in it; what may be arranged is tried on real ones in `trials`."""

from pathlib import Path

import pytest

from codeact.sandbox.delegation import Hierarchy, Nowhere, locate

UNIFIED = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
HYBRID = (
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
)
PART = "50 23 0:26 /user.slice/me /my\\040groups rw - cgroup2 cgroup2 rw\n"


@pytest.mark.parametrize(
    ("mountinfo", "membership", "own"),
    [
        (UNIFIED, "0::/\n", "/sys/fs/cgroup"),
        (UNIFIED, "0::/user.slice/run-7.scope\n", "/sys/fs/cgroup/user.slice/run-7.scope"),
        (HYBRID, "4:memory:/x\n0::/init.scope\n", "/sys/fs/cgroup/unified/init.scope"),
        (PART, "0::/user.slice/me/a b\n", "/my groups/a b"),
        (PART + UNIFIED, "0::/user.slice/other\n", "/sys/fs/cgroup/user.slice/other"),
    ],
)
def test_the_own_cgroup_is_found_wherever_the_hierarchy_is_mounted(mountinfo: str, membership: str, own: str) -> None:
    found = locate(mountinfo, membership)
    assert isinstance(found, Hierarchy) and found.own == Path(own)


@pytest.mark.parametrize(
    ("mountinfo", "membership", "reason"),
    [
        (HYBRID.replace("cgroup2", "cgroup"), "0::/\n", "no cgroup v2 hierarchy is mounted"),
        (UNIFIED, "4:memory:/x\n", "no cgroup v2 hierarchy is mounted"),
        (UNIFIED, "0::/../other\n", "lies outside"),
        (PART, "0::/user.slice/me2\n", "lies outside"),
    ],
)
def test_a_hierarchy_that_this_process_is_not_in_is_none(mountinfo: str, membership: str, reason: str) -> None:
    found = locate(mountinfo, membership)
    assert isinstance(found, Nowhere) and reason in found.reason and found.mend
