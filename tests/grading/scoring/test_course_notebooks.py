"""The course's data notebooks, marked in the sandbox: the solution, an empty one, typical mistakes.

`tests/datasets/test_screening_exercise.py` has the first notebook of the course in more detail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from crossings.check import promise
from crossings.grading.runner import Limits, Runner
from crossings.grading.scoring import reference
from tests.grading.scoring.course_notebooks import ASSIGNMENTS, SOURCES, grade, source_of
from tests.grading.scoring.running import Marker

ROOT = Path(__file__).resolve().parents[3]
LIMITS = Limits(cell_seconds=30, notebook_seconds=120)


def answered(name: str, answers: Mapping[str, str]) -> dict[str, Any]:
    given = source_of(name)
    known = {grade(cell)["grade_id"] for cell in given["cells"]}
    assert set(answers) <= known
    for cell in given["cells"]:
        cell["source"] = answers.get(grade(cell)["grade_id"], cell["source"])
    return given


def released(name: str) -> dict[str, Any]:
    notebook, resources = nbformat.from_dict(source_of(name)), {"nbgrader": {}}
    for step in (ClearSolutions(), ClearHiddenTests()):
        notebook, resources = step.preprocess(notebook, resources)
    return dict(notebook)


SLIPS = [(name, slip) for name, one in ASSIGNMENTS.items() for slip in one.slips]


@pytest.fixture(scope="module")
def markers(sandbox: Runner) -> dict[str, Marker]:
    """One for each assignment, so that its solution runs once."""
    return {
        name: Marker(sandbox, source_of(name), reference.files_of(SOURCES / name), LIMITS)
        for name in ASSIGNMENTS
    }


def marked(marker: Marker, submitted: Mapping[str, Any]) -> dict[str, float]:
    """The points of each test; what a person marks is left out."""
    scored = marker.mark(submitted)
    assert marker.last is not None and marker.last.outcome == "ran", marker.last
    return {one.grade_id: one.points for one in scored.tests if one.status != "needs person"}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_points_and_metadata(name: str) -> None:
    assignment, source = ASSIGNMENTS[name], source_of(name)
    nbformat.validate(nbformat.from_dict(source))
    cells = [grade(cell) for cell in source["cells"]]
    assert len({cell["grade_id"] for cell in cells}) == len(cells)
    assert {cell["schema_version"] for cell in cells} == {3}
    by_hand = [cell["points"] for cell in cells if cell["grade"] and cell["solution"]]
    assert sum(cell.get("points", 0) for cell in cells) == assignment.points
    assert len(by_hand) == 2 and sum(by_hand) == assignment.points - assignment.automatic
    assert not any(cell.get("outputs") for cell in source["cells"])
    meta = source["metadata"]["crossings"]
    assert meta["title"] and 60 <= meta["minutes"] <= 90
    assert set(meta["objectives"]) == assignment.objectives


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_data_and_promises_are_up_to_date(name: str) -> None:
    folder = SOURCES / name
    assert set(ASSIGNMENTS[name].copies) == set(reference.files_of(folder))
    for file, dataset in ASSIGNMENTS[name].copies.items():
        original = ROOT / "datasets" / dataset / file
        assert (folder / file).read_bytes() == original.read_bytes(), file
    kept = promise.load(folder)
    assert kept is not None and kept["of"] == reference._fingerprint(folder), (
        f"the assignment changed: run `./course grade {name}` once, and commit checks.json"
    )


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_laws_it_names_are_in_the_register(name: str) -> None:
    register = (ROOT / "datasets" / "law" / "provisions.csv").read_text(encoding="utf-8")
    ids = {line.split(",", 1)[0] for line in register.splitlines()}
    text = "\n".join(
        "".join(c["source"]) for c in source_of(name)["cells"] if c["cell_type"] == "markdown"
    )
    cited = set(re.findall(r"`([A-Z][A-Z0-9]+-[A-Za-z0-9-]+)`", text))
    assert cited and cited <= ids, cited - ids


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_solution_gets_every_automatic_point(name: str, markers: dict[str, Marker]) -> None:
    marker = markers[name]
    scored = marker.mark(source_of(name))
    given = [one for one in scored.tests if one.status != "needs person"]
    assert all(one.points == one.max_points for one in given), scored.tests
    assert sum(one.points for one in given) == ASSIGNMENTS[name].automatic
    # Plain nbgrader gives a test 0 that says anything on stderr, a warning of pandas for example.
    assert all(one.exact_points == one.max_points for one in given), scored.tests
    assert list(reference.problems(marker.reference, marker.master)) == []
    assert not scored.signals


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_another_sound_way_earns_as_much(name: str, markers: dict[str, Marker]) -> None:
    assignment = ASSIGNMENTS[name]
    for way in (assignment.otherwise, assignment.also):
        found = marked(markers[name], answered(name, way))
        assert sum(found.values()) == assignment.automatic, found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_empty_notebook_keeps_no_answer_and_earns_nothing(
    name: str, markers: dict[str, Marker]
) -> None:
    notebook = released(name)
    text = nbformat.writes(nbformat.from_dict(notebook))
    assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text
    for cell in source_of(name)["cells"]:
        if grade(cell)["grade"] and grade(cell)["solution"]:
            assert "".join(cell["source"])[:40] not in text
    assert not any(marked(markers[name], notebook).values())


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("name", "slip"), SLIPS)
def test_a_typical_mistake_loses_its_points_and_no_others(
    name: str, slip: str, markers: dict[str, Marker]
) -> None:
    expected = ASSIGNMENTS[name].slips[slip]
    full = {
        cell["grade_id"]: cell["points"]
        for cell in map(grade, source_of(name)["cells"])
        if cell["grade"] and not cell["solution"]
    }
    assert set(expected.gives) <= set(full)
    found = marked(markers[name], answered(name, expected.answers))
    assert found == pytest.approx(full | dict(expected.gives))
