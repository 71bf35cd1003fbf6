"""`course serve` from start to end: what it leaves behind, what happens when something falls."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.serving import Served, course, eventually, gone

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and sessions as POSIX has them")
ALONE = pytest.mark.xdist_group("serve")
"""Starts courses of its own."""
SHARED = pytest.mark.xdist_group("served")
"""Looks at the one running course."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all, so that assignments are released once; its name has a space."""
    return tmp_path_factory.mktemp("serve here")


@pytest.fixture
def running(place: Path) -> Iterator[Served]:
    made = Served(place / "data", place / "home")
    try:
        yield made.wait_until_open()
    finally:
        made.kill()


def get(address: str, **headers: str) -> bytes:
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def port_of(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def assert_nothing_left(running: Served, family: list[psutil.Process]) -> None:
    assert gone(family)
    assert is_free(port_of(running.learner)) and is_free(port_of(running.staff))
    left = {p.name for p in (running.data / "var").iterdir()}
    assert not left & {"serve.lock", "serve.json"}, left


def kernel(running: Served) -> None:
    """Start a kernel on the staff site, as an open console has one."""
    request = urllib.request.Request(
        f"{running.staff}/api/kernels",
        data=b"{}",
        headers={"Authorization": f"token {running.token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 201


@ALONE
@pytest.mark.parametrize(
    ("how", "group"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False)],
    ids=["Ctrl-C in the terminal", "SIGINT to the process", "SIGTERM"],
)
def test_it_ends_cleanly(running: Served, how: int, group: bool) -> None:
    kernel(running)
    family = running.family()
    assert len(family) >= 4  # serve, two doors, a kernel
    assert running.stop(how, group) == 0
    assert "Everything is stopped" in running.said
    assert_nothing_left(running, family)


@ALONE
def test_killed_without_warning_its_doors_end_by_themselves(running: Served, place: Path) -> None:
    kernel(running)
    family = running.family()
    running.process.kill()
    assert gone(family)
    assert is_free(port_of(running.learner)) and is_free(port_of(running.staff))
    again = Served(running.data, running.home)
    try:
        again.wait_until_open()
        assert again.stop() == 0
    finally:
        again.kill()


@SHARED
def test_a_fallen_door_is_started_again_on_the_same_port(served: Served) -> None:
    before = served.door("learner")
    before.kill()
    eventually(lambda: "learner site ended unexpectedly" in served.said)
    eventually(lambda: _answers(served.learner + "/api/health"), 60)
    assert served.door("learner").pid != before.pid


def _answers(address: str) -> bool:
    try:
        return get(address) == b"ok"
    except OSError:
        return False


@SHARED
def test_a_second_serve_is_one_message_that_says_where_the_first_is(served: Served) -> None:
    second = course("serve", "--data", str(served.data), home=served.home)
    assert second.returncode == 2
    assert len(second.stderr.strip().splitlines()) == 1
    assert "already runs" in second.stderr and served.learner in second.stderr
    assert get(served.learner + "/api/health") == b"ok"


@ALONE
def test_ports_in_use_are_passed_over_and_said(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = Served(
            place / "data", place / "home", "--port", str(port), "--staff-port", str(port)
        )
        try:
            running.wait_until_open()
            assert f"port {port} is in use; the learner site took" in running.said.replace(
                "\n", " "
            )
            assert port_of(running.learner) != port != port_of(running.staff)
            assert port_of(running.learner) != port_of(running.staff)
            assert get(running.learner + "/api/health") == b"ok"
            running.stop()
        finally:
            running.kill()


@SHARED
def test_what_it_prints_fits_and_holds_everything(served: Served) -> None:
    lines = served.lines
    assert max(len(line) for line in lines if "Class data is kept in" not in line) <= 80
    assert sum("█" in line or "▀" in line for line in lines) >= 13
    for word in ("LEARNERS", "STAFF", "drill console", "marking desk", "formgrader", "JupyterLab"):
        assert word in served.said
    about = json.loads((served.data / "var" / "serve.json").read_text(encoding="utf-8"))
    assert about["learner"] == served.learner and about["pid"] == served.process.pid


@SHARED
def test_the_token_is_in_no_command_line_and_no_environment(served: Served) -> None:
    kernel(served)
    for process in served.family():
        assert served.token not in " ".join(process.cmdline())
        assert served.token not in process.environ().values()


@SHARED
def test_nothing_is_left_in_the_home_folder(served: Served) -> None:
    kernel(served)
    assert [p.name for p in served.home.rglob("*") if p.is_file()] == []
