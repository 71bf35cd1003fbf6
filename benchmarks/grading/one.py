"""One contestant of our own in this process: `python -m benchmarks.grading.one WHO COUNT …`."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.grading import assignment
from crossings.grading.runner import Runner, Task


def main(arguments: list[str]) -> None:
    who, count = arguments[0], int(arguments[1])
    if who == "floor":
        print(json.dumps(_floor(count)))
    elif who == "worksheets":
        print(json.dumps(_worksheets(count, Path(arguments[2]), Path(arguments[3]))))
    else:
        print(json.dumps(_ours(count, int(arguments[2]), Path(arguments[3]))))


def _ours(count: int, jobs: int, scores: Path) -> dict[str, float]:
    started = time.monotonic()
    points: dict[str, dict[str, float]] = {}
    with Runner(jobs=jobs) as runner:
        warm = time.monotonic() - started
        for ran in runner.run(_tasks(count)):
            assert ran.outcome == "ran" and ran.notebook is not None, ran
            points[ran.key] = assignment.scores(ran.notebook)
        # The kernel ends a sandbox with all in it: nobody waits for these, so nobody counts them.
        cpu = sum(sum(p.cpu_times()[:4]) for p in psutil.Process().children(recursive=True))
    scores.write_text(json.dumps(points), encoding="utf-8")
    return {"warm": warm, "cpu_of_sandboxes": cpu}


def _worksheets(count: int, folder: Path, scores: Path) -> dict[str, float]:
    started = time.monotonic()
    from benchmarks.grading import worksheets
    from crossings.workspace import Workspace

    warm = time.monotonic() - started
    points = worksheets.score_all(Workspace(folder), count)
    scores.write_text(json.dumps(points), encoding="utf-8")
    return {"warm": warm}


def _tasks(count: int) -> Iterator[Task]:
    files = {assignment.CSV: assignment.data()}
    for number in range(count):
        yield Task(f"s{number:04}", assignment.runnable(number), files)


def _floor(count: int) -> dict[str, float]:
    started = time.monotonic()
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    from crossings.grading.runner.inside import zygote
    from crossings.grading.runner.inside.shell import Tap, prepare, take_streams
    from crossings.grading.runner.inside.tape import Tape

    tape = Tape()
    tape.most = 4_000_000
    tap = Tap(prepare(tape))
    for name in ("pandas", "matplotlib.pyplot"):
        zygote._load(name)
    zygote._warm(tap.shell)
    out = sys.stdout
    take_streams(tape)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path(assignment.CSV).write_bytes(assignment.data())
        gc.collect()
        gc.freeze()  # as the runner's parent does
        warm = time.monotonic() - started
        asyncio.run(_cells(tap, tape, count))
        os.chdir("/")
    sys.stdout = out
    return {"warm": warm}


async def _cells(tap: Any, tape: Any, count: int) -> None:
    clean = set(tap.shell.user_ns)
    for number in range(count):
        for cell in assignment.runnable(number)["cells"]:
            await tap.run(cell["source"])
            tape.take()
        tape._used = 0
        for name in set(tap.shell.user_ns) - clean:
            del tap.shell.user_ns[name]
        tap.shell.history_manager.outputs.clear()


if __name__ == "__main__":
    main(sys.argv[1:])
