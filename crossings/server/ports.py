"""Addresses: a free port near the wanted one, and what this machine is called on the network."""

from __future__ import annotations

import socket

TRIES = 50


class NoPortError(Exception):
    """No free port was found; the message says where was looked."""


def free_port(host: str, wanted: int, taken: frozenset[int] = frozenset()) -> int:
    """`wanted`, or the next port on `host` that nothing listens on.

    Raises:
        NoPortError: when none of the next 50 is free, or the host is not one of this machine's.
    """
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if port not in taken and _can_listen(host, port):
            return port
    raise NoPortError(
        f"no free port from {wanted} to {min(wanted + TRIES, 65536) - 1} on {host}: "
        "choose another with --port, or check that --host is an address of this machine"
    )


def _can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do on POSIX: a port in TIME_WAIT is free. On Windows the option means the
        # opposite (it would let us share a port in use), so it stays off there.
        if hasattr(socket, "AF_UNIX"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except (OSError, OverflowError):
            return False
    return True


def network_address() -> str:
    """This machine's address as others on the class network see it; 127.0.0.1 without a network.

    Connecting a datagram socket sends nothing: it only asks the system which way it would go.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def url(host: str, port: int) -> str:
    """The address to type for a server that listens on `host`."""
    if host in ("0.0.0.0", "::", ""):
        host = network_address()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
