"""kill -9 of a worker, of the scheduler and of the marking process, while a cluster marks."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest

from crossings.curriculum import Course
from crossings.grading import inbox, mark
from crossings.grading.ledger import Ledger
from crossings.workspace import Workspace
from tests.grading import marking_run
from tests.grading.conftest import data_notebook
from tests.grading.test_kill import outcome
from tests.grading.test_mark import answered

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX"),
    pytest.mark.xdist_group("kill-cluster"),
]
PATIENCE = 90
"""Seconds after which something that should have ended, or gone on, hangs."""

_start = multiprocessing.get_context("forkserver")
_start.set_forkserver_preload(["tests.grading.marking_run"])


@dataclass
class Served:
    """A running `./course cluster`."""

    process: BaseProcess
    address: str

    def workers(self) -> list[psutil.Process]:
        """The processes that run notebooks: children with a sandbox, or about to have one."""
        children = psutil.Process(self.process.pid).children()
        return [p for p in children if "spawn_main" in " ".join(_line(p))]

    def end(self) -> None:
        """Kill the scheduler; what it leaves has to end by itself."""
        left = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.join()
        _, alive = psutil.wait_procs(left, timeout=PATIENCE)
        assert [_line(p) for p in alive] == [], "workers end when their scheduler is gone"


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextlib.contextmanager
def serving(workspace: Workspace) -> Iterator[Callable[[], Served]]:
    """Gives the running cluster, and starts one where there is none."""
    running: list[Served] = []

    def served() -> Served:
        if not running or not running[-1].process.is_alive():
            mine, its = _start.Pipe(duplex=False)
            process = _start.Process(target=marking_run.serve, args=(str(workspace.root), its))
            process.start()
            its.close()
            assert mine.poll(PATIENCE), "the cluster starts"
            running.append(Served(process, mine.recv()))
        return running[-1]

    try:
        yield served
    finally:
        if running and running[-1].process.is_alive():
            running[-1].end()


def hand_in(workspace: Workspace, count: int) -> None:
    for number in range(count):
        code = f"def count(rows):\n    return {2 + number % 2}"
        if number == 2:
            code = "import os\nos._exit(1)"
        said = data_notebook()["cells"][-1]["source"] + f" {number}"
        body = answered(code, said=said)
        inbox.receive_upload(workspace, "people", f"Person {number}", "people.ipynb", body)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "moments", [4, pytest.param(40, marks=pytest.mark.slow)], ids=["four", "forty"]
)
def test_whoever_is_killed_every_mark_is_there_once(
    classroom: Workspace, course: Course, tmp_path: Path, moments: int
) -> None:
    hand_in(classroom, max(40, moments * 4))
    calm = Workspace(tmp_path / "undisturbed")
    shutil.copytree(classroom.root, calm.root)
    mark.grade("people", None, calm, course=course, publish=False)
    mark.grade("sheet", None, calm, course=course, publish=False)
    moment = random.Random(20_311)
    with serving(classroom) as served:
        for number in range(moments):
            kill = (_the_worker, _the_scheduler, _the_marking)[number % 3]
            _disturbed(course, classroom, served(), kill, moment)
        cluster = served().address
        assert _marked(course, classroom, cluster) == "", "what is left is marked"
    mark.grade("sheet", None, classroom, course=course, publish=False)
    assert outcome(classroom) == outcome(calm)


@dataclass
class Scene:
    served: Served
    marking: BaseProcess
    told: Connection


def _disturbed(
    course: Course,
    workspace: Workspace,
    served: Served,
    kill: Callable[[Scene], None],
    moment: random.Random,
) -> None:
    """Start marking on the cluster, and kill something once it is at work on what is new."""
    with Ledger(workspace) as ledger:
        done = len(ledger.latest("people", ("mark",)))
    scene = Scene(served, *_begun(course, workspace, served.address))
    for _ in range(done + 1 + moment.randrange(2)):
        assert isinstance(_heard(scene.told), int)
    time.sleep(moment.random() * 0.2)
    kill(scene)
    scene.marking.kill()
    scene.marking.join()
    scene.told.close()


def _begun(course: Course, workspace: Workspace, address: str) -> tuple[BaseProcess, Connection]:
    mine, its = _start.Pipe(duplex=False)
    given = (str(course.root), str(workspace.root), "people", its, address)
    marking = _start.Process(target=marking_run.run, args=given)
    marking.start()
    its.close()
    return marking, mine


def _heard(told: Connection) -> int | str:
    assert told.poll(PATIENCE), "marking goes on, or says why not"
    return told.recv()


def _the_worker(scene: Scene) -> None:
    """Marking goes on with the others, and with the one that is started in its place."""
    workers = scene.served.workers()
    assert len(workers) == 2
    workers[0].kill()
    for _ in range(2):
        assert isinstance(_heard(scene.told), int)


def _the_scheduler(scene: Scene) -> None:
    """Marking ends, and says why; it does not take the cluster's death for a learner's."""
    scene.served.end()
    last: int | str = 0
    while isinstance(last, int):
        last = _heard(scene.told)
    assert "cluster" in last
    scene.marking.join(PATIENCE)
    assert scene.marking.exitcode == 0


def _the_marking(scene: Scene) -> None:
    """What was on its way to the workers is nobody's any more; the next run sends it again."""
    scene.marking.kill()


def _marked(course: Course, workspace: Workspace, address: str) -> str:
    marking, told = _begun(course, workspace, address)
    last: int | str = 0
    while isinstance(last, int):
        last = _heard(told)
    marking.join()
    return last
