"""Attacks on the network: the host listens on real sockets, and the stage finds whatever arrives there.

Invariant: the guest knows every address; an attempt counts as blocked when nothing arrived and nothing could be learnt.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import socket

from sandbox.attacks.stage import Stage, attack, attempts

_SEND = "def send(family, kind, address, data=b'x'):\n    s = socket.socket(family, kind)\n    s.settimeout(0.3)\n    try:\n"
_SEND += "        s.connect(address)\n        s.send(data)\n        return True\n    finally:\n        s.close()\n"
_DGRAM = (
    _SEND
    + "def post(s, address):\n    s.setblocking(False)\n    return [got(s.sendto, b'x', address), got(s.sendmsg, [b'x'], [], 0, address)]\n"
)

attempts(
    connect_by_tcp=_SEND + "got(send, socket.AF_INET, socket.SOCK_STREAM, tuple(EARS['tcp']))",
    connect_by_tcp_of_version_6=_SEND + "got(send, socket.AF_INET6, socket.SOCK_STREAM, tuple(EARS.get('tcp6', ('::1', EARS['tcp'][1]))))",
    send_by_udp=_SEND + "got(send, socket.AF_INET, socket.SOCK_DGRAM, tuple(EARS['udp']))",
    send_by_udp_of_version_6=_SEND + "got(send, socket.AF_INET6, socket.SOCK_DGRAM, tuple(EARS.get('udp6', ('::1', EARS['udp'][1]))))",
    open_a_raw_socket="[p for p in (1, 6, 17, 58, 255) if got(socket.socket, socket.AF_INET, socket.SOCK_RAW, p) or got(socket.socket, socket.AF_INET, 2, p)]",
    open_a_packet_socket="[k for k in (2, 3, 10) if call(41, 17, k, 0x300) >= 0]",
    open_a_netlink_socket="[p for p in range(23) if call(41, 16, 3, p) >= 0]",
    open_a_vsock_socket="[k for k in (1, 2, 5) if call(41, 40, k, 0) >= 0]",
    open_a_socket_of_any_other_family="[f for f in range(64) for k in (1, 2, 3, 4, 5) if f != 1 and call(41, f, k, 0) >= 0]",
    open_a_pair_of_sockets_of_any_other_family="pair = ctypes.create_string_buffer(8)\n[f for f in range(64) for k in (1, 2, 5) if f != 1 and call(53, f, k, 0, pair) >= 0]",
    hide_a_family_in_the_high_half_of_the_argument="[f for f in (2, 10, 16, 17, 40) for k in (1, 2, 3) if call(41, f | 1 << 32, k, 0) >= 0]",
    connect_to_a_unix_socket_of_the_host=_SEND + "got(send, socket.AF_UNIX, socket.SOCK_STREAM, EARS['unix'])",
    connect_to_a_unix_socket_of_the_host_through_a_link=_SEND + "os.symlink(BAIT, 'way')\n"
    "got(send, socket.AF_UNIX, socket.SOCK_STREAM, 'way/unix') or got(send, socket.AF_UNIX, socket.SOCK_STREAM, '/proc/1/root' + EARS['unix'])",
    send_to_a_unix_datagram_socket_of_the_host=_DGRAM + "[k for k in (2, 3) if (s := got(socket.socket, socket.AF_UNIX, k)) and any(post(s, EARS['unix datagram']))]",
    send_to_a_unix_socket_of_the_host_from_one_of_a_pair=_DGRAM
    + "[k for k in (1, 2, 3, 5) if (p := got(socket.socketpair, socket.AF_UNIX, k)) and any(post(p[0], EARS['unix datagram'])[:1]) and k in (2, 3)]",
    connect_to_an_abstract_socket_of_the_host=_SEND + "got(send, socket.AF_UNIX, socket.SOCK_STREAM, EARS['abstract'])",
    send_to_an_abstract_datagram_socket_of_the_host=_DGRAM
    + "[k for k in (2, 3) if (s := got(socket.socket, socket.AF_UNIX, k)) and any(post(s, EARS['abstract datagram']))]",
    connect_with_bash="bool(subprocess.run(['bash', '-c', f'echo x > /dev/tcp/127.0.0.1/{EARS[\"tcp\"][1]}'], capture_output=True).returncode == 0)",
    connect_with_data_in_the_first_packet="s = call(41, 2, 1, 0)\naddress = struct.pack('=H', 2) + struct.pack('>H', EARS['tcp'][1]) + bytes([127, 0, 0, 1]) + bytes(8)\n"
    "s >= 0 and call(44, s, b'x', 1, 0x20000000, address, 16) >= 0",
    ask_for_names="[n for n in ('localhost', 'example.com') if (f := got(socket.getaddrinfo, n, 80)) and any(got(socket.socket, a[0]) for a in f)]",
    enter_the_network_namespace_of_another_process="[p for p in (1, os.getppid(), VICTIM, HOST) if (fd := got(os.open, f'/proc/{p}/ns/net', os.O_RDONLY)) and call(308, fd, 0) == 0]",
    learn_the_ports_that_the_host_listens_on="[n for n in ('tcp', 'udp') if f'{EARS[n][1]:04X}' in read(f'/proc/self/net/{n}').decode()]",
    learn_the_unix_sockets_of_the_host="TOKEN.encode() in read('/proc/self/net/unix', 1 << 20)",
    reach_a_unix_socket_of_the_neighbour=_SEND + "[p for p in (NEIGHBOUR + '/s', '../s0/s') if got(send, socket.AF_UNIX, socket.SOCK_STREAM, p)]",
)  # fmt: skip


@attack
def listen_for_the_host(stage: Stage) -> str:
    """A port that the guest opens must not be one of the machine's."""
    with stage.session() as session:
        code = "s = got(socket.socket)\nport = 0\nif s and got(lambda: (s.bind(('127.0.0.1', 0)), s.listen())): port = s.getsockname()[1]\nport"
        port = stage.value(session, code)
        with socket.socket() as caller:
            return f"port {port}" if port and caller.connect_ex(("127.0.0.1", port)) == 0 else ""


@attack
def squat_an_abstract_name_of_the_host(stage: Stage) -> str:
    """A server of the guest's that a host program would take for its own."""
    with stage.session() as session:
        stage.value(session, "s = socket.socket(socket.AF_UNIX)\ngot(lambda: (s.bind('\\0' + TOKEN + 'squat'), s.listen()))\nNone")
        with socket.socket(socket.AF_UNIX) as caller:
            return "a host program reached the guest's server" if caller.connect_ex(f"\0{stage.token}squat") == 0 else ""
