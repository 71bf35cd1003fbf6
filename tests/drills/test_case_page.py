"""A case on the participant's page in a real browser, where everybody decides for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crossings.drills import Trainer, open_script
from crossings.drills.casework import playing
from tests.accessibility import problems_at_each_width
from tests.drills import case_room
from tests.drills.test_page import Room, heading, join

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("case"))
    yield made
    made.kill()
    made.log.close()


def opened(room: Room) -> Trainer:
    return Trainer(room.log, open_script(room.log, case_room.small_plan("each")))


def test_one_plays_a_case_of_every_kind_of_stop(room: Room, phone: Any) -> None:
    phone.allowed_errors += ["ERR_", "Failed to load"]
    trainer = opened(room)
    join(phone, room, trainer.state.code)
    trainer.start()
    heading(phone, "At the gate")
    assert "{ braces } stay" in phone.inner_text("main")
    phone.click("text=Go on")
    heading(phone, "First step")
    assert phone.locator(".main-button").is_disabled(), "nothing is decided by a slip"
    phone.click("text=Ask both")
    phone.click("text=Lead her to a room")
    assert phone.locator(".main-button").inner_text().startswith("Decide: ")
    # The server goes in the moment of the decision: it is kept, and made once when it is back.
    room.kill()
    phone.click(".main-button")
    phone.wait_for_selector("text=Waiting to send")
    room.restart()
    phone.reload()
    phone.wait_for_selector("h1:has-text('The talk')", timeout=20_000)
    # Who listens hears first what followed from the decision.
    phone.wait_for_selector("section[data-first] >> text=She sits down.")
    phone.click("text=Are you safe?")
    phone.wait_for_selector("text=nods slowly")
    assert "data-first" in phone.evaluate("document.activeElement.outerHTML.slice(0, 60)")
    phone.click("text=End the conversation")
    heading(phone, "The bag")
    phone.click("text=The phone")
    phone.wait_for_selector(".ev-phone >> text=You owe me")
    phone.click("text=Stop searching")
    heading(phone, "Referral")
    phone.select_option("#o0", value="shelter")
    assert phone.locator("button:has-text('1 person to go')").is_disabled()
    phone.reload()
    heading(phone, "Referral")
    phone.select_option("#o0", value="shelter")
    phone.select_option("#o1", value="desk")
    phone.click("text=Send my choice")
    phone.wait_for_selector("h1:has-text('Your note')")
    phone.fill("#note", "She stays <b>here</b>.")
    phone.click("text=Keep the note")
    heading(phone, "Safe")
    assert "Protected" not in phone.inner_text("main")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    trainer.end()
    heading(phone, "Safe")
    phone.wait_for_selector(".verdict >> text=Protected")
    phone.click("summary:has-text('Lead her to a room')")
    assert "A private place is safer." in phone.inner_text("main")
    trainer.refresh()
    (seat,) = trainer.state.present
    play = playing(trainer.state, seat.id)
    assert play.state.notes == {"memo": "She stays <b>here</b>."}
    assert [e["action"] for e in play.events].count("choose") == 1
    targets = phone.eval_on_selector_all("button, summary", "all => all.map(b => b.offsetHeight)")
    assert min(h for h in targets if h) >= 44


def test_two_devices_of_one_seat_make_one_play(room: Room, phone: Any, browser: Any) -> None:
    trainer = opened(room)
    join(phone, room, trainer.state.code, "Chipo")
    trainer.start()
    heading(phone, "At the gate")
    trainer.refresh()
    (seat,) = trainer.state.present
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark")
    other = context.new_page()
    other.goto(f"{room.base}/drill/")
    other.fill("#code", trainer.state.code)
    other.click("text=I was already in")
    other.fill("#seat-code", seat.code)
    other.click("text=Continue in my seat")
    heading(other, "At the gate")
    other.click("text=Go on")
    heading(other, "First step")
    heading(phone, "First step")
    trainer.pause()
    heading(phone, "A short pause")
    trainer.resume()
    heading(phone, "First step")
    assert other.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_case_can_be_used_by_everybody_on_phone_and_wall(
    room: Room, phone: Any, page: Any
) -> None:
    """Each state of a turn: what it says, how it is hit, its colours, at both widths."""
    trainer = Trainer(room.log, open_script(room.log, case_room.small_plan("room", 600)))
    join(phone, room, trainer.state.code)
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")

    def fine(words: str) -> None:
        for shown in (phone, page):
            shown.wait_for_selector(f"text={words}")
            assert problems_at_each_width(shown) == [], words

    def take(**action: Any) -> None:
        trainer.take(action)

    trainer.start()
    fine("At the gate")
    take(action="continue")
    fine("What do you do?")
    phone.click("text=Lead her to a room")
    phone.wait_for_selector("text=Saved ✓")
    trainer.close()
    fine("The vote is closed")
    trainer.reveal()
    fine("How the room voted")
    take(action="choose", choice="apart")
    phone.click("summary:has-text('How the votes were spread')")
    fine("She sits down.")
    take(action="ask", question="safe")
    phone.click("summary:has-text('The scene again')")
    fine("nods slowly")
    take(action="leave")
    take(action="open", evidence="phone")
    fine("What next?")
    take(action="leave")
    fine("Who goes where?")
    trainer.reveal()
    fine("Referral")
    take(action="sort", pairs={"2": "home", "1": "desk"})
    fine("What do you tell")
    take(action="write", text="")
    fine("is safe.")
    trainer.end()
    phone.wait_for_selector("text=What happened to them")
    assert problems_at_each_width(phone) == [], "the end"
    page.wait_for_selector(".outcome")
    assert problems_at_each_width(page) == [], "the end on the wall"
