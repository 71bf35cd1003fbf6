"""One HTML file: it plays from `file://` with the network off and asks for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crossings.curriculum import Course
from crossings.exchange.standalone import case_page, policy, quiz_page

REF = "demo/walk"


def test_the_file_says_what_it_is_and_allows_only_its_own_script(course: Course) -> None:
    text = case_page(course, REF)
    assert "version 1" in text and "CC BY 4.0" in text and course.case(REF).title in text
    csp = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert csp is not None and "unsafe" not in csp.group(1)
    code = re.search(r"<script>(.*)</script>", text, re.DOTALL)
    look = re.search(r"<style>(.*)</style>", text, re.DOTALL)
    assert code is not None and look is not None
    assert csp.group(1) == policy(code.group(1), look.group(1))
    assert not re.search(r'(?:src|href)="(?!data:,|https://creativecommons)', text)


def test_a_quiz_holds_practice_items_only(course: Course) -> None:
    text = quiz_page(course, course.modules["demo"])
    assert '"id":"q-1"' in text
    for other in ("pre-1", "post-1", "d-1", "ws-1"):
        assert f'"id":"{other}"' not in text


def opened(page: Page, path: Path) -> list[str]:
    """Opens the file with the network off; the list collects every request."""
    asked: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return asked


@pytest.mark.browser
def test_a_case_plays_to_an_ending_with_the_network_off(
    course: Course, phone: Page, tmp_path: Path
) -> None:
    path = tmp_path / "a case.html"
    path.write_text(case_page(course, REF), encoding="utf-8", newline="\n")
    asked = opened(phone, path)
    on = re.compile("^(Begin|Continue|Decide|See how it ends)")
    for _ in range(12):
        if phone.locator(".cx-outcome").count():
            break
        answers = phone.locator(".cx-option input")
        if answers.count():
            answers.first.check()
        phone.get_by_role("button", name=on).first.click()
    expect(phone.locator(".cx-outcome")).to_be_visible()
    assert asked == [path.as_uri()]
    wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.mark.browser
def test_no_other_script_runs_in_the_file(course: Course, page: Page, tmp_path: Path) -> None:
    page.allowed_errors.append("Content Security Policy")  # type: ignore[attr-defined]
    path = tmp_path / "case.html"
    text = case_page(course, REF).replace("</body>", "<script>window.ran = 1</script></body>")
    path.write_text(text, encoding="utf-8", newline="\n")
    opened(page, path)
    expect(page.get_by_role("heading", level=1)).to_have_text(course.case(REF).title)
    assert page.evaluate("window.ran") is None


@pytest.mark.browser
def test_a_quiz_is_answered_with_the_network_off(
    course: Course, phone: Page, tmp_path: Path
) -> None:
    path = tmp_path / "quiz.html"
    text = quiz_page(course, course.modules["demo"])
    path.write_text(text, encoding="utf-8", newline="\n")
    asked = opened(phone, path)
    phone.get_by_role("radio", name="Ask").check()
    phone.get_by_role("button", name="Check").click()
    expect(phone.locator(".cx-badge").first).to_be_visible()
    assert asked == [path.as_uri()]
