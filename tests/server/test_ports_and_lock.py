"""Ports in use and a second `serve`: said, not suffered."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossings.server import lock, ports


def test_a_port_in_use_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < ports.free_port("127.0.0.1", port) <= port + ports.TRIES


def test_a_port_already_given_to_the_other_door_is_not_given_again() -> None:
    first = ports.free_port("127.0.0.1", 20000)
    assert ports.free_port("127.0.0.1", first, frozenset({first})) != first


def test_an_address_of_another_machine_is_refused_with_a_reason() -> None:
    with pytest.raises(ports.NoPortError, match="--host"):
        ports.free_port("192.0.2.7", 8000)


def test_all_interfaces_are_named_by_the_network_address() -> None:
    assert "0.0.0.0" not in ports.url("0.0.0.0", 8000)
    assert ports.url("127.0.0.1", 8000) == "http://127.0.0.1:8000"


def test_the_lock_is_held_once_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "var" / "serve.lock"
    with lock.served_alone(path):
        lock.write_about(path, {"pid": 1, "learner": "http://x"})
        with pytest.raises(lock.AlreadyServedError) as caught, lock.served_alone(path):
            pass
        assert caught.value.about["learner"] == "http://x"
    assert list(path.parent.iterdir()) == []
    with lock.served_alone(path):
        pass


HOLD = """
import sys, time
from pathlib import Path
from crossings.server import lock
with lock.served_alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills with SIGKILL")
def test_a_killed_holder_does_not_lock_the_course_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "serve.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(lock.AlreadyServedError), lock.served_alone(path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            with lock.served_alone(path):
                return
        except lock.AlreadyServedError:
            time.sleep(0.05)
    pytest.fail("the lock outlived its holder")
