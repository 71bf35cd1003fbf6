"""Rooms with a course of their own, so that one does not warm or burden the next.

`python -m benchmarks.drills.rooms SIZE` plays a harmed room on a line that really drops packets and
writes what it measured as JSON. It needs a network of its own: run it behind `lossy.ALONE`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.drills import lossy
from benchmarks.drills.line import Place
from benchmarks.drills.measured import LATENCY, LOSS, Measured, room
from benchmarks.drills.network import BadNetwork
from benchmarks.drills.served import Served, more_files, served
from crossings.workspace import ROOT


@contextmanager
def _course(host: str = "127.0.0.1") -> Iterator[Served]:
    temporary = tempfile.TemporaryDirectory(prefix="crossings-bench-")
    with temporary as name, served(Path(name), host) as here:
        yield here


def quiet_room(size: int) -> Measured:
    """Raises TimeoutError or RuntimeError where there is nothing to measure."""
    with _course() as here:
        return asyncio.run(room(here, size))


def harmed_room(size: int) -> Measured:
    """Packets are dropped by a device of ours where the system lets us; else a relay delays them.

    Raises:
        TimeoutError, RuntimeError: where there is nothing to measure.
    """
    if not lossy.possible():
        return _behind_a_relay(size)
    command = [*lossy.ALONE, sys.executable, "-m", "benchmarks.drills.rooms", str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "no reason")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _behind_a_relay(size: int) -> Measured:
    with _course() as here:
        return asyncio.run(_relayed(here, size))


async def _relayed(here: Served, size: int) -> Measured:
    async with _relay(here.port) as (place, network):
        found = await room(here, size, place)
        return replace(found, line="relay", pieces=network.pieces, late=network.lost)


@asynccontextmanager
async def _relay(port: int) -> AsyncIterator[tuple[Place, BadNetwork]]:
    network = BadNetwork(port, LATENCY, LOSS)
    try:
        yield Place("127.0.0.1", await network.open()), network
    finally:
        network.close()


def dropping_room(size: int) -> Measured:
    """Call it in a network of its own."""
    with lossy.line(LATENCY, LOSS) as line, _course(lossy.EVERYWHERE) as here:
        found = asyncio.run(room(here, size, Place(lossy.FAR, here.port)))
    assert line.seen is not None
    return replace(found, line="packets", pieces=line.seen.packets, late=line.seen.lost)


if __name__ == "__main__":
    more_files()
    print(json.dumps(dropping_room(int(sys.argv[1])).to_json()))
