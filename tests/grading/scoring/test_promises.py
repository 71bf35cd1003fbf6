"""checks.json: tests that can be run and not read, and plain nbgrader that marks them."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crossings.check import promise
from crossings.grading import fill
from crossings.grading.runner import Runner
from crossings.grading.scoring import reference
from crossings.grading.scoring.master import from_source
from crossings.kernels import begun
from crossings.workspace import ROOT
from tests.grading.scoring.building import answer, locked, notebook, submission, test
from tests.grading.scoring.running import Marker, run
from tests.grading.scoring.test_equality import Case, Class

COURSE = ROOT / "exercises" / "source" / "screening-data"


def spoiled(**answers: str) -> dict[str, Any]:
    """The course's own data notebook, solved but for these cells."""
    given = reference.read_source(COURSE / "screening-data.ipynb")
    for cell in given["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in answers:
            cell["source"] = answers[name]
    return given


SOLVED: dict[str, str] = {}
SLIPS = {
    "load": 'raw = pd.read_csv("screening_records.csv", parse_dates=["date"]).iloc[:600]',
    "clean": 'clean = raw.drop_duplicates("record_id").copy()',
    "share": "def suppress(table, limit=5):\n    return table.mask(table < limit, f'<{limit}')\n"
    "shared = suppress(table)",
    "chart": "figure, ax = plt.subplots()\nax.bar(['a', 'b'], disclosure['share'])\n"
    "ax.set(xlabel='x', ylabel='y', title='synthetic, because')",
}


@pytest.mark.timeout(240)
def test_plain_nbgrader_marks_our_data_notebook_as_we_do(
    tmp_path: Path, sandbox: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The solution and one with four slips: all scores equal under `exact`, by checks.json."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    programs = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", programs + os.pathsep + os.environ.get("PATH", os.defpath))
    course = Class(tmp_path / "course", sandbox, seconds=60)
    source = course.root / "source" / "data"
    shutil.copytree(COURSE, source)
    (source / "screening-data.ipynb").rename(source / "work.ipynb")
    assert course.api.generate_assignment("data", force=True)["success"]
    released = (course.root / "release" / "data" / "work.ipynb").read_text(encoding="utf-8")
    assert "check." not in released and "HIDDEN" not in released
    master = course.master("data")
    files = reference.files_of(source)
    solution = run(sandbox, reference.read_source(source / "work.ipynb"), files).notebook
    for student, answers in (("solved", SOLVED), ("slips", SLIPS)):
        path = tmp_path / f"{student}.ipynb"
        fill.write(path, spoiled(**answers))
        case = Case("data", student, path)
        course.hand_in(case)
        theirs = course.theirs(case)
        assert theirs is not None
        ours = course.ours(case, master, solution)
        assert ours == theirs
        automatic = sum(points for points, waits in theirs.values() if not waits)
        assert automatic == 14 if student == "solved" else automatic < 11


def test_the_course_keeps_its_promises_up_to_date(tmp_path: Path) -> None:
    before = promise.load(COURSE)
    assert before is not None
    assert before["of"] == reference._fingerprint(COURSE), (
        "the assignment changed: run `./course grade screening-data` once, and commit checks.json"
    )


SOURCE = notebook(
    locked("setup", "from crossings import check"),
    answer("mean", "mean = 2.5"),
    test("mean-test", "check.number('mean', mean, tolerance=0.01, say='Add, then divide.')", 2),
)


def save(folder: Path, source: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    fill.write(folder / "work.ipynb", source)
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = save(tmp_path_factory.mktemp("kept") / "a", SOURCE)
    assert reference.keep_promises(folder)
    return folder


@pytest.mark.parametrize(
    ("answer_", "said"),
    [("mean = 2.5", "mean: right"), ("mean = 3", "mean: not yet. Add, then divide.")],
)
def test_a_trainee_sees_how_a_check_stands(kept: Path, answer_: str, said: str) -> None:
    os.environ.pop("CROSSINGS_MARKING", None)
    shown = in_jupyter(kept, submission(SOURCE, mean=answer_))
    assert said in shown and "2.5" not in shown.replace("mean = 2.5", "")


def in_jupyter(folder: Path, given: dict[str, Any]) -> str:
    """What a trainee's own Jupyter shows, with checks.json beside the notebook."""
    from nbclient import NotebookClient

    node = nbformat.from_dict(given)
    client = NotebookClient(node, kernel_name="python3", allow_errors=True,
                            resources={"metadata": {"path": str(folder)}})  # fmt: skip
    begun(lambda: client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)}))
    return str([o.get("data", {}).get("text/plain") for c in node.cells for o in
                c.get("outputs", [])])  # fmt: skip


