"""Attacks on files: the host's, other sessions', and the host's own work on a workspace that the guest controls.

Invariant: what the guest may not read holds a random token, so that reading is found by its content and by nothing else.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import os
import stat
import sys
from pathlib import Path

from codeact.errors import CodeactError
from sandbox.attacks.stage import Stage, attack, attempts, refused

attempts(
    read_a_file_of_the_host="read(SECRET)",
    read_the_passwords_of_the_host="read('/etc/shadow') + read('/etc/gshadow')",
    list_a_folder_of_the_host="got(os.listdir, BAIT)",
    list_the_folders_of_the_host="[p for p in ('/home', '/sys', '/boot', '/.host', '/var/lib', '/var/log', '/proc/1/root/home') if got(os.listdir, p)]",
    read_a_file_of_the_host_by_the_root_of_a_process="[p for p in ('self', 'thread-self', '1', str(os.getppid()), str(VICTIM), str(HOST)) "
    "if read(f'/proc/{p}/root{SECRET}')]",
    climb_from_the_folder_of_a_process="[p for p in ('self', '1', str(os.getppid()), str(VICTIM), str(HOST)) "
    "if read(f'/proc/{p}/cwd{\"/..\" * 20}{SECRET}')]",
    climb_from_every_open_descriptor="[fd for fd in os.listdir('/proc/self/fd') if read(f'/proc/self/fd/{fd}/{\"../\" * 20}{SECRET}')]",
    climb_out_of_the_workspace="reached = []\nfor _ in range(30):\n    os.chdir('..')\n    reached += [os.getcwd()] if read('.' + SECRET) else []\n"
    "os.chdir(os.environ['HOME'])\nreached",
    read_the_environment_of_the_host="[p for p in ['self', *filter(str.isdigit, os.listdir('/proc'))] if TOKEN.encode() in read(f'/proc/{p}/environ')]"
    " if got(os.listdir, '/proc') else TOKEN in os.environ.values()",
    read_the_memory_and_descriptors_of_the_victim="[part for part in ('environ', 'cmdline', 'maps', 'mem', 'auxv', 'stack', 'syscall', 'wchan', 'io', "
    "'pagemap', 'clear_refs', 'status', 'comm') if read(f'/proc/{VICTIM}/{part}')] + [fd for fd in range(3) if got(os.readlink, f'/proc/{VICTIM}/fd/{fd}')]",
    open_mapped_files_through_proc="[p for pid in (VICTIM, HOST, 1, os.getppid()) for p in got(os.listdir, f'/proc/{pid}/map_files') or ()]",
    follow_a_link_to_the_host="os.symlink(SECRET, 'a'), os.symlink(BAIT, 'b'), os.symlink('/proc/1/root', 'c')\nread('a') or read('b/secret') or read('c' + SECRET)",
    make_a_hard_link_to_the_host="got(os.link, SECRET, 'hard'), got(os.link, '/etc/shadow', 'hard2')\nread('hard') or read('hard2')",
    read_the_workspace_of_the_neighbour="[p for p in (NEIGHBOUR, '../' + os.path.basename(NEIGHBOUR), '/.workspaces/' + os.path.basename(NEIGHBOUR)) "
    "if got(os.listdir, p) or read(p + '/secret.txt')]",
    read_temporary_files_of_the_neighbour="import glob\n[p for top in ('/tmp', '/var/tmp', '/dev/shm', os.path.dirname(NEIGHBOUR), NEIGHBOUR + '.tmp') "
    "for p in glob.glob(top + '/*') + glob.glob(top + '/*/*') if os.path.isfile(p) and any(t.encode() in read(p) for t in TOKENS)]",
    read_any_token_in_any_file_of_proc="found = []\nfor folder, _, names in os.walk('/proc'):\n    if '/task/' in folder: continue\n"
    "    for name in names:\n        if name in ('environ', 'cmdline', 'maps', 'keys', 'unix', 'mountinfo', 'locks') and "
    "any(t.encode() in read(f'{folder}/{name}') for t in TOKENS): found.append(f'{folder}/{name}')\nfound if STRICT else []",
    read_physical_or_kernel_memory="[p for p in ('/dev/mem', '/dev/kmem', '/dev/port', '/proc/kcore', '/proc/kmsg', '/dev/kmsg', '/proc/kallsyms', '/dev/sda', "
    "'/dev/vda', '/dev/fuse', '/dev/kvm', '/dev/net/tun', '/dev/loop0', '/dev/dri/card0') if read(p, 16)]",
    learn_that_a_file_of_the_host_exists="os.path.exists(SECRET)",
    read_where_a_link_of_the_host_points="got(os.readlink, BAIT + '/link') == TOKEN",
    see_programs_of_the_host_by_number="'the numbers' if any(call(62, pid, 0) != -errno.ESRCH for pid in (VICTIM, HOST) if not STRICT or pid not in (*others(), os.getpid())) else ''",
    change_the_mode_of_a_file_of_the_host="[n for n, r in [('chmod', got(lambda: os.chmod(SECRET, 0o600))), ('fchmodat', call(268, -100, SECRET.encode(), 0o600)), "
    "('fchmodat2', call(452, -100, SECRET.encode(), 0o600, 0))] if r == 0 and os.path.exists(SECRET) and os.stat(SECRET).st_mode & 0o777 == 0o600]",
    change_the_times_of_a_file_of_the_host="got(os.utime, SECRET, (1, 1)), got(os.utime, BAIT, (1, 1)), call(132, SECRET.encode(), 0), call(235, SECRET.encode(), 0)\nNone",
    change_the_attributes_of_a_file_of_the_host="got(os.setxattr, SECRET, 'user.x', b'1'), call(188, SECRET.encode(), b'user.y', b'1', 1, 0)\nNone",
    change_the_owner_of_a_file_of_the_host="got(os.chown, SECRET, -1, os.getgid()), got(os.lchown, BAIT + '/link', os.getuid(), -1)\nNone",
    write_or_truncate_a_file_of_the_host="got(lambda: open(SECRET, 'w')), got(lambda: open(SECRET, 'a')), got(os.truncate, SECRET, 0), call(76, SECRET.encode(), 0)\nNone",
    move_or_remove_a_file_of_the_host="got(os.rename, SECRET, 'mine'), got(os.rename, SECRET, BAIT + '/x'), got(os.unlink, SECRET), got(os.rmdir, BAIT)\nos.path.exists('mine')",
    make_a_file_in_a_folder_of_the_host="got(os.mkdir, BAIT + '/d'), got(os.symlink, 'x', BAIT + '/l'), got(os.mkfifo, BAIT + '/f'), "
    "got(lambda: open(BAIT + '/n', 'w')), got(os.link, __import__('shutil').copy(os.__file__, 'own'), BAIT + '/h')\nNone",
    swap_a_file_of_the_host_with_one_of_mine="open('mine', 'w').close()\ncall(316, -100, SECRET.encode(), -100, b'mine', 2)\nread('mine')",
    take_a_temporary_file_of_the_host_through_o_tmpfile="[p for p in (BAIT, '/usr', '/') if got(os.open, p, os.O_TMPFILE | os.O_RDWR, 0o600)]",
)  # fmt: skip


@attack
def change_the_interpreter_that_the_host_runs(stage: Stage) -> str:
    """Its library is shown to the guest read-only; under an ordinary user it may even be the guest's own user's."""
    code = "p = os.__file__\nfd = os.open(p, os.O_RDONLY)\n"
    code += "got(lambda: open(p, 'a')), got(os.chmod, p, 0o606), got(os.fchmod, fd, 0o606), got(os.utime, p, (1, 1)), got(os.utime, fd, (1, 1))\n"
    code += "got(os.rename, p, p + 'x'), got(os.setxattr, fd, 'user.x', b'1'), got(os.chown, fd, -1, os.getgid()), call(268, -100, p.encode(), 0o606)\n"
    code += "got(lambda: open(os.path.dirname(p) + '/planted.pth', 'w')), got(lambda: open(f'/proc/self/fd/{fd}', 'w'))\nNone"
    library = Path(os.__file__)
    before = library.stat(), sorted(library.parent.iterdir()), os.listxattr(library)
    with stage.session() as session:
        stage.value(session, code)
    after = library.stat(), sorted(library.parent.iterdir()), os.listxattr(library)
    same = before[1:] == after[1:] and (before[0].st_mode, before[0].st_mtime_ns) == (after[0].st_mode, after[0].st_mtime_ns)
    return "" if same else "the interpreter's library was changed"


@attack
def watch_what_happens_in_a_folder_of_the_host(stage: Stage) -> str:
    """By inotify: it gives the names of files that come and go."""
    with stage.session() as session:
        watches = "fd = call(294, 0o4000)\nwatches = [call(254, fd, p.encode(), 0xfff) for p in (BAIT, SECRET)]\nNone"
        stage.value(session, watches)
        stage.secret.read_text()
        list(stage.bait.iterdir())
        return str(stage.value(session, "(got(os.read, fd, 4096) if fd >= 0 else b'') or ''") or "")


@attack
def leave_a_file_outside_the_workspace(stage: Stage) -> str:
    name = f"left-{stage.token[:8]}"
    with stage.session() as session:
        stage.value(
            session,
            f"[got(lambda: open(f'{{top}}/{name}', 'w')) for top in ('/tmp', '/var/tmp', '/dev/shm', '/', '/usr', '/run', '..')]\nNone",
        )
        found = [
            str(top)
            for top in ("/tmp", "/var/tmp", "/dev/shm", "/", "/usr", "/run", session.workspace.parent)
            if (Path(top) / name).exists()
        ]
    return f"left in {found}" if found else ""


@attack
def give_the_host_a_link_to_read(stage: Stage) -> str:
    """Each way of naming a file of the host's in `read_file`."""
    with stage.session() as session:
        stage.value(
            session,
            "os.symlink(SECRET, 'gift'), os.symlink(BAIT, 'folder'), os.symlink('/', 'top'), os.mkdir('d'), os.symlink('..', 'd/up')\nNone",
        )
        names = [
            "gift",
            "folder/secret",
            f"top{stage.secret}",
            str(stage.secret),
            f"../../..{stage.secret}",
            f"d/up/../../..{stage.secret}",
            "d/../gift",
        ]
        return ", ".join(name for name in names if not refused(session.read_file, name))


