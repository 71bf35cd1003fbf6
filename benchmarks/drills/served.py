"""The course as a user starts it, and the trainer's desk beside it: processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.drills.crowd import Chart
from benchmarks.ports import free_port
from crossings.workspace import ROOT

PATIENCE = 300.0
"""Seconds for a start that may have to build the book."""


def more_files() -> None:
    """A generator of 2,000 participants has 4,000 connections open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Served:
    """A running `./course serve`."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], port: int) -> None:
        self.folder, self.process, self.port = folder, process, port

    @property
    def learner(self) -> psutil.Process:
        """The process of the learner site; another one after it was killed."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for child in psutil.Process(self.process.pid).children():
                if "crossings.server.learner" in " ".join(child.cmdline()):
                    return child
            time.sleep(0.05)
        raise TimeoutError("there is no learner site")

    def kill_learner(self) -> None:
        """SIGKILL; `serve` starts it again."""
        os.kill(self.learner.pid, signal.SIGKILL)


@contextmanager
def served(folder: Path, host: str = "127.0.0.1") -> Iterator[Served]:
    """Raises RuntimeError with what it said where the course does not start."""
    port = free_port()
    command = [sys.executable, "-m", "crossings.cli", "serve", "--data", str(folder)]
    command += ["--host", host]
    command += ["--port", str(port), "--staff-port", str(free_port())]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "To stop, press Ctrl-C" in line:
                break
        else:
            raise RuntimeError("".join(said[-12:]))
        yield Served(folder, process, port)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


class Desk:
    """The trainer's console, told what to do; `chart` is what it showed when."""

    def __init__(self, process: asyncio.subprocess.Process, opened: dict[str, Any]) -> None:
        self._process, self.opened, self.chart = process, opened, Chart()
        self.took: list[float] = []
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, place: Path) -> Desk:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.drills.desk", str(place), cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        return cls(process, json.loads(await process.stdout.readline()))

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            self.chart.seen.append((told["at"], told["step"], told["answered"]))
            self.took.append(told["took"])

    def do(self, act: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{act}\n".encode())

    async def close(self) -> None:
        self.do("end")
        try:
            await asyncio.wait_for(self._process.wait(), 20)
        except TimeoutError:
            self._process.kill()
        await self._reading
