"""Running the preview until it is told to stop: only on 127.0.0.1."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from crossings.author.preview.site import Preview

HOST = "127.0.0.1"
TRIES = 50


class NoPortError(Exception):
    """No port could be had; the message says what to do."""


def serve(root: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serve the preview of the course under `root` until Ctrl-C; `ready` gets its address.

    Raises:
        NoPortError: when none of the next 50 ports is free.
    """
    listening = _listening(port)
    server: uvicorn.Server

    def closing() -> bool:
        return server.should_exit

    with listening, _stoppable():
        config = uvicorn.Config(
            Preview(root, closing).app,
            factory=True,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        server = uvicorn.Server(config)
        ready(f"http://{HOST}:{listening.getsockname()[1]}")
        server.run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """A socket on `port`, or on the next free one; taken at once, so that nobody comes between."""
    last = min(port + TRIES, 65536)
    for wanted in range(port, last):
        try:
            return socket.create_server((HOST, wanted), backlog=64)
        except OSError:
            continue
    raise NoPortError(f"no free port from {port} to {last - 1}: choose another with --port")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C, an end from outside and a closed terminal stop the preview in the same way. The
    server notes a signal, ends in order and raises it again; then it ends here."""

    def stop(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]
    before = {n: signal.signal(n, stop) for n in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