@attack
def give_the_host_something_that_is_no_file_to_read(stage: Stage) -> str:
    """A FIFO, a socket, a folder, a device or a huge sparse file: the host neither hangs nor swells."""
    with stage.session() as session:
        stage.value(
            session,
            "os.mkfifo('fifo'), os.mkdir('folder'), got(socket.socket(socket.AF_UNIX).bind, 'socket'), got(os.mknod, 'zero', 0o20666, os.makedev(1, 5))\nNone",
        )
        stage.value(
            session, "os.symlink('/dev/zero', 'endless'); f = open('sparse', 'w'); os.truncate(f.fileno(), 400 << 20); f.close(); None"
        )
        read = [name for name in ("fifo", "folder", "socket", "zero", "endless", "sparse") if not refused(session.read_file, name)]
        return ", ".join(read) or stage.usable(session)


@attack
def have_the_host_write_through_a_planted_link(stage: Stage) -> str:
    """Where it adds a file, and where it keeps long output."""
    with stage.session() as session:
        plant = "for n in range(1, 9): os.symlink([SECRET, BAIT + f'/made-{n}'][n % 2], f'output-{n}.txt')\n"
        stage.value(session, plant + "os.symlink(SECRET, 'in.txt'), os.symlink(BAIT + '/made', 'new.txt'), os.symlink(BAIT, 'f')\nNone")
        for name in ("in.txt", "new.txt", "f/secret", "../secret", str(stage.secret), "output-5.txt"):
            refused(session.add_file, stage.secret, name)
        session.run("print('x' * 300_000)")
        return stage.usable(session)