def test_promises_are_written_once_and_again_after_a_change(kept: Path) -> None:
    before = (kept / promise.FILE).stat().st_mtime_ns
    assert reference.keep_promises(kept)
    assert (kept / promise.FILE).stat().st_mtime_ns == before
    found = json.loads((kept / promise.FILE).read_text(encoding="utf-8"))
    assert len(found["promises"]) == 1 and "mean" not in json.dumps(found)


def test_what_trainees_get_promises_nothing_of_hidden_checks(tmp_path: Path) -> None:
    mixed = notebook(
        locked("setup", "from crossings import check"),
        answer("a", "a = 41\nb = 42"),
        test("t", "check.value('open', a)", hidden="check.value('closed', b)"),
    )
    folder = save(tmp_path / "mixed", mixed)
    assert reference.keep_promises(folder)
    whole = promise.load(folder)
    promise.keep_readable(folder)
    left = promise.load(folder)
    assert whole is not None and left is not None
    assert (len(whole["promises"]), len(left["promises"])) == (2, 1)
    assert promise.kept(left, "open", ["value 41000000000"])
    assert not promise.kept(left, "closed", ["value 42000000000"])
    assert promise.kept(whole, "closed", ["value 42000000000"])


def test_without_checks_there_is_no_file(tmp_path: Path) -> None:
    folder = save(tmp_path / "plain", notebook(answer("a", "a = 1"), test("t", "assert a == 1")))
    assert not reference.keep_promises(folder)
    assert not (folder / promise.FILE).exists()


WRONG = {
    "stops": ("a = 1 / 0", "check.value('a', a)", "stops in cell `a` with ZeroDivisionError"),
    "object": ("a = object()", "check.value('a', a)", "unsupported"),
    "raises": ("pass", "check.value('a', lambda: b)", "raised"),
    "points": ("a = 1", "check.value('a', a, points=5)", "5 points together"),
    "twice": ("a = 1", "check.value('a', a)\ncheck.value('a', a)", "2 checks are called `a`"),
    "bool": ("a = 1", "a == 1", "a text that is no number"),
    "half": ("a = 0.5", "a", "earns 0.5 of 1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_authors_hear_what_is_wrong_with_a_test(sandbox: Runner, name: str) -> None:
    solution, code, said = WRONG[name]
    source = notebook(
        locked("setup", "from crossings import check"), answer("a", solution), test("t", code)
    )
    found = list(reference.problems(Marker(sandbox, source).reference, from_source("w", source)))
    assert any(said in text for text in found), found


def test_a_solution_that_fails_is_not_released(tmp_path: Path) -> None:
    stops = notebook(
        locked("setup", "from crossings import check"),
        answer("a", "a = 1 / 0"),
        test("t", "check.value('a', a)"),
    )
    with pytest.raises(reference.SolutionError, match="ZeroDivisionError"):
        reference.keep_promises(save(tmp_path / "stops", stops))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 2}', '{"version": 1, "salt": 3}', "[" * 50_000, "\ud800"]
)
def test_a_damaged_file_promises_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / promise.FILE).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert promise.load(tmp_path) is None


def test_our_data_notebook_gives_points_for_each_check(sandbox: Runner) -> None:
    source = reference.read_source(COURSE / "screening-data.ipynb")
    marker = Marker(sandbox, source, reference.files_of(COURSE))
    solved = marker.mark(spoiled())
    assert (solved.outcome, solved.total, solved.max_total) == ("graded", 14, 20)
    assert not solved.signals
    slips = marker.mark(spoiled(**SLIPS))
    assert 5 < slips.total < 9 and slips.outcome == "graded"
    by_name = {t.grade_id: t for t in slips.tests}
    assert by_name["chart-labels"].message == "The title says what is shown, not why."
    assert "each check" in by_name["load-check"].differs
