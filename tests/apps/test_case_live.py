"""A shipped case, played to its end by a room that decides together: the console, phones, a wall.

By default a case is played in teams (`test_whole_drills`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from crossings.apps.case_desk import DOUBLE
from crossings.cases import replay
from crossings.curriculum import current
from crossings.drills import script
from crossings.drills.casework import ROOM, Playing, playing, traces
from tests.apps.live import Live, everybody, vote
from tests.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("console")]

DRILL = "trafficking-identification/night-crew-together"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_room_plays_a_shipped_case_to_its_end(live: Callable[..., Live]) -> None:
    course = current()
    here = live(script(course, DRILL))
    console, trainer = here.console, here.trainer
    here.comes_late()
    case = course.case("trafficking-identification/night-crew-at-north-quay")
    for number, action in enumerate(case.walkthroughs["best"].actions):
        play = arrived(here, number)
        # The turns of one stop have one title: a new one has no vote yet.
        everybody(here.held, "[aria-pressed=true]", state="detached")
        if not play.votes:
            console.locator(".cxa-question", has_text=play.shown["title"]).wait_for()
            time.sleep(DOUBLE)
            here.press("Go on")
            continue
        console.wait_for_selector("text=9 still thinking")
        if number == 3:
            here.another_device(4)
        wish = action.model_dump(exclude_none=True)
        down = number == 5
        if down:
            with here.site_down():
                vote(here.held[0], play, wish)
                here.held[0].wait_for_selector("text=Waiting to send")
        for n, phone in enumerate(here.held[1 if down else 0 :]):
            vote(phone, play, other(play, wish) if number == 1 and n == 1 else wish)
        console.wait_for_selector("text=Everybody has voted")
        if number == 1:
            dissented(here)
        fits(here.wall)
        time.sleep(DOUBLE)
        here.press("Take the vote")
    console.wait_for_selector("text=come to an end of the case")
    assert "Protected" not in here.held[0].inner_text("main")
    state = here.ends("text=What happened to them")
    for phone in here.held:
        told = phone.inner_text(".verdict")
        assert "The room: " in told and "100\u00a0%" in told
    here.wall.wait_for_selector(".outcome >> text=Protected")
    (trace,) = traces(state)
    again = replay(trainer.state.case.doc, trace)  # type: ignore[union-attr]
    assert again.finished and again.score["percent"] == 100
    assert again.state.ending == case.walkthroughs["best"].ending


def fits(wall: Any) -> None:
    """Nobody can scroll a wall: all of it is on the screen, in letters that can still be read."""
    over, size, told = wall.evaluate(
        "[document.documentElement.scrollHeight - innerHeight,"
        " parseFloat(getComputedStyle(document.documentElement).fontSize), document.body.innerText]"
    )
    assert over <= 1 and size >= 12, (over, size, told)


def arrived(here: Live, turns: int) -> Playing:
    """The room's play once the console's press has moved it on."""

    def there() -> bool:
        here.trainer.refresh()
        return len(here.trainer.state.taken) == turns and here.trainer.state.status == "running"

    eventually(there, every=0.05)
    return playing(here.trainer.state, ROOM)


def other(play: Playing, action: dict[str, Any]) -> dict[str, Any]:
    """Another choice than that of `action`."""
    options = (o["id"] for o in play.shown["options"])
    return action | {"choice": next(o for o in options if o != action["choice"])}


def dissented(here: Live) -> None:
    """One of nine votes otherwise: it changes nothing on the wall until the vote is shown."""
    here.held[1].reload()
    here.held[1].wait_for_selector("[aria-pressed=true]")
    here.press("Close")
    here.held[2].wait_for_selector("text=The vote is closed")
    here.wall.wait_for_selector("text=The vote is closed")
    assert here.wall.locator(".bars").count() == 0
    here.press("Show the votes")
    here.wall.wait_for_selector(".bars")
    assert sorted(here.wall.locator(".track b").all_inner_texts(), reverse=True)[:2] == ["8", "1"]
    assert here.console.locator("svg[role=img][aria-label^='Votes: ']").count() == 1
    here.held[2].wait_for_selector("text=How the room voted")
