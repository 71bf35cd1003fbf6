"""Handing in from a phone, with the network as it is: a real server, a real browser."""

from __future__ import annotations

import errno
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crossings.curriculum import Course
from crossings.grading import due, durable, inbox, mark
from crossings.grading.ledger import regrade
from crossings.grading.worksheet import WorksheetForm
from crossings.workspace import Workspace
from tests.accessibility import problems_at_each_width
from tests.grading.conftest import data_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser


def answer_some(page: Page, address: str) -> None:
    page.goto(f"{address}/work/demo/sheet")
    page.locator('[data-item="ws-1"] input[value="a"]').check()
    page.locator('[data-item="ws-number"] input[type=text]').fill("30")
    page.locator('[data-item="ws-2"] textarea').fill("She asked for <b>water</b>.")
    page.fill("#w-name", "Amina <img src=x onerror=alert(1)>")


def hand_in(page: Page) -> None:
    page.click("#w-send")
    page.locator("#w-alert").get_by_text("5 questions have no answer").wait_for()
    page.click("#w-send")


def test_from_the_phone_to_the_feedback(
    phone: Page, address: str, course: Course, classroom: Workspace
) -> None:
    answer_some(phone, address)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.reload()
    assert "3 of 8 answered" in phone.inner_text("#w-progress"), "the draft is still there"
    hand_in(phone)
    phone.wait_for_selector("#w-receipt:not([hidden])")
    code = phone.inner_text("#w-receipt-code")
    sent = next(iter(inbox.latest(classroom, "sheet").values()))
    assert phone.inner_text("#w-receipt-sha") == sent.receipt["sha256"]
    with phone.expect_download() as saved:
        phone.click("#w-save")
    assert code in saved.value.path().read_text(encoding="utf-8")
    phone.reload()
    assert phone.inner_text("#w-receipt-code") == code, "the receipt survives a reload"

    mark.grade("sheet", None, classroom, course=course)
    phone.goto(f"{address}/feedback/")
    phone.fill("#code", code.lower())
    phone.click("text=Show my feedback")
    assert "She asked for <b>water</b>." in phone.inner_text("main")
    assert "2 of 14 points" in phone.inner_text("main")


def test_handing_in_and_feedback_can_be_used_by_everybody(
    phone: Page, address: str, course: Course, classroom: Workspace
) -> None:
    phone.allowed_errors.append("404")  # type: ignore[attr-defined]
    answer_some(phone, address)
    for folded in phone.locator("details").all():
        folded.evaluate("d => (d.open = true)")
    phone.click("#w-send")
    phone.locator("#w-alert").get_by_text("5 questions have no answer").wait_for()
    assert problems_at_each_width(phone) == [], "what is missing"
    phone.click("#w-send")
    phone.wait_for_selector("#w-receipt:not([hidden])")
    code = phone.inner_text("#w-receipt-code")
    assert problems_at_each_width(phone) == [], "the receipt"
    phone.click("#w-change")
    assert "A sheet" in phone.evaluate("document.activeElement.textContent")
    phone.goto(f"{address}/feedback/{code}")
    assert problems_at_each_width(phone) == [], "before it is marked"
    mark.grade("sheet", None, classroom, course=course)
    phone.goto(f"{address}/feedback/{code}")
    for folded in phone.locator("details").all():
        folded.evaluate("d => (d.open = true)")
    assert problems_at_each_width(phone) == [], "marked"
    phone.goto(f"{address}/feedback/?code=12")
    assert problems_at_each_width(phone) == [], "no such code"


def test_an_answer_lost_on_the_way_is_handed_in_once(
    phone: Page, address: str, classroom: Workspace
) -> None:
    """First the network is down; then the computer saves, but its reply is lost; then it works."""
    tries = 0

    def weather(route: Route) -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            route.fetch()
        if tries <= 2:
            route.abort()
            return
        route.continue_()

    phone.allowed_errors.append("Failed to load resource")  # type: ignore[attr-defined]
    phone.route("**/api/submissions", weather)
    answer_some(phone, address)
    hand_in(phone)
    phone.get_by_text("Not handed in yet").wait_for()
    phone.wait_for_selector("#w-receipt:not([hidden])", timeout=20_000)
    assert tries == 3
    latest = inbox.latest(classroom, "sheet")
    assert len(latest) == 1, "one trainee"
    student = next(iter(latest))
    assert inbox.count_versions(classroom, "sheet", student) == 1, "one submission"


