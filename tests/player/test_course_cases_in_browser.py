"""Each case of the course on a phone, from its opening to the whole debrief, on its best way.

By finger and by keys in turn. The engine plays beside the page, so each heading is known. Slow:
some minutes for all of them. Run one with `./course test -m slow -k two-contracts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from crossings.cases import apply, replay, start, view
from crossings.curriculum import Course, current
from crossings.player.documents import case_payload
from crossings.workspace import ROOT
from tests.accessibility import ALL_BUT_COLOURS, COLOURS, PART_OF_PAGE, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]

Json = dict[str, Any]
Open = Callable[..., str]
LOOKED_AT = ("decision", "interview", "triage")
"""Kinds of stop at which axe looks, once each; and at the end."""

WIDE = """() => {
  const wide = [...document.querySelectorAll(".cx-root *:not(.cx-sr, svg *)")].filter((e) =>
    e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1);
  return [`${document.documentElement.scrollWidth} of ${innerWidth}`,
    ...wide.map((e) => e.className + ": " + e.textContent.slice(0, 60))];
}"""


@pytest.fixture(scope="module")
def shipped() -> Course:
    return current()


CASES = sorted(f"{p.parts[-3]}/{p.stem}" for p in (ROOT / "modules").glob("*/cases/*.yml"))


def by_finger(target: Locator) -> None:
    target.tap()


def by_keys(target: Locator) -> None:
    """Enter presses a button; the space bar picks an option."""
    target.focus()
    target.press("Space" if target.get_attribute("type") == "radio" else "Enter")


class Player:
    """One play on the page, and the same play in the engine."""

    def __init__(self, page: Page, doc: Mapping[str, Any], hand: Callable[[Locator], None]) -> None:
        self.page, self.doc, self.hand = page, doc, hand
        self.root = page.locator(".cx-case")

    def press(self, name: str) -> None:
        self.hand(self.root.get_by_role("button", name=name, exact=True))

    def begin(self) -> None:
        expect(self.root.locator(".cx-title")).to_have_text(self.doc["title"])
        self.press("Continue to the case" if self.doc.get("content_note") else "Begin")
        trace = stored(self.page)
        self.state = start(self.doc, trace["seed"], trace["mode"])

    def stops(self, actions: list[Json]) -> Iterator[Json]:
        """What the engine shows at each stop, once the page shows it too; last the ending."""
        shown = view(self.doc, self.state)
        self._arrived(shown)
        for action in actions:
            yield shown
            self.state = apply(self.doc, self.state, action)
            after = view(self.doc, self.state)
            self._do(action, shown, after)
            stays = action["action"] in ("ask", "open") and shown["node"] == after["node"]
            if not stays:
                self._read_what_followed()
                self._arrived(after)
            shown = after
        yield shown

    def _arrived(self, shown: Json) -> None:
        title = self.root.locator(".cx-title")
        expect(title).to_have_text(shown["title"])
        expect(title).to_be_focused()

    def _read_what_followed(self) -> None:
        followed = self.root.locator(".cx-followed")
        if not followed.count():
            return
        expect(followed).to_be_focused()
        self.hand(followed.locator(".cx-forward button"))

    def _do(self, action: Json, shown: Json, after: Json) -> None:
        kind = action["action"]
        if kind == "continue":
            self.press("Continue")
        elif kind == "choose":
            self.hand(self.root.locator(f"input[value='{action['choice']}']"))
            self.press("Decide")
        elif kind == "ask":
            said = next(q for q in shown["questions"] if q["id"] == action["question"])
            self._pick(said["text"])
            answer = self.root.locator(f".cx-talk [data-id='{said['id']}']")
            if after["node"] == shown["node"]:
                expect(answer).to_be_focused()
        elif kind == "open":
            found = next(f for f in shown["finds"] if f["evidence"] == action["evidence"])
            self._pick(found["label"])
            if after["node"] == shown["node"]:
                expect(self.root.locator(".cx-stop > .cx-evidence").last).to_be_focused()
        elif kind == "leave":
            self.press("End the conversation" if shown["kind"] == "interview" else "Move on")
        elif kind == "sort":
            for person, channel in action["pairs"].items():
                self.root.locator(f"select[data-id='{person}']").select_option(channel)
            self.press("Decide")
        else:
            self.root.locator("textarea").fill(action["text"])
            self.press("Keep the note and continue")

    def _pick(self, label: str) -> None:
        plain = label.replace("*", "")
        rows = self.root.locator(".cx-asks button").filter(
            has=self.page.get_by_text(plain, exact=True)
        )
        self.hand(rows)


def stored(page: Page) -> Json:
    trace: Json = page.evaluate(
        "JSON.parse(Object.entries(localStorage).find(([k]) => k.startsWith('crossings:case:'))[1])"
    )
    return trace


def best_way(course: Course, ref: str) -> list[Json]:
    """The actions of the walkthrough that the author promises 100 percent for."""
    best = course.case(ref).walkthroughs["best"]
    return [action.model_dump(exclude_none=True) for action in best.actions]


def assert_fits(page: Page, where: str) -> None:
    size, *wide = page.evaluate(WIDE)
    assert wide == [], where
    assert size == "390 of 390", where


def faults(page: Page) -> list[str]:
    """What axe finds in both schemes."""
    found = violations(page, ALL_BUT_COLOURS, PART_OF_PAGE)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme}: {line}" for line in violations(page, COLOURS)]
    return found


def test_no_case_of_the_course_is_left_out(shipped: Course) -> None:
    assert sorted(f"{m.id}/{c}" for m in shipped.modules.values() for c in m.cases) == CASES


@pytest.mark.parametrize("ref", CASES)
def test_the_best_way_on_a_phone(phone: Page, shipped: Course, open_page: Open, ref: str) -> None:
    phone.emulate_media(reduced_motion="reduce")
    payload = case_payload(shipped, ref)
    phone.goto(open_page(payload))
    assert_fits(phone, "opening")
    player = Player(phone, payload["doc"], (by_finger, by_keys)[CASES.index(ref) % 2])
    player.begin()
    waiting = set(LOOKED_AT)
    for shown in player.stops(best_way(shipped, ref)):
        assert_fits(phone, shown["node"])
        portraits = phone.locator(".cx-face").all_inner_texts()
        assert all(text.strip() for text in portraits), shown["node"]
        if shown["kind"] in waiting:
            waiting.discard(shown["kind"])
            assert faults(phone) == [], shown["node"]
    assert not waiting, "the best way has no such stop"

    assert player.state.ending == shipped.case(ref).walkthroughs["best"].ending
    expect(phone.locator(".cx-percent")).to_have_text("100%")
    expect(phone.locator(".cx-outcome")).to_contain_text("Protected")
    for folded in phone.locator(".cx-debrief details").all():
        folded.evaluate("d => (d.open = true)")
    assert_fits(phone, "debrief")
    assert faults(phone) == [], "debrief"
    play = replay(payload["doc"], stored(phone))
    assert play.finished and play.score["percent"] == 100
