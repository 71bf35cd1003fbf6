"""Two notebooks from a browser: chosen together, one forgotten, and the feedback of both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crossings.curriculum import Course
from crossings.grading import inbox, mark
from crossings.workspace import Workspace
from tests.accessibility import problems_at_each_width
from tests.grading.several.conftest import FILES, NAME

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_one_forgotten_then_both_then_the_feedback(
    phone: Page, address: str, course: Course, classroom: Workspace, tmp_path: Path
) -> None:
    for name, body in FILES.items():
        (tmp_path / name).write_bytes(body)
    one, two = (tmp_path / name for name in FILES)
    phone.allowed_errors.append("422")  # type: ignore[attr-defined]
    phone.goto(f"{address}/work/notebook/{NAME}")
    assert "part-2.ipynb and survey.ipynb" in phone.inner_text("#w-wanted")
    phone.fill("#w-name", "Amina")
    phone.set_input_files("#w-file", one)
    phone.click("#w-send")
    phone.locator("#w-alert").get_by_text("part-2.ipynb is missing").wait_for()
    assert phone.inner_text("#w-send") == "Hand in all the same"
    assert problems_at_each_width(phone) == [], "one is missing"
    assert inbox.latest(classroom, NAME) == {}
    phone.click("#w-send")
    phone.wait_for_selector("#w-receipt:not([hidden])")
    assert "Not in this hand-in: part-2.ipynb" in phone.inner_text("#w-receipt-missing")
    with phone.expect_download() as saved:
        phone.click("#w-save")
    assert "Not handed in: part-2.ipynb" in saved.value.path().read_text(encoding="utf-8")
    phone.click("#w-change")
    assert phone.inner_text("#w-send") == "Hand in"
    phone.set_input_files("#w-file", [one, two])
    phone.click("#w-send")
    phone.wait_for_selector("#w-receipt:not([hidden])")
    assert phone.locator("#w-receipt-missing").is_hidden()
    code = phone.inner_text("#w-receipt-code")
    assert inbox.count_versions(classroom, NAME, "amina") == 2
    (row,) = mark.grade(NAME, None, classroom, course=course).rows
    assert row.points == 7
    phone.goto(f"{address}/feedback/{code}")
    shown = phone.inner_text("main")
    assert "7 of 11 points" in shown and "It is six people." in shown
    assert phone.locator(".w-part").all_inner_texts() == ["part-2.ipynb", "survey.ipynb"]
    assert problems_at_each_width(phone) == [], "the feedback of both"
