"""Every question and every arriving person of the course, on the wall: whole, and large enough."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from crossings.curriculum import current
from crossings.drills import Trainer, open_script, script
from tests.drills.test_page import Room

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

LEAST = 7.5
"""Minutes of arc of capitals at ten metres, on a picture two and a half metres wide; a sharp eye
reads five."""
DRILLS = sorted(
    f"{module.id}/{drill.id}"
    for module in current().modules.values()
    for drill in module.drills.values()
    if drill.kind in ("quiz", "triage")
)
TEXTS = """() => [...document.querySelectorAll(
    'h1, .options span, .bars .text, .person dd, .key li')]
  .filter(e => e.checkVisibility()).map(e => parseFloat(getComputedStyle(e).fontSize))"""
FITS = """() => document.documentElement.scrollHeight <= innerHeight + 1
  && document.documentElement.scrollWidth <= innerWidth"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("wall"))
    yield made
    made.kill()
    made.log.close()


@pytest.mark.parametrize("ref", DRILLS)
def test_everything_is_on_the_wall_and_can_be_read_at_ten_metres(
    room: Room, page: Any, ref: str
) -> None:
    trainer = Trainer(room.log, open_script(room.log, script(current(), ref)))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    page.wait_for_selector(f"text={trainer.state.code}")
    trainer.start()
    steps = trainer.state.plan().steps
    for number, step in enumerate(steps):
        word = "Person" if step.person else "Question"
        page.wait_for_selector(f"text={word} {number + 1} of {len(steps)}")
        looked_at(page, ".time", f"{ref}, {step.title}, open")
        trainer.close()
        looked_at(page, ".play.closed", f"{ref}, {step.title}, closed")
        trainer.reveal()
        looked_at(page, ".play.revealed", f"{ref}, {step.title}, revealed")
        if number + 1 < len(steps):
            trainer.forward()
    trainer.end()
    page.wait_for_selector("h1:has-text('The drill is over')")
    assert page.evaluate(FITS)


def looked_at(page: Any, place: str, what: str) -> None:
    page.wait_for_selector(place)
    page.wait_for_function("[...document.images].every(i => i.complete)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(FITS), f"{what}: it does not fit"
    metres = 0.72 * min(page.evaluate(TEXTS)) / 1280 * 2.5
    seen = math.degrees(math.atan(metres / 10)) * 60
    assert seen >= LEAST, f"{what}: {seen:.1f} minutes of arc"
