"""Notebooks on a cluster: the same marks as here, and nothing but JSON on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course
from crossings.grading import cluster, inbox, mark
from crossings.grading.cluster import local
from crossings.grading.ledger import Ledger
from crossings.grading.mark import GradeError, Power
from crossings.grading.runner import Limits, Ran, Task
from crossings.workspace import Workspace
from tests.grading.test_mark import answered


def hand_in(workspace: Workspace) -> None:
    works = {
        "right": answered("def count(rows):\n    return len(rows)"),
        "wrong": answered("def count(rows):\n    return 2"),
        "dies": answered("import os\nos._exit(0)"),
        "text": b"{",
    }
    for name, body in works.items():
        if name == "text":
            place = workspace.exercises / "submitted" / name / "people"
            place.mkdir(parents=True)
            (place / "people.ipynb").write_bytes(body)
            continue
        inbox.receive_upload(workspace, "people", name, "people.ipynb", body)


def marks(workspace: Workspace) -> dict[str, Any]:
    with Ledger(workspace) as ledger:
        return {
            e.student: (e.outcome, e.reason, e.tests, e.runner_version, e.data["notebooks"])
            for e in ledger.entries(kind="mark")
            if e.outcome != "not gradable"
        }


def test_two_workers_give_the_same_marks_as_this_computer(
    classroom: Workspace, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(classroom)
    there = Workspace(tmp_path / "there")
    shutil.copytree(classroom.root, there.root)
    here = mark.grade("people", None, classroom, course=course, power=Power(jobs=2))
    monkeypatch.setenv("CROSSINGS_WORKSPACE", str(there.root))
    with local(there) as address:
        assert address.startswith("tls://127.0.0.1:")
        key = there.var / "cluster" / "key.pem"
        assert key.stat().st_mode & 0o077 == 0
        far = mark.grade("people", None, there, course=course, power=Power(cluster=address))
    assert not key.exists()
    assert [(r.student, r.outcome, r.marks) for r in far.rows] == [
        (r.student, r.outcome, r.marks) for r in here.rows
    ]
    assert marks(there) == marks(classroom) and len(marks(there)) == 3


def test_a_cluster_that_is_not_there_is_one_message(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    hand_in(classroom)
    with pytest.raises(GradeError, match="No cluster answers"):
        mark.grade(
            "people", None, classroom, course=course, power=Power(cluster="tcp://127.0.0.1:9")
        )


def test_tasks_and_results_travel_as_json_and_come_back_the_same() -> None:
    task = Task(
        "a\x1fb", {"cells": [], "nbformat": 4}, {"x.bin": bytes(range(256))}, Limits(disk_mb=7)
    )
    body = cluster.packed(task)
    assert json.loads(body)["key"] == task.key
    assert cluster.unpacked(body) == task
    ran = Ran("k", "timed out", "slow \ud800", {"cells": []}, 1.5, 1, 3.25, ("cut",))
    assert cluster.opened(cluster.sealed(ran), "k") == ran


@pytest.mark.attack
@pytest.mark.parametrize(
    "body",
    [
        b"cposix\nsystem\n(S'touch pwned'\ntR.",
        b"[]",
        b'{"key": "other"}',
        b'{"key": "k", "outcome": 5}',
        b"[" * 100_000,
        "text",
        None,
    ],
)
def test_what_is_no_result_is_not_believed(body: Any) -> None:
    assert cluster.opened(body, "k").outcome == "crashed"
