"""Cells that attack: the shell around them, the wire, the kernel, the host.

`_ERRNO` runs an act and gives its errno, so that a refusal can be told from any other failure.
"""

import errno

from sandbox.awkward.case import Case, value

_ERRNO = """import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def refused(act, *args):
    try:
        result = act(*args)
    except OSError as error:
        return error.errno
    return ctypes.get_errno() if result == -1 else 'allowed'
"""
_WIRE = "import os, struct, json\ndef send(kind, body, extra=0):\n    os.write(3, struct.pack('>BII', kind, len(body), extra) + body)\n"


def _denied(name: str, act: str, *codes: int) -> Case:
    """An act that the kernel must refuse, with one of the codes."""
    allowed = {str(code) for code in codes}
    return Case(name, _ERRNO + act, check=lambda seen: seen.result in allowed and not seen.state_lost)


def _tampered(name: str, setup: str, code: str = "print('works'); 1 + 1") -> Case:
    """A cell that breaks something, and a good one after it."""
    return Case("after " + name, code, check=lambda seen: seen.stdout == "works\n" and seen.result == "2", setup=setup)


def _forged(name: str, code: str, reason: str) -> Case:
    return Case(name, _WIRE + code + "\nimport time\ntime.sleep(20)", "lost", lambda seen: reason in seen.notice)


_OPEN = "refused(open, {!r})"

