"""Where a server of a measurement or a test listens, beside whatever runs on this machine."""

from __future__ import annotations

import os
import re
import socket
from random import SystemRandom

FIRST, EACH, SLICES = 12_000, 2_000, 8
"""Below the ports that systems give away by themselves: 32768 and up on Linux, 49152 elsewhere."""

_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that nobody gets by asking for any port.

    So it stays free until the server begins, and while a killed one is started anew. Test workers
    that run side by side choose from ports of their own.
    """
    worker = re.search(r"\d+$", os.environ.get("PYTEST_XDIST_WORKER", ""))
    start = FIRST + (int(worker[0]) if worker else SLICES - 1) % SLICES * EACH
    free = [port for port in range(start, start + EACH) if port not in _given]
    for port in SystemRandom().sample(free, len(free)):
        if _is_free(port):
            _given.add(port)
            return port
    raise OSError(f"no free port from {start} to {start + EACH - 1}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
