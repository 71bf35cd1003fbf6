"""A small course with a worksheet of every kind of item and one data notebook."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from crossings.curriculum import Course, load
from crossings.grading import nbgrader_run, release
from crossings.grading.routes import work_routes
from crossings.workspace import Workspace
from tests.tiny_course import FILES, write_course

ITEMS = """
- id: ws-multiple
  kind: multiple
  stem: Which are elements of the definition?
  options:
    - {id: act, text: Act, correct: true}
    - {id: means, text: Means, correct: true}
    - {id: border, text: Crossing a border, feedback: Trafficking can happen inside one country.}
    - {id: purpose, text: Purpose, correct: true}
  scoring: per-option
  points: 3
  rationale: Act, means and purpose.
  objectives: [DE-1]
  cites: [LAW-1]
  use: [worksheet]
- id: ws-order
  kind: order
  stem: Put the steps in order.
  options:
    - {id: safe, text: Make her safe}
    - {id: listen, text: Listen}
    - {id: refer, text: Refer}
  scoring: per-option
  points: 3
  rationale: Safety comes first.
  objectives: [DE-1]
  cites: [LAW-1]
  use: [worksheet]
- id: ws-grid
  kind: grid
  stem: Trafficking or smuggling?
  options:
    - {id: one, text: A debt that grows, target: trafficking}
    - {id: two, text: A paid boat, target: smuggling}
    - {id: three, text: "It's \\"kept\\" papers — '''quoted'''", target: trafficking}
  targets:
    - {id: trafficking, text: Trafficking}
    - {id: smuggling, text: Smuggling}
  scoring: per-option
  points: 2
  rationale: The debt and the papers point to control.
  objectives: [DE-1]
  cites: [LAW-1]
  use: [worksheet]
- id: ws-match
  kind: match
  stem: Who does what?
  options:
    - {id: ngo, text: Shelter, target: house}
    - {id: clinic, text: Clinic, target: heal}
  targets:
    - {id: house, text: Gives a bed}
    - {id: heal, text: Gives care}
  rationale: Each service has its task.
  objectives: [DE-1]
  cites: [LAW-2]
  use: [worksheet]
- id: ws-number
  kind: number
  stem: How many days at least?
  answer: 30
  tolerance: 0
  unit: days
  rationale: Thirty days.
  objectives: [DE-1]
  cites: [LAW-2]
  use: [worksheet]
- id: ws-short
  kind: short
  stem: Name the third element.
  accept: [purpose, exploitation]
  rationale: Purpose.
  objectives: [DE-1]
  cites: [LAW-2]
  use: [worksheet]
"""
SHEET = """\
id: sheet
title: A sheet
minutes: 10
intro: Read, then answer.
content_note: One question speaks about debt bondage.
objectives: [DE-1]
parts:
  - text: "## Part one"
  - item: ws-1
  - item: ws-multiple
  - item: ws-order
  - item: ws-grid
  - item: ws-match
  - item: ws-number
  - item: ws-short
  - text: "## Part two"
  - item: ws-2
"""
GOOD: dict[str, Any] = {
    "ws-1": {"choice": "a"},
    "ws-multiple": {"choices": ["act", "means", "purpose"]},
    "ws-order": {"order": ["safe", "listen", "refer"]},
    "ws-grid": {"pairs": {"one": "trafficking", "two": "smuggling", "three": "trafficking"}},
    "ws-match": {"pairs": {"ngo": "house", "clinic": "heal"}},
    "ws-number": {"number": 30},
    "ws-short": {"text": "Purpose"},
    "ws-2": {"text": "She asked for water.\nWe found her a quiet room."},
}
PARTLY: dict[str, Any] = {
    "ws-1": {"choice": "b"},
    "ws-multiple": {"choices": ["act", "border"]},
    "ws-order": {"order": ["listen", "safe", "refer"]},
    "ws-grid": {"pairs": {"one": "trafficking", "two": "trafficking"}},
    "ws-2": {"text": "I do not know"},
}


def _cell(kind: str, name: str, source: str, **meta: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    if meta:
        base = {"grade": False, "solution": False, "locked": False, "task": False}
        own = base | {"grade_id": name, "schema_version": 3, "cell_type": kind} | meta
        cell["metadata"] = {"nbgrader": own}
    return cell


def data_notebook() -> dict[str, Any]:
    """A data assignment as an author writes it: solution, hidden tests, a written answer."""
    return {
        "cells": [
            _cell("markdown", "title", "# Counting people"),
            _cell("code", "setup", "import csv\nrows = list(csv.DictReader(open('people.csv')))"),
            _cell(
                "code",
                "count",
                "def count(rows):\n    ### BEGIN SOLUTION\n"
                "    return len(rows)\n    ### END SOLUTION",
                solution=True,
            ),
            _cell(
                "code",
                "count-test",
                "assert count(rows) is not None\n### BEGIN HIDDEN TESTS\n"
                "assert count(rows) == 3, 'Count every row of the table.'\n### END HIDDEN TESTS",
                grade=True,
                locked=True,
                points=2,
            ),
            _cell("markdown", "say", "It is three.", grade=True, solution=True, points=3),
        ],
        "metadata": {
            "crossings": {"objectives": ["DE-1"]},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_tiny(root: Path) -> Path:
    changes: dict[str, str | None] = {
        "modules/demo/items.yml": FILES["modules/demo/items.yml"] + ITEMS,
        "modules/demo/worksheets/sheet.yml": SHEET,
        "exercises/source/people/people.ipynb": json.dumps(data_notebook()),
        "exercises/source/people/people.csv": "name\nAmal\nBo\nCho\n",
    }
    return write_course(root, changes)


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return load(write_tiny(tmp_path_factory.mktemp("a course")))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "a class")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, course: Course) -> Workspace:
    """A workspace in which both assignments are released; copied by tests that mark."""
    ready = Workspace(tmp_path_factory.mktemp("released") / "a class")
    release.prepare(course, ready)
    return ready


@pytest.fixture
def classroom(released: Workspace, workspace: Workspace, course: Course) -> Workspace:
    """A workspace of the test's own with both assignments released (nbgrader is not run again)."""
    import shutil

    shutil.copytree(released.root, workspace.root)
    for name in release.assignments(course):
        mark = nbgrader_run.mark_of(workspace, name)
        mark.write_text(nbgrader_run.fingerprint(workspace, name), encoding="utf-8")
    return workspace


@pytest.fixture
def address(course: Course, classroom: Workspace) -> Iterator[str]:
    """The learner site's hand-in pages on a free port."""
    application = Starlette(routes=work_routes(course, classroom))
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)
