"""Due times belong to the class: the desk sets them, all else follows, nothing is refused."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.apps.desk import MarkingDesk
from crossings.curriculum import Course
from crossings.grading import due, export, feedback, gradebook, inbox, mark
from crossings.grading.routes import work_routes
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD

AUTHORED = "2031-05-04T18:00:00+02:00"


@pytest.fixture
def dated(course: Course) -> Course:
    """The course with a due time that the author wrote into the worksheet."""
    module = course.modules["demo"]
    sheet = module.worksheets["sheet"].model_copy(update={"due": AUTHORED})
    changed = module.model_copy(update={"worksheets": {"sheet": sheet}})
    return course.model_copy(update={"modules": {**course.modules, "demo": changed}})


def ago(**length: float) -> datetime:
    return datetime.now(UTC) - timedelta(**length)


def in_gradebook(workspace: Workspace, assignment: str) -> datetime | None:
    with gradebook.opened(workspace) as book:
        found: datetime | None = book.find_assignment(assignment).duedate
    return found


@pytest.mark.parametrize(
    ("written", "received", "late"),
    [
        (None, "2026-05-02T00:00:00Z", False),
        ("2026-05-01", "2026-05-01T23:59:59Z", False),
        ("2026-05-01", "2026-05-02T00:00:01Z", True),
        ("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:01Z", True),
        ("next Friday", "2026-05-02T00:00:00Z", False),
    ],
)
def test_what_is_late(written: str | None, received: str, late: bool) -> None:
    assert due.is_late(received, due.parse(written)) is late


def test_the_class_decides_over_the_author(workspace: Workspace, dated: Course) -> None:
    assert due.of(workspace, dated, "sheet") == datetime(2031, 5, 4, 16, tzinfo=UTC)
    mine = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
    due.choose(workspace, "sheet", mine)
    assert due.of(workspace, dated, "sheet") == mine
    due.choose(workspace, "people", mine)
    due.choose(workspace, "sheet", None)
    assert due.of(workspace, dated, "sheet") is None, "none is a decision too"
    assert due.of(workspace, dated, "people") == mine, "notebooks can be due as well"


def test_a_refusing_disk_or_a_damaged_file_closes_nothing(
    workspace: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ago(days=1)
    due.choose(workspace, "sheet", before)

    def full(*given: Any) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="full"):
        due.choose(workspace, "sheet", None)
    monkeypatch.undo()
    assert due.of(workspace, course, "sheet") == before.replace(microsecond=0)
    for damaged in ('{"sheet": ["x"]}', '{"sheet": "soon"}', '{"she'):
        (workspace.var / "due.json").write_text(damaged, encoding="utf-8")
        assert due.of(workspace, course, "sheet") is None


def test_late_is_told_everywhere_and_costs_nothing(classroom: Workspace, course: Course) -> None:
    code = inbox.receive(classroom, "sheet", "Amina", GOOD).code
    due.choose(classroom, "sheet", ago(hours=1))
    report = mark.grade("sheet", None, classroom, course=course)
    (row,) = report.rows
    assert row.late and row.points == 12
    assert report.summary() == "sheet: 1 needs marking; 1 late"
    assert ",late,needs marking," in export.csv_text(report)
    stored = in_gradebook(classroom, "sheet")
    assert stored is not None and abs(stored.replace(tzinfo=UTC) - ago(hours=1)) < timedelta(1)
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    page = site.get(f"/feedback/{code}").text
    assert "after the due time" in page and "12</strong> of 14" in page

    due.choose(classroom, "sheet", datetime.now(UTC) + timedelta(hours=1))
    assert not mark.report("sheet", classroom, course).rows[0].late
    assert ",late," not in export.csv_text(mark.report("sheet", classroom, course)).split("\r\n")[1]
    feedback.publish("sheet", classroom, course)
    assert "after the due time" not in site.get(f"/feedback/{code}").text


def test_a_time_typed_into_formgrader_stays_until_the_class_decides(
    classroom: Workspace, course: Course
) -> None:
    typed = datetime(2030, 1, 1, 12)
    with gradebook.opened(classroom) as book:
        book.update_or_create_assignment("sheet", duedate=typed)
    mark.grade("sheet", None, classroom, course=course)
    assert in_gradebook(classroom, "sheet") == typed
    due.choose(classroom, "sheet", None)
    assert in_gradebook(classroom, "sheet") is None


@pytest.mark.parametrize("path", ["/work/demo/sheet", "/work/notebook/people"])
def test_trainees_read_when_it_is_due(course: Course, classroom: Workspace, path: str) -> None:
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    name = path.rsplit("/", 1)[1]
    assert "marked as late" not in site.get(path).text
    due.choose(classroom, name, datetime(2031, 5, 4, 16, tzinfo=UTC))
    page = site.get(path).text
    assert 'datetime="2031-05-04T16:00:00Z">04 May 2031, 16:00 UTC</time>' in page
    assert "You can still hand in later; it will be marked as late." in page
    assert 'datetime="2031-05-04T16:00:00Z"' in site.get("/work/").text
    due.choose(classroom, name, ago(minutes=1))
    assert "You can still hand in; it will be marked as late." in site.get(path).text
    assert "Was due" in site.get("/work/").text


def test_the_desk_sets_and_clears_it(classroom: Workspace, course: Course) -> None:
    inbox.receive(classroom, "sheet", "Amina", GOOD)
    desk = MarkingDesk(course, classroom)
    assert "nobody is late" in desk.by.value
    desk.set_due.click()
    assert "whole date and time" in desk.said.value
    desk.due.value = ago(hours=2)
    assert "Not saved yet" in desk.by.value
    desk.set_due.click()
    assert "Saved." in desk.said.value and "2 hours ago" in desk.by.value
    assert "<b>1 late</b>" in desk.by.value and "late</span>" in desk.table.value
    desk.choice.value = "people"
    assert desk.due.value is None, "each assignment has its own"
    desk.due.value = datetime.now(UTC) + timedelta(days=3, minutes=1)
    desk.set_due.click()
    assert "in 3 days" in desk.by.value
    again = MarkingDesk(course, classroom)
    assert again.due.value is not None, "it is stored"
    again.no_due.click()
    assert again.due.value is None and due.of(classroom, course, "sheet") is None
    assert due.of(classroom, course, "people") is not None


def test_the_desk_says_when_it_could_not_save(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = MarkingDesk(course, classroom)
    desk.due.value = ago(hours=2)
    monkeypatch.setattr(due.durable, "replace_json", _refuse)
    desk.set_due.click()
    assert "was not saved" in desk.said.value and "Not saved yet" in desk.by.value


def _refuse(*given: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=10), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=26), "in 1 day"),
        (timedelta(hours=-3), "3 hours ago"),
    ],
)
def test_how_far_away(length: timedelta, said: str) -> None:
    now = datetime(2031, 5, 4, 16, tzinfo=UTC)
    assert due.distance(now + length, now) == said
