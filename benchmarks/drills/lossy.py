"""A line that really drops packets, where the system lets us have a network of our own.

A kernel's `netem` needs a module that many machines do not have. A TUN device needs none: what is
sent to `FAR` reaches this process as IP packets. It loses some, keeps the others for a while, and
gives them back with sender and receiver exchanged (which leaves every checksum as it was), so that
they arrive at this machine's own server, from `FAR`. Both ends are the kernel's own TCP, with
retransmissions, closing windows and all.

`python -m benchmarks.drills.lossy LATENCY LOSS` says `ready`, works until its input closes, and
then says how many packets it saw and lost. It needs the right to make network devices: run it
inside `ALONE`.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from crossings.workspace import ROOT

HERE, FAR, EVERYWHERE = "10.77.0.1", "10.77.0.2", "0.0.0.0"
"""This machine, how it is reached over the bad line, and what its server listens on for that."""
ALONE = ("unshare", "--map-root-user", "--net", "--")
"""Before a command: run it in a network of its own, in which it may make devices."""

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_DEVICE = "crossings0"


class Seen(NamedTuple):
    """Packets of both directions."""

    packets: int
    lost: int


def possible() -> bool:
    """Whether this system lets us have a network of our own with a device in it."""
    command = [*ALONE, sys.executable, "-m", "benchmarks.drills.lossy", "0", "0"]
    try:
        done = subprocess.run(command, cwd=ROOT, input=b"", capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


class Line:
    """A running line; `seen` once it is closed."""

    def __init__(self) -> None:
        self.seen: Seen | None = None


@contextmanager
def line(latency: float, loss: float) -> Iterator[Line]:
    """A line to `FAR`: `latency` seconds there and back, and `loss` as a share of packets each way.

    Call it inside `ALONE`.

    Raises:
        OSError: where the device cannot be made.
    """
    command = [sys.executable, "-m", "benchmarks.drills.lossy", str(latency), str(loss)]
    made = Line()
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise OSError("no network device can be made here")
        try:
            yield made
        finally:
            process.stdin.close()
            made.seen = Seen(*(int(n) for n in process.stdout.read().split()))


def turned(packet: bytes) -> bytes:
    """An IPv4 packet with sender and receiver exchanged; sums of both stay right."""
    return packet[:12] + packet[16:20] + packet[12:16] + packet[20:]


def _device() -> int:
    made = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    wanted = struct.pack("16sH", _DEVICE.encode(), _IFF_TUN | _IFF_NO_PI)
    fcntl.ioctl(made, _TUNSETIFF, wanted)
    for words in (
        ("link", "set", "lo", "up"),
        ("addr", "add", f"{HERE}/24", "dev", _DEVICE),
        ("link", "set", _DEVICE, "up", "txqueuelen", "20000"),
    ):
        subprocess.run(["ip", *words], check=True)
    return made


def _carry(device: int, oneway: float, loss: float) -> Seen:
    """Until standard input closes."""
    dice, waiting, number, lost = random.Random(5), list[tuple[float, int, bytes]](), 0, 0
    while True:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            os.write(device, heapq.heappop(waiting)[2])
        pause = max(0.0, waiting[0][0] - now) if waiting else None
        ready, _, _ = select.select([device, sys.stdin], [], [], pause)
        if sys.stdin in ready:
            return Seen(number, lost)
        for packet in _packets(device) if ready else ():
            number += 1
            if dice.random() < loss:
                lost += 1
            else:
                heapq.heappush(waiting, (time.monotonic() + oneway, number, turned(packet)))


def _packets(device: int) -> Iterator[bytes]:
    """What is there now; IPv4 only, since the system itself also talks IPv6 to a new device."""
    for _ in range(64):
        try:
            packet = os.read(device, 65_535)
        except BlockingIOError:
            return
        if packet[0] >> 4 == 4:
            yield packet


def main(arguments: Sequence[str]) -> None:
    latency, loss = (float(word) for word in arguments)
    try:
        device = _device()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"no network device can be made here: {error}")
    print("ready", flush=True)
    print(*_carry(device, latency / 2, loss), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
