"""Every wall is tried; where one is missing, it is said what is lost, and nothing is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crossings.grading.runner import (
    Protection,
    Runner,
    Task,
    UnprotectedError,
    bubble,
    probe,
    protection,
)
from crossings.grading.runner.inside import confine
from crossings.workspace import ROOT
from tests.grading.runner.conftest import QUICK, SMALL, cells, outputs, text

NOBODY = 65534
LEAVE = "import subprocess\nsubprocess.Popen(['sleep', '65432'], start_new_session=True)"
complete = pytest.mark.skipif(not protection().complete, reason=protection().told())


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer without bubblewrap."""
    monkeypatch.setattr(bubble, "find", lambda: None)
    found = probe.protection.__wrapped__()
    monkeypatch.setattr(probe, "protection", lambda: found)


@complete
def test_all_walls_stand_here() -> None:
    assert protection() == Protection(confine.LAYERS, ())


def test_without_bubblewrap_nothing_is_run_and_it_is_said_what_is_lost(bare: None) -> None:
    with pytest.raises(UnprotectedError) as refused, Runner():
        pass
    said = str(refused.value)
    assert "Bubblewrap does not work here (the program is missing; install" in said
    assert "could read and change your files, the gradebook and the hidden tests" in said
    assert "could reach other notebooks and outlive its run" in said
    assert "--unsafe" in said


def test_a_bubblewrap_that_fails_is_found_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setattr(bubble, "find", lambda: str(broken))
    found = probe.protection.__wrapped__()
    assert not found.complete
    assert "No permissions to create new namespace" in found.told()
    assert "bubblewrap" not in found.layers


def test_a_missing_landlock_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        probe, "_inside", lambda bwrap: ({"landlock": "it is not in the kernel"}, "")
    )
    found = probe.protection.__wrapped__()
    assert [layer for layer in confine.LAYERS if layer not in found.layers] == ["landlock"]
    assert "The kernel has no Landlock (it is not in the kernel)" in found.told()


def test_unsafe_runs_with_what_there_is(bare: None) -> None:
    before = set(Path("/tmp").glob("crossings-run-*"))
    with Runner(unsafe=True, preload=()) as runner:
        tasks = [
            Task("fine", cells("print(open('a.txt').read())", "1/0"), {"a.txt": b"A"}, SMALL),
            Task("loops", cells("while True: pass", "print('rest')"), {}, QUICK),
            Task("hangs", cells("sum(iter(int, 1))"), {}, QUICK),
            Task("grows", cells("x = []\nwhile True: x.append(b'x' * (8 << 20))"), {}, SMALL),
            Task("leaves", cells(LEAVE)),
            Task("last", cells("import os\nprint(os.listdir())"), {}, SMALL),
        ]  # fmt: skip
        ran = {r.key: r for r in runner.run(tasks)}
    assert text(ran["fine"]) == "A\n"
    assert outputs(ran["fine"], 1)[0]["ename"] == "ZeroDivisionError"
    assert ran["loops"].outcome == "timed out"
    assert text(ran["loops"], 1) == "rest\n"
    assert ran["hangs"].outcome == "timed out"
    assert ran["grows"].outcome == "out of memory"
    assert ran["leaves"].outcome == "ran"
    assert text(ran["last"]) == "[]\n"
    assert set(Path("/tmp").glob("crossings-run-*")) == before
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "65432" not in listed.stdout


@complete
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_unprivileged_user_has_the_same_walls() -> None:
    """The examiner as `nobody`, with interpreter and package where that user can read them."""
    visible = bubble.command(bubble.find() or "", [])
    first = visible[: visible.index("--")]
    first += ["--ro-bind", str(ROOT / "crossings"), f"{ROOT}/crossings", "--chdir", str(ROOT)]
    python = bubble._seen(sys.executable)
    become = [python, "-I", "-S", "-c", bubble._BECOME, str(NOBODY)]
    program = [*become, python, "-c", AS_NOBODY]
    parents = [
        f for p in reversed((ROOT / "x").parents[:-1]) for f in ("--perms", "0755", "--dir", str(p))
    ]
    done = subprocess.run(
        [first[0], "--perms", "1777", "--tmpfs", "/tmp", *parents, *first[1:],
         "--setenv", "PYTHONPATH", str(ROOT), "--", *program],
        capture_output=True, text=True, check=False,
        env={"HOME": "/tmp", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"uid": NOBODY, "missing": [], "outcome": "ran", "text": "1000 root:no fork:no"}


AS_NOBODY = """
import json, os
from crossings.grading.runner import Limits, Runner, Task, protection
code = '''
import os
def may(act):
    try:
        act()
    except OSError:
        return "no"
    return "yes"
def forks():
    for _ in range(40):
        if os.fork() == 0:
            import time; time.sleep(5); os._exit(0)
print(os.getuid(), "root:" + may(lambda: os.setuid(0)), "fork:" + may(forks))
'''
cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": code}
notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
found = protection()
with Runner(preload=()) as runner:
    (ran,) = runner.run([Task("x", notebook)])
(output,) = ran.notebook["cells"][0]["outputs"]
told = {"uid": os.getuid(), "missing": found.missing, "outcome": ran.outcome}
print(json.dumps({**told, "text": output.get("text", str(output)).strip()}))
"""
