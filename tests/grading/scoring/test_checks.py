"""Checks in the sandbox: compared out here, points for each, nothing to be had by forging."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.check import words
from crossings.grading.runner import Runner
from crossings.grading.scoring.checks import shares
from crossings.grading.scoring.result import Scored
from tests.grading.scoring.building import answer, locked, notebook, submission, test
from tests.grading.scoring.running import Marker

SAY = "Look again at the empty cells."
SOURCE = notebook(
    locked("setup", "import pandas as pd\nfrom crossings import check"),
    answer("mean", "mean = 2.5\nname = 'Tarn Gate'"),
    test(
        "mean-test",
        "check.number('mean', lambda: mean, tolerance=0.01)",
        4,
        hidden=f"check.text('name', lambda: name, points=1, say={SAY!r})",
    ),
    answer("double", "def double(x):\n    return 2 * x"),
    test(
        "double-test",
        "assert callable(double), 'double is a function.'",
        2,
        hidden="check.function('double', double, [(1,), (2,), (7341,)], partial=True)",
    ),
)
RIGHT = {
    "mean": "mean = 2.5\nname = 'Tarn Gate'",
    "double": "def double(x):\n    return x + x",
}


@pytest.fixture(scope="module")
def marker(sandbox: Runner) -> Marker:
    return Marker(sandbox, SOURCE)


def by_name(scored: Scored) -> dict[str, Any]:
    return {test_.grade_id: test_ for test_ in scored.tests}


def test_right_answers_earn_everything(marker: Marker) -> None:
    scored = marker.mark(submission(SOURCE, **RIGHT))
    assert (scored.total, scored.exact_total, scored.outcome) == (6, 6, "graded")
    assert not scored.differing


def test_each_check_has_its_points(marker: Marker) -> None:
    given = RIGHT | {"mean": "mean = 2.502\nname = 'North Quay'"}
    result = by_name(marker.mark(submission(SOURCE, **given)))["mean-test"]
    assert (result.points, result.status, result.exact_points) == (3, "partly", 0)
    assert result.message == SAY, "the author's own words, though a hidden check"
    assert "each check" in result.differs


def test_a_name_that_is_missing_costs_only_its_own_check(marker: Marker) -> None:
    result = by_name(marker.mark(submission(SOURCE, **RIGHT | {"mean": "name = 'Tarn Gate'"})))
    assert result["mean-test"].points == 1
    assert result["mean-test"].message == words.NOT_PASSED, "the cell has a hidden part"


def test_part_of_a_function(marker: Marker) -> None:
    given = RIGHT | {"double": "def double(x):\n    return 2 if x == 1 else 4"}
    result = by_name(marker.mark(submission(SOURCE, **given)))["double-test"]
    assert result.points == pytest.approx(4 / 3, abs=1e-4)
    assert "7341" not in result.message + result.differs


def test_a_failed_assert_ends_the_test(marker: Marker) -> None:
    result = by_name(marker.mark(submission(SOURCE, **RIGHT | {"double": "double = 3"})))
    assert result["double-test"].points == 0
    assert result["double-test"].message == "double is a function."


ALWAYS = """
class Anything(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __lt__(self, other): return True
mean = name = Anything()
"""
REBOUND = """
import crossings.check as check
class check:
    number = text = function = staticmethod(lambda *a, **k: None)
mean = name = 0
"""
PATCHED = """
import crossings.check.record
crossings.check.record.encode = lambda thing: 2.5
mean, name = 0, "x"
"""
FORGED = """
from IPython.display import display
for value in (1, 2, 2.5, 3):
    display({"application/vnd.crossings.check+json": {"version": 1, "kind": "number",
        "name": "mean", "thing": value, "spec": {"tolerance": 1e9}, "points": 4, "say": ""}},
        raw=True)
mean, name = 0, "x"
"""
WRAPPED = """
from IPython.display import display
import crossings.check as c
old = c.number
def number(name, thing, **more):
    for value in range(30):
        old(name, value / 10, tolerance=1e9)
c.number = number
mean, name = 0, "x"
"""


@pytest.mark.attack
@pytest.mark.parametrize(
    "code", [ALWAYS, REBOUND, FORGED, WRAPPED], ids=["always", "rebound", "forged", "wrapped"]
)
def test_forging_earns_nothing(marker: Marker, code: str) -> None:
    scored = marker.mark(submission(SOURCE, **RIGHT | {"mean": code}))
    result = by_name(scored)["mean-test"]
    assert result.points == 0, result
    assert by_name(scored)["double-test"].points == 2 or scored.outcome == "tampered"


@pytest.mark.attack
def test_guessing_is_all_that_a_patched_check_can_do(marker: Marker) -> None:
    """Who makes the check record 2.5 has answered 2.5: the value is never in the process."""
    scored = marker.mark(submission(SOURCE, **RIGHT | {"mean": PATCHED}))
    assert scored.outcome in ("graded", "tampered")
    assert by_name(scored)["mean-test"].points in (0, 3)


def test_the_reference_alone_says_how_to_compare(marker: Marker) -> None:
    lax = """
import crossings.check as c
old = c.number
c.number = lambda name, thing, **more: old(name, thing, tolerance=1e9)
mean, name = 99, 'Tarn Gate'
"""
    result = by_name(marker.mark(submission(SOURCE, **RIGHT | {"mean": lax})))["mean-test"]
    assert result.points <= 1


@pytest.mark.parametrize(
    ("points", "worth"),
    [
        ([None, None], [2, 2]),
        ([1, None, None], [1, 1.5, 1.5]),
        ([1, 1], [2, 2]),
        ([6, 2], [3, 1]),
        ([0, None], [0, 4]),
        ([], []),
    ],
)
def test_points_of_a_cell_are_shared_out(points: list[float | None], worth: list[float]) -> None:
    assert shares(points, 4) == worth


def test_a_reference_without_the_checks_is_the_authors_fault(marker: Marker) -> None:
    from crossings.grading.scoring.restore import restore
    from crossings.grading.scoring.score import score

    given = submission(SOURCE, **RIGHT)
    marker.mark(given)
    assert marker.last is not None
    restored = restore(given, marker.master)
    with pytest.raises(ValueError, match="mean-test"):
        score(marker.master, restored, marker.last, nonce="0" * 32)
