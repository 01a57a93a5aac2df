"""What the machine itself takes for what a session is made of, with nothing of ours in it: by this, figures of two machines compare.

Invariant: everything happens in a new Python process that has loaded nothing but what it measures with.
"""

import json
import subprocess
import sys

NAMES = {
    "fork": "a process of 76 MB copied, ms",
    "end": "that copy ended and waited for, ms",
    "page": "a page of memory touched first, microseconds",
    "byte": "a byte to another process and back, microseconds",
}

_PROGRAM = """
import json, mmap, os, socket, time

def timed(work, times=1):
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times

def copied():
    begun = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    made = time.perf_counter()
    os.waitpid(pid, 0)
    return made - begun, time.perf_counter() - made

SIZE = 76 << 20  # of an interpreter with numpy, pandas and matplotlib
memory = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(mmap.MADV_NOHUGEPAGE)

def touch():
    for offset in range(0, SIZE, mmap.PAGESIZE):
        memory[offset] = 1

first = timed(touch)
pages = SIZE // mmap.PAGESIZE
page = (first - timed(touch)) / pages
copies = sorted(copied() for _ in range(15))
here, there = socket.socketpair()
if os.fork() == 0:
    here.close()
    while byte := there.recv(1):
        there.send(byte)
    os._exit(0)
there.close()

def ask():
    here.send(b"x")
    here.recv(1)

timed(ask, 200)
ended = sorted(end for _, end in copies)[7]
print(json.dumps({"fork": copies[7][0] * 1e3, "end": ended * 1e3, "page": page * 1e6, "byte": timed(ask, 2000) * 1e6}))
"""


def measured() -> dict[str, float]:
    """Each of `NAMES`."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", _PROGRAM], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
