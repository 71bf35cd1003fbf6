"""WCAG 2.2 AA by axe in every view and state of the player, and what axe cannot see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crossings.curriculum.model import Course
from crossings.player.documents import Payload, case_payload, item_payload, quiz_payload
from tests.accessibility import PART_OF_PAGE, violations

pytestmark = pytest.mark.browser

Open = Callable[..., str]
ITEMS = (
    "child-means", "three-parts", "first-steps", "who-helps", "sort-signs", "days", "word",
    "open-question", "two-places",
)  # fmt: skip


def faults(page: Page) -> list[str]:
    return violations(page, part_of_page=PART_OF_PAGE)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def stops(page: Page) -> Iterator[str]:
    """A whole case, held at each state in which it can be looked at."""
    yield "opening"
    press(page, "Continue to the case")
    yield "scene"
    press(page, "Continue")
    yield "decision"
    press(page, "Decide")
    yield "decision without a choice"
    page.get_by_role("radio", name="alone, to check").check()
    press(page, "Decide")
    yield "what followed"
    page.locator(".cx-followed .cx-chip").first.click()
    yield "a card of law"
    press(page, "Continue")
    yield "interview"
    page.locator(".cx-stop .cx-asks button").first.click()
    yield "an answer"
    press(page, "What you know")
    yield "the notebook"
    press(page, "End the conversation")
    yield "search"
    page.locator(".cx-stop .cx-asks button").first.click()
    yield "a thing that was opened"
    press(page, "Move on")
    yield "triage"
    for place in range(2):
        page.locator("select").nth(place).select_option("police")
    press(page, "Decide")
    yield "verdicts"
    press(page, "Continue")
    page.get_by_role("textbox").fill("He is a child.")
    yield "note"
    press(page, "Keep the note and continue")
    for folded in page.locator(".cx-debrief details").all():
        folded.evaluate("d => (d.open = true)")
    yield "the end"


@pytest.fixture
def payload(course: Course) -> Payload:
    return case_payload(course, "sample/late-ship")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_stop_of_a_case(page: Page, payload: Payload, open_page: Open, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(open_page(payload))
    for name in stops(page):
        assert faults(page) == [], name


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_item(
    page: Page, course: Course, open_page: Open, name: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(open_page(item_payload(course, f"sample/{name}")))
    assert faults(page) == []
    answer(page)
    page.get_by_role("button", name="Check my answer").or_(
        page.get_by_role("button", name="Compare with a good answer")
    ).click()
    show = page.get_by_role("button", name="Show the answer")
    if show.count():
        show.click()
    expect(page.locator(".cx-why")).to_be_visible()
    assert faults(page) == []


def answer(page: Page) -> None:
    """Any answer: what there is to check, choose or fill."""
    inputs = page.locator(".cx-item > :not(.cx-controls) input, .cx-item select, .cx-item textarea")
    for one in inputs.all():
        kind = one.evaluate("e => e.type")
        if kind == "select-one":
            one.select_option(index=1)
        elif kind in ("radio", "checkbox"):
            one.check()
        else:
            one.fill("12")


def test_a_quiz_from_the_first_question_to_the_result(
    page: Page, course: Course, open_page: Open
) -> None:
    page.goto(open_page(quiz_payload(course, "sample", ["child-means", "days"], "Two")))
    assert faults(page) == []
    page.get_by_label("The means, because").check()
    press(page, "Check my answer")
    press(page, "Next question")
    page.get_by_role("textbox").fill("3")
    press(page, "Check my answer")
    assert faults(page) == []
    press(page, "See the result")
    assert faults(page) == []


def timed(payload: Payload, **more: Any) -> Payload:
    """The case with little time for its first decision."""
    nodes = payload["doc"]["nodes"]
    first = nodes["first"] | {"seconds": 30} | more
    return payload | {"doc": payload["doc"] | {"nodes": nodes | {"first": first}}}


def open_with_still_clock(page: Page, url: str) -> None:
    """Only `page.clock.run_for` moves this page's time: a slow machine loses no second of it."""
    page.clock.install(time=0)
    page.goto(url)
    page.clock.pause_at(60 * 60 * 1000)


def begin_with(page: Page, clock: str) -> None:
    page.get_by_role("radio", name=clock).check()
    press(page, "Continue to the case")
    press(page, "Continue")


def test_nobody_is_pressed_who_did_not_ask(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(timed(payload)))
    expect(page.get_by_role("radio", name="No clock")).to_be_checked()
    begin_with(page, "No clock")
    expect(page.get_by_role("radio", name="alone, to check")).to_be_visible()
    expect(page.locator(".cx-timer")).to_have_count(0)