_FLIP = """
open('plain', 'w').write('mine'), os.mkdir('dir'), open('dir/secret', 'w').write('mine'), os.symlink(SECRET, 'to-file'), os.symlink(BAIT, 'to-folder')
os.rename('plain', 'flip'), os.rename('dir', 'fold')
code = '''
import ctypes
swap = ctypes.CDLL(None).syscall
while True:
    swap(316, -100, b"flip", -100, b"to-file", 2)
    swap(316, -100, b"fold", -100, b"to-folder", 2)
'''
flipper = subprocess.Popen([sys.executable if STRICT else os.path.realpath(sys.executable), '-I', '-S', '-c', code])
flipper.pid > 0
"""


@attack
def swap_a_file_for_a_link_while_the_host_reads(stage: Stage) -> str:
    with stage.session(action_seconds=30.0) as session:
        stage.value(session, "import sys" + _FLIP)
        for _ in range(1500):
            for name in ("flip", "fold/secret"):
                try:
                    if session.read_file(name) == stage.token.encode():
                        return "the host read its own secret for the guest"
                except CodeactError:
                    continue
    return ""


@attack
def swap_a_folder_for_a_link_while_the_host_takes_and_restores_snapshots(stage: Stage) -> str:
    with stage.session(action_seconds=30.0) as session:
        stage.value(session, "import sys" + _FLIP)
        for _ in range(12):
            session.run("open('n', 'a').write('x')")
            session.rollback()
        mark = session.checkpoint()
        session.run("flipper.kill(), flipper.wait()")
        session.rollback(mark)
        kept = [path.read_text() for path in session.workspace.rglob("*") if not path.is_symlink() and path.is_file()]
        return "the host copied its own secret into the workspace" if stage.token in kept else ""


