"""Points: where nbgrader is unfair, where nobody is right, and what a person has to decide."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crossings.grading.runner import Runner
from crossings.grading.scoring import points
from crossings.grading.scoring.late import Late, penalty
from crossings.grading.scoring.messages import NOT_REACHED
from crossings.grading.scoring.prepare import files_to_run
from crossings.grading.scoring.restore import RefusedError, restore
from crossings.grading.scoring.result import ByPerson, Scored
from crossings.grading.scoring.score import missing
from tests.grading.scoring.building import (
    answer,
    cell_of,
    locked,
    notebook,
    plain,
    released,
    submission,
    task,
    test,
    written,
)
from tests.grading.scoring.running import Marker

SOURCE = notebook(
    locked("setup", "import warnings"),
    answer("double", "def double(x):\n    return 2 * x"),
    test("double-test", "assert double(2) == 4, 'Two times two is four.'", 2),
    answer("share", "share = 0.5"),
    test("share-test", "share", 1),
    written("why", "Because."),
    task("field", "Go and look.", 3),
)


@pytest.fixture(scope="module")
def marker(sandbox: Runner) -> Marker:
    return Marker(sandbox, SOURCE)


def by_name(scored: Scored) -> dict[str, Any]:
    return {test_.grade_id: test_ for test_ in scored.tests}


DOUBLE = "def double(x):\n    return 2 * x"


def test_a_warning_costs_a_point_in_nbgrader_and_not_here(marker: Marker) -> None:
    loud = "def double(x):\n    warnings.warn('old')\n    return 2 * x"
    found = by_name(marker.mark(submission(SOURCE, double=loud, share="share = 1")))
    result = found["double-test"]
    assert (result.points, result.exact_points, result.status) == (2, 0, "passed")
    assert "stderr" in result.differs
    exact = by_name(marker.mark(submission(SOURCE, double=loud, share="share = 1"), "exact"))
    assert exact["double-test"].points == 0


@pytest.mark.parametrize(
    ("value", "fair", "status", "exact"),
    [
        ("0.5", 0.5, "partly", 0.5),
        ("1", 1, "passed", 1),
        ("0", 0, "failed", 0),
        ("-1", 0, "failed", 1),
        ("float('nan')", 0, "needs person", 1),
        ("True", 0, "needs person", 1),
        ("False", 0, "needs person", 1),
        ("'full marks'", 0, "needs person", 1),
        ("7", 0, "needs person", None),
        ("float('inf')", 0, "needs person", None),
        ("__import__('numpy').float64(0.25)", 0.25, "partly", 1),
    ],
)
def test_partial_scores(
    marker: Marker, value: str, fair: float, status: str, exact: float | None
) -> None:
    scored = marker.mark(submission(SOURCE, double=DOUBLE, share=f"share = {value}"))
    result = by_name(scored)["share-test"]
    assert (result.points, result.status, result.exact_points) == (fair, status, exact)
    assert bool(result.differs) == (exact not in (None, fair))
    assert bool(scored.refused) == (exact is None), "nbgrader gives up on the whole submission"


@pytest.mark.parametrize("text", ["1_0", "１", "0x1", "1e999999", "", "1\n2", "np.float64(nan)"])
def test_what_is_no_plain_number_is_no_score(text: str) -> None:
    found = points.partial(text, 1.0)
    assert found.points == 0 and found.status == "needs person"


def test_numbers_as_numpy_writes_them() -> None:
    assert points.number_in("np.float64(0.5)") == 0.5
    assert points.number_in("np.int64(3)") == 3
    assert math.isnan(points.number_in("nan") or 0.0)
    assert points.number_in("np.array([1])") is None


def test_a_crash_leaves_later_tests_not_run(marker: Marker) -> None:
    dies = "import os\nos._exit(0)"
    scored = marker.mark(submission(SOURCE, double=DOUBLE, share=dies))
    found = by_name(scored)
    assert scored.outcome == "crashed"
    assert found["double-test"].points == 2
    assert (found["share-test"].status, found["share-test"].message) == ("not run", NOT_REACHED)
    assert found["share-test"].exact_points is None


def test_people_mark_what_people_mark(marker: Marker) -> None:
    given = submission(SOURCE, double=DOUBLE, share="share = 1", why="It is so.")
    found = by_name(marker.mark(given))
    assert (found["why"].status, found["field"].status) == ("needs person", "needs person")
    assert by_name(marker.mark(submission(SOURCE)))["why"].status == "failed", "left empty"
    persons = {"why": ByPerson(0.5), "field": ByPerson(2, 0.5), "share-test": ByPerson(None, 1)}
    scored = marker.mark(given, persons=persons)
    found = by_name(scored)
    assert (found["why"].points, found["field"].points, found["share-test"].points) == (0.5, 2.5, 2)
    assert scored.total == 7


def test_a_deleted_test_comes_back_and_nbgrader_leaves_it_out(marker: Marker) -> None:
    given = submission(SOURCE, double=DOUBLE, share="share = 1")
    given["cells"] = [c for c in given["cells"] if c is not cell_of(given, "double-test")]
    scored = marker.mark(given)
    found = by_name(scored)["double-test"]
    assert (found.points, found.exact_points) == (2, None)
    assert "deleted" in found.differs
    assert ("missing cell", "double-test") in [(s.kind, s.cell) for s in scored.signals]
    exact = by_name(marker.mark(given, "exact"))["double-test"]
    assert (exact.points, exact.status) == (0, "needs person")


def test_changed_marking_data_change_nothing(marker: Marker) -> None:
    given = submission(SOURCE, double="def double(x): return 0", share="share = 0.5")
    cell_of(given, "share-test")["metadata"]["nbgrader"]["points"] = 100
    cell_of(given, "double-test")["source"] = "pass"
    given["cells"].append(cell_of(given, "share-test") | {"id": "again"})
    given["cells"].append(plain("1 + 1", name="odd") | {"metadata": {"nbgrader": [1, 2]}})
    scored = marker.mark(given)
    found = by_name(scored)
    assert (found["double-test"].points, found["share-test"].points) == (0, 0.5)
    assert found["share-test"].max_points == 1
    kinds = {s.kind for s in scored.signals}
    assert {"points", "locked cell", "duplicate", "metadata"} <= kinds
    assert scored.outcome == "graded", "what was put right needs no person"


def test_a_test_made_an_answer_is_refused_by_nbgrader_and_put_right_here(marker: Marker) -> None:
    given = submission(SOURCE, double=DOUBLE, share="share = 1")
    cell_of(given, "double-test")["metadata"]["nbgrader"] |= {"solution": True, "grade": False}
    cell_of(given, "double-test")["source"] = "print('mine')"
    with pytest.raises(RefusedError):
        restore(given, marker.master, "exact")
    scored = marker.mark(given)
    assert scored.refused and by_name(scored)["double-test"].points == 2


@pytest.mark.parametrize("version", [0, 1, 2])
def test_older_marking_data_are_upgraded(marker: Marker, version: int) -> None:
    given = submission(SOURCE, double=DOUBLE, share="share = 1")
    for cell in given["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta is None or meta.get("task"):
            continue
        meta["schema_version"] = version
        del meta["task"]
        if version == 0:
            del meta["schema_version"]
    scored = marker.mark(given, "exact")
    assert by_name(scored)["double-test"].points == 2
    assert "schema" in {s.kind for s in scored.signals}


def test_a_notebook_nested_too_deep_is_refused(marker: Marker) -> None:
    given: dict[str, Any] = released(SOURCE)
    deep: Any = {}
    for _ in range(5000):
        deep = {"a": deep}
    given["metadata"]["deep"] = deep
    with pytest.raises(RefusedError):
        restore(given, marker.master)


class _Half:
    def late_submission_penalty(self, student: str, score: float, seconds: float) -> float | None:
        return {"half": score / 2, "more": score + 5, "less": -1.0}.get(student)


@pytest.mark.parametrize(("student", "taken"), [("half", 2), ("more", 4), ("less", 0), ("no", 0)])
def test_late_penalties_are_bounded_as_nbgraders(student: str, taken: float) -> None:
    assert penalty(Late(student, 60, _Half()), 4.0) == taken
    assert penalty(Late(student, 0, _Half()), 4.0) == 0


def test_a_penalty_leaves_no_less_than_nothing(marker: Marker) -> None:
    given = submission(SOURCE, double=DOUBLE, share="share = 1")
    scored = marker.mark(given, late=Late("half", 60, _Half()))
    assert (scored.total, scored.late_penalty, scored.net) == (3, 1.5, 1.5)


def test_a_notebook_that_was_not_handed_in(marker: Marker) -> None:
    fair, exact = missing(marker.master), missing(marker.master, "exact")
    assert fair.total == exact.total == 0
    assert {t.status for t in fair.tests} == {"not run"} and "no notebook" in fair.reason


def test_the_assignments_files_win() -> None:
    sent = {
        "data.csv": b"mine",
        "mine.py": b"1",
        "tool.py": b"mine",
        "a.ipynb": b"",
        "checks.json": b"",
    }
    own = {"data.csv": b"ours", "tool.py": b"ours", "more/b.csv": b"ours"}
    found = files_to_run(sent, own, theirs=("tool.py",))
    assert found == {
        "data.csv": b"ours",
        "mine.py": b"1",
        "tool.py": b"mine",
        "more/b.csv": b"ours",
    }
