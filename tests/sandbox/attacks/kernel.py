"""Attacks on the kernel's own walls: mounts, namespaces, privileges, filters, devices, settings and large interfaces.

Invariant: raw system calls by number (x86_64), so that no library stands between; a call that returns zero or more counts as reached.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

from sandbox.attacks.stage import Stage, attack, attempts

_CHROOT = 1 << 18  # kept in tier strict: a twin goes into its own root by it; what else can be done with it, `change_the_root` tries
_CAPS = "[l for l in read('/proc/self/status').decode().splitlines() if l.startswith('Cap') and (STRICT or not l.startswith('CapBnd')) and "
_CAPS += f"int(l.split()[1], 16) & ~({_CHROOT} if STRICT else 0)]"
_CHILD = "def in_child(act):\n    r, w = os.pipe()\n    pid = os.fork()\n    if not pid:\n        os.write(w, json.dumps(act()).encode())\n        os._exit(0)\n"
_CHILD += "    os.close(w); os.waitpid(pid, 0)\n    said = os.read(r, 4096); os.close(r)\n    return json.loads(said) if said else None\n"
_NEW = (0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)

attempts(
    mount_something="os.mkdir('m')\n[k for k in (b'tmpfs', b'proc', b'sysfs', b'overlay', b'cgroup2', b'fuse', b'devpts', b'mqueue') if call(165, k, b'm', k, 0, 0) >= 0]",
    bind_mount_something="os.mkdir('m')\n[f for f in (4096, 4096 | 16384, 32 | 4096, 8192, 1 << 18, 1 << 20) if call(165, b'/', b'm', 0, f, 0) >= 0] + os.listdir('m')",
    unmount_what_covers_things="[p for p in ('/proc/sys', '/proc/kcore', '/proc', '/tmp', '/dev', os.environ['HOME']) if call(166, p.encode(), 2) >= 0]",
    mount_by_the_new_interface="[n for n, r in [('fsopen', call(430, b'tmpfs', 0)), ('open_tree', call(428, -100, b'/', 1)), ('fspick', call(433, -100, b'/', 0)), "
    "('fsmount', call(432, 0, 0, 0)), ('fsconfig', call(431, 0, 6, 0, 0, 0)), ('move_mount', call(429, -100, b'/tmp', -100, b'/var/tmp', 0)), "
    "('open_tree_attr', call(467, -100, b'/', 1, 0, 0))] if r >= 0]",
    make_a_read_only_mount_writable="[p for p in (b'/', b'/usr', b'/proc/sys') if call(442, -100, p, 0x8000, struct.pack('QQQQ', 0, 1, 0, 0), 32) >= 0 or call(165, b'none', p, 0, 32 | 4096, 0) >= 0]",
    list_the_mounts_by_number="[n for n in (457, 458) if call(n, bytes(64), bytes(64), 64, 0) >= 0]",
    unshare_namespaces=f"[f for f in {_NEW} if call(272, f) >= 0]",
    enter_namespaces="[(p, n) for p in ('self', '1', str(os.getppid()), str(VICTIM)) for n in ('user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup', 'time') "
    "if (fd := got(os.open, f'/proc/{p}/ns/{n}', os.O_RDONLY)) is not None and call(308, fd, 0) >= 0]",
    enter_namespaces_by_a_descriptor_of_a_process="[p for p in (1, os.getppid(), VICTIM, HOST) if (fd := call(434, p, 0)) >= 0 and call(308, fd, 0x7E020000) >= 0]",
    clone_with_new_namespaces=f"def forked(flags):\n    pid = call(56, flags | 17, 0, 0, 0, 0)\n    if pid == 0: os._exit(0)\n    if pid > 0: os.waitpid(pid, 0)\n    return pid\n[f for f in {_NEW} if forked(f) >= 0]",
    clone3_with_new_namespaces=f"def forked(flags):\n    pid = call(435, struct.pack('QQQQQQQQ', flags, 0, 0, 0, 17, 0, 0, 0), 64)\n    if pid == 0: os._exit(0)\n    if pid > 0: os.waitpid(pid, 0)\n    return pid\n[f for f in {_NEW} if forked(f) >= 0]",
    clone3_into_a_cgroup="call(435, struct.pack('QQQQQQQQQQQ', 0x200000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0), 88) >= 0",
    change_the_root="def inside():\n    os.mkdir('r'); top = os.open('/', os.O_RDONLY); before = set(os.listdir('/'))\n"
    "    done = [n for n, r in [('chroot', call(161, b'r')), ('pivot_root', call(155, b'r', b'r'))] if r >= 0 and (n != 'chroot' or not STRICT)]\n"
    "    os.fchdir(top)\n    [got(os.chdir, '..') for _ in range(40)]\n    got(os.chroot, '.')\n"
    "    return done + sorted(set(got(os.listdir, '.') or ()) - before) + sorted(set(got(os.listdir, '/') or ()) - before) + [p for p in (SECRET, '/etc/shadow', '/.branches/1/etc') if read(p)]\n"
    + _CHILD
    + "in_child(inside)",
    run_a_program_that_changes_the_user_in_a_root_of_my_own="def inside():\n    import shutil\n    os.makedirs('r/bin'); shutil.copy('/bin/cat', 'r/bin/su'); got(os.chmod, 'r/bin/su', 0o6755)\n"
    "    got(os.chroot, 'r'); got(os.setuid, 0); got(os.setresuid, 0, 0, 0)\n    return os.getuid() == 0 or os.geteuid() == 0\n" + _CHILD + "in_child(inside)",
    read_the_keys_of_the_host="[p for p in ('/proc/keys', '/proc/key-users') if read(p)]",
    use_the_keyrings="[n for n, r in [('add_key', call(248, b'user', b'x', b'y', 1, -3)), ('request_key', call(249, b'user', b'x', 0, -3)), *((f'keyctl {k}', call(250, k, -3, 0, 0, 0)) for k in range(32))] if r >= 0]",
    load_a_bpf_program="[c for c in range(40) if call(321, c, bytes(128), 128) >= 0]",
    count_events_of_the_processor="[k for k in range(6) if call(298, struct.pack('IIQ', k, 112, 0) + bytes(96), 0, -1, -1, 0) >= 0]",
    make_an_io_uring="[n for n, r in [('setup', call(425, 1, bytes(120))), ('enter', call(426, 0, 0, 0, 0, 0, 0)), ('register', call(427, -1, 0, 0, 0))] if r >= 0]",
    handle_page_faults_myself="[f for f in (0, 1, 0x800, 0x801) if call(323, f) >= 0] + ([1] if got(os.open, '/dev/userfaultfd', os.O_RDWR) else [])",
    load_another_kernel="[n for n in (246, 320) if call(n, 0, 0, 0, 0, 0) >= 0]",
    load_a_module="f = os.open('m.ko', os.O_RDWR | os.O_CREAT)\n[n for n, r in [('init', call(175, b'\\x7fELF', 4, b'')), ('finit', call(313, f, b'', 0)), ('delete', call(176, b'loop', 0))] if r >= 0]",
    reboot_the_machine="[c for c in (0, 0x89ABCDEF) if call(169, 0xfee1dead, 672274793, c, 0) >= 0]",
    turn_swap_on_or_off="[n for n in (167, 168) if call(n, b'/swap', 0) >= 0]",
    set_the_clock="now = struct.pack('qq', int(time.time()), 0)\n[n for n, r in [('settimeofday', call(164, now, 0)), ('clock_settime', call(227, 0, now)), ('adjtimex', call(159, bytes(208))), ('clock_adjtime', call(305, 0, bytes(208)))] if r >= 0]",
    read_or_clear_the_log_of_the_kernel="[k for k in range(11) if call(103, k, bytes(4096), 100) >= 0]",
    rename_the_machine="[n for n in (170, 171) if call(n, b'mine', 4) >= 0]",
    use_the_ports_of_the_hardware="[n for n, r in [('iopl', call(172, 3)), ('ioperm', call(173, 0x80, 1, 1))] if r >= 0]",
    change_the_descriptor_tables="call(154, 1, struct.pack('IIII', 0, 0, 0xfffff, 0x51), 16) >= 0",
    take_another_personality="[f for f in (0x0040000, 0x0400000, 8, 0x20008) if call(135, f) >= 0]",
    call_by_the_numbers_of_x32="[n for n in (0, 1, 41, 56, 101, 165, 272, 321, 512, 520, 521, 522) if call(0x40000000 | n, 0, 0, 0, 0, 0, 0) != -errno.ENOSYS]",
    call_what_is_newer_than_the_filter="[n for n in (470, 471, 480, 500, 511, 600, 1000, 4095) if call(n, 0, 0, 0, 0, 0, 0) != -errno.ENOSYS]",
    open_files_by_handle="h = struct.pack('II', 128, 0) + bytes(128)\nm = bytes(4)\n[n for n, r in [('name', call(303, -100, b'/', h, m, 0)), ('open', call(304, 3, struct.pack('IIII', 8, 1, 2, 0), 0))] if r >= 0]",
    make_device_nodes="[p for p in ('n', '/tmp/n', '/dev/n', '/dev/shm/n') for k in (0o20666, 0o60666) for d in ((1, 1), (1, 3), (8, 0), (254, 0)) if got(lambda: os.mknod(p, k, os.makedev(*d)) or 1)]",
    write_settings_of_the_kernel="found = []\nfor folder, _, names in os.walk('/proc/sys'):\n    for name in names:\n        fd = got(os.open, f'{folder}/{name}', os.O_WRONLY)\n        if fd is not None: found.append(name); os.close(fd)\n"
    "[*found, *[n for n in ('core_pattern', 'modprobe', 'hotplug', 'poweroff_cmd', 'ns_last_pid', 'pid_max') if got(os.open, '/proc/sys/kernel/' + n, os.O_RDWR)]]",
    press_magic_keys="[p for p in ('/proc/sysrq-trigger', '/proc/sys/kernel/sysrq', '/proc/irq/default_smp_affinity', '/proc/fs/nfsd', '/proc/bus/pci/devices', '/proc/mtrr', '/proc/acpi/wakeup') "
    "if (fd := got(os.open, p, os.O_WRONLY)) is not None and os.readlink(f'/proc/self/fd/{fd}') != '/dev/null' and os.fstat(fd).st_rdev != os.makedev(1, 3)]",
    write_to_sys_or_cgroups="[p for p in ('/sys/kernel/uevent_helper', '/sys/fs/cgroup/cgroup.procs', '/sys/fs/cgroup/release_agent', '/sys/kernel/mm/ksm/run', '/sys/power/state', '/sys/kernel/debug') if os.path.exists(p) and got(os.open, p, os.O_WRONLY)]",
    type_into_a_terminal="m = got(os.open, '/dev/ptmx', os.O_RDWR | os.O_NOCTTY)\n[n for fd in (0, 1, 2, m) if fd is not None for n in (0x5412, 0x541C, 0x5412 | 1 << 32) if call(16, fd, n, b'x') >= 0]",
    open_the_terminal_of_the_host="[p for p in ('/dev/tty', '/dev/console', '/dev/tty0', '/dev/pts/0') if got(os.open, p, os.O_RDWR | os.O_NOCTTY)]",
    loosen_the_filter="f = struct.pack('HBBI', 6, 0, 0, 0x7fff0000)\nb = ctypes.create_string_buffer(f)\np = struct.pack('HxxxxxxQ', 1, ctypes.addressof(b))\n"
    "call(317, 1, 0, p), call(157, 22, 0, 0, 0, 0), call(157, 22, 2, p, 0, 0)\n[n for n in (101, 165, 272, 321) if call(n, 0, 0, 0, 0, 0) not in (-errno.EPERM,)]",
    loosen_landlock="r = call(444, struct.pack('QQQ', 0xffff, 3, 3), 24, 0)\nroot = got(os.open, '/', os.O_PATH)\n"
    "r >= 0 and (call(445, r, 1, struct.pack('=Qi', 0xffff, root), 0), call(446, r, 0))\nread(SECRET) or read('/etc/shadow')",
    become_the_supervisor_of_my_own_filter="f = struct.pack('HBBIHBBIHBBIHBBI', 0x20, 0, 0, 0, 0x15, 0, 1, 101, 6, 0, 0, 0x7fc00000, 6, 0, 0, 0x7fff0000)\n"
    "b = ctypes.create_string_buffer(f)\ncall(317, 1, 8, struct.pack('HxxxxxxQ', 4, ctypes.addressof(b)))\n[n for n in (101, 165, 272, 321) if call(n, 0, 0, 0, 0, 0) != -errno.EPERM]",
    take_back_new_privileges="call(157, 38, 0, 0, 0, 0) >= 0 or call(157, 39, 0, 0, 0, 0) != 1",
    become_another_user="[u for u in (0, 1, 1001, 65534) if u != os.getuid() and (call(105, u) >= 0 or call(117, u, u, u) >= 0 or call(106, u) >= 0 or call(119, u, u, u) >= 0)] + ([1] if call(116, 1, struct.pack('I', 0)) >= 0 else [])",
    take_capabilities="header, data = struct.pack('Ii', 0x20080522, 0), struct.pack('6I', *[0xffffffff] * 6)\ncall(126, header, data), call(157, 47, 2, 21, 0, 0), call(157, 28, 0x2f, 0, 0, 0)\n" + _CAPS,
    have_capabilities_after_exec="out = subprocess.run(['cat', '/proc/self/status'], capture_output=True, text=True).stdout\n"
    "[l for l in out.splitlines() if (l.startswith('Cap') and int(l.split()[1], 16)) or l in ('NoNewPrivs:\\t0', 'Seccomp:\\t0')] if out or not STRICT else 'no program could be run'",
    run_programs_that_change_the_user="found = []\nfor top in ('/usr/bin', '/usr/sbin', '/usr/lib/openssh', '/usr/lib/dbus-1.0'):\n    for name in got(os.listdir, top) or ():\n"
    "        if got(os.stat, f'{top}/{name}') and os.stat(f'{top}/{name}').st_mode & 0o6000:\n"
    "            p = got(subprocess.Popen, [f'{top}/{name}'], stdin=-3, stdout=-3, stderr=-3)\n            if not p: continue\n            s = read(f'/proc/{p.pid}/status').decode()\n            p.kill(); p.wait()\n"
    "            found += [name] if s and f'Uid:\\t{os.getuid()}\\t{os.getuid()}' not in s else []\nfound",
    make_a_program_that_changes_the_user="import shutil\nshutil.copy('/bin/cat', 'mine'), got(os.chmod, 'mine', 0o6755), got(os.chown, 'mine', 0, 0)\n"
    "ran = got(subprocess.run, ['./mine', '/proc/self/status'], capture_output=True, text=True)\nout = ran.stdout if ran else ''\n[l for l in out.splitlines() if l.startswith('Uid') and set(l.split()[1:]) != {str(os.getuid())}]",
    bring_capabilities_in_by_file_attributes="import shutil\nshutil.copy('/bin/cat', 'mine')\ngot(os.setxattr, 'mine', 'security.capability', struct.pack('<5I', 0x02000001, 0xffffffff, 0, 0xffffffff, 0))\n"
    "ran = got(subprocess.run, ['./mine', '/proc/self/status'], capture_output=True, text=True)\nout = ran.stdout if ran else ''\n[l for l in out.splitlines() if l.startswith('Cap') and int(l.split()[1], 16)]",
    do_in_a_child_or_thread_what_i_may_not=_CHILD + "def all_of_it(): return [n for n in (101, 165, 272, 308, 321, 323, 425) if call(n, 0, 0, 0, 0, 0) not in (-errno.EPERM, -errno.ENOSYS)] + ([1] if read(SECRET) else [])\n"
    "found = []\nt = threading.Thread(target=lambda: found.extend(all_of_it())); t.start(); t.join()\n(in_child(all_of_it) or []) + found",
    watch_the_whole_file_system="[n for n, r in [('init', call(300, 0, 0)), ('init reporting', call(300, 0x200, 0)), ('mark', call(301, 3, 1, 1, -100, b'/'))] if r >= 0]",
    change_quotas_or_accounting="[n for n, r in [('quotactl', call(179, 0x800002, 0, 0, 0)), ('quotactl_fd', call(443, 0, 0, 0, 0)), ('acct', call(163, b'log'))] if r >= 0]",
    make_memory_that_no_limit_counts="[n for n, r in [('memfd_create', call(319, b'x', 0)), ('memfd_secret', call(447, 0))] if r >= 0]",
    see_segments_of_the_host="[l for n in ('shm', 'sem', 'msg') for l in read(f'/proc/sysvipc/{n}').decode().splitlines()[1:]] if STRICT else [n for n in (29, 64, 68, 240) if call(n, 0, 4096, 0o1600) >= 0]",
    catch_core_dumps="resource.getrlimit(resource.RLIMIT_CORE) != (0, 0) or got(lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)) or 1)",
)  # fmt: skip

_INT_80 = (
    "code = bytes.fromhex('53 b8 {number} 00 00 00 bb {first} 00 00 00 31 c9 31 d2 cd 80 5b c3')\n"
    "m = mmap.mmap(-1, 4096, prot=7)\nm.write(code)\nat = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
    "ctypes.CFUNCTYPE(ctypes.c_int)(at)()"
)


@attack
def call_by_the_gate_of_32_bit_programs(stage: Stage) -> str:
    """`int 0x80` has numbers of its own (socketcall, mount, ptrace): the process dies rather than being answered."""
    with stage.session() as session:
        seen = session.run(_INT_80.format(number="14", first="00"))
        answered = seen.status == "ok" and seen.result != "-38"
        return f"it was answered: {seen!r}" if answered else stage.usable(session)


@attack
def learn_the_name_of_the_host(stage: Stage) -> str:
    import socket as host

    with stage.session() as session:
        return "the name" if stage.value(session, "os.uname().nodename") == host.gethostname() else ""
