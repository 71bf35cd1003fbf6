"""Items and quizzes in a real browser, from file://, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from crossings.curriculum.model import Course
from crossings.items import public
from crossings.player.documents import item_payload, quiz_payload, to_json_script

pytestmark = pytest.mark.browser

Open = Callable[..., str]


def check(page: Page) -> None:
    page.get_by_role("button", name="Check my answer").click()


def verdict(page: Page) -> Locator:
    return page.locator(".cx-verdict")


def goto(page: Page, course: Course, open_page: Open, name: str) -> None:
    page.goto(open_page(item_payload(course, f"sample/{name}")))


def test_single_wrong_then_right(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "child-means")
    page.get_by_label("The act, because").check()
    check(page)
    expect(verdict(page)).to_contain_text("Not right")
    expect(page.get_by_text("Bringing her there is the act")).to_be_visible()
    expect(page.get_by_text("The child rule takes away")).to_be_hidden()
    page.get_by_role("button", name="Try again").click()
    page.get_by_label("The means, because").check()
    check(page)
    expect(verdict(page)).to_contain_text("Right")
    expect(verdict(page)).to_contain_text("1 of 1 point")
    expect(page.get_by_text("The child rule takes away")).to_be_visible()


def test_the_answer_can_be_shown(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "child-means")
    page.get_by_label("The act, because").check()
    check(page)
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_text("You missed this one")).to_be_visible()
    expect(page.get_by_text("The child rule takes away")).to_be_visible()


def test_an_empty_answer_asks_for_one(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "child-means")
    check(page)
    expect(page.get_by_role("alert")).to_have_text("Answer first, then check.")


def test_hint_and_law_card(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "child-means")
    page.get_by_role("button", name="Hint").click()
    expect(page.get_by_text("Think of what an adult")).to_be_visible()
    page.get_by_label("The means, because").check()
    check(page)
    chip = page.get_by_role("button", name="Trafficking Protocol Article 3(a)")
    expect(chip).to_have_attribute("aria-expanded", "false")
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cx-law:visible").get_by_text("Who is bound:")).to_be_visible()
    expect(page.get_by_text("None is needed.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cx-law:visible").get_by_text("Who is bound:")).to_be_hidden()


def test_multiple_partly(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "three-parts")
    page.get_by_label("An act, such").check()
    page.get_by_label("The purpose of").check()
    page.get_by_label("Crossing a border").check()
    check(page)
    expect(verdict(page)).to_contain_text("Partly right")
    expect(verdict(page)).to_contain_text("1.5 of 2 points")
    expect(page.get_by_text("Trafficking can happen inside one country.")).to_be_visible()


def test_order_by_keyboard(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "first-steps")
    right = ["Move the person", "Meet urgent", "Find an interpreter", "Explain who"]
    for place, start in enumerate(right):
        for _ in range(4):
            rows = page.locator(".cx-order-text").all_inner_texts()
            if next(i for i, text in enumerate(rows) if text.startswith(start)) == place:
                break
            row = page.locator(".cx-order li", has_text=start)
            row.get_by_role("button", name="Move up").focus()
            page.keyboard.press("ArrowUp")
    check(page)
    expect(verdict(page)).to_contain_text("Right")


def test_order_by_mouse_keeps_the_focus_and_says_the_place(
    page: Page, course: Course, open_page: Open
) -> None:
    goto(page, course, open_page, "first-steps")
    page.locator(".cx-order li").nth(2).get_by_role("button", name="Move up").click()
    expect(page.locator("#cx-live")).to_have_text("Now in place 2 of 4")
    expect(page.locator(".cx-order li").nth(1).locator(".cx-up")).to_be_focused()


def test_match_uses_each_answer_once(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "who-helps")
    page.get_by_label("A boy of 16").select_option("clinic")
    page.get_by_label("A deep cut").select_option("clinic")
    expect(page.get_by_label("A boy of 16")).to_have_value("")
    page.get_by_label("A boy of 16").select_option("guardian")
    page.get_by_label("Nine months").select_option("labour")
    check(page)
    expect(verdict(page)).to_contain_text("1 of 1 point")


def test_grid_wrong_line_is_named(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "sort-signs")
    for name in ("Somebody else", "She looks tired", "She says"):
        page.get_by_role("radiogroup", name=name).get_by_label("Look further").check()
    check(page)
    expect(verdict(page)).to_contain_text("Partly right")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_text("Right answer: Little")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "word"), [("72", "Right"), ("72,0", "Right"), ("71", "Not right")]
)
def test_number_with_enter(
    page: Page, course: Course, open_page: Open, typed: str, word: str
) -> None:
    goto(page, course, open_page, "days")
    expect(page.get_by_text("months", exact=True)).to_be_visible()
    page.get_by_role("textbox").fill(typed)
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text(word)


def test_a_number_that_is_none_is_explained(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "days")
    page.get_by_role("textbox").fill("about 70")
    check(page)
    expect(page.get_by_role("alert")).to_contain_text("A number looks like 12")


def test_short_forgives_capitals(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "word")
    page.get_by_role("textbox").fill("  The PURPOSE. ")
    check(page)
    expect(verdict(page)).to_contain_text("Right")


def test_text_is_compared_not_scored(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "open-question")
    page.get_by_role("textbox").fill("My name is Ada.")
    expect(page.get_by_text("4 words")).to_be_visible()
    page.get_by_role("button", name="Compare with a good answer").click()
    expect(verdict(page)).to_contain_text("For a person to mark")
    expect(page.get_by_text("Says that the person may refuse")).to_be_visible()


def test_a_quiz_counts_first_answers_and_survives_a_reload(
    page: Page, course: Course, open_page: Open
) -> None:
    payload = quiz_payload(course, "sample", ["child-means", "days"], "Two questions")
    page.goto(open_page(payload))
    page.get_by_label("The act, because").check()
    page.get_by_label("Certain").check()
    check(page)
    expect(page.get_by_text("You were certain.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    page.get_by_label("The means, because").check()
    check(page)
    page.reload()
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()
    page.get_by_role("textbox").fill("72")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="See the result").click()
    expect(page.locator(".cx-total")).to_have_text("1 of 2 points")
    expect(page.get_by_text("define trafficking in persons")).to_be_visible()
    expect(page.get_by_text("Chapter one")).to_be_visible()
    page.get_by_role("button", name="Start the quiz again").click()
    expect(page.get_by_text("Question 1 of 2")).to_be_visible()


def test_the_page_hears_of_every_answer(page: Page, course: Course, open_page: Open) -> None:
    script = "addEventListener('crossings:change', (e) => (window.heard = e.detail));"
    page.goto(open_page(quiz_payload(course, "sample", ["child-means"]), script=script))
    page.get_by_label("The means, because").check()
    check(page)
    heard = page.evaluate("window.heard")
    assert heard["kind"] == "quiz" and heard["totals"] == {"points": 1, "max": 1, "done": 1}


@pytest.mark.parametrize("kind", ["child-means", "three-parts", "who-helps", "sort-signs", "word"])
def test_without_its_key_an_item_is_inputs_only(
    page: Page, course: Course, open_page: Open, kind: str
) -> None:
    item = to_json_script(public(course.item(f"sample/{kind}"), "seat 7"))
    script = (
        f"window.heard = [];CrossingsPlayer.item(here, {item}, {{onChange: (r) => heard.push(r)}});"
    )
    page.goto(open_page(script=script))
    assert set(page.get_by_role("button").all_inner_texts()) <= {"Hint"}
    first = page.locator("#here").locator("input, select").first
    if kind == "word":
        first.fill("purpose")
    elif kind == "who-helps":
        first.select_option(index=1)
    else:
        first.check()
    assert page.evaluate("heard.length") == 1 and page.evaluate("heard[0]") is not None


def test_an_order_without_its_key_is_answered_when_touched_or_kept(
    page: Page, course: Course, open_page: Open
) -> None:
    item = to_json_script(public(course.item("sample/first-steps"), "seat 7"))
    page.goto(
        open_page(
            script=f"window.made = CrossingsPlayer.item(here, {item}, "
            "{onChange: (r) => (window.heard = r)});"
        )
    )
    assert page.evaluate("made.response()") is None
    page.get_by_label("This is my order").check()
    assert len(page.evaluate("heard.order")) == 4


def test_a_given_response_and_a_result_are_shown(
    page: Page, course: Course, open_page: Open
) -> None:
    item = to_json_script(public(course.item("sample/child-means"), "seat 7"))
    page.goto(
        open_page(
            script=f"CrossingsPlayer.item(here, {item}, {{response: {{choice: 'act'}}, result: "
            "{score: {points: 0, max_points: 1, status: 'scored', per_option: {act: false}}, "
            "comment: 'See chapter one.'}});"
        )
    )
    expect(page.get_by_label("The act, because")).to_be_checked()
    expect(page.get_by_label("The act, because")).to_be_disabled()
    expect(verdict(page)).to_contain_text("Not right")
    expect(page.get_by_text("See chapter one.")).to_be_visible()


def spot(page: Page, letter: str) -> Locator:
    return page.locator(".cx-spot", has_text=letter)


def test_places_in_a_picture_by_finger(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "two-places")
    assert page.locator(".cx-picture img").evaluate("i => i.complete && i.naturalWidth > 0")
    spot(page, "B").click()
    spot(page, "A").click()
    spot(page, "A").click()
    expect(page.get_by_label("The sticker of the office")).to_be_checked()
    expect(page.get_by_label("The exit stamp")).not_to_be_checked()
    check(page)
    expect(verdict(page)).to_contain_text("Partly right")
    expect(page.get_by_text("Somebody keeps it.")).to_be_visible()


def test_places_in_a_picture_by_keys(page: Page, course: Course, open_page: Open) -> None:
    goto(page, course, open_page, "two-places")
    page.get_by_label("The sticker of the office").focus()
    expect(spot(page, "B")).to_have_class("cx-spot cx-here")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(spot(page, "C")).to_have_class("cx-spot cx-here cx-on")
    check(page)
    expect(verdict(page)).to_contain_text("1 of 1 point")


def test_a_question_without_its_key_still_has_hint_and_sureness(
    page: Page, course: Course, open_page: Open
) -> None:
    """On a worksheet: what the learner says travels with the answer; nothing is checked here."""
    page.goto(open_page(item_payload(course, "sample/two-places")))
    item = to_json_script(public(course.item("sample/two-places"), "seed"))
    page.evaluate(
        f"""() => {{
          const box = document.createElement("div");
          document.body.replaceChildren(box);
          window.told = [];
          CrossingsPlayer.item(box, {item}, {{ onChange: (r) => window.told.push(r) }});
        }}"""
    )
    expect(page.get_by_role("button", name="Check my answer")).to_have_count(0)
    page.get_by_role("button", name="Hint").click()
    expect(page.get_by_text("Two of the three.")).to_be_visible()
    spot(page, "B").click()
    page.get_by_label("Certain").check()
    assert page.evaluate("told.at(-1)") == {"choices": ["sticker"], "sure": "certain"}
    spot(page, "B").click()
    assert page.evaluate("told.at(-1)") is None
