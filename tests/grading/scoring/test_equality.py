"""nbgrader marks nbgrader's own notebooks; so do we; under `exact` every score is the same.

The default run has nbgrader's quickstart course and a few notebooks of its test suite. All that its
autograder accepts are compared with `-m slow`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest

from crossings.grading.runner import Limits, Runner
from crossings.grading.scoring import master as masters
from crossings.grading.scoring.master import Master
from crossings.grading.scoring.prepare import with_probes
from crossings.grading.scoring.restore import RefusedError, restore
from crossings.grading.scoring.score import score
from crossings.kernels import told_begun
from tests.grading.scoring.running import run

HOME = Path(nbgrader.__file__).parent
GUIDE = HOME / "docs" / "source" / "user_guide"
SUITE = HOME / "tests"
SECONDS = 6
NONCE = "0123456789abcdef0123456789abcdef"

Scores = dict[str, tuple[float, bool]]


@pytest.fixture(autouse=True)
def programs_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader starts `alembic` by name, and a kernel needs none of the terminal's colours."""
    programs = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", programs + os.pathsep + os.environ.get("PATH", os.defpath))


@dataclass(frozen=True)
class Case:
    """One submitted notebook of one assignment; every notebook is called `work`."""

    assignment: str
    student: str
    path: Path


class Class:
    """An nbgrader course folder in which nbgrader marks, and we do."""

    def __init__(self, root: Path, sandbox: Runner, seconds: int = SECONDS) -> None:
        from nbgrader.apps.api import NbGraderAPI
        from traitlets.config import Config

        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.course_id = "equal"
        config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
        config.Execute.timeout = seconds
        self.root, self.sandbox, self.seconds = root, sandbox, seconds
        self.url = str(config.CourseDirectory.db_url)
        root.mkdir(parents=True)
        (root / "source").mkdir()
        from nbgrader.coursedir import CourseDirectory

        self.api = NbGraderAPI(CourseDirectory(config=config), config=config)

    def release(self, assignment: str, source: Path) -> bool:
        """Whether nbgrader takes `source` as an assignment."""
        folder = self.root / "source" / assignment
        folder.mkdir(parents=True)
        shutil.copyfile(source, folder / "work.ipynb")
        for extra in (source.parent / "data.csv", source.parent / "jupyter.png"):
            if extra.is_file():
                shutil.copyfile(extra, folder / extra.name)
        autotests = source.parent / "autotests.yml"
        if "autotest" in source.name and autotests.is_file():
            shutil.copyfile(autotests, folder / "autotests.yml")
            shutil.copyfile(autotests, self.root / "source" / "autotests.yml")
        return bool(self.api.generate_assignment(assignment, force=True)["success"])

    def hand_in(self, case: Case) -> None:
        folder = self.root / "submitted" / case.student / case.assignment
        folder.mkdir(parents=True)
        shutil.copyfile(case.path, folder / "work.ipynb")

    def theirs(self, case: Case) -> Scores | None:
        """nbgrader's scores; None where it refuses the submission."""
        from nbgrader.api import Gradebook

        again = partial(self.api.autograde, case.assignment, case.student, force=True)
        if not told_begun(again, str)["success"]:
            return None
        with Gradebook(self.url, "equal") as book:
            found = book.find_submission(case.assignment, case.student)
            return {
                grade.cell.name: (float(grade.score), bool(grade.needs_manual_grade))
                for notebook in found.notebooks
                for grade in notebook.grades
            }

    def master(self, assignment: str) -> Master:
        from nbgrader.api import Gradebook

        with Gradebook(self.url, "equal") as book:
            return masters.from_gradebook(book, assignment)["work"]

    def ours(
        self, case: Case, master: Master, solution: dict[str, Any] | None = None
    ) -> Scores | None:
        """Our scores under `exact`; None where nbgrader's rules refuse the submission."""
        source = self.root / "source" / case.assignment
        files = {p.name: p.read_bytes() for p in source.iterdir() if p.suffix != ".ipynb"}
        try:
            node = nbformat.read(case.path, as_version=4)
            restored = restore(dict(node), master, "exact")
        except (RefusedError, nbformat.ValidationError):
            return None
        ready = with_probes(restored.notebook, master, NONCE)
        ran = run(self.sandbox, ready, files, Limits(cell_seconds=self.seconds))
        found = score(master, restored, ran, nonce=NONCE, rules="exact", reference=solution)
        if found.outcome in ("not gradable", "crashed"):
            return None
        return {t.grade_id: (t.points, t.status == "needs person") for t in found.tests}


def updated(path: Path, folder: Path) -> Path | None:
    """The notebook after `nbgrader update`, which nbgrader asks for before it marks old ones.

    None where it cannot be read: too new, or broken on purpose.
    """
    from nbgrader.nbgraderformat import MetadataValidator

    folder.mkdir(parents=True, exist_ok=True)
    place = folder / path.name
    try:
        node = nbformat.read(path, as_version=4)
        nbformat.write(MetadataValidator().upgrade_notebook_metadata(node), place)
    except Exception:
        return None
    return place


