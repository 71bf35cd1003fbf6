"""The marking desk of the trainer, without a browser: its widgets say and do what they should."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from crossings.apps.desk import MarkingDesk
from crossings.curriculum import Course
from crossings.grading import feedback, inbox, mark
from crossings.grading.preview import Preview
from crossings.grading.runner import Protection
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY
from tests.grading.test_change import MORE_POINTS, OTHER_KEY, changed, state_of


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


def test_a_changed_assignment_is_shown_by_trainee_and_question_before_it_is_accepted(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    for name, given in (("Amina", GOOD), ("<b>Bo</b>", PARTLY)):
        inbox.receive(classroom, "sheet", name, given)
    mark.grade("sheet", None, classroom, course=course)
    assert MarkingDesk(course, classroom).changed.layout.display == "none"
    new = changed(tmp_path / "new", OTHER_KEY, MORE_POINTS)
    desk = MarkingDesk(new, classroom)
    assert "This assignment changed" in desk.change.value
    assert desk.mark.description == "Show what would change"
    assert desk.accept.layout.display == "none", "nothing to accept before it is looked at"
    before = state_of(classroom)
    desk.mark.click()
    desk.wait()
    assert state_of(classroom) == before
    shown = desk.change.value
    assert "<b>2 marks</b> would be others" in shown and "item-ws-grid (2 → 4)" in shown
    assert "12 → <b>13</b>" in shown and "6 · ws-number: 1 → 0" in shown
    assert "<b>Bo</b>" not in shown and "&lt;b&gt;Bo" in shown
    desk.leave.click()
    assert state_of(classroom) == before and desk.accept.layout.display == "none"
    desk.mark.click()
    desk.wait()
    inbox.receive(classroom, "sheet", "Cho", GOOD)
    desk.accept.click()
    desk.wait()
    assert "came out otherwise" in desk.said.value and state_of(classroom) == before
    desk.accept.click()
    desk.wait()
    assert "Done in" in desk.said.value and desk.changed.layout.display == "none"
    rows = {r.student: r.points for r in mark.report("sheet", classroom, new).rows}
    assert rows["amina"] == 13 and rows["cho"] == 13


def test_the_change_of_a_notebook_can_be_accepted_without_full_protection(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = Protection((), ("The kernel has no Landlock.",))
    monkeypatch.setattr("crossings.grading.mark.protection", lambda: weak)
    desk = MarkingDesk(course, classroom)
    desk.choice.value = "people"
    seen: list[Preview] = []
    monkeypatch.setattr(desk, "run", lambda assignment: seen.append(desk._agreed))  # type: ignore[arg-type]
    desk.seen = Preview("people", ())
    desk.take_over()
    desk.wait()
    assert seen == [Preview("people", ())], "who accepts has agreed to running them already"
