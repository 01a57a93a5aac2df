"""Two sessions side by side know nothing of each other."""

from collections.abc import Iterator

import pytest

from codeact.events import Limits
from codeact.sandbox.session import Session

Pair = tuple[Session, Session]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    limits = Limits(action_seconds=20)
    with Session(preload=(), limits=limits) as one, Session(preload=(), limits=limits) as two:
        yield one, two


@pytest.mark.parametrize("folder", [".", "/tmp", "/var/tmp", "/dev/shm"])
def test_a_file_of_one_is_not_seen_by_the_other(pair: Pair, folder: str) -> None:
    one, two = pair
    assert one.run(f"import os\nopen({folder!r} + '/mine', 'w').write('x'); os.path.exists({folder!r} + '/mine')").result == "True"
    assert two.run(f"import os\nos.path.exists({folder!r} + '/mine')").result == "False"


def test_a_process_of_one_is_neither_seen_nor_reached_by_the_other(pair: Pair) -> None:
    one, two = pair
    one.run("import subprocess\nchild = subprocess.Popen(['sleep', '98765'])")
    seen = "import os\n[p for p in os.listdir('/proc') if p.isdigit() and b'98765' in open(f'/proc/{p}/cmdline', 'rb').read()]"
    assert one.run(seen).result != "[]"
    assert two.run(seen).result == "[]"
    two.run("import os\nfor pid in set(range(2, 2000)) - {os.getpid()}:\n    try: os.kill(pid, 9)\n    except OSError: pass")
    assert one.run("child.poll() is None").result == "True"
    one.run("child.kill(); child.wait()")


def test_an_abstract_socket_of_one_is_not_reached_by_the_other(pair: Pair) -> None:
    one, two = pair
    one.run("import socket\nserver = socket.socket(socket.AF_UNIX); server.bind('\\0codeact-apart'); server.listen()")
    reach = "import socket\ntry:\n    "
    reach += "socket.socket(socket.AF_UNIX).connect('\\0codeact-apart')\nexcept OSError as error:\n    print(error.strerror)"
    assert one.run(reach).stdout == ""
    assert two.run(reach).stdout == "Connection refused\n"


def test_shared_memory_of_one_is_not_seen_by_the_other(pair: Pair) -> None:
    one, two = pair
    made = one.run(
        "from multiprocessing import shared_memory\nblock = shared_memory.SharedMemory('apart', create=True, size=4096); block.size >= 4096"
    )
    assert made.result == "True"
    lost = two.run("from multiprocessing import shared_memory\nshared_memory.SharedMemory('apart')").error
    assert lost is not None
    assert lost.name == "FileNotFoundError"
    one.run("block.close(); block.unlink()")


def test_a_system_v_segment_of_one_is_not_seen_by_the_other(pair: Pair) -> None:
    one, two = pair
    get = "import ctypes\nctypes.CDLL(None).shmget(4711, 4096, {})"
    one.run(get.format("0o1666"))
    assert two.run(get.format("0")).result == "-1"


def test_an_end_of_one_does_not_touch_the_other(pair: Pair) -> None:
    _, two = pair
    two.run("x = 5")
    with Session(preload=()) as third:
        third.run("import os; os._exit(1)")
    assert two.run("x").result == "5"


def test_the_name_of_the_other_sessions_folder_leads_nowhere(pair: Pair) -> None:
    one, two = pair
    for path in (str(one.workspace), f"/.workspaces/{one.workspace.name}", f"/workspace/../{one.workspace.name}"):
        assert two.run(f"import os\nos.path.exists({path!r})").result == "False"
