"""Every hostile notebook in one run, among honest ones: contained, reported, nobody else hurt."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import get_args

import psutil
import pytest

from crossings.grading.runner import Limits, Protection, Ran, Runner, Task, pool, protection
from crossings.grading.runner.model import Outcome
from tests.attack.corpus import ATTACKS, Attack, notebook, shown
from tests.attack.scene import CANARY, Scene, scene

pytestmark = [
    pytest.mark.attack,
    pytest.mark.xdist_group("attack-notebooks"),
    pytest.mark.skipif(
        not protection().complete, reason="no complete sandbox here: " + protection().told()
    ),
]

LIMITS = Limits(
    cpu_seconds=6,
    memory_mb=256,
    file_mb=16,
    disk_mb=32,
    processes=24,
    open_files=128,
    cell_seconds=2,
    notebook_seconds=8,
    output_mb=1,
)
HONEST = notebook(
    f"# {CANARY}\nimport pandas as pd\nframe = pd.read_csv('people.csv')",
    "mean = frame['age'].mean()\nprint(mean)",
    "assert mean == 30\n'right'",
    "import os\nsorted(os.listdir())",
)
PEOPLE = f"name,age\n{CANARY},20\nb,40\n".encode()
EVERY = 8
"""An honest submission comes after so many hostile ones."""


@dataclass
class Battle:
    scene: Scene
    seconds: float = 0
    attacks: dict[str, Ran] = field(default_factory=dict)
    honest: list[Ran] = field(default_factory=list)
    processes_left: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def battle() -> Iterator[Battle]:
    os.environ["CROSSINGS_SECRET_CANARY"] = CANARY
    with scene() as made:
        fought = Battle(made)
        before = set(_running())
        started = time.monotonic()
        with Runner(jobs=2) as runner:
            for ran in runner.run(_tasks(made)):
                if ran.key.startswith("honest"):
                    fought.honest.append(ran)
                else:
                    fought.attacks[ran.key] = ran
        fought.seconds = time.monotonic() - started
        fought.processes_left = [line for it, line in _running().items() if it not in before]
        yield fought
    del os.environ["CROSSINGS_SECRET_CANARY"]


def _tasks(made: Scene) -> Iterator[Task]:
    for number, attack in enumerate(ATTACKS):
        if number % EVERY == 0:
            yield Task(f"honest-{number}", HONEST, {"people.csv": PEOPLE})
        yield Task(attack.name, notebook(*attack.cells), made.files, _limits(attack))
    yield Task("honest-last", HONEST, {"people.csv": PEOPLE})


def _limits(attack: Attack) -> Limits:
    """What should run to its end has time for it, however busy the machine is."""
    patient = {"cell_seconds": 25, "notebook_seconds": 28} if attack.expected == {"ran"} else {}
    return replace(LIMITS, **patient | dict(attack.limits))


def _running() -> dict[psutil.Process, str]:
    """Sandboxes of this process and what an attack leaves anywhere: each with its command line.

    Other tests of this session may keep a sandbox of their own.
    """
    children = {p: _line(p) for p in psutil.Process().children(recursive=True)}
    mine = {p: line for p, line in children.items() if "zygote" in line}
    everybody = {p: _line(p) for p in psutil.process_iter()}
    return mine | {p: line for p, line in everybody.items() if "98765" in line}


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_there_are_enough() -> None:
    assert len(ATTACKS) >= 60
    assert all(attack.tries and attack.cells for attack in ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_one_outcome_is_right_or_it_is_said_why_not(attack: Attack) -> None:
    assert attack.expected <= set(get_args(Outcome))
    assert bool(attack.because) == (len(attack.expected) > 1)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_it_is_contained_and_reported(battle: Battle, attack: Attack) -> None:
    ran = battle.attacks[attack.name]
    told = f"{ran.outcome}: {ran.reason}\n{shown(ran.notebook)[-2000:]}"
    assert "ESCAPED" not in shown(ran.notebook), told
    assert ran.outcome in attack.expected, told
    assert bool(ran.reason) == (ran.outcome != "ran")
    text = json.dumps(ran.notebook, ensure_ascii=False, allow_nan=False)
    assert len(text.encode("utf-8")) < 3_000_000  # and it is valid UTF-8
    assert ran.seconds < 30
    assert ran.peak_mb < 2 * LIMITS.memory_mb


def test_honest_submissions_are_marked_right_in_the_same_run(battle: Battle) -> None:
    assert len(battle.honest) == (len(ATTACKS) + EVERY - 1) // EVERY + 1
    for ran in battle.honest:
        assert (ran.outcome, ran.reason, ran.signals) == ("ran", "", ()), ran
        assert ran.notebook is not None
        _, mean, right, files = (cell["outputs"] for cell in ran.notebook["cells"])
        assert mean == [{"output_type": "stream", "name": "stdout", "text": "30.0\n"}]
        assert right[0]["data"] == {"text/plain": "'right'"}
        assert files[0]["data"] == {"text/plain": "['people.csv']"}


def test_nothing_outside_was_read_changed_or_reached(battle: Battle) -> None:
    assert battle.scene.changes() == []
    assert battle.scene.heard == []


def test_nothing_of_it_is_still_running(battle: Battle) -> None:
    assert battle.processes_left == []


def test_attacks_do_succeed_where_there_are_no_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a slip in an attack would pass for a wall that holds."""
    none = Protection((), ("for this test there are no walls",))
    monkeypatch.setattr(pool.probe, "protection", lambda: none)
    bare = [attack for attack in ATTACKS if attack.bare]
    with scene() as made, Runner(unsafe=True, preload=()) as runner:
        tasks = [Task(a.name, notebook(*a.cells), made.files, _limits(a)) for a in bare]
        for ran in runner.run(tasks):
            assert "ESCAPED" in shown(ran.notebook), f"{ran}"
        assert made.heard
