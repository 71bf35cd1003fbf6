"""The marking desk of the trainer, without a browser: its widgets say and do what they should."""

from __future__ import annotations

import base64
import re

import pytest

from crossings.apps.desk import MarkingDesk
from crossings.curriculum import Course
from crossings.grading import feedback, inbox
from crossings.grading.runner import Protection
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY


def test_collect_mark_publish(classroom: Workspace, course: Course) -> None:
    first = inbox.receive(classroom, "sheet", "<script>alert(1)</script>", GOOD)
    inbox.receive(classroom, "sheet", "<script>alert(1)</script>", PARTLY)
    desk = MarkingDesk(course, classroom)
    assert "2</b><span>handed in" in desk.counts.value
    assert "new" in desk.counts.value and desk.publish.disabled
    desk.mark.click()
    desk.wait()
    assert "Done in" in desk.said.value and not desk.mark.disabled
    assert "needs marking" in desk.table.value and "12 / 14" in desk.table.value
    assert "<script>" not in desk.table.value and "&lt;script&gt;" in desk.table.value
    assert "Same name, no code" in desk.notes.value
    before = feedback.by_code(classroom, first.code)
    assert before is not None and before["assignments"] == {}, "not before it is published"
    desk.publish.click()
    assert "2 trainees" in desk.said.value
    after = feedback.by_code(classroom, first.code)
    assert after is not None and after["assignments"]["sheet"]["points"] == 12
    content = re.search(r"base64,([^']+)'", desk.links.value)
    assert content is not None
    assert base64.b64decode(content[1]).decode("utf-8-sig").startswith("student,name")


def test_codes_are_shown_only_when_asked(classroom: Workspace, course: Course) -> None:
    code = inbox.receive(classroom, "sheet", "Amina", GOOD).code
    desk = MarkingDesk(course, classroom)
    assert code not in desk.table.value
    desk.codes.value = True
    assert code in desk.table.value


def torn(classroom: Workspace) -> None:
    folder = classroom.exercises / "submitted" / "torn" / "people"
    folder.mkdir(parents=True)
    (folder / "people.ipynb").write_text("{", encoding="utf-8")


def test_running_trainees_code_in_the_sandbox_needs_no_question(
    classroom: Workspace, course: Course
) -> None:
    torn(classroom)
    desk = MarkingDesk(course, classroom)
    desk.choice.value = "people"
    assert desk.notes.value == ""
    desk.mark.click()
    desk.wait()
    assert "not gradable" in desk.table.value


def test_without_full_protection_the_desk_asks_twice_and_says_what_is_lost(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = Protection((), ("The kernel has no Landlock.",))
    monkeypatch.setattr("crossings.grading.mark.protection", lambda: weak)
    torn(classroom)
    desk = MarkingDesk(course, classroom)
    desk.choice.value = "people"
    desk.mark.click()
    assert "no Landlock" in desk.said.value
    assert desk.mark.description == "Press again to run them" and not desk.busy
    desk.mark.click()
    desk.wait()
    assert "not gradable" in desk.table.value and "no Landlock" in desk.notes.value


def test_an_empty_desk_says_so(classroom: Workspace, course: Course) -> None:
    desk = MarkingDesk(course, classroom)
    assert "Nothing has been handed in yet" in desk.table.value
    assert desk.mark.disabled
