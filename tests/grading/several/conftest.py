"""The small course with one more assignment: two notebooks with equal cell ids, and a data file."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course, load
from crossings.grading import nbgrader_run, release
from crossings.workspace import Workspace
from tests.grading.conftest import _cell, data_notebook, write_tiny

NAME = "survey"
COUNTED = "def count(rows):\n    return len(rows)"
SUMMED = "def total(rows):\n    return sum(int(r['n']) for r in rows)"


def first() -> dict[str, Any]:
    """`survey.ipynb`: as the assignment is called; counts the rows; a written answer."""
    made = data_notebook()
    for cell in made["cells"]:
        cell["source"] = cell["source"].replace("people.csv", "survey.csv")
    return made


def second() -> dict[str, Any]:
    """`part-2.ipynb`: the same ids, other questions and points; and one test of its own."""
    made = copy.deepcopy(data_notebook())
    made["metadata"]["crossings"] = {"objectives": []}
    cells = {cell["id"]: cell for cell in made["cells"]}
    cells["title"]["source"] = "# Adding people"
    cells["setup"]["source"] = "import csv\nrows = list(csv.DictReader(open('survey.csv')))"
    cells["count"]["source"] = (
        "def total(rows):\n    ### BEGIN SOLUTION\n"
        "    return sum(int(r['n']) for r in rows)\n    ### END SOLUTION"
    )
    cells["count-test"]["source"] = (
        "assert total([]) == 0\n### BEGIN HIDDEN TESTS\n"
        "assert total(rows) == 6, 'Add every row of the table.'\n### END HIDDEN TESTS"
    )
    cells["count-test"]["metadata"]["nbgrader"]["points"] = 4
    cells["say"]["source"] = "It is six."
    cells["say"]["metadata"]["nbgrader"]["points"] = 1
    own = _cell(
        "code", "own-test", "assert total(rows[:1]) == 1", grade=True, locked=True, points=1
    )
    made["cells"].append(own)
    return made


def answered(made: dict[str, Any], code: str, said: str = "It is three.", **changed: str) -> bytes:
    """The notebook as a trainee sends it: the release with an answer in `count` and `say`."""
    made = copy.deepcopy(made)
    for cell in made["cells"]:
        given = {"count": code, "say": said} | changed
        cell["source"] = given.get(cell["id"], cell["source"])
        if cell["id"] == "count-test":
            cell["source"] = cell["source"].split("\n")[0]
    return json.dumps(made).encode()


ONE = answered(first(), COUNTED)
TWO = answered(second(), SUMMED, "It is six people.")
FILES = {"survey.ipynb": ONE, "part-2.ipynb": TWO}


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = write_tiny(tmp_path_factory.mktemp("a course of several"))
    folder = root / "exercises" / "source" / NAME
    (folder / "data").mkdir(parents=True)
    (folder / "survey.ipynb").write_text(json.dumps(first()), encoding="utf-8")
    (folder / "part-2.ipynb").write_text(json.dumps(second()), encoding="utf-8")
    (folder / "survey.csv").write_text("name,n\nAmal,1\nBo,2\nCho,3\n", encoding="utf-8")
    (folder / "data" / "note.txt").write_text("Made up.\n", encoding="utf-8")
    return load(root)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, course: Course) -> Workspace:
    ready = Workspace(tmp_path_factory.mktemp("released") / "a class")
    release.prepare(course, ready)
    return ready


def copied(released: Workspace, root: Path, course: Course) -> Workspace:
    """A workspace of one's own in which all is released; nbgrader is not run again."""
    shutil.copytree(released.root, root)
    made = Workspace(root)
    for name in release.assignments(course):
        mark = nbgrader_run.mark_of(made, name)
        mark.write_text(nbgrader_run.fingerprint(made, name), encoding="utf-8")
    return made
