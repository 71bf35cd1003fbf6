"""nbgrader marks nbgrader's own notebooks; so do we; under `exact` every score is the same.

The default run has nbgrader's quickstart course and a few notebooks of its test suite. All that its
autograder accepts are compared with `-m slow`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest

from crossings.grading.scoring import master as masters
from crossings.grading.scoring.master import Master
from crossings.grading.scoring.prepare import with_probes
from crossings.grading.scoring.restore import RefusedError, restore
from crossings.grading.scoring.score import score
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

    def __init__(self, root: Path) -> None:
        from nbgrader.apps.api import NbGraderAPI
        from traitlets.config import Config

        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.course_id = "equal"
        config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
        config.Execute.timeout = SECONDS
        self.root, self.config = root, config
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

        if not self.api.autograde(case.assignment, case.student, force=True)["success"]:
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

    def ours(self, case: Case, master: Master) -> Scores | None:
        """Our scores under `exact`; None where nbgrader's rules refuse the submission."""
        source = self.root / "source" / case.assignment
        files = {p.name: p.read_bytes() for p in source.iterdir() if p.suffix != ".ipynb"}
        try:
            node = nbformat.read(case.path, as_version=4)
            restored = restore(dict(node), master, "exact")
        except (RefusedError, nbformat.ValidationError):
            return None
        ready = with_probes(restored.notebook, master, NONCE)
        folder = self.root / "ours" / case.assignment / case.student
        ran = run(ready, files, folder, SECONDS)
        found = score(master, restored, ran, nonce=NONCE, rules="exact")
        if found.outcome != "graded":
            return None
        return {t.grade_id: (t.points, t.status == "needs person") for t in found.tests}


def updated(path: Path, folder: Path) -> Path:
    """The notebook after `nbgrader update`, which nbgrader asks for before it marks old ones."""
    from nbgrader.nbgraderformat import MetadataValidator

    node = nbformat.read(path, as_version=4)
    node = MetadataValidator().upgrade_notebook_metadata(node)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / path.name
    nbformat.write(node, place)
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


def test_the_quickstart_course_scores_the_same(tmp_path: Path) -> None:
    course = Class(tmp_path / "quickstart")

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


def test_notebooks_of_nbgraders_suite_score_the_same(tmp_path: Path) -> None:
    course, files = Class(tmp_path / "some"), SUITE / "apps" / "files"

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
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = Class(tmp_path / "all")
    paths = sorted(
        p
        for place in (SUITE, GUIDE)
        for p in place.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in p.parts
    )
    new = {path: updated(path, tmp_path / "new" / str(n)) for n, path in enumerate(paths)
           if readable(path)}  # fmt: skip
    taken = []

    def cases() -> Iterator[Case]:
        for number, path in enumerate(new):
            name, ids = f"a{number:03d}", grade_ids(new[path])
            if not ids or not course.release(name, new[path]):
                continue
            taken.append(path)
            yield Case(name, "given", course.root / "release" / name / "work.ipynb")
            yield Case(name, "source", new[path])
            for other, found in enumerate(new):
                near = found.parent.name == path.parent.name or GUIDE in path.parents
                if found != path and near and len(ids & grade_ids(new[found])) > len(ids) / 2:
                    yield Case(name, f"s{other:03d}", new[found])

    wrong, submissions, scores, refused = differing(course, cases())
    with capsys.disabled():
        print(f"\n{len(taken)} assignments of {len(paths)} notebooks, {submissions} submissions, "
              f"{scores} scores compared, {refused} refused by nbgrader, {len(wrong)} differ")  # fmt: skip
        print("\n".join(wrong))
    assert not wrong
    assert submissions > 60


def readable(path: Path) -> bool:
    """Whether `nbgrader update` can read the notebook; too new or broken ones are not marked."""
    try:
        node: Any = nbformat.read(path, as_version=4)
        versions = [c.metadata.get("nbgrader", {}).get("schema_version", 0) for c in node.cells]
    except Exception:
        return False
    return all(version <= 3 for version in versions)