def differing(course: Class, cases: Iterator[Case]) -> tuple[list[str], int, int, int]:
    """What differs; how many submissions and scores were compared; how many nbgrader refuses."""
    wrong, submissions, scores, refused = [], 0, 0, 0
    known: dict[str, Master] = {}
    for case in cases:
        course.hand_in(case)
        known.setdefault(case.assignment, course.master(case.assignment))
        theirs, ours = course.theirs(case), course.ours(case, known[case.assignment])
        if theirs != ours:
            wrong.append(f"{case.assignment}/{case.student}: nbgrader {theirs}, ours {ours}")
        submissions += theirs is not None
        refused += theirs is None
        scores += len(theirs or ())
    return wrong, submissions, scores, refused


def test_the_quickstart_course_scores_the_same(tmp_path: Path, sandbox: Runner) -> None:
    course = Class(tmp_path / "quickstart", sandbox)

    def cases() -> Iterator[Case]:
        for number in (1, 2):
            name = f"problem{number}"
            assert course.release(name, GUIDE / "source" / "ps1" / f"{name}.ipynb")
            for student in ("bitdiddle", "hacker"):
                yield Case(name, student, GUIDE / "submitted" / student / "ps1" / f"{name}.ipynb")

    wrong, submissions, scores, refused = differing(course, cases())
    assert not wrong, "\n".join(wrong)
    assert (submissions, refused) == (4, 0)
    assert scores >= 12


SOME = ("submitted-changed", "submitted-grade-cell-changed", "submitted-cheat-attempt")


def test_notebooks_of_nbgraders_suite_score_the_same(tmp_path: Path, sandbox: Runner) -> None:
    course, files = Class(tmp_path / "some", sandbox), SUITE / "apps" / "files"

    def cases() -> Iterator[Case]:
        assert course.release("unchanged", files / "submitted-unchanged.ipynb")
        for name in SOME:
            yield Case("unchanged", name, files / f"{name}.ipynb")
        assert course.release("hidden", files / "test-hidden-tests.ipynb")
        yield Case("hidden", "given", course.root / "release" / "hidden" / "work.ipynb")
        assert course.release("task", SUITE / "preprocessors" / "files" / "test_taskcell.ipynb")
        yield Case("task", "given", course.root / "release" / "task" / "work.ipynb")

    wrong, submissions, scores, _ = differing(course, cases())
    assert not wrong, "\n".join(wrong)
    assert submissions == 5
    assert scores >= 10


def grade_ids(path: Path) -> set[str]:
    cells = nbformat.read(path, as_version=4).cells
    return {str(c.metadata.get("nbgrader", {}).get("grade_id")) for c in cells} - {"None"}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_notebook_that_nbgrader_marks_scores_the_same(
    tmp_path: Path, sandbox: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    course = Class(tmp_path / "all", sandbox)
    paths = sorted(
        p
        for place in (SUITE, GUIDE)
        for p in place.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in p.parts
    )
    new = {}
    for number, path in enumerate(paths):
        place = updated(path, tmp_path / "new" / str(number))
        if place is not None:
            new[path] = place
    taken: dict[Path, str] = {}

    def cases() -> Iterator[Case]:
        for number, path in enumerate(new):
            name = f"a{number:03d}"
            if grade_ids(new[path]) and course.release(name, new[path]):
                taken[path] = name
                yield Case(name, "given", course.root / "release" / name / "work.ipynb")
                yield Case(name, "source", new[path])
        for number, path in enumerate(new):
            for near in nearest(path, taken, new):
                yield Case(taken[near], f"s{number:03d}", new[path])

    wrong, submissions, scores, refused = differing(course, cases())
    with capsys.disabled():
        print(f"\n{len(taken)} assignments of {len(paths)} notebooks, {submissions} submissions,")
        print(f"{scores} scores compared, {refused} refused by nbgrader, {len(wrong)} differ")
        print("\n".join(wrong))
    assert not wrong
    assert submissions > 60


def nearest(path: Path, taken: Mapping[Path, str], new: Mapping[Path, Path]) -> list[Path]:
    """The two assignments that share most questions with the notebook, itself left out."""
    ids = grade_ids(new[path])
    shared = {other: len(ids & grade_ids(new[other])) for other in taken if other != path}
    return sorted((o for o in shared if shared[o]), key=lambda o: -shared[o])[:2]


def test_a_notebook_can_ask_whether_it_is_marked(tmp_path: Path, sandbox: Runner) -> None:
    """nbgrader tells notebooks that they are being marked, and some assignments lean on it."""
    course = Class(tmp_path / "asks", sandbox)
    path = SUITE / "apps" / "files" / "validating-environment-variable.ipynb"
    assert course.release("asks", path)
    wrong, submissions, scores, _ = differing(course, iter([Case("asks", "given", path)]))
    assert (wrong, submissions, scores) == ([], 1, 1)
