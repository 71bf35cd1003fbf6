"""From what a class handed in to what a trainer reads: cohort, page, notebook, command."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from crossings.apps.analysis import notebook, page
from crossings.apps.analysis.app import Analysis
from crossings.apps.analysis.choose import NoCohortError, view
from crossings.apps.analysis.cohorts import matched
from crossings.curriculum import Course
from crossings.grading import analysis, inbox, mark
from crossings.grading.analysis import Answer, Cohort, Question, confidence, tables
from crossings.grading.analysis.gather import cohort
from crossings.kernels import begun
from crossings.workspace import Workspace
from tests.apps.test_console import HOSTILE, markup
from tests.grading.analysis.made import question, rasch
from tests.grading.conftest import GOOD, PARTLY

SURE = {**PARTLY, "ws-1": {"choice": "b", "sure": "certain"}}


@pytest.fixture(scope="module")
def handed_in(
    course: Course, released: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """Amal has it right, Bo is certain of something wrong, Cho's file is damaged."""
    place = tmp_path_factory.mktemp("analysis") / "a class"
    shutil.copytree(released.root, place)
    workspace = Workspace(place)
    inbox.receive(workspace, "sheet", "Amal", GOOD)
    inbox.receive(workspace, "sheet", HOSTILE, SURE)
    cho = inbox.receive(workspace, "sheet", "Cho", GOOD)
    torn = next((workspace.inbox / "sheet" / cho.student).glob("*/answers.json"))
    torn.write_text("{", encoding="utf-8")
    mark.grade("sheet", workspace=workspace, course=course, publish=False)
    return workspace


def test_a_worksheet_becomes_a_cohort(course: Course, handed_in: Workspace) -> None:
    found = cohort(course, handed_in, "sheet")
    assert len(found.students) == 2
    assert len(found.names) == 3
    assert "not gradable" in next(iter(found.apart.values()))
    waiting = [a for a in found.answers if a.points is None]
    assert {a.question for a in waiting} == {"ws-2"}
    amal = next(s for s in found.students if found.name(s) == "Amal")
    assert found.totals[amal] == pytest.approx(1)
    certain = confidence.beliefs(found)
    assert [b.question for b in certain] == ["ws-1"]
    assert found.by_id["ws-1"].objectives == ("DE-1",)


def test_an_unknown_name_says_what_there_is(course: Course, handed_in: Workspace) -> None:
    with pytest.raises(NoCohortError, match="There are: sheet, people"):
        view(course, handed_in, "shet")
    with pytest.raises(NoCohortError, match="no drill with questions `drill:none`"):
        view(course, handed_in, "drill:none")


class Elements(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_the_page_names_nobody_unless_asked_and_lets_nothing_run(
    course: Course, handed_in: Workspace
) -> None:
    without = page.html(view(course, handed_in, "sheet"))
    assert ">Cho<" not in without
    assert re.search(r"Trainee \d", without)
    withal = page.html(view(course, handed_in, "sheet", names=True))
    assert "&lt;" in withal
    for made in (without, withal):
        assert HOSTILE not in made
        seen = Elements()
        seen.feed(made)
        assert seen.tags.isdisjoint({"script", "iframe", "link", "img", "a", "object", "form"})
        assert not any(n.startswith("on") or n in ("src", "action") for n in seen.attributes)
        assert "default-src 'none'" in made


def test_the_tables_come_back_as_they_went(tmp_path: Path) -> None:
    made = rasch(30, [-1, 0, 1])
    tables.write(made, tmp_path)
    back = tables.read(tmp_path)
    assert back.questions == made.questions
    assert len(back.answers) == len(made.answers)
    before, after = analysis.workings(made), analysis.workings(back)
    for one, other in zip(before, after, strict=True):
        assert one.discrimination == pytest.approx(other.discrimination)
        assert one.difficulty == other.difficulty
    text = (tmp_path / tables.ANSWERS).read_text(encoding="utf-8")
    assert not any(student in text for student in made.students)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (tables.ANSWERS, lambda t: t.replace(",1.0,", ",many,", 1), r"answers\.csv:\d+: the line"),
        (tables.QUESTIONS, lambda t: t.replace("[{", "[", 1), r"questions\.csv:2: the line"),
    ],
)
def test_a_damaged_table_is_named_with_its_line(tmp_path: Path, name, change, said) -> None:
    tables.write(rasch(5, [0]), tmp_path)
    path = tmp_path / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(tables.BadTableError, match=said):
        tables.read(tmp_path)


def test_the_notebook_runs_as_it_is_given(tmp_path: Path) -> None:
    path = notebook.write(rasch(25, [-1, 0, 1, 0.5]), tmp_path / "new folder")
    document = nbformat.read(path, as_version=4)
    nbformat.validate(document)
    client = NotebookClient(document, resources={"metadata": {"path": str(path.parent)}})
    begun(client.execute)
    code = [c for c in document.cells if c.cell_type == "code"]
    assert all(c.outputs for c in code)
    assert not any(o.output_type == "error" for c in code for o in c.outputs)


def test_people_are_paired_by_name_and_twins_are_left_out() -> None:
    answers = tuple(Answer(s, "q", 1.0) for s in ("s1", "s2", "s3"))
    names = {"s1": "Ada  Okuro", "s2": "bo", "s3": "Bo"}
    found = matched(Cohort("c", (Question("q", "", 1.0),), answers, names))
    assert found.students == ("ada okuro",)


def test_the_app_shows_and_gives_files(course: Course, handed_in: Workspace) -> None:
    app = Analysis(course, handed_in)
    assert "A sheet (worksheet)" in dict(app.what.options)
    shown = markup(app.box)
    assert "Who needs help now" in shown
    assert ">Cho<" not in shown
    assert "analysis.zip" in shown
    app.names.value = True
    assert ">Cho<" in markup(app.box)
    app.before.value = "people"
    assert "Nobody took both tests" in markup(app.box)


def test_a_class_without_marks_is_no_error(course: Course, classroom: Workspace) -> None:
    shown = markup(Analysis(course, classroom).box)
    assert "Nothing of “A sheet” is marked yet." in shown


def test_questions_without_answers_are_shown(course: Course) -> None:
    from crossings.apps.analysis.sections import View

    made = Cohort("c", (question("q1"), question("q2")), (Answer("ada", "q1", 1.0),))
    assert "Question q2" in page.markup(View(course, made))
