"""The worksheet in a notebook: the same items, the same answers, the same submission."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossings.curriculum import Course
from crossings.grading.worksheet import WorksheetForm, as_number
from tests.grading.conftest import GOOD


def fill(form: WorksheetForm) -> None:
    """Answer as a person would, through the widgets."""
    fields = form.fields
    fields["ws-1"].parts[0].value = "a"
    by_text = {box.description: box for box in fields["ws-multiple"].parts}
    for text in ("Act", "Means", "Purpose"):
        by_text[text].value = True
    shown = {i["id"]: i for i in form.items}
    for place, option in enumerate(GOOD["ws-order"]["order"], 1):
        index = [o["id"] for o in shown["ws-order"]["options"]].index(option)
        fields["ws-order"].parts[index].value = place
    for item in ("ws-grid", "ws-match"):
        for index, option in enumerate(shown[item]["options"]):
            fields[item].parts[index].value = GOOD[item]["pairs"][option["id"]]
    fields["ws-number"].parts[0].value = "30"
    fields["ws-short"].parts[0].value = "Purpose"
    fields["ws-2"].parts[0].value = GOOD["ws-2"]["text"]


def saved(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_widgets_and_the_page_give_the_same_answers(course: Course, tmp_path: Path) -> None:
    form = WorksheetForm(course, "sheet", tmp_path / "answers.json")
    assert "0 of 8 answered" in form.status.value
    fill(form)
    found = saved(tmp_path / "answers.json")
    same = {k: set(v["choices"]) if "choices" in v else v for k, v in found["answers"].items()}
    wanted = {k: set(v["choices"]) if "choices" in v else v for k, v in GOOD.items()}
    assert same == wanted
    assert "8 of 8 answered · saved" in form.status.value
    told = form.widget.children[-1].children[-1].value
    assert "“A sheet”" in told and "Answered in a notebook?" in told
    assert "key" not in json.dumps(form.items) and "correct" not in json.dumps(form.items)


def test_how_sure_one_is_goes_with_the_answer(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    form = WorksheetForm(course, "sheet", path)
    form.sure["ws-1"].value = "certain"
    assert saved(path)["answers"] == {}, "no answer, so nothing to be sure of"
    form.fields["ws-1"].parts[0].value = "a"
    assert saved(path)["answers"]["ws-1"] == {"choice": "a", "sure": "certain"}
    assert WorksheetForm(course, "sheet", path).sure["ws-1"].value == "certain"
    assert "ws-2" not in form.sure, "a text is marked by a person"


def test_opening_again_shows_what_was_answered(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    fill(WorksheetForm(course, "sheet", path))
    again = WorksheetForm(course, "sheet", path)
    assert "8 of 8 answered" in repr(again)
    again.fields["ws-2"].parts[0].value = ""
    assert "ws-2" not in saved(path)["answers"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("30", 30), ("1 000", 1000), ("2,5", 2.5), (".5", 0.5), ("many", "many")]
)
def test_numbers_are_kept_as_the_page_keeps_them(typed: str, kept: float | str) -> None:
    found = as_number(typed)
    assert (found, type(found)) == (kept, type(kept))


def test_damaged_answers_do_not_stop_the_form(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"answers": {"ws-1": {"choice": 7}, "ws-order": 3, "ws-2": []}}', "utf-8")
    assert WorksheetForm(course, "sheet", path).fields["ws-1"].read() is None


def test_a_disk_that_refuses_is_said_under_the_questions(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    form = WorksheetForm(course, "sheet", tmp_path / "answers.json")

    def full(*given: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    form.fields["ws-1"].parts[0].value = "a"
    assert "NOT saved" in form.status.value


def test_an_unknown_worksheet_names_the_known_ones(course: Course, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="there are: sheet"):
        WorksheetForm(course, "sheeet", tmp_path / "answers.json")