def test_a_full_disk_is_told_and_tried_again(
    phone: Page, address: str, classroom: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    phone.allowed_errors.append("507")  # type: ignore[attr-defined]
    answer_some(phone, address)
    monkeypatch.setattr(durable, "write", full)
    hand_in(phone)
    phone.get_by_text("NOT saved: the disk of the course computer is full").wait_for()
    monkeypatch.undo()
    phone.wait_for_selector("#w-receipt:not([hidden])", timeout=20_000)
    assert len(inbox.latest(classroom, "sheet")) == 1


def test_changing_replaces_and_clearing_leaves_nothing(
    phone: Page, address: str, classroom: Workspace
) -> None:
    answer_some(phone, address)
    hand_in(phone)
    phone.click("#w-change")
    assert len(phone.input_value("#w-code")) == 19
    phone.locator('[data-item="ws-short"] input[type=text]').fill("Purpose")
    phone.click("#w-send")
    phone.click("text=Hand in all the same")
    phone.wait_for_selector("#w-receipt:not([hidden])")
    (student,) = inbox.latest(classroom, "sheet")
    assert inbox.count_versions(classroom, "sheet", student) == 2
    phone.click("#w-clear")
    phone.click("#w-clear")
    phone.wait_for_selector("#w-form:not([hidden])")
    assert phone.input_value("#w-name") == "" and phone.input_value("#w-code") == ""
    assert "0 of 8" in phone.inner_text("#w-progress")


def test_answers_of_a_notebook_are_the_same_submission(
    phone: Page, address: str, course: Course, classroom: Workspace, tmp_path: Path
) -> None:
    """Amina answers on the page, Bo with the form in a notebook: what is left is the same."""
    answer_some(phone, address)
    phone.locator('[data-item="ws-multiple"] input[value="act"]').check()
    phone.locator('[data-item="ws-multiple"] input[value="means"]').check()
    phone.click("#w-send")
    phone.click("text=Hand in all the same")
    phone.wait_for_selector("#w-receipt:not([hidden])")

    path = tmp_path / "answers.json"
    form = WorksheetForm(course, "sheet", path)
    form.fields["ws-1"].parts[0].value = "a"
    for box in form.fields["ws-multiple"].parts:
        box.value = box.description in ("Act", "Means")
    form.fields["ws-number"].parts[0].value = "30"
    form.fields["ws-2"].parts[0].value = "She asked for <b>water</b>."

    phone.evaluate("localStorage.clear()")
    phone.goto(f"{address}/work/demo/sheet")
    assert not phone.is_visible("#w-file"), "quiet until it is wanted"
    phone.click("text=Answered in a notebook?")
    phone.click("#w-send-file")
    phone.get_by_text("Choose the file answers.json first.").wait_for()
    phone.allowed_errors.append("422")  # type: ignore[attr-defined]
    other = {"name": "package.json", "mimeType": "application/json", "buffer": b"{}"}
    phone.set_input_files("#w-file", other)
    phone.fill("#w-name", "Bo")
    phone.click("#w-send-file")
    phone.get_by_text("this file holds no answers").wait_for()
    phone.set_input_files("#w-file", path)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.click("#w-send-file")
    phone.wait_for_selector("#w-receipt:not([hidden])")
    assert phone.inner_text("#w-receipt-name") == "Bo"
    mark.grade("sheet", None, classroom, course=course)
    by_page, by_notebook = (
        contents(classroom.exercises / "submitted" / student / "sheet")
        for student in sorted(inbox.latest(classroom, "sheet"))
    )
    assert by_page == by_notebook
    assert set(by_page) == {"sheet.ipynb", "answers.json", "receipt.json", "timestamp.txt"}


def contents(folder: Path) -> dict[str, Any]:
    """The files of a submission, without what says who and when."""
    found: dict[str, Any] = {}
    for path in folder.iterdir():
        if path.suffix == ".txt":
            found[path.name] = "a time"
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        personal = ("student", "name", "submission", "received_at", "submitted_at")
        found[path.name] = {k: v for k, v in document.items() if k not in personal}
    return found


def test_times_are_shown_in_the_reader_s_time_zone(
    browser: Browser, address: str, classroom: Workspace
) -> None:
    due.choose(classroom, "sheet", datetime(2031, 5, 4, 22, tzinfo=UTC))
    context = browser.new_context(timezone_id="Asia/Tokyo")
    try:
        page = context.new_page()
        page.goto(f"{address}/work/demo/sheet")
        page.get_by_text("Due Monday, 5 May 2031 at 07:00.").wait_for()
    finally:
        context.close()


def test_a_notebook_is_handed_in(page: Page, address: str, classroom: Workspace) -> None:
    page.allowed_errors.append("422")  # type: ignore[attr-defined]
    page.goto(f"{address}/work/notebook/people")
    page.fill("#w-name", "Bo")
    page.click("#w-send")
    page.get_by_text("Choose your notebook first").wait_for()
    page.set_input_files("#w-file", {"name": "a.ipynb", "mimeType": "", "buffer": b"hello"})
    page.click("#w-send")
    page.get_by_text("the file is not a notebook").wait_for()
    body = json.dumps(data_notebook()).encode()
    page.set_input_files("#w-file", {"name": "people.ipynb", "mimeType": "", "buffer": body})
    page.click("#w-send")
    page.wait_for_selector("#w-receipt:not([hidden])")
    assert set(inbox.latest(classroom, "people")) == {"bo"}


def test_a_mark_is_asked_about_also_when_the_answer_gets_lost(
    phone: Page, address: str, course: Course, classroom: Workspace
) -> None:
    code = inbox.receive(classroom, "sheet", "Amina", {}).code
    mark.grade("sheet", None, classroom, course=course)
    lost = iter([True])

    def once(route: Route) -> None:
        if next(lost, False):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.allowed_errors.append("ERR_FAILED")  # type: ignore[attr-defined]
    phone.route("**/api/regrade", once)
    phone.goto(f"{address}/feedback/{code}")
    phone.get_by_text("Ask your trainer to look at a mark again").click()
    phone.locator(".w-regrade select").select_option(label="Question 8")
    phone.locator(".w-regrade textarea").fill("I wrote <b>on paper</b>.")
    phone.get_by_role("button", name="Send").click()
    phone.get_by_text("Your text is kept; try again").wait_for()
    phone.reload()
    phone.get_by_role("button", name="Send").click()
    phone.get_by_text("Waiting for an answer").first.wait_for()
    phone.wait_for_load_state("networkidle")
    assert phone.locator(".w-asked .w-answer").inner_text() == "I wrote <b>on paper</b>."
    (request,) = regrade.all_of(classroom)
    assert (request.student, request.question) == ("amina", "item-ws-2")
