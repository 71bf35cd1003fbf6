"""Teams on the participant's page and the big screen, in a real browser."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from crossings.drills import Draft, Script, Trainer, open_script
from crossings.drills.casework import playing
from tests.accessibility import problems_at_each_width
from tests.drills import team_room
from tests.drills.test_page import NAME, Room, heading, join

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("teams"))
    yield made
    made.kill()
    made.log.close()


@pytest.fixture
def mate(browser: Any) -> Iterator[Any]:
    """A second telephone, in the dark."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme="dark")
    yield context.new_page()
    context.close()


def opened(room: Room, plan: Script) -> Trainer:
    return Trainer(room.log, open_script(room.log, plan))


def test_a_team_plays_a_case_with_votes_a_tie_and_a_captain(
    room: Room, phone: Any, mate: Any, page: Any
) -> None:
    trainer = opened(room, team_room.case(with_roles=True, names=["Red", "Blue"]))
    join(phone, room, trainer.state.code)
    join(mate, room, trainer.state.code, "Björn")
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")

    def fine(what: str, *pages: Any) -> None:
        for shown in pages or (phone, mate, page):
            assert problems_at_each_width(shown) == [], what

    mate.wait_for_selector("text=SECRET brief of the health post")
    trainer.refresh()
    second = trainer.state.present[1].id
    trainer.move(second, "t1")
    mate.wait_for_selector("text=SECRET brief of the police")
    assert "health post" not in mate.inner_text("main")
    phone.wait_for_selector("text=With you: Björn")
    assert NAME[:40] in mate.inner_text("#team"), "as text, never as markup"
    phone.wait_for_selector("text=You are the captain.")
    fine("a team in the lobby")

    trainer.start()
    heading(phone, "At the gate")
    assert (
        "your captain, goes on" in mate.inner_text("main")
        and not mate.locator(".main-button").count()
    )
    fine("a scene")
    phone.click("text=Go on with the team")
    heading(phone, "First step")
    heading(mate, "First step")
    phone.click("text=Ask both")
    phone.click("text=Vote:")
    phone.wait_for_selector("text=1 of 2 in your team have voted.")
    mate.wait_for_selector("text=1 of 2 in your team have voted.")
    mate.reload()
    mate.click("text=Lead her to a room")
    mate.click("text=Vote:")
    mate.wait_for_selector("text=Your team is tied.")
    phone.wait_for_selector("text=You are the captain: you decide.")
    fine("a tie")
    phone.click("button:has-text('Lead her to a room')")
    phone.click("text=Decide for the team: ")
    mate.wait_for_selector("h1:has-text('The talk')")
    assert "Your captain decided" in mate.inner_text("main")
    assert mate.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_selector("th:has-text('Red')")
    page.wait_for_selector("text=2 steps")
    trainer.refresh()
    assert playing(trainer.state, "t1").state.chosen == {"first": "apart"}
    trainer.end()
    phone.wait_for_selector("text=Your team: ")
    page.wait_for_selector("text=How it ended, for each team")
    fine("the end")


def test_time_over_lets_the_captain_decide(room: Room, phone: Any, mate: Any) -> None:
    plan = team_room.case(names=["Red", "Blue"])
    assert plan.case is not None
    quick = plan.model_copy(update={"case": plan.case.model_copy(update={"seconds": 3})})
    trainer = opened(room, quick)
    join(phone, room, trainer.state.code, "Amina")
    join(mate, room, trainer.state.code, "Björn")
    trainer.refresh()
    trainer.move(trainer.state.present[1].id, "t1")
    trainer.start()
    phone.click("text=Go on with the team")
    heading(mate, "First step")
    mate.click("text=Ask both")
    mate.click("text=Vote:")
    phone.wait_for_selector("text=Time is over. You are the captain: you decide.")
    phone.wait_for_selector("#team-split >> text=Ask both")
    mate.wait_for_selector("text=Time is over. Amina can decide now.")
    trainer.extend(60)
    phone.wait_for_selector("text=It is decided when all of you have voted.")
    trainer.make_captain(trainer.state.present[1].id)
    mate.wait_for_selector("#own-team >> text=Your team")
    phone.click("button:has-text('Ask both')")
    phone.click("text=Vote:")
    mate.wait_for_selector("h1:has-text('Your note')")
    assert "Your team decided" in phone.inner_text("main")


def test_a_quiz_in_teams(room: Room, phone: Any, mate: Any, page: Any) -> None:
    trainer = opened(room, team_room.quiz(of=2))
    join(phone, room, trainer.state.code, "Amina")
    join(mate, room, trainer.state.code, "Björn")
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    trainer.start()
    heading(phone, "A woman agreed")
    phone.click("text=Yes, if she was deceived")
    phone.wait_for_selector("text=Saved ✓")
    assert problems_at_each_width(phone) == []
    trainer.reveal()
    page.wait_for_selector("caption:has-text('Teams so far')")
    page.wait_for_selector("text=1 of 2")
    grown = "parseFloat(document.querySelector('.teams i').style.width) > 50"
    page.wait_for_function(grown)
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")
    assert problems_at_each_width(page) == []
    for _ in range(5):
        trainer.forward()
    owned = "<img src=x onerror=document.title='owned'>"
    trainer.refresh()
    written = {"step": 5, "n": 1, "response": {"text": owned}}
    seat = trainer.state.present[0].id
    room.log.append([Draft(trainer.state.run, "answered", "w1", written, seat)])
    trainer.close()
    trainer.highlight(seat=seat)
    page.wait_for_selector(".held")
    assert page.inner_text(".held").strip() == owned and page.title() != "owned"
    assert problems_at_each_width(page) == []
    trainer.name_team("t1", owned)
    trainer.reveal()
    page.wait_for_selector("th:has-text('onerror')")
    phone.wait_for_selector("text=onerror")
    assert page.title() != "owned" and phone.title() != "owned"
    trainer.name_team("t1", "Team 1")
    trainer.end()
    phone.wait_for_selector("text=Team 1 together: 1 of 6 points")
    page.wait_for_selector("th:has-text('Team 1')")
    assert "Amina" not in page.content()
    assert problems_at_each_width(page) == [] and problems_at_each_width(phone) == []


def test_the_wall_is_read_from_ten_metres(room: Room, page: Any) -> None:
    """Capitals of what matters are 10 minutes of arc high on a picture two and a half metres wide.

    A sharp eye reads 5; twice that is what signs are made for.
    """
    trainer = opened(room, team_room.quiz(of=4))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")

    def minutes(selector: str) -> float:
        page.wait_for_selector(selector)
        size = page.evaluate(
            "s => Math.min(...[...document.querySelectorAll(s)].filter(e => e.checkVisibility())"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))",
            selector,
        )
        metres = 0.72 * float(size) / 1280 * 2.5  # capitals are 0.72 of the size of the type
        return math.degrees(math.atan(metres / 10)) * 60

    assert minutes(".code") > 30 and minutes(".address") > 10 and minutes(".lobby b") > 10
    seat = {"name": "Amina", "code": "BCDFGH"}
    room.log.append([Draft(trainer.state.run, "joined", "j1", seat, "s1")])
    trainer.start()
    assert minutes("h1") > 10 and minutes(".options span") >= 10 and minutes(".num") > 20
    trainer.close()
    assert minutes(".bars .text") >= 10 and minutes(".bars b") > 10
    trainer.reveal()
    assert minutes(".bars .text") >= 10 and minutes(".teams th") >= 10
