"""The course as a newcomer starts it: real processes behind `course serve`, driven from outside."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.ports import free_port
from crossings.book.build import is_current
from crossings.workspace import ROOT

FIRST_START = 300.0
"""Seconds for a start that may have to build the book."""
PYTHON = [sys.executable, "-m", "crossings.cli"]


def eventually(what: Callable[[], Any], seconds: float = 20.0, every: float = 0.1) -> Any:
    """The first true value of `what`; fails when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(every)
    raise AssertionError(f"did not happen within {seconds:.0f} s: {what}")


def environment(home: Path, **more: str) -> dict[str, str]:
    """As on a machine where nothing is set up: an empty home, no activated environment."""
    home.mkdir(parents=True, exist_ok=True)
    kept = (
        "PATH",
        "LANG",
        "TMPDIR",
        "SYSTEMROOT",
        "CROSSINGS_ROOT",
        "CROSSINGS_PROOFS",
        "PYTHONPATH",
        "COVERAGE_RCFILE",
    )
    clean = {k: os.environ[k] for k in kept if k in os.environ}
    return clean | {"HOME": str(home), "USERPROFILE": str(home), "COLUMNS": "80"} | more


def course(*arguments: str, home: Path, cwd: Path | None = None, **more: str) -> Any:
    """Run one command to its end; returns the finished process with its text."""
    return subprocess.run(
        [*PYTHON, *arguments],
        cwd=cwd or home,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=FIRST_START,
    )


def built_book(home: Path) -> None:
    """See to it that the book is built, as a fresh clone's is not."""
    if not is_current(ROOT):
        home.mkdir(parents=True, exist_ok=True)
        done = course("build", home=home)
        assert done.returncode == 0, done.stderr


@contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    """A small disk at `place`, where the tests may mount one; otherwise the test is skipped."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small disk needs root")
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine does not let tests mount a tmpfs")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


class Served:
    """A running `course serve`."""

    def __init__(self, data: Path, home: Path, *arguments: str, **more: str) -> None:
        self.data, self.home = data, home
        self.lines: list[str] = []
        ports = [] if "--port" in arguments else ["--port", str(free_port())]
        ports += [] if "--staff-port" in arguments else ["--staff-port", str(free_port())]
        self.process = subprocess.Popen(
            [*PYTHON, "serve", "--data", str(data), *ports, *arguments],
            cwd=home.parent,
            env=environment(home, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_until_open(self) -> Served:
        def opened() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.said}")
            return "To stop, press Ctrl-C" in self.said

        eventually(opened, FIRST_START)
        return self

    @property
    def learner(self) -> str:
        return self._address("LEARNERS")

    @property
    def staff(self) -> str:
        return self.staff_with_token.split("/?token=")[0]

    @property
    def staff_with_token(self) -> str:
        found = re.search(r"(http://\S+\?token=\S+)", self.said)
        assert found, self.said
        return found[1]

    @property
    def token(self) -> str:
        return self.staff_with_token.split("token=")[1]

    def _address(self, name: str) -> str:
        found = re.search(rf"{name}\s+(http://\S+?)/?$", self.said, re.M)
        assert found, self.said
        return found[1]

    def family(self) -> list[psutil.Process]:
        """Every process that belongs to this course now."""
        try:
            me = psutil.Process(self.process.pid)
            return [me, *me.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def door(self, name: str) -> psutil.Process:
        """The process of the `learner` or the `staff` site."""
        wanted = f"crossings.server.{name}"

        def found() -> psutil.Process | None:
            return next((p for p in self.family() if wanted in _command(p)), None)

        door: psutil.Process = eventually(found)
        return door

    def stop(self, how: int = signal.SIGINT, group: bool = False) -> int:
        """Ask it to end, as Ctrl-C does, and return its exit code."""
        if self.process.poll() is None:
            if group:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """For fixtures: nothing survives a failed test."""
        family = self.family()
        self.process.kill()
        for process in family:
            try:
                process.kill()
            except psutil.Error:
                continue
        self.process.wait(timeout=10)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def gone(processes: list[psutil.Process], seconds: float = 20.0) -> bool:
    """True when all of `processes` ended in time (a zombie has ended)."""

    def all_gone() -> bool:
        return not [p for p in processes if _lives(p)]

    try:
        return bool(eventually(all_gone, seconds))
    except AssertionError:
        return False


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
