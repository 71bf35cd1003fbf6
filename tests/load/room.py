"""The real learner site as a process, a trainer, and a crowd of simulated participants."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from crossings.drills import DrillLog, Trainer, open_drill
from crossings.environment import child_environment
from crossings.workspace import ROOT, Workspace
from tests.drills import classroom
from tests.serving import built_book, free_port


class Site:
    """`python -m crossings.server.learner`, which `./course serve` starts as its learner site."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.workspace, self.port, self._env = Workspace(folder), free_port(), env
        self.log = DrillLog(env.get("CROSSINGS_DRILL_LOG") or self.workspace.drill_log)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, files: int | None = None) -> None:
        """`files`: as on a system that gives a program no more open files than this."""
        command = [sys.executable, "-m", "crossings.server.learner", "--port", str(self.port)]
        env = child_environment(self.workspace) | self._env
        if files is not None:
            command = ["sh", "-c", f'ulimit -S -n {files} && exec "$@"', "sh", *command]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/api/health", timeout=2)
                return
            except httpx.HTTPError:
                assert self.process.poll() is None, "the learner site ended"
                time.sleep(0.1)
        raise AssertionError("the learner site did not start")

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def memory(self) -> int:
        """Resident bytes."""
        assert self.process is not None
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def drill(self) -> Trainer:
        """A quiz with its lobby open."""
        return Trainer(self.log, open_drill(self.log, classroom.course(), classroom.QUIZ))


@contextmanager
def site(folder: Path, **env: str) -> Iterator[Site]:
    built_book(folder / "home")
    made = Site(folder, **env)
    try:
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.kill()
        made.log.close()


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
