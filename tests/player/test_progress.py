"""Progress: shown, taken along as a file, brought back, deleted; a hostile file changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crossings.curriculum.model import Course
from crossings.player.documents import (
    Payload,
    activity,
    case_payload,
    progress_payload,
    quiz_payload,
    to_json_script,
)

pytestmark = pytest.mark.browser

Open = Callable[..., str]
CASE, QUIZ = "case:sample/late-ship", "quiz:sample/one"


@pytest.fixture
def payload(course: Course) -> Payload:
    case = case_payload(course, "sample/late-ship")
    quiz = quiz_payload(course, "sample", ["child-means", "days"], "Two questions", "one")
    return progress_payload([("Sample", [activity(case, "#case"), activity(quiz, "#quiz")])])


def shown(page: Page, open_page: Open, payload: Payload, kept: dict[str, Any]) -> None:
    """The progress page of somebody who did `kept`."""
    address = open_page(payload, script="")
    folder = Path(address.removeprefix("file://")).parent
    page_file = folder / "page.html"
    text = page_file.read_text(encoding="utf-8")
    text = text.replace("</html>", '<script src="progress.js"></script></html>')
    page_file.write_text(text, encoding="utf-8")
    page.goto(address)
    for key, value in kept.items():
        page.evaluate("(t) => localStorage.setItem(t[0], t[1])", [f"crossings:{key}", value])
    page.reload()


def trace(events: int, **more: Any) -> str:
    return json.dumps({"case": "late-ship", "events": [{}] * events} | more)


ONE_ANSWER = json.dumps({"items": {"days": {"first": {"points": 1}}}})


def test_it_says_what_was_done(page: Page, open_page: Open, payload: Payload) -> None:
    done = {CASE: trace(3, result={"percent": 85, "outcome": "partly"}), QUIZ: ONE_ANSWER}
    shown(page, open_page, payload, done)
    expect(page.get_by_text("Played to an end: 85%, Partly protected")).to_be_visible()
    expect(page.get_by_text("1 of 2 questions answered, 1 points")).to_be_visible()
    expect(page.get_by_role("link", name="Two questions")).to_have_attribute("href", "#quiz")


def test_only_modules_with_something_begun_stand_open(
    page: Page, open_page: Open, course: Course
) -> None:
    case = activity(case_payload(course, "sample/late-ship"), "#case")
    quiz = activity(quiz_payload(course, "sample", ["days"], "A question", "one"), "#quiz")
    payload = progress_payload([("First", [quiz]), ("Second", [case, quiz | {"key": "quiz:x/y"}])])
    shown(page, open_page, payload, {CASE: trace(2)})
    expect(page.locator("summary")).to_have_text(["First 0 / 1", "Second 1 / 2"])
    expect(page.get_by_role("link", name="A question").locator("visible=true")).to_have_count(1)
    page.get_by_text("First 0 / 1").click()
    expect(page.get_by_role("link", name="A question").locator("visible=true")).to_have_count(2)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_role("link", name="A question").locator("visible=true")).to_have_count(1)


def test_a_file_goes_to_another_device_and_what_is_further_there_stays(
    page: Page, open_page: Open, payload: Payload, tmp_path: Path
) -> None:
    shown(page, open_page, payload, {CASE: trace(2), QUIZ: ONE_ANSWER})
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "progress.json"
    saved.value.save_as(file)
    assert set(json.loads(file.read_text(encoding="utf-8"))["entries"]) == {CASE, QUIZ}
    page.evaluate("localStorage.clear()")
    page.evaluate("(t) => localStorage.setItem(t[0], t[1])", [f"crossings:{CASE}", trace(5)])
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("1 entry came back.")).to_be_visible()
    kept = json.loads(page.evaluate(f"localStorage.getItem('crossings:{CASE}')"))
    assert len(kept["events"]) == 5
    expect(page.get_by_text("1 of 2 questions answered")).to_be_visible()


@pytest.mark.parametrize(
    "content",
    [
        "not json", "[]", "{}", '{"format": "crossings-progress"}',
        '{"format": "crossings-progress", "entries": {"theme": "x", "case:x": 7, "quiz:y": []}}',
        '{"format": "crossings-progress", "entries": {"__proto__": {"events": []}}}',
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_ours_changes_nothing(
    page: Page, open_page: Open, payload: Payload, tmp_path: Path, content: str
) -> None:
    shown(page, open_page, payload, {CASE: trace(2)})
    before = page.evaluate("JSON.stringify(localStorage)")
    file = tmp_path / "odd.json"
    file.write_text(content, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("status").filter(has_text="progress file").or_(
        page.get_by_text("0 entries came back"))).to_be_visible()  # fmt: skip
    assert page.evaluate("JSON.stringify(localStorage)") == before


def test_deleting_asks_twice(page: Page, open_page: Open, payload: Payload) -> None:
    shown(page, open_page, payload, {CASE: trace(2)})
    page.get_by_role("button", name="Delete from this device").click()
    assert page.evaluate(f"localStorage.getItem('crossings:{CASE}')") is not None
    page.get_by_role("button", name="Really delete?").click()
    expect(page.get_by_text("no longer on this device")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_storage_that_is_full_is_said(page: Page, open_page: Open, payload: Payload) -> None:
    shown(page, open_page, payload, {})
    page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('quota'); })")
    document = {"format": "crossings-progress", "entries": {CASE: json.loads(trace(3))}}
    page.locator("input[type=file]").set_input_files(
        {"name": "p.json", "mimeType": "application/json", "buffer": json.dumps(document).encode()}
    )
    expect(page.get_by_text("This browser has no room for all of it")).to_be_visible()


def test_titles_are_text(page: Page, open_page: Open, payload: Payload, hostile: str) -> None:
    payload["groups"][0]["activities"][0]["title"] += hostile
    assert "<img" not in to_json_script(payload)
    shown(page, open_page, payload, {})
    expect(page.get_by_role("link", name="The late ship")).to_contain_text("<img")
    assert page.locator("img").count() == 0
