"""The runner as its callers see it: tasks in, runs out, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from crossings.grading.runner import Limits, Ran, Runner, Task, version
from crossings.workspace import ROOT
from tests.grading.runner.conftest import SMALL, Run, cells, outputs, text


def test_files_lie_beside_the_notebook_and_only_they(run: Run) -> None:
    files = {"data.csv": b"a,b\n1,2\n", "sub/folder/more.txt": "ä".encode()}
    ran = run(
        "import os\nfrom pathlib import Path\nprint(sorted(os.listdir()), "
        "Path('data.csv').read_text(), Path('sub/folder/more.txt').read_text())",
        "open('new.txt', 'w').write('x')",
        files=files,
    )
    assert text(ran) == "['data.csv', 'sub'] a,b\n1,2\n ä\n"
    again = run("import os\nprint(os.listdir())")
    assert text(again) == "[]\n"


def test_one_notebook_leaves_nothing_for_the_next(run: Run) -> None:
    leave = "import builtins, os, pandas, sys\nbuiltins.left = pandas.left = sys.left = 1\n"
    leave += "open('/tmp/left', 'w').close()\nopen('/dev/shm/left', 'w').close()\n"
    leave += "os.environ['LEFT'] = '1'"
    assert run(leave).outcome == "ran"
    look = "import builtins, os, pandas, sys\n"
    look += "print([hasattr(m, 'left') for m in (builtins, pandas, sys)], os.environ.get('LEFT'),"
    look += " os.listdir('/tmp'), os.listdir('/dev/shm'), len(In), sys.exc_info()[0])"
    assert text(run(look)) == "[False, False, False] None [] [] 2 None\n"


def test_each_notebook_has_its_own_chance(run: Run) -> None:
    source = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    first, second = text(run(source)).split(), text(run(source)).split()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_what_is_not_run_stays_as_it_is(runner: Runner) -> None:
    notebook = cells("1", "2", "3", "   ")
    notebook["cells"][1]["metadata"] = {"tags": ["skip-execution"], "crossings": {"kept": 1}}
    notebook["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    notebook["cells"][2] = {"cell_type": "markdown", "metadata": {}, "source": ["# a\n", "b"]}
    before = json.dumps(notebook)
    (ran,) = runner.run([Task("k", notebook)])
    assert json.dumps(notebook) == before
    assert ran.notebook is not None
    one, skipped, markdown, empty = ran.notebook["cells"]
    assert one["outputs"][0]["data"] == {"text/plain": "1"}
    assert (skipped["outputs"], skipped["metadata"]["crossings"]) == ([], {"kept": 1})
    assert markdown["source"] == "# a\nb"
    assert (empty["outputs"], empty["execution_count"]) == ([], None)


@pytest.mark.parametrize(
    ("notebook", "files", "reason"),
    [
        ({}, {}, "this is not a notebook in nbformat 4"),
        ({"nbformat": 3, "cells": []}, {}, "this is not a notebook in nbformat 4"),
        ({"nbformat": 4, "cells": "x"}, {}, "the notebook has no list of cells"),
        ({"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}, {}, "cell 1 has no text"),
        ({"nbformat": 4, "cells": [7]}, {}, "cell 1 is not a cell"),
        (
            {"nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}, "cells": []},
            {},
            "the notebook is written in R, not in Python",
        ),
        (cells("1"), {"../out": b""}, "the file name '../out' leads out of the folder"),
        (cells("1"), {"/etc/x": b""}, "the file name '/etc/x' leads out of the folder"),
        (cells("1"), {"big": bytes(17 << 20)}, "its files have over 16 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_says_why(
    runner: Runner, notebook: dict[str, object], files: dict[str, bytes], reason: str
) -> None:
    (ran,) = runner.run([Task("k", notebook, files, SMALL)])
    assert ran == Ran("k", "not gradable", reason)


def test_tasks_are_read_no_further_than_needed(runner: Runner) -> None:
    read: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(1000):
            read.append(number)
            yield Task(str(number), cells("1"))

    running = runner.run(tasks())
    assert next(running).key == "0"
    running.close()
    assert len(read) < 6
    assert [ran.outcome for ran in runner.run([Task("again", cells("1"))])] == ["ran"]


def test_an_error_in_the_callers_tasks_reaches_the_caller(runner: Runner) -> None:
    def tasks() -> Iterator[Task]:
        yield Task("1", cells("1"))
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        list(runner.run(tasks()))
    assert [ran.outcome for ran in runner.run([Task("again", cells("1"))])] == ["ran"]


def test_a_broken_sandbox_is_made_anew_and_no_task_is_lost(runner: Runner) -> None:
    worker = runner._workers[0]
    assert worker._sandbox is not None
    worker._sandbox.hang_up()
    ran = list(runner.run([Task(str(n), cells(f"print({n})")) for n in range(3)]))
    assert [(r.key, r.outcome, text(r)) for r in ran] == [
        (str(n), "ran", f"{n}\n") for n in range(3)
    ]


def test_what_was_used_is_told(run: Run) -> None:
    ran = run("held = b'x' * (50 << 20)\nfor _ in range(3_000_000):\n    pass")
    assert 45 < ran.peak_mb < 90
    assert 0.01 < ran.cpu_seconds < 5
    assert ran.cpu_seconds < ran.seconds + 1


def test_the_version_changes_with_what_is_loaded(runner: Runner) -> None:
    assert runner.version == version.of(runner.preload)
    assert runner.version != version.of(("pandas",))


def test_displays_that_are_not_json_leave_a_note(run: Run) -> None:
    show = "from IPython.display import display\n"
    show += "display({'application/json': {'x': float('nan')}, 'text/plain': 'p'}, raw=True)"
    assert outputs(run(show, "1"), 1)[0]["data"] == {"text/plain": "1"}


def test_nothing_is_left_when_the_runner_is_closed_while_it_runs() -> None:
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    with Runner(jobs=2, preload=()) as runner:
        sandboxes = [p for p in psutil.Process().children(recursive=True) if p.pid not in before]
        assert sandboxes
        quick, slow = Task("quick", cells("1")), Task("slow", cells("import time\ntime.sleep(60)"))
        running = runner.run([quick, slow, slow])
        assert next(running).key == "quick"
    assert not [p for p in sandboxes if _lives(p)]


def _lives(process: psutil.Process) -> bool:
    """A zombie does not: only its parent's note of it is left."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


