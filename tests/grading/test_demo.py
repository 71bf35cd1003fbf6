"""The demo class: filled once, through the doors of a real class; every screen has something."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from crossings.apps.desk import MarkingDesk
from crossings.curriculum import Course, current
from crossings.drills import DrillLog
from crossings.grading import due, feedback, mark, trainees
from crossings.grading.report import Row
from crossings.server import demo, ports
from crossings.server.door import Door
from crossings.server.prepare import prepare
from crossings.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]
SHEET, NOTEBOOK = "officer-worksheet", "screening-data"


@pytest.fixture(scope="module")
def course() -> Course:
    return current()


@pytest.fixture(scope="module")
def filled(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the demo class; takes most of a minute."""
    workspace = Workspace(tmp_path_factory.mktemp("demo") / "a class")
    prepare(workspace)
    demo.load_demo(course, workspace)
    return workspace


@pytest.fixture(scope="module")
def staff(filled: Workspace) -> Iterator[Door]:
    port = ports.free_port("127.0.0.1", 18_800 + os.getpid() % 1_000)
    door = Door("staff", "crossings.server.staff", "127.0.0.1", port, "/api", filled, "a-token")
    door.start()
    try:
        door.wait_until_open()
        yield door
    finally:
        door.end()


def row_of(workspace: Workspace, course: Course, assignment: str, person: int) -> Row:
    rows = mark.report(assignment, workspace, course).rows
    return next(row for row in rows if row.name == demo.PEOPLE[person])


def code_of(workspace: Workspace, person: int) -> str:
    return next(t.code for t in trainees.everyone(workspace) if t.name == demo.PEOPLE[person])


def test_each_person_is_one_trainee_however_much_is_handed_in(filled: Workspace) -> None:
    assert len(trainees.everyone(filled)) == len(demo.PEOPLE)


def test_the_worksheets_of_the_class(filled: Workspace, course: Course) -> None:
    report = mark.report(SHEET, filled, course)
    assert len(report.rows) == len(demo.PEOPLE)
    assert report.counts["needs marking"] > 10 and report.counts["graded"] >= len(demo.READ)
    assert [row.name for row in report.rows if row.late] == [demo.PEOPLE[demo.LATE]]
    assert len({row.points for row in report.rows}) > 8, "people differ"
    empty = row_of(filled, course, SHEET, demo.EMPTY)
    assert (empty.outcome, empty.points, empty.scored) == ("graded", 0, True)
    assert "damaged" in row_of(filled, course, SHEET, demo.DAMAGED).reason
    hostile = row_of(filled, course, SHEET, demo.HOSTILE)
    assert (hostile.outcome, hostile.points) == ("needs marking", 0)


def test_the_notebooks_have_every_outcome(filled: Workspace, course: Course) -> None:
    found = {
        name: row_of(filled, course, NOTEBOOK, getattr(demo, name)).outcome
        for name in ("GOOD", "WEAK", "EMPTY", "BROKEN", "HOSTILE", "CRASHING", "LOOPING", "TORN")
    }
    assert found == {
        "GOOD": "needs marking",
        "WEAK": "graded",
        "EMPTY": "graded",
        "BROKEN": "graded",
        "HOSTILE": "needs marking",
        "CRASHING": "crashed",
        "LOOPING": "timed out",
        "TORN": "not gradable",
    }
    good, weak = (row_of(filled, course, NOTEBOOK, p) for p in (demo.GOOD, demo.WEAK))
    assert good.points > weak.points > 0
    assert not row_of(filled, course, NOTEBOOK, demo.CRASHING).scored
    by = due.of(filled, course, NOTEBOOK)
    assert by is not None and "in " in due.distance(by, by.replace(year=by.year - 1))


def test_feedback_has_a_trainer_s_comment_and_the_written_answers(filled: Workspace) -> None:
    read = feedback.by_code(filled, code_of(filled, demo.READ[0]))
    assert read is not None and read["assignments"][SHEET]["waiting"] == 0
    assert demo.COMMENT in {q["comment"] for q in read["assignments"][SHEET]["questions"]}
    questions = read["assignments"][NOTEBOOK]["questions"]
    memo = next(q for q in questions if q["title"] == "9. The memo")
    assert memo["answer"].startswith("To the shift leader")
    assert {q["title"] for q in questions} >= {"2. Clean them · part 3 of 3", "Why be careful?"}
    empty = feedback.by_code(filled, code_of(filled, demo.EMPTY))
    assert empty is not None
    written = [q for q in empty["assignments"][NOTEBOOK]["questions"] if q["written"]]
    assert [q["answer"] for q in written] == ["", ""]


def test_the_desk_is_full(filled: Workspace, course: Course) -> None:
    desk = MarkingDesk(course, filled)
    assert "<b>1 late</b>" in desk.by.value and "24</b><span>handed in" in desk.counts.value
    assert "<script" not in desk.table.value
    desk.choice.value = NOTEBOOK
    for outcome in ("graded", "needs marking", "timed out", "crashed", "not gradable"):
        assert outcome in desk.counts.value


def test_every_drill_was_played(filled: Workspace, course: Course) -> None:
    log = DrillLog(filled.drill_log)
    try:
        events = [e for opened in log.openings() for e in log.since(opened.drill)]
    finally:
        log.close()
    kinds = Counter(event.kind for event in events)
    drills = sum(len(module.drills) for module in course.modules.values())
    assert kinds["ended"] == drills and kinds["joined"] == drills * len(demo.PEOPLE)
    assert kinds["answered"] > 5 * len(demo.PEOPLE)


def test_a_second_start_changes_nothing(filled: Workspace, course: Course) -> None:
    said: list[str] = []
    demo.load_demo(course, filled, said.append)
    assert said == []


def test_formgrader_lists_the_class(staff: Door) -> None:
    with httpx.Client(base_url=staff.address, follow_redirects=True, timeout=60) as client:
        client.get("/", params={"token": "a-token"})
        found = {a["name"]: a for a in client.get("/formgrader/api/assignments").json()}
        assert found[SHEET]["num_submissions"] == len(demo.PEOPLE)
        assert found[NOTEBOOK]["num_submissions"] == 8
        assert found[SHEET]["duedate"] and found[NOTEBOOK]["duedate"]
        students = client.get("/formgrader/api/students").json()
        assert len(students) == len(demo.PEOPLE)


@pytest.mark.browser
@pytest.mark.attack
@pytest.mark.parametrize("assignment", [SHEET, NOTEBOOK])
def test_a_hostile_submission_does_nothing_in_the_marker_s_browser(
    staff: Door, page: Page, filled: Workspace, course: Course, assignment: str
) -> None:
    student = row_of(filled, course, assignment, demo.HOSTILE).student
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{staff.address}/api/status?token=a-token")
    page.set_default_timeout(40_000)
    listed = page.request.get(
        f"{staff.address}/formgrader/api/submitted_notebooks/{assignment}/{assignment}"
    )
    mine = next(n for n in json.loads(listed.body()) if n["student"] == student)
    page.goto(f"{staff.address}/formgrader/submissions/{mine['id']}/?index=0")
    page.get_by_text('document.title="owned"').first.wait_for()
    page.wait_for_timeout(1_000)
    assert opened == []
    assert "owned" not in page.title()
    assert page.evaluate("document.querySelectorAll('[onerror], [onload]').length") == 0
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}, "nobody else is asked"
    assert not [url for url in asked if url.endswith("/x")]
