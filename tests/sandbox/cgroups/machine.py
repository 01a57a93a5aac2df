"""A virtual machine whose kernel has all controllers in cgroup v2, for trials where the kernel of this machine has not.

It shows this machine's files read-only below a layer in memory, so that nothing it does stays; it has no network. It is emulated, so
that it runs everywhere, in seconds. It needs QEMU with virtiofsd, a static busybox, and a kernel with its modules (Debian:
qemu-system-x86, busybox-static, and the files of linux-image-cloud-amd64 in the folder that TESTS_KERNEL names).
"""

import os
import platform
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

KERNEL_VARIABLE = "TESTS_KERNEL"
"""A folder that a Debian package linux-image-*-cloud-amd64 was unpacked to."""

MODULES = ("virtio_pci", "virtiofs", "overlay")
MEMORY = "2G"
SECONDS = 900
_BEGIN, _END = "<<<output", "output>>>"

_INIT = """#!/bin/busybox sh
b=/bin/busybox
for module in {modules}; do $b insmod /modules/$module.ko; done
$b mount -t proc proc /proc
$b mount -t virtiofs host /host
$b mount -t tmpfs layer /layer
$b mkdir /layer/upper /layer/work /layer/root
r=/layer/root
$b mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work root $r
$b mount -t proc proc $r/proc
$b mount -t sysfs sys $r/sys
$b mount -t devtmpfs dev $r/dev
$b mkdir -p $r/dev/pts $r/dev/shm
$b mount -t devpts devpts $r/dev/pts
$b mount -t tmpfs -o mode=1777 shm $r/dev/shm
$b mount -t cgroup2 cgroup $r/sys/fs/cgroup
exec $b switch_root $r /bin/sh -c {command}
"""
_COMMAND = 'export PATH={path}; ip link set lo up; echo "{begin}"; {command}; echo "{end} $?"; echo o >/proc/sysrq-trigger; sleep 60'


class MissingError(Exception):
    """What the machine is made of is not here; the message says what."""


def run(command: list[str], folder: Path) -> str:
    """Boot, run a command as root, and return what it wrote to standard output.

    Args:
        command: absolute paths, as they are on this machine.
        folder: an empty one, for the machine's own files.

    Raises:
        MissingError: no QEMU, kernel, and so on.
        RuntimeError: the machine did not come to the command's end.
    """
    kernel, modules = _kernel()
    qemu, busybox, virtiofsd = (_program(name) for name in ("qemu-system-x86_64", "busybox", "virtiofsd"))
    (folder / "initrd").write_bytes(_archive(busybox, modules, command))
    shared, log, console = folder / "socket", folder / "virtiofsd.log", folder / "console"
    with (
        log.open("wb") as words,
        subprocess.Popen(
            [virtiofsd, f"--socket-path={shared}", "-o", "source=/", "-o", "sandbox=chroot", "-o", "cache=always", "-f"],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
        ) as server,
    ):
        try:
            _await(shared, server, log)
            with console.open("wb") as screen:
                subprocess.run(
                    [qemu, *_hardware(kernel, folder, shared)],
                    stdin=subprocess.DEVNULL,
                    stdout=screen,
                    stderr=screen,
                    timeout=SECONDS,
                    check=False,
                )
        finally:
            server.terminate()
    said = console.read_text(errors="replace").replace("\r", "")
    if _END not in said:
        raise RuntimeError(f"the virtual machine did not get to its end: {said[-2000:]}")
    return said.partition(_BEGIN)[2].partition(_END)[0]


def _hardware(kernel: Path, folder: Path, shared: Path) -> list[str]:
    """A processor without wide vectors: those of a newer one are emulated slowly."""
    return [
        *("-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-smp", "2", "-m", MEMORY),
        *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio"),
        *("-object", f"memory-backend-memfd,id=memory,size={MEMORY},share=on", "-numa", "node,memdev=memory"),
        *("-chardev", f"socket,id=files,path={shared}", "-device", "vhost-user-fs-pci,chardev=files,tag=host"),
        *("-kernel", str(kernel), "-initrd", str(folder / "initrd")),
        *("-append", "console=ttyS0 quiet loglevel=0 panic=-1 mitigations=off"),
    ]


def _await(shared: Path, server: "subprocess.Popen[bytes]", log: Path) -> None:
    while not shared.exists():
        if server.poll() is not None:
            raise RuntimeError(f"virtiofsd ended: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)


def _kernel() -> tuple[Path, dict[str, bytes]]:
    """The kernel and its modules, by name."""
    if platform.machine() != "x86_64":
        raise MissingError(f"the virtual machine of the tests is an x86_64, this is {platform.machine()}")
    if os.geteuid() != 0:
        raise MissingError("virtiofsd shares files for root only")
    folder = Path(os.environ.get(KERNEL_VARIABLE, "/"))
    for kernel in sorted(folder.glob("boot/vmlinuz-*"), reverse=True):
        below = folder / "lib/modules" / kernel.name.removeprefix("vmlinuz-") / "kernel"
        found: dict[str, bytes] = {}
        for name in MODULES:
            _add_module(name, below, found)
        if "virtiofs" in found:
            return kernel, found
    raise MissingError(
        f"no kernel with the module virtiofs below {str(folder)!r}: "
        f"unpack a Debian package linux-image-*-cloud-amd64 and name the folder in {KERNEL_VARIABLE}"
    )


def _add_module(name: str, below: Path, found: dict[str, bytes]) -> None:
    """Add a module after those that it says it needs, which differ from one kernel to the next; nothing if it is built in."""
    path = next(below.rglob(f"{name.replace('-', '_')}.ko"), None)
    if name in found or path is None:
        return
    module = path.read_bytes()
    needed = re.search(rb"\0depends=([^\0]*)\0", module)
    for other in needed[1].decode().split(",") if needed else ():
        if other:
            _add_module(other, below, found)
    found[name] = module


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/lib/qemu:/usr/libexec")
    if found is None:
        raise MissingError(f"{name} is not installed (Debian: qemu-system-x86, qemu-system-common, busybox-static)")
    return found


def _archive(busybox: str, modules: dict[str, bytes], command: list[str]) -> bytes:
    """The first file system, a cpio archive as the kernel takes it (Documentation/driver-api/early-userspace/buffer-format.rst)."""
    whole = _COMMAND.format(path="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", begin=_BEGIN, end=_END, command=shlex.join(command))
    init = _INIT.format(modules=" ".join(modules), command=shlex.quote(whole))
    files = [(name, 0o040755, b"", 0, 0) for name in ("bin", "dev", "proc", "host", "layer", "modules")]
    files += [("dev/console", 0o020600, b"", 5, 1), ("bin/busybox", 0o100755, Path(busybox).read_bytes(), 0, 0)]
    files += [(f"modules/{name}.ko", 0o100644, data, 0, 0) for name, data in modules.items()]
    files += [("init", 0o100755, init.encode(), 0, 0), ("TRAILER!!!", 0, b"", 0, 0)]
    archive = bytearray()
    for number, (name, mode, data, major, minor) in enumerate(files):
        title = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, major, minor, len(title), 0)
        archive += b"070701" + b"".join(b"%08X" % field for field in fields) + title
        archive += bytes(-len(archive) % 4) + data
        archive += bytes(-len(archive) % 4)
    return bytes(archive)
