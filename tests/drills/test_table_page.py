"""A role's desk on the participant's page, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from crossings.curriculum.model import Teams
from crossings.drills import Trainer, open_script
from crossings.drills.tablework import play_at
from tests.accessibility import problems_at_each_width
from tests.drills import table_room
from tests.drills.test_page import Room, heading, join

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("table"))
    yield made
    made.kill()
    made.log.close()


def opened(room: Room) -> Trainer:
    return Trainer(room.log, open_script(room.log, table_room.small_plan()))


def tab(phone: Any, name: str) -> None:
    phone.click(f".tabs >> text={name}")


def entries(trainer: Trainer, kind: str) -> list[Any]:
    trainer.refresh()
    return [e for e in play_at(trainer.state, time.time()).entries if e.kind == kind]


def test_a_role_plays_alone_from_lobby_to_end(room: Room, phone: Any) -> None:
    phone.allowed_errors += ["ERR_", "Failed to load"]
    trainer = opened(room)
    join(phone, room, trainer.state.code)
    phone.wait_for_selector("text=You have one boat.")
    trainer.refresh()
    trainer.start()
    # Alone in the room, one plays every role.
    heading(phone, "Coast Guard · Child Protection · Press office")
    phone.wait_for_selector(".mail >> text=A boat is in trouble.")
    assert phone.inner_text("#hour") == "04:30"

    # A message that is written while the site is away is kept, sent later, and said once.
    tab(phone, "Write")
    assert phone.locator(".main-button").is_disabled()
    phone.select_option("#as", "coast")
    phone.get_by_label("Child Protection", exact=True).check()
    phone.fill("#text", "A boy <b>alone</b>")
    room.kill()
    phone.click("button:text-is('Send')")
    phone.wait_for_selector(".out >> text=Waiting to send")
    assert phone.input_value("#text") == ""
    room.restart()
    phone.reload()
    phone.wait_for_selector(".mail >> text=A boy <b>alone</b>", timeout=20_000)
    phone.wait_for_selector("text=Saved ✓")
    assert phone.locator(".out li").count() == 0
    assert len(entries(trainer, "message")) == 1

    # A step takes two presses, and tells what followed.
    tab(phone, "Steps")
    phone.click("text=Send the boat.")
    assert not entries(trainer, "action")
    phone.click("text=Do this now")
    phone.wait_for_selector(".tabs [aria-current]")
    tab(phone, "Inbox")
    phone.wait_for_selector(".mail.action >> text=It leaves.")

    # A form, by the way of the inject that asks for it.
    phone.click("text=Fill in: Situation report")
    phone.click("text=File it")
    phone.wait_for_selector("text=“People” is empty.")
    phone.fill("#f0", "sixty")
    phone.get_by_label("Doctor", exact=True).check()
    phone.click("text=File it")
    phone.wait_for_selector(".out .no >> text=write a number")
    phone.click("text=Back into the field")
    assert phone.input_value("#f0") == "sixty"
    phone.fill("#f0", "60")
    phone.click("text=File it")
    phone.wait_for_selector("text=Saved ✓")
    tab(phone, "Inbox")
    phone.wait_for_selector(".mail.form >> text=Doctor")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    trainer.switch("calm", True)
    trainer.give_level("coast", "clear", 1, "Nearly.")
    trainer.end()
    heading(phone, "The exercise is over")
    assert "2 of 4" in phone.inner_text(".score") or "3 of 4" in phone.inner_text(".score")
    phone.click("summary:has-text('Send the boat.')")
    phone.wait_for_selector("text=Life.")
    phone.wait_for_selector("text=Nearly.")


def test_news_does_not_take_what_one_is_writing(room: Room, phone: Any) -> None:
    trainer = opened(room)
    join(phone, room, trainer.state.code)
    trainer.refresh()
    trainer.start()
    tab(phone, "Write")
    phone.fill("#text", "Half a sen")
    trainer.improvise("all", "A question", "Who speaks?")
    phone.wait_for_selector(".badge.hot:has-text('1')")
    assert phone.input_value("#text") == "Half a sen"
    assert phone.evaluate("document.activeElement.id") == "text"
    assert "A question" in phone.inner_text("#say")
    trainer.pause()
    heading(phone, "A short pause")
    trainer.resume()
    phone.wait_for_selector("#text")
    assert phone.input_value("#text") == "Half a sen"
    trainer.end()


def test_who_is_not_the_captain_reads_along(room: Room, phone: Any, browser: Any) -> None:
    plan = table_room.small_plan()
    teams = Teams(roles=tuple(plan.tabletop.roles), by="captain")  # type: ignore[union-attr]
    trainer = Trainer(room.log, open_script(room.log, plan.model_copy(update={"teams": teams})))
    join(phone, room, trainer.state.code)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    mate = context.new_page()
    join(mate, room, trainer.state.code, "Björn")
    trainer.refresh()
    captain, other = trainer.state.present
    trainer.move(other.id, captain.team)
    trainer.start()
    for page in (phone, mate):
        page.wait_for_selector(".mail >> text=A boat is in trouble.")
    for name in ("Write", "Steps", "Forms"):
        tab(mate, name)
        if name == "Steps":
            mate.click("text=Send the boat.")
        if name == "Forms":
            mate.click("text=Fill in >> nth=0")
        mate.wait_for_selector("text=sends for your team.")
        assert mate.locator(".main-button").count() == 0
    assert problems_at_each_width(mate) == []
    tab(phone, "Write")
    assert phone.locator(".main-button").count() == 1
    trainer.make_captain(other.id)
    mate.wait_for_selector(".main-button")
    phone.wait_for_selector("text=sends for your team.")
    assert phone.locator(".main-button").count() == 0
    trainer.end()
    context.close()


def test_a_rewind_is_seen_on_the_page(room: Room, phone: Any) -> None:
    trainer = opened(room)
    join(phone, room, trainer.state.code)
    trainer.refresh()
    trainer.start()
    phone.wait_for_selector(".mail >> text=A call")
    trainer.skip(6)
    phone.wait_for_selector(".mail >> text=A boat was seen.")
    assert phone.inner_text("#minute").startswith("minute 6")
    trainer.rewind(2)
    phone.wait_for_selector("text=A boat was seen.", state="detached")
    assert phone.inner_text("#hour") == "04:34"
    trainer.end()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_each_tab_is_accessible(room: Room, browser: Any, dark: bool) -> None:
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    phone, trainer = context.new_page(), opened(room)
    try:
        join(phone, room, trainer.state.code)
        trainer.refresh()
        trainer.start()
        trainer.skip(6)
        phone.wait_for_selector(".mail >> text=A boat was seen.")
        assert problems_at_each_width(phone) == []
        for name in ("Write", "Steps", "Forms"):
            tab(phone, name)
            assert problems_at_each_width(phone) == []
        phone.click("text=Fill in >> nth=0")
        assert problems_at_each_width(phone) == []
        tab(phone, "Steps")
        phone.click("text=Send the boat.")
        phone.click("text=Do this now")
        phone.wait_for_selector("text=Saved ✓")
        trainer.end()
        heading(phone, "The exercise is over")
        assert problems_at_each_width(phone) == []
    finally:
        context.close()


def test_the_wall_is_accessible_and_shows_what_is_public(room: Room, page: Any) -> None:
    trainer = opened(room)
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    page.wait_for_selector(".code")
    trainer.start()
    page.wait_for_selector("text=Nothing is public yet.")
    begins = trainer.state.plan().intro.strip().split("\n\n")[0]
    assert page.inner_text("#public .news") == " ".join(begins.split())
    trainer.skip(6)
    page.wait_for_selector("text=A boat was seen.")
    assert begins not in page.inner_text("#public")
    trainer.improvise("all", "<b>Bold</b>", "<img src=x onerror=document.title='owned'>")
    page.wait_for_selector("text=<b>Bold</b>")
    assert page.inner_text("#minute") == "Minute 6"
    assert problems_at_each_width(page) == []
    trainer.curtain(True)
    page.wait_for_selector("text=Look at your trainer.")
    trainer.end()
    page.wait_for_selector("h1:has-text('0 of 4 reached in time')")
    assert problems_at_each_width(page) == [] and page.title() != "owned"


def test_the_keyboard_is_enough(room: Room, phone: Any) -> None:
    trainer = opened(room)
    join(phone, room, trainer.state.code)
    trainer.refresh()
    trainer.start()
    phone.wait_for_selector(".tabs")
    phone.focus("[data-tab=steps]")
    phone.keyboard.press("Enter")
    assert phone.evaluate("document.activeElement.getAttribute('data-tab')") == "steps"
    phone.focus("[data-key='coast/send-boat']")
    phone.keyboard.press("Enter")
    # The focus stays, and the button that does it comes next.
    assert phone.evaluate("document.activeElement.getAttribute('data-key')") == "coast/send-boat"
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("text=Saved ✓")
    assert len(entries(trainer, "action")) == 1
    trainer.end()
