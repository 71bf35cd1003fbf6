"""A case in a real browser, from file://: two endings, resume, rewind, hostile text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crossings.cases import replay
from crossings.curriculum.model import Course
from crossings.player.documents import Payload, case_payload, item_payload

pytestmark = pytest.mark.browser

Open = Callable[..., str]
REF = "sample/late-ship"


@pytest.fixture
def payload(course: Course) -> Payload:
    return case_payload(course, REF)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def begin(page: Page, mode: str = "Learn") -> None:
    page.get_by_role("radio", name=mode).check()
    press(page, "Continue to the case")
    press(page, "Continue")


def choose(page: Page, text: str) -> None:
    page.get_by_role("radio", name=text).check()
    press(page, "Decide")


def ask(page: Page, text: str) -> None:
    page.locator(".cx-asks").get_by_role("button", name=text).click()


def play_well(page: Page) -> None:
    """From the first decision to the ending `safe`, with every comment skipped."""
    choose(page, "alone, to check")
    if page.locator(".cx-followed").count():
        press(page, "Continue")
    for question in ("I am with the border service", "Where is your passport", "What happens if"):
        ask(page, question)
    press(page, "End the conversation")
    ask(page, "A drawer that is locked")
    ask(page, "A folder on the desk")
    press(page, "Move on")
    page.get_by_label("Where to refer Rosa").select_option("shelter")
    page.locator("select").first.select_option("guardian")
    press(page, "Decide")
    if page.locator(".cx-followed").count():
        press(page, "Continue")
    page.get_by_role("textbox").fill("He is a child.")
    press(page, "Keep the note and continue")


def stored(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate(f"localStorage.getItem('crossings:case:{REF}')"))


def test_the_good_ending_and_its_debrief(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page)
    play_well(page)
    expect(page.get_by_role("heading", name="Morning")).to_be_focused()
    expect(page.locator(".cx-outcome")).to_contain_text("Protected")
    expect(page.locator(".cx-outcome")).to_contain_text("100%")
    expect(page.get_by_role("heading", name="What you did well")).to_be_visible()
    expect(page.get_by_text("was heard and protected as a child.")).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text("He is a child.")
    expect(page.get_by_text("Road not taken (Harmful):")).to_be_visible()
    expect(page.get_by_role("heading", name="Your points by rule")).to_be_visible()
    play = replay(payload["doc"], stored(page))
    assert play.problem is None and play.score["percent"] == 100


def test_the_harmful_ending_is_capped_and_can_be_taken_back(
    page: Page, payload: Payload, open_page: Open
) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "The papers are in order")
    followed = page.get_by_role("region", name="What followed")
    expect(followed).to_be_focused()
    expect(followed).to_contain_text("Harmful")
    press(page, "See how it ends")
    expect(page.locator(".cx-outcome")).to_contain_text("Harm was done")
    # Nothing was earned, so the ceiling of the harmful act takes nothing away.
    expect(page.locator(".cx-outcome")).not_to_contain_text("limits")
    expect(page.get_by_text("was put back on board.")).to_be_visible()
    press(page, "Go back here")
    expect(page.get_by_role("heading", name="The first minute")).to_be_focused()
    play_well(page)
    expect(page.get_by_text("You went back 1 time.")).to_be_visible()
    play = replay(payload["doc"], stored(page))
    assert play.problem is None and play.score["rewinds"] == 1


def test_assess_says_nothing_before_the_end(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page, "Test yourself")
    choose(page, "alone, to check")
    expect(page.get_by_role("heading", name="In the office")).to_be_focused()
    expect(page.locator(".cx-badge")).to_have_count(0)
    press(page, "What you know")
    expect(page.get_by_text("Go back to a decision")).to_have_count(0)


def test_a_reload_resumes(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "Ask him on deck")
    press(page, "Continue")
    ask(page, "I am with the border service")
    page.reload()
    press(page, "Go on where you stopped")
    expect(page.get_by_text("Nobody asked me that before.")).to_be_visible()
    expect(page.get_by_text("2 questions left")).to_be_visible()


@pytest.mark.parametrize(
    "damage",
    [{"version": 1}, {"events": [{"seq": 1, "node": "quay", "action": "fly"}]}, {"seed": 7}],
)
def test_an_old_or_damaged_play_offers_a_new_one(
    page: Page, payload: Payload, open_page: Open, damage: dict[str, Any]
) -> None:
    page.goto(open_page(payload))
    begin(page)
    trace = stored(page) | damage
    page.evaluate(
        "(t) => localStorage.setItem(t[0], t[1])", [f"crossings:case:{REF}", json.dumps(trace)]
    )
    page.reload()
    expect(page.get_by_text("This case has changed since")).to_be_visible()
    begin(page)
    expect(page.get_by_role("heading", name="The first minute")).to_be_visible()


def newer(payload: Payload) -> Payload:
    """The case after an author changed it."""
    changed = json.loads(json.dumps(payload))
    changed["doc"]["version"] += 1
    changed["doc"]["nodes"]["office"]["title"] = "Another title"
    return changed


def test_a_play_is_finished_on_the_version_it_began_with(
    page: Page, payload: Payload, open_page: Open
) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "Ask him on deck")
    press(page, "Continue")
    page.goto(open_page(newer(payload)))
    expect(page.get_by_text("Go on with the version that you began")).to_be_visible()
    press(page, "Go on where you stopped")
    expect(page.get_by_role("heading", name="Another title")).to_have_count(0)
    ask(page, "I am with the border service")
    expect(page.locator(".cx-answer").get_by_text("Nobody asked me that before.")).to_be_visible()
    assert stored(page)["version"] == payload["doc"]["version"]


def test_or_begun_again_on_the_new_one(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "Ask him on deck")
    page.goto(open_page(newer(payload)))
    press(page, "Begin again")
    begin(page)
    assert stored(page)["version"] == payload["doc"]["version"] + 1
    choose(page, "Ask him on deck")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Another title")).to_be_focused()


def test_an_old_version_that_was_tampered_with_is_not_played(
    page: Page, payload: Payload, open_page: Open
) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "Ask him on deck")
    page.evaluate(f"localStorage.setItem('crossings:doc:{REF}', JSON.stringify({{nodes: 7}}))")
    page.goto(open_page(newer(payload)))
    expect(page.get_by_text("your earlier play cannot go on")).to_be_visible()
    begin(page)


@pytest.mark.parametrize("kept", ['"text"', "[]", "7", '{"events": 7}', "{not json"])
def test_nonsense_in_the_store_does_not_break_the_page(
    page: Page, payload: Payload, course: Course, open_page: Open, kept: str
) -> None:
    address = open_page(payload, item_payload(course, "sample/child-means"))
    page.goto(address)
    for key in (f"case:{REF}", "quiz:sample/child-means"):
        page.evaluate("(t) => localStorage.setItem(t[0], t[1])", [f"crossings:{key}", kept])
    page.reload()
    expect(page.get_by_role("button", name="Check my answer")).to_be_visible()
    begin(page)


def test_without_storage_it_still_plays(page: Page, payload: Payload, open_page: Open) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }});"
    )
    page.goto(open_page(payload))
    begin(page)
    play_well(page)
    expect(page.get_by_role("heading", name="Morning")).to_be_visible()


def test_a_delayed_consequence_is_announced(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "hold the vessel")
    expect(page.get_by_text("Meanwhile")).to_be_visible()
    expect(page.get_by_text("The harbour master calls")).to_be_visible()


def test_the_notebook_and_the_clock(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page)
    expect(page.locator(".cx-clock").first).to_contain_text("21:40")
    choose(page, "alone, to check")
    press(page, "Continue")
    expect(page.locator(".cx-clock").first).to_contain_text("21:45")
    press(page, "What you know")
    notebook = page.locator(".cx-notebook")
    expect(notebook).to_contain_text("Looks at the master before answering")
    expect(notebook).to_contain_text("5 of 10")
    expect(notebook).to_contain_text("Crew list")


def test_the_content_note_can_be_declined(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    expect(page.get_by_text("Before you begin")).to_be_visible()
    press(page, "Skip this case")
    expect(page.locator(".cx-case").get_by_text("You skipped this case.")).to_be_visible()


def test_the_trace_can_be_saved(
    page: Page, payload: Payload, open_page: Open, tmp_path: Path
) -> None:
    page.goto(open_page(payload))
    begin(page)
    press(page, "What you know")
    with page.expect_download() as waiting:
        press(page, "Save my play as a file")
    waiting.value.save_as(tmp_path / "trace.json")
    trace = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert trace["case"] == "late-ship" and trace["events"][0]["action"] == "continue"


def test_new_names_change_no_logic(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))
    begin(page)
    choose(page, "The papers are in order")
    press(page, "See how it ends")
    first = stored(page)["seed"]
    press(page, "Play again with new names")
    expect(page.get_by_role("heading", name="North Quay, 21:40")).to_be_focused()
    assert stored(page)["seed"] != first


def test_a_whole_case_by_keyboard(page: Page, payload: Payload, open_page: Open) -> None:
    page.goto(open_page(payload))

    def tab_to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "(document.activeElement.labels?.[0] || document.activeElement).textContent"
            )
            if name in (found or ""):
                return
        raise AssertionError(f"the Tab key does not reach {name}")

    tab_to("Continue to the case")
    page.keyboard.press("Enter")
    tab_to("Continue")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(4):
        chosen = page.evaluate("document.activeElement.value")
        if chosen == "wave":
            break
        page.keyboard.press("ArrowDown")
    tab_to("Decide")
    page.keyboard.press("Enter")
    tab_to("See how it ends")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gone")).to_be_focused()


def test_hostile_text_is_text(
    page: Page,
    payload: Payload,
    course: Course,
    open_page: Open,
    hostile: str,
    hostile_copy: Callable[[Any], Any],
) -> None:
    item = hostile_copy(item_payload(course, "sample/child-means"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(open_page(hostile_copy(payload), item))
    expect(page.get_by_text("The late ship" + hostile)).to_be_visible()
    begin(page)
    choose(page, "alone, to check")
    press(page, "Continue")
    ask(page, "I am with the border service")
    press(page, "End the conversation")
    for evidence in ("Rosa's phone", "A photo", "A jacket"):
        ask(page, evidence)
    press(page, "Move on")
    for place in range(2):
        page.locator("select").nth(place).select_option("police")
    press(page, "Decide")
    press(page, "Continue")
    page.get_by_role("textbox").fill(hostile)
    press(page, "Keep the note and continue")
    expect(page.locator("blockquote")).to_contain_text(hostile)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hacked") is None
    assert all(url.startswith(("file:", "data:")) for url in asked), asked


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_it_fits_a_phone(
    page: Page, payload: Payload, open_page: Open, width: int, direction: str
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(open_page(payload, direction=direction))

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "[...document.querySelectorAll('button, select, .cx-option > label')]"
            ".filter((e) => e.offsetParent && e.offsetHeight < 44).map((e) => e.textContent)"
        )
        assert small == []

    fits()
    begin(page)
    fits()
    choose(page, "The papers are in order")
    fits()
    press(page, "See how it ends")
    fits()


def test_a_broken_payload_spares_its_neighbours(
    page: Page, payload: Payload, course: Course, open_page: Open
) -> None:
    page.allowed_errors.append("TypeError")  # type: ignore[attr-defined]
    page.goto(open_page({"kind": "case", "ref": "a/b"}, item_payload(course, "sample/child-means")))
    expect(page.get_by_text("This part of the page could not be shown.")).to_be_visible()
    expect(page.get_by_role("button", name="Check my answer")).to_be_visible()


def test_the_widget_module_draws_and_reports(
    page: Page, payload: Payload, tmp_path: Path, open_page: Open
) -> None:
    from crossings.player.widget import Player

    model = """
      const data = {payload: PAYLOAD, mode: "learn", seed: "s", trace: null, responses: {}};
      window.model = {get: (k) => data[k], set: (k, v) => (data[k] = v), save_changes() {}, data};
      const made = await import(URL.createObjectURL(
        new Blob([document.getElementById("esm").textContent], {type: "text/javascript"})));
      made.default.render({model: window.model, el: document.getElementById("here")});
    """
    address = open_page()
    page.goto(address)
    page.evaluate(
        "(text) => document.body.append(Object.assign(document.createElement('script'),"
        " {type: 'text/plain', id: 'esm', textContent: text}))",
        str(Player._esm),
    )
    page.evaluate("async (payload) => {" + model.replace("PAYLOAD", "payload") + "}", payload)
    press(page, "Continue to the case")
    press(page, "Continue")
    trace = page.evaluate("model.data.trace")
    assert trace["mode"] == "learn" and len(trace["events"]) == 1
