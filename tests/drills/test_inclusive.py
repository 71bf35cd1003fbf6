"""The participant's page for those who do not look, do not point, or read from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crossings.drills import Trainer, open_script
from tests.accessibility import problems_at_each_width
from tests.drills import team_room
from tests.drills.test_page import Room, heading, join

pytestmark = pytest.mark.browser

LISTEN = """() => {
  window.said = [];
  const watch = node => new MutationObserver(() => {
    const words = node.textContent.trim();
    if (words && !node.hidden) window.said.push(words);
  }).observe(node, {childList: true, characterData: true, subtree: true, attributes: true});
  document.querySelectorAll('[aria-live=polite], [aria-live=assertive], [role=status]')
    .forEach(watch);
}"""
"""What a screen reader would be told by itself from now on."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("inclusive"))
    yield made
    made.kill()
    made.log.close()


def test_a_page_says_what_matters_and_nothing_else(room: Room, phone: Any) -> None:
    """Others join, vote and answer; the clock runs; one's own answer is saved once."""
    trainer = Trainer(room.log, open_script(room.log, team_room.case(names=["Red", "Blue"])))
    join(phone, room, trainer.state.code, "Amina")
    phone.evaluate(LISTEN)
    others = Voters(room, trainer)
    for n in range(5):
        others.joins(f"Other {n}")
    phone.wait_for_selector("#team >> text=Other 1")
    trainer.start()
    phone.click("text=Go on with the team")
    heading(phone, "First step")
    others.vote("both", 2)
    phone.wait_for_selector("text=1 of 3 in your team have voted.")
    phone.wait_for_timeout(3200)  # the clock moves, and is not read out
    phone.click("#main .choice >> nth=0")
    phone.click("text=Vote: ")
    phone.wait_for_selector("text=2 of 3 in your team have voted.")
    phone.wait_for_selector("#saved:has-text('Saved')")
    said = phone.evaluate("window.said")
    assert said == ["Answer saved.", "Answer saved."] or said == ["Answer saved."], said


def test_everything_can_be_done_with_a_keyboard(room: Room, page: Any) -> None:
    trainer = Trainer(room.log, open_script(room.log, team_room.case(names=["Red", "Blue"])))
    page.goto(f"{room.base}/drill/?code={trainer.state.code}")
    page.wait_for_selector("#name")
    page.keyboard.type("Amina")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your seat code")
    trainer.start()
    heading(page, "At the gate")
    tab_to(page, "Go on with the team")
    page.keyboard.press("Enter")
    heading(page, "First step")
    tab_to(page, "Ask both")
    page.keyboard.press("Space")
    tab_to(page, "Vote:")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Your note')")
    tab_to(page, "", "TEXTAREA")
    page.keyboard.type("Call the desk.")
    tab_to(page, "Send my note")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your team has come to an end")


def tab_to(page: Any, words: str, tag: str = "BUTTON") -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "[document.activeElement.tagName, document.activeElement.textContent]"
        )
        if found[0] == tag and words in found[1]:
            return
    raise AssertionError(f"{words!r} is not reached by the Tab key")


def test_the_pages_are_ready_for_a_script_from_right_to_left(
    room: Room, phone: Any, page: Any
) -> None:
    """Every state keeps its order and width, and names of either direction stay whole."""
    plan = team_room.quiz(names=["فريق النهر", "Blue"])
    trainer = Trainer(room.log, open_script(room.log, plan))
    for shown in (phone, page):
        shown.add_init_script(
            "document.addEventListener('DOMContentLoaded',"
            "() => document.documentElement.dir = 'rtl')"
        )
    join(phone, room, trainer.state.code, "ليلى (Layla)")
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    page.wait_for_selector(".code")

    def fine(what: str) -> None:
        assert problems_at_each_width(phone) == [], what
        assert problems_at_each_width(page) == [], what

    fine("lobby")
    assert phone.evaluate("getComputedStyle(document.querySelector('.seat-code')).direction")
    trainer.start()
    heading(phone, "A woman agreed")
    phone.click("#main .choice >> nth=0")
    phone.wait_for_selector("#saved:has-text('Saved')")
    letter, words = (
        phone.evaluate(f"document.querySelector('.choice {name}').getBoundingClientRect().left")
        for name in (".letter", ".text")
    )
    assert letter > words, "the letter stands where reading begins"
    fine("answered")
    trainer.close()
    trainer.highlight(option="no")
    page.wait_for_selector(".up")
    fine("held up")
    trainer.reveal()
    phone.wait_for_selector(".verdict")
    fine("revealed")
    trainer.curtain()
    page.wait_for_selector("text=Look at your trainer.")
    fine("covered")
    trainer.end()
    phone.wait_for_selector("h1:has-text('The drill is over')")
    fine("the end")


def test_who_is_blocked_or_locked_out_is_told_so(room: Room, phone: Any) -> None:
    phone.allowed_errors.append("403")
    trainer = Trainer(room.log, open_script(room.log, team_room.quiz(of=2)))
    join(phone, room, trainer.state.code, "Loud")
    trainer.refresh()
    trainer.block(trainer.state.present[0].id)
    heading(phone, "You are no longer in this drill")
    assert not phone.locator("text=Join again").count()
    assert problems_at_each_width(phone) == []
    phone.reload()
    phone.fill("#name", "Quiet")
    phone.click("button.main-button")
    phone.wait_for_selector("text=The trainer has closed this drill for this device.")
    assert problems_at_each_width(phone) == []
    trainer.readmit(next(iter(trainer.state.seats)))
    trainer.lock()
    phone.wait_for_timeout(700)
    phone.click("button.main-button")
    phone.wait_for_selector("text=The trainer has locked the room")
    trainer.lock(False)
    phone.wait_for_timeout(700)
    phone.click("button.main-button")
    phone.wait_for_selector("text=Your seat code")


class Voters:
    """Other people in the room, without pages."""

    def __init__(self, room: Room, trainer: Trainer) -> None:
        self._room, self._trainer, self._number = room, trainer, 0

    def _add(self, kind: str, payload: dict[str, Any], seat: str) -> None:
        from crossings.drills import Draft

        self._number += 1
        run = self._trainer.state.run
        self._room.log.append([Draft(run, kind, f"other-{self._number}", payload, seat)])

    def joins(self, name: str) -> None:
        self._add("joined", {"name": name, "code": name[-1] * 6}, f"o{self._number}")

    def vote(self, choice: str, step: int) -> None:
        """One of the first team votes at the turn before `step`."""
        self._trainer.refresh()
        seat = next(s.id for s in self._trainer.state.present if s.team == "t1" and s.id[0] == "o")
        response = {"action": "choose", "choice": choice}
        self._add("answered", {"step": step - 1, "n": 1, "response": response}, seat)
