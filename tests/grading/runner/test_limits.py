"""Each limit is felt, is told in words, and hurts nobody else."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from crossings.grading.runner import Limits, Runner, Task, protection
from tests.grading.runner.conftest import QUICK, SMALL, Run, cells, outputs, text

LOOP = "while True:\n    pass"
C_LOOP = "sum(iter(int, 1))"  # in C from end to end, where no exception can be raised


def test_a_cell_that_loops_is_interrupted_and_the_rest_is_run(run: Run) -> None:
    ran = run("print('before')\n" + LOOP, "print('after')", limits=QUICK)
    assert ran.outcome == "timed out"
    assert (
        ran.reason == "cell 1 ran longer than 1 s and was interrupted; the cells after it were run"
    )
    stream, interrupt, timeout = outputs(ran)
    assert stream["text"] == "before\n"
    assert interrupt["ename"] == "KeyboardInterrupt"
    assert timeout == {
        "output_type": "error",
        "ename": "CellTimeoutError",
        "evalue": "",
        "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
    }
    assert text(ran, 1) == "after\n"


def test_a_cell_that_cannot_be_interrupted_ends_its_notebook(run: Run) -> None:
    ran = run("x = 1", C_LOOP, "x", limits=QUICK)
    assert ran.outcome == "timed out"
    assert ran.reason == "it ran longer than 1 s and could not be interrupted, in cell 2"
    assert ran.notebook is not None
    reached = [
        c["metadata"].get("crossings", {}).get("reached", True) for c in ran.notebook["cells"]
    ]
    assert reached == [True, True, False]
    assert outputs(ran, 1)[-1]["ename"] == "CellTimeoutError"
    assert outputs(ran, 2) == []
    assert ran.seconds < 20


def test_a_notebook_has_a_time_too(run: Run) -> None:
    limits = replace(SMALL, notebook_seconds=1)
    ran = run("import time\ntime.sleep(0.7)", "time.sleep(0.7)", "1", limits=limits)
    assert ran.outcome == "timed out"
    assert ran.reason == "the notebook ran longer than 1 s, in cell 2"


def test_processor_time_is_limited_over_all_processes(run: Run) -> None:
    forks = "import os\nfor _ in range(3):\n    os.fork()\n" + LOOP
    ran = run(forks, limits=replace(SMALL, cpu_seconds=1))
    assert (ran.outcome, ran.reason) == (
        "timed out",
        "it used more than 1 s of processor time, in cell 1",
    )


def test_memory_that_is_used_is_limited_over_all_processes(run: Run) -> None:
    ran = run("held = []\nwhile True:\n    held.append(b'x' * (4 << 20))")
    assert (ran.outcome, ran.reason) == ("out of memory", "it used more than 256 MB, in cell 1")
    assert outputs(ran)[-1]["ename"] == "DeadKernelError"
    assert ran.peak_mb > 200
    forks = "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        "
    forks += "held = b'x' * (60 << 20)\n        time.sleep(20)\ntime.sleep(20)"
    ran = run(forks, limits=SMALL)
    assert ran.outcome == "out of memory"


def test_one_request_for_too_much_memory_fails_in_its_cell(run: Run) -> None:
    ran = run("held = bytearray(1 << 40)", "print('the rest')")
    assert ran.outcome == "out of memory"
    assert "cell 1 asked for more memory" in ran.reason
    assert outputs(ran)[0]["ename"] == "MemoryError"
    assert text(ran, 1) == "the rest\n"


def test_pages_that_forks_share_are_counted_once(run: Run) -> None:
    shared = "import os, time\nheld = b'x' * (100 << 20)\nfor _ in range(8):\n    "
    shared += (
        "if os.fork() == 0:\n        time.sleep(0.6)\n        os._exit(0)\ntime.sleep(0.7)\n'fine'"
    )
    ran = run(shared, limits=SMALL)
    assert (ran.outcome, outputs(ran)[-1]["data"]) == ("ran", {"text/plain": "'fine'"})


def test_disk_files_processes_and_open_files_are_limited(run: Run) -> None:
    write = (
        "def write(name, mb):\n    with open(name, 'wb') as f:\n        f.write(bytes(mb << 20))\n"
    )
    ran = run(
        write + "write('small', 4)",
        "write('too-large', 9)",
        "for n in range(9):\n    write(f'/tmp/{n}', 4)",
        "import os\nheld = [os.open('/dev/null', 0) for _ in range(1000)]",
        "[os.close(fd) for fd in range(100, 256)]\nimport subprocess\n"
        "held = [subprocess.Popen(['sleep', '20']) for _ in range(100)]",
    )
    assert ran.outcome == "ran"
    names = [outputs(ran, n)[0]["evalue"] for n in range(1, 5)]
    assert "File too large" in names[0]
    assert "No space left" in names[1]
    assert "Too many open files" in names[2]
    assert "temporarily unavailable" in names[3] or "Too many open files" in names[3]


def test_outputs_are_cut_and_that_is_said(run: Run) -> None:
    ran = run("print('x' * 3_000_000)", "print('later')", limits=replace(SMALL, output_mb=1))
    assert ran.outcome == "ran"
    assert ran.signals == ("outputs were cut off",)
    assert len(text(ran)) == 1_000_000
    assert text(ran, 1) == ""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\nos._exit(3)", "it ended its own process (exit status 3), in cell 1"),
        ("import ctypes\nctypes.string_at(0)", "it died of signal 11 (SIGSEGV), in cell 1"),
        ("exit()", "cell 1 stopped its own kernel (exit or quit)"),
    ],
)
def test_a_notebook_that_dies_is_reported_with_its_cell(run: Run, source: str, reason: str) -> None:
    ran = run(source, "'a test'")
    assert (ran.outcome, ran.reason) == ("crashed", reason)
    assert ran.notebook is not None
    assert ran.notebook["cells"][1]["metadata"] == {"crossings": {"reached": False}}


def test_a_notebook_that_hangs_or_dies_delays_nobody() -> None:
    if not protection().complete:
        pytest.skip("no complete sandbox here: " + protection().told())
    hangs, fine = cells(C_LOOP), cells("1")
    tasks = [
        Task("hangs", hangs, {}, QUICK),
        Task("dies", cells("import os\nos.abort()"), {}, QUICK),
    ]
    tasks += [Task(f"fine-{n}", fine, {}, Limits()) for n in range(10)]
    with Runner(jobs=2, preload=()) as runner:
        started, finished = time.monotonic(), {}
        for ran in runner.run(tasks):
            finished[ran.key] = (ran.outcome, time.monotonic() - started)
    assert [finished[f"fine-{n}"][0] for n in range(10)] == ["ran"] * 10
    assert finished["hangs"][0] == "timed out"
    assert finished["dies"][0] == "crashed"
    assert max(finished[f"fine-{n}"][1] for n in range(10)) < finished["hangs"][1]
