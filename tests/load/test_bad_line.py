"""The bad line that the load tests and benchmarks use is as bad as it says, and changes no byte."""

from __future__ import annotations

import json
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drills import lossy
from benchmarks.drills.rooms import harmed_room
from crossings.workspace import ROOT

pytestmark = [pytest.mark.load, pytest.mark.xdist_group("load")]

TRANSFER = """
import json, socket, threading, time
from benchmarks.drills import lossy

def serve(door):
    there, _ = door.accept()
    data = b""
    while len(data) < 200_000:
        data += there.recv(65536)
    there.sendall(data[::-1])
    there.close()

with lossy.line(0.1, 0.05) as line:
    door = socket.create_server((lossy.EVERYWHERE, 0))
    threading.Thread(target=serve, args=(door,), daemon=True).start()
    begun = time.monotonic()
    here = socket.create_connection((lossy.FAR, door.getsockname()[1]))
    took = time.monotonic() - begun
    data = bytes(range(250)) * 800
    here.sendall(data)
    back = b""
    while piece := here.recv(65536):
        back += piece
print(json.dumps([took, back[::-1] == data, *line.seen]))
"""


@given(st.binary(min_size=20, max_size=20), st.binary(max_size=64))
def test_a_packet_that_is_turned_keeps_its_sum(head: bytes, rest: bytes) -> None:
    def total(packet: bytes) -> int:
        return sum(struct.unpack("!10H", packet[:20])) % 0xFFFF

    turned = lossy.turned(head + rest)
    assert total(turned) == total(head) and lossy.turned(turned) == head + rest


def test_tcp_comes_through_whole_and_late_although_packets_are_dropped() -> None:
    if not lossy.possible():
        pytest.skip("this system gives no network of our own (unshare, /dev/net/tun)")
    command = [*lossy.ALONE, sys.executable, "-c", TRANSFER]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    took, whole, packets, lost = json.loads(done.stdout)
    assert whole and took >= 0.1
    assert packets > 100 and 0 < lost < packets / 5


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", [40, 200])
def test_a_harmed_room_loses_nothing(size: int) -> None:
    found = harmed_room(size)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, 0), found
    assert found.acknowledged >= 3 * size * 0.95 and found.kills == 3
