"""The data notebook: a true nbgrader assignment whose solution earns every automatic point."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "exercises" / "source" / "screening-data"
POINTS = 20
AUTOMATIC = 14


@pytest.fixture
def notebook() -> Any:
    return nbformat.read(FOLDER / "screening-data.ipynb", as_version=4)


def graded(cell: Any) -> Any:
    return cell.metadata.get("nbgrader", {})


def automatic(notebook: Any, changes: dict[str, str] | None = None) -> dict[str, bool]:
    """Run the cells in order; which checks pass when some answers are changed.

    A plain assert raises; a check of `crossings.check` says "not yet", and is compared later.
    """
    import matplotlib.pyplot as plt

    space: dict[str, Any] = {}
    passed = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        name = graded(cell)["grade_id"]
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec((changes or {}).get(name, cell.source), space)
            worked = ": not yet" not in said.getvalue()
        except Exception:
            worked = False
        if graded(cell)["grade"]:
            passed[name] = worked
    plt.close("all")
    return passed


@pytest.fixture(autouse=True)
def beside_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib.use("Agg")
    monkeypatch.chdir(FOLDER)


def test_the_data_are_a_copy_of_the_dataset() -> None:
    original = ROOT / "datasets" / "screening-records" / "screening_records.csv"
    assert (FOLDER / "screening_records.csv").read_bytes() == original.read_bytes()


def test_nbgrader_metadata(notebook: Any) -> None:
    nbformat.validate(notebook)
    names = [graded(c)["grade_id"] for c in notebook.cells]
    assert len(names) == len(set(names))
    assert {graded(c)["schema_version"] for c in notebook.cells} == {3}
    points = [graded(c).get("points", 0) for c in notebook.cells]
    by_hand = [c for c in notebook.cells if graded(c)["grade"] and graded(c)["solution"]]
    assert sum(points) == POINTS
    assert len(by_hand) == 2 and sum(graded(c)["points"] for c in by_hand) == POINTS - AUTOMATIC
    assert all(not c.outputs for c in notebook.cells if c.cell_type == "code")


def test_course_metadata(notebook: Any) -> None:
    meta = notebook.metadata["crossings"]
    assert meta["title"] and meta["minutes"] and set(meta["objectives"]) >= {"TI-3", "TI-8"}


def test_the_solution_passes_every_check(notebook: Any) -> None:
    passed = automatic(notebook)
    assert len(passed) == AUTOMATIC
    assert all(passed.values()), [name for name, ok in passed.items() if not ok]


def test_the_released_notebook_keeps_no_answer_and_earns_nothing(notebook: Any) -> None:
    released, resources = notebook, {"nbgrader": {}}
    for step in (ClearSolutions(), ClearHiddenTests()):
        released, resources = step.preprocess(released, resources)
    text = json.dumps(released)
    assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text
    assert "drop_duplicates" not in text and "To the shift leader" not in text
    assert not any(automatic(released).values())


@pytest.mark.parametrize(
    ("name", "wrong", "fails"),
    [
        ("clean", "clean = raw.copy()", {"clean-rows", "clean-spelling", "clean-age"}),
        (
            "days",
            "median_days = asked.fillna({'days_to_referral': 0})"
            ".groupby('interpreter')['days_to_referral'].median()",
            {"days-check"},
        ),
        (
            "share",
            "suppress = lambda table, limit=5: table\nshared = table",
            {"share-function", "share-table"},
        ),
        (
            "chart",
            "figure, ax = plt.subplots()\nax.bar(['a', 'b'], [0.1, 0.9])",
            {"chart-labels", "chart-bars"},
        ),
    ],
)
def test_common_mistakes_lose_their_points(
    notebook: Any, name: str, wrong: str, fails: set[str]
) -> None:
    failed = {check for check, ok in automatic(notebook, {name: wrong}).items() if not ok}
    assert fails <= failed


def test_a_chart_with_lying_bars_is_refused(notebook: Any) -> None:
    source = next(c.source for c in notebook.cells if graded(c)["grade_id"] == "chart")
    caused = source.replace("What people told, by conditions", "Privacy is the cause of telling")
    assert not automatic(notebook, {"chart": caused})["chart-labels"]
    turned = source.replace("ax.set_ylim(0, 1)", "ax.set_ylim(0.2, 1)")
    assert not automatic(notebook, {"chart": turned})["chart-bars"]


def test_bars_may_lie_flat(notebook: Any) -> None:
    source = next(c.source for c in notebook.cells if graded(c)["grade_id"] == "chart")
    flat = source.replace("ax.bar(", "ax.barh(").replace("set_ylim", "set_xlim")
    passed = automatic(notebook, {"chart": flat})
    assert passed["chart-labels"] and passed["chart-bars"]


def test_the_laws_it_names_are_in_the_register(notebook: Any) -> None:
    register = (ROOT / "datasets" / "law" / "provisions.csv").read_text(encoding="utf-8")
    ids = {line.split(",", 1)[0] for line in register.splitlines()}
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    cited = set(re.findall(r"`([A-Z][A-Z0-9]+-[A-Za-z0-9-]+)`", text))
    assert cited and cited <= ids, cited - ids