@attack
def have_a_restore_write_through_a_folder_swapped_for_a_link(stage: Stage) -> str:
    """The names in the workspace are those of the host's folder, so that a followed link would overwrite or remove its files."""
    with stage.session() as session:
        stage.value(session, "os.mkdir('d'), open('d/secret', 'w').write('forged'), open('d/unix', 'w').write('forged')\nNone")
        mark = session.checkpoint()
        stage.value(
            session, "import shutil\nshutil.rmtree('d'), os.symlink(BAIT, 'd'), os.symlink(BAIT, 'e'), os.symlink(SECRET, 'f')\nNone"
        )
        session.rollback(mark)
        kept = (session.workspace / "d").is_symlink() or [path.name for path in session.workspace.iterdir()] != ["d"]
        wrong = session.read_file("d/secret") != b"forged"
    return "the workspace was not put back" if kept or wrong else ""


@attack
def have_the_clean_up_remove_what_links_point_to(stage: Stage) -> str:
    with stage.session() as session:
        stage.value(session, "os.mkdir('locked'), os.symlink(BAIT, 'locked/bait'), os.symlink(BAIT, 'bait'), os.chmod('locked', 0)\nNone")
        folder = session.workspace
    leftovers = [path for path in (folder, folder.with_suffix(".snapshots")) if path.exists() and os.geteuid() == 0]
    return f"left behind: {leftovers}" if leftovers else ""


@attack
def have_a_restore_make_a_program_that_runs_as_root(stage: Stage) -> str:
    """A file with the set-user-id bit, removed by the guest and put back by a host that may be root."""
    with stage.session() as session:
        stage.value(session, "open('p', 'w').write('#!/bin/sh'), os.chmod('p', 0o6755)\nNone")
        mark = session.checkpoint()
        session.run("os.unlink('p')")
        session.rollback(mark)
        status = (session.workspace / "p").lstat()
        owner = session.workspace.stat().st_uid
    return "a set-user-id file of the host's" if status.st_uid != owner and status.st_mode & (stat.S_ISUID | stat.S_ISGID) else ""


@attack
def name_files_so_that_the_host_stumbles(stage: Stage) -> str:
    """Line breaks, bytes that are no text, names of the host's own, a path longer than a path can be, no deeper than the warden looks."""
    names = r"[b'a\nb', b'\xff\xfe', b'-rf', b'~', b'%s%n', b'\x1b[2J', '\u202e.txt'.encode(), b' ', b'{}', b'.alive', b'.snapshots']"
    with stage.session() as session:
        session.run(f"for name in {names}: open(name, 'w').write('x')")
        session.run("for n in range(190): os.mkdir('deep' * 10); os.chdir('deep' * 10)\nos.chdir(os.environ['HOME'])")
        seen = session.run("open('last', 'w').write('x'); 1")
        mark = session.checkpoint()
        session.run("import shutil; shutil.rmtree('deep' * 10)")
        session.rollback(mark)
        return stage.usable(session) or ("" if seen.result == "1" else f"{seen!r}")


@attack
def replace_the_workspace_itself(stage: Stage) -> str:
    """The folder that the host holds open stays the one that it uses."""
    with stage.session() as session:
        home = "os.environ['HOME']"
        stage.value(session, f"got(os.rename, {home}, {home} + '-old'), got(os.rmdir, {home}), got(os.symlink, BAIT, {home})\nNone")
        session.run("open('x', 'w').write('mine')")
        session.rollback()
        return "it became a link" if session.workspace.is_symlink() or not session.workspace.is_dir() else stage.usable(session)


assert sys.platform == "linux"