def test_a_clock_can_be_lengthened_and_stopped(
    page: Page, payload: Payload, open_page: Open
) -> None:
    open_with_still_clock(page, open_page(timed(payload)))
    begin_with(page, "Twice the time")
    expect(page.locator(".cx-timer")).to_contain_text("60 seconds left")
    page.clock.run_for(100)
    expect(page.locator("#cx-live")).to_contain_text("You can lengthen or stop the clock")
    page.clock.run_for(55_000)
    expect(page.locator("#cx-live")).to_have_text("10 seconds left")
    press(page, "More time")
    expect(page.locator(".cx-timer")).to_contain_text("65 seconds left")
    press(page, "Stop the clock")
    page.clock.run_for(100_000)
    expect(page.get_by_role("alert")).to_have_text("")
    expect(page.get_by_role("radio", name="alone, to check")).to_be_enabled()


def test_a_running_clock_has_no_fault(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(timed(payload)))
    begin_with(page, "Twice the time")
    expect(page.locator(".cx-timer")).to_contain_text("seconds left")
    assert faults(page) == []


def test_time_that_runs_out_only_presses(page: Page, payload: Payload, open_page: Open) -> None:
    open_with_still_clock(page, open_page(timed(payload)))
    begin_with(page, "As in the story")
    page.clock.run_for(31_000)
    expect(page.get_by_role("alert")).to_have_text("Time is over. Decide now.")
    expect(page.get_by_role("radio", name="alone, to check")).to_be_enabled()


def test_hesitation_can_be_a_choice_and_is_told(
    page: Page, payload: Payload, open_page: Open
) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_with_still_clock(page, open_page(timed(payload, timeout="wave")))
    begin_with(page, "As in the story")
    page.clock.run_for(31_000)
    expect(page.locator(".cx-followed")).to_be_focused()
    expect(page.locator(".cx-followed")).to_contain_text("Time ran out, so this happened")
    page.clock.resume()  # axe needs a clock that goes
    assert faults(page) == []


@pytest.mark.parametrize(
    "name", ["opening", "decision", "interview", "search", "triage", "the end"]
)
def test_forced_colours_keep_every_button_and_choice_visible(
    page: Page, payload: Payload, open_page: Open, name: str
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(open_page(payload))
    for now in stops(page):
        if now == name:
            break
    borders = page.evaluate(
        "[...document.querySelectorAll('.cx-btn, .cx-choice-btn, .cx-option, select, textarea')]"
        ".filter((e) => e.offsetParent).map((e) => getComputedStyle(e).borderTopStyle)"
    )
    assert set(borders) <= {"solid", "dashed"}


def test_spaced_text_is_not_cut(page: Page, payload: Payload, open_page: Open) -> None:
    """WCAG 1.4.12, at 320 pixels, which is also a laptop at 400 percent (1.4.10)."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(open_page(payload))
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        "word-spacing: .16em !important } p { margin-block-end: 2em !important }"
    )
    for name in stops(page):
        wide = page.evaluate(
            "[document.documentElement.scrollWidth, ...[...document.querySelectorAll("
            "'.cx-root *')].filter((e) => getComputedStyle(e).overflowX === 'hidden' &&"
            " !e.matches('.cx-mrz, .cx-sr, .cx-meter, svg, svg *')).map((e) => e.scrollWidth)]"
        )
        assert max(wide) <= 320, name


def test_the_focus_is_never_hidden_by_the_bar(
    page: Page, payload: Payload, open_page: Open
) -> None:
    """WCAG 2.4.11: what has the focus is not covered by what sticks to the top."""
    page.set_viewport_size({"width": 390, "height": 640})
    page.goto(open_page(payload))
    for name in stops(page):
        if name == "the end":
            break
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return true;"
            " const r = e.getBoundingClientRect();"
            " const at = document.elementFromPoint(r.left + r.width / 2,"
            " Math.min(innerHeight - 1, Math.max(0, r.top + r.height / 2)));"
            " return !at || e.contains(at) || at.contains(e) || r.height > innerHeight })()"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_motion_stops_where_it_is_not_wanted(page: Page, payload: Payload, open_page: Open) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(open_page(payload))
    for _ in stops(page):
        moving = page.evaluate(
            "[...document.querySelectorAll('.cx-root, .cx-root *')].filter((e) => {"
            " const s = getComputedStyle(e);"
            " return [s.transitionDuration, s.animationDuration].some((d) =>"
            " d.split(', ').some((x) => parseFloat(x) > 0)) }).map((e) => e.className)"
        )
        assert moving == []


def test_print_shows_the_whole_debrief_and_no_buttons(
    page: Page, payload: Payload, open_page: Open
) -> None:
    page.goto(open_page(payload))
    for _ in stops(page):
        pass
    page.emulate_media(media="print")
    expect(page.locator(".cx-debrief .cx-btn:visible")).to_have_count(0)
    expect(page.locator(".cx-map")).to_be_visible()
    for title in ("What happened to each person", "The way you took", "Your points by rule"):
        expect(page.get_by_text(title)).to_be_visible()
    assert page.locator(".cx-law:visible").count() > 0
