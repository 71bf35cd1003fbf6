"""The child: gets its files, locks itself, then runs one cell after the other as they are sent."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from . import confine, wire
from .shell import Tap, take_streams
from .tape import Tape

MOST_FRAME = 1 << 30


def live(
    sock: socket.socket,
    tap: Tap,
    tape: Tape,
    layers: Collection[str],
    code: bytes,
    limits: Mapping[str, int],
    home: str,
) -> None:
    """Everything that a child does, from just after the fork until it is killed.

    Hidden tests and other submissions were never in this process: the warm parent does not
    read tasks, and a cell is sent when its turn has come.
    """
    _forget(sock)
    confine.enter(layers, limits["disk_mb"])
    start = wire.receive(sock, MOST_FRAME)
    _settle(sock, home, start["files"])
    tape.start(limits["output_mb"] * 1_000_000)
    take_streams(tape)
    _fresh_chance()
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
    confine.limit(layers, limits, _address_space())
    confine.lock(layers, code)
    asyncio.run(_serve(sock, tap, tape, start["nonce"]))


def _forget(sock: socket.socket) -> None:
    """Close whatever the warm parent had open."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard, inheritable=True)
    keep = sock.fileno()
    os.closerange(3, keep)
    os.closerange(keep + 1, 1 << 16)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _settle(sock: socket.socket, home: str, files: list[list[Any]]) -> None:
    work = Path(home) / "work"
    work.mkdir(exist_ok=True)
    os.chdir(work)
    for name, size in files:
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wire.exactly(sock, size))


def _fresh_chance() -> None:
    """A fork starts with its parent's random state; each notebook gets its own."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


async def _serve(sock: socket.socket, tap: Tap, tape: Tape, nonce: str) -> None:
    loop = asyncio.get_running_loop()
    wire.send(sock, {"nonce": nonce, "ready": True})
    handler: Any = signal.default_int_handler
    while True:
        await _readable(loop, sock)
        order = wire.receive(sock, MOST_FRAME)
        index = order["cell"]
        signal.signal(signal.SIGINT, handler)
        try:
            ended = await tap.run(order["source"])
        except (
            KeyboardInterrupt
        ):  # between two steps of ours: the cell was interrupted all the same
            ended = {"count": tap.shell.execution_count, "status": "error"}
            ended |= {"ename": "KeyboardInterrupt", "evalue": "", "memory": False}
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        ended |= {"nonce": nonce, "cell": index, "exit": bool(tap.shell.exit_now), "cut": tape.cut}
        _send(sock, ended, tape.take())


def _send(sock: socket.socket, ended: dict[str, Any], records: str) -> None:
    """The records are JSON already: they are set in, not encoded again."""
    head = wire.encode(ended)[wire.HEAD.size : -1]
    body = head + b',"records":' + records.encode("utf-8", "surrogatepass") + b"}"
    sock.sendall(wire.HEAD.pack(len(body)) + body)


async def _readable(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
    """Wait for the next cell; meanwhile tasks that earlier cells left behind go on."""
    ready = loop.create_future()
    loop.add_reader(sock, _settled, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)


def _settled(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
