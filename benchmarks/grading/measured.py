"""A program measured from outside: wall time, processor time, memory of all its processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

PAUSE = 0.5
"""Seconds between two looks at memory; looking costs some milliseconds a process."""


class FailedError(RuntimeError):
    """A contestant did not do what it should; the message is the end of what it said."""


@dataclass(frozen=True)
class Measured:
    """One contestant's run over `count` submissions."""

    who: str
    count: int
    wall: float
    cpu: float
    peak_mb: float
    warm: float = 0.0
    """Seconds of `wall` before the first submission, where the contestant says so."""
    mid_mb: float = 0.0
    """Memory at half time: that at the end is not larger if memory is flat."""

    @property
    def each(self) -> float:
        """Seconds a submission, start included."""
        return self.wall / self.count

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "each": self.each}


def measure(
    who: str, count: int, command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None
) -> Measured:
    """Run `command` and measure it. A last line of JSON may add figures of its own.

    Raises:
        FailedError: when it does not end well.
    """
    started = time.monotonic()
    before = os.times()
    with subprocess.Popen(
        list(command), cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        watch = _Memory(process.pid)
        watch.start()
        said, _ = process.communicate()
        watch.done.set()
        watch.join()
    wall = time.monotonic() - started
    after = os.times()
    text = said.decode("utf-8", "replace").strip()
    if process.returncode != 0:
        raise FailedError("\n".join(text.splitlines()[-5:]))
    more: dict[str, Any] = {}
    with contextlib.suppress(ValueError, IndexError):
        more = json.loads(text.splitlines()[-1])
    reaped = after.children_user + after.children_system
    reaped -= before.children_user + before.children_system
    seen = watch.seen
    return Measured(
        who=who,
        count=count,
        wall=wall,
        cpu=reaped + float(more.get("cpu_of_sandboxes", 0)),
        peak_mb=max(seen, default=0.0),
        warm=float(more.get("warm", 0)),
        mid_mb=seen[len(seen) // 2] if seen else 0.0,
    )


class _Memory(threading.Thread):
    """Looks at the proportional memory of a process and its descendants, now and then."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.done = pid, threading.Event()
        self.seen: list[float] = []

    def run(self) -> None:
        while not self.done.wait(PAUSE):
            with contextlib.suppress(psutil.Error):
                top = psutil.Process(self.pid)
                self.seen.append(sum(_held(p) for p in [top, *top.children(recursive=True)]))


def _held(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 2**20
    except psutil.Error:
        return 0.0