SUPERVISOR = """
import sys
from crossings.grading.runner import Runner, Task
from tests.grading.runner.conftest import cells
loop = cells("import subprocess\\nsubprocess.Popen(['sleep', '76543'])", "while True: pass")
with Runner(jobs=2, preload=()) as runner:
    print("warm", flush=True)
    list(runner.run([Task("x", loop)] * 2))
"""


def test_nothing_is_left_when_the_examiner_is_killed(tmp_path: Path) -> None:
    before = set(Path("/tmp").iterdir())
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as examiner:  # fmt: skip
        assert examiner.stdout is not None
        assert examiner.stdout.readline() == b"warm\n"
        family = psutil.Process(examiner.pid).children(recursive=True)
        _until(lambda: any("76543" in " ".join(_line(p)) for p in psutil.process_iter()))
        family += [p for p in psutil.process_iter() if "76543" in " ".join(_line(p))]
        examiner.send_signal(signal.SIGKILL)
    assert len(family) >= 4
    _until(lambda: not any(_lives(p) for p in family))
    assert not {
        p for p in set(Path("/tmp").iterdir()) - before if p.name.startswith("crossings-run")
    }


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _until(true: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.1)


def test_many_notebooks_in_one_go(runner: Runner) -> None:
    keys = [str(n) for n in range(30)]
    ran = list(runner.run(Task(key, cells("x = 1", "x + 1"), {}, Limits()) for key in keys))
    assert sorted(r.key for r in ran) == sorted(keys)
    assert {r.outcome for r in ran} == {"ran"}