HOSTILE = (
    _tampered(
        "builtins were deleted",
        "import builtins\nfor name in ('len', 'print', 'isinstance', 'Exception', 'getattr', '__import__'):\n    delattr(builtins, name)",
    ),
    _tampered("all builtins were cleared", "import builtins\nbuiltins.__dict__.clear()"),
    _tampered("__builtins__ was cleared", "__builtins__.__dict__.clear()"),
    _tampered("the namespace was cleared", "globals().clear()"),
    _tampered("print and len were redefined", "import builtins\nbuiltins.len = 5\nbuiltins.print = None"),
    _tampered(
        "IPython was patched",
        "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.run_cell = InteractiveShell.transform_cell = None",
    ),
    _tampered("all modules were forgotten", "import sys\nsys.modules.clear()"),
    _tampered("hooks were replaced", "import sys\nsys.displayhook = sys.excepthook = None\nsys.stdout.write = None"),
    _tampered(
        "json and struct were patched", "import json, struct\njson.loads = json.dumps = struct.pack = None\njson.JSONEncoder.encode = None"
    ),
    _tampered("the recursion limit was set low", "import sys\nsys.setrecursionlimit(60)"),
    _tampered("an alarm was set", "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN); signal.alarm(1)"),
    _forged("garbage on the wire", "os.write(3, b'\\xff' * 100)", "not a frame"),
    _forged("an oversized header", "os.write(3, struct.pack('>BII', 17, 1 << 31, 0))", "not a frame"),
    _forged("a frame that is no JSON", "send(17, b'{{{{')", "does not fit"),
    _forged("a frame with a pickle", "import pickle\nsend(17, pickle.dumps(print))", "does not fit"),
    _forged("a frame with wrong fields", 'send(17, b\'{"id": 1, "status": "fine"}\')', "does not fit"),
    _forged(
        "a display whose parts do not add up", 'send(18, b\'{"data": {"image/png": null}, "wait": false, "parts": []}\')', "binary parts"
    ),
    _forged("a host's own kind of frame", 'send(1, b\'{"id": 1, "code": "1"}\')', "not a frame"),
    _forged("deeply nested JSON", "send(17, b'[' * 100_000)", "does not fit"),
    Case(
        "a done with a wrong id",
        _WIRE + 'send(17, b\'{"id": 999, "status": "ok"}\')\nprint(\'mine\')',
        check=lambda seen: seen.stdout == "mine\n",
    ),
    Case(
        "half a frame, then silence",
        _WIRE + "os.write(3, struct.pack('>BII', 17, 1000, 0) + b'{')\nimport time\ntime.sleep(20)",
        "timeout",
        seconds=0.5,
        check=lambda seen: seen.limit,
    ),
    Case("the wire closed", "import os, time\nos.close(3)\ntime.sleep(20)", "timeout", lambda seen: seen.limit, seconds=0.5),
    Case("a second ready", _WIRE + "send(16, b'{\"pid\": 1}')\n5", check=value("5")),
    Case(
        "a display of its own making",
        _WIRE + 'send(18, b\'{"data": {"text/plain": "forged"}, "wait": false}\')\n5',
        check=lambda seen: seen.displays == ({"text/plain": "forged"}, {"text/plain": "5"}),
    ),
    _denied("/etc/shadow", _OPEN.format("/etc/shadow"), errno.ENOENT),
    _denied("/root/.ssh", "refused(os.listdir, '/root/.ssh')", errno.ENOENT),
    _denied("/home", "refused(os.listdir, '/home')", errno.ENOENT),
    _denied("another session's folder", "refused(lambda: os.listdir('/.workspaces')[0:] or open('/none'))", errno.ENOENT),
    _denied("the environment of process 1", "refused(lambda: open('/proc/1/environ', 'rb').read(1))", errno.EACCES, errno.EPERM),
    _denied("the memory of process 1", "refused(lambda: open('/proc/1/mem', 'rb+'))", errno.EACCES, errno.EPERM),
    _denied("the root of process 1", "refused(os.listdir, '/proc/1/root/')", errno.EACCES, errno.EPERM),
    _denied("the descriptors of process 1", "refused(os.listdir, '/proc/1/fd')", errno.EACCES, errno.EPERM),
    _denied("core_pattern", "refused(open, '/proc/sys/kernel/core_pattern', 'w')", errno.EROFS, errno.EACCES, errno.EPERM),
    _denied(
        "sysrq-trigger",
        "refused(lambda: os.write(os.open('/proc/sysrq-trigger', os.O_WRONLY), b'x') and open('/none'))",
        errno.ENOENT,
        errno.EACCES,
        errno.EPERM,
    ),
    _denied("kernel keys", "refused(lambda: open('/none') if open('/proc/keys').read() == '' else None)", errno.ENOENT, errno.EACCES),
    _denied("/usr", "refused(open, '/usr/x', 'w')", errno.EROFS, errno.EACCES),
    _denied("/etc", "refused(open, '/etc/passwd', 'a')", errno.EROFS, errno.EACCES),
    _denied("the interpreter's own files", "refused(open, os.__file__, 'a')", errno.EROFS, errno.EACCES),
    _denied("the root folder", "refused(os.mkdir, '/x')", errno.EROFS, errno.EACCES),
    _denied("a device node", "refused(os.mknod, 'disk', 0o60600, os.makedev(254, 0))", errno.EPERM, errno.EACCES),
    _denied("chown to root", "refused(lambda: os.chown('.', 0, 0))", errno.EPERM),
    _denied("setuid 0", "refused(os.setuid, 0)", errno.EPERM),
    _denied("TCP", "refused(lambda: socket.create_connection(('127.0.0.1', 80)))", errno.EACCES),
    _denied("UDP", "refused(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)", errno.EACCES),
    _denied("IPv6", "refused(socket.socket, socket.AF_INET6)", errno.EACCES),
    _denied("a raw socket", "refused(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)", errno.EACCES),
    _denied("a packet socket", "refused(socket.socket, socket.AF_PACKET, socket.SOCK_RAW, 3)", errno.EACCES),
    _denied("netlink", "refused(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW)", errno.EACCES),
    _denied("vsock", "refused(socket.socket, socket.AF_VSOCK)", errno.EACCES),
    _denied("unshare", "refused(libc.unshare, 0x10000000)", errno.EPERM),
    _denied("a clone into new namespaces", "refused(libc.syscall, 56, 0x10000000 | 17, 0, 0, 0, 0)", errno.EPERM),
    _denied("mount", "refused(libc.mount, b'none', b'/tmp', b'tmpfs', 0, None)", errno.EPERM),
    _denied("ptrace", "refused(libc.ptrace, 16, os.getppid(), 0, 0)", errno.EPERM),
    _denied("the memory of another process", "refused(libc.process_vm_readv, 1, None, 0, None, 0, 0)", errno.EPERM),
    _denied("bpf", "refused(libc.syscall, 321, 0, 0, 0)", errno.EPERM),
    _denied("io_uring", "refused(libc.syscall, 425, 1, 0)", errno.EPERM),
    _denied("userfaultfd", "refused(libc.syscall, 323, 0)", errno.EPERM),
    _denied("a system call of the future", "refused(libc.syscall, 600)", errno.ENOSYS),
    _denied("an x32 system call", "refused(libc.syscall, 0x40000000 + 39)", errno.ENOSYS),
    _denied("a signal to process 1 has no effect", "refused(lambda: os.kill(1, 9) or open('/none'))", errno.ENOENT, errno.EPERM),
    _denied("the machine's name", "refused(libc.sethostname, b'x', 1)", errno.EPERM),
    _denied("a longer limit", "import resource\nrefused(resource.prlimit, 0, resource.RLIMIT_CORE, (9, 9))", errno.EPERM),
    _denied("open_by_handle_at", "refused(libc.open_by_handle_at, -100, None, 0)", errno.EPERM),
    Case(
        "no variables of the host",
        "import os\nsorted(os.environ)",
        check=lambda seen: "PWD" not in str(seen.result) and "SHELL" not in str(seen.result) and "CODEACT" not in str(seen.result),
    ),
    Case(
        "no other process is seen",
        "import os\n{open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') if p.isdigit()} == {open('/proc/self/cmdline').read()}",
        check=value("True"),
    ),
    Case("the machine's name is not the host's", "import socket\nsocket.gethostname()", check=value("'sandbox'")),
    Case("core dumps are off", "import resource\nresource.getrlimit(resource.RLIMIT_CORE)", check=value("(0, 0)")),
    Case(
        "a daemon left behind",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(100)\n"
        "    os._exit(0)\nos.wait()[1]",
        check=value("0"),
    ),
)
