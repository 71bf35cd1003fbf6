"""Whether everybody can lead from the console, and read the debrief: axe, colours, a phone.

Axe looks at what the course draws; landmarks and title are those of Voila's own page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crossings.curriculum import load
from crossings.drills import Draft, Script, Trainer, open_script, script
from crossings.workspace import ROOT
from tests.accessibility import violations
from tests.apps.live import press
from tests.apps.test_voila import OTHERS, ended, voila
from tests.drills import team_room
from tests.drills.test_page import Room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.xdist_group("console")]
TABLETOP = "mixed-movements-at-work/sixty-at-gull-haven"
VOILAS = ("document-title", "html-has-lang", "landmark-one-main", "region", "bypass")
"""Rules about the whole page, which Voila makes."""


def opened(room: Room, plan: Script, people: int) -> Trainer:
    trainer = Trainer(room.log, open_script(room.log, plan))
    run = trainer.state.run
    room.log.append(
        [Draft(run, "joined", f"j{n}", {"name": f"Person {n}", "code": f"C{n:05d}"}, f"s{n}")
         for n in range(people)]
    )  # fmt: skip
    trainer.refresh()
    return trainer


def fine(page: Any, what: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, part_of_page=VOILAS) == [], f"{what}, {scheme}"


def fits_a_phone(page: Any) -> None:
    """A co-trainer may lead from a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_case_in_teams(class_room: Room, class_console: str, page: Any) -> None:
    page.allowed_errors += OTHERS
    opened(class_room, team_room.case(with_roles=True, names=["Red", "Blue"]), 20)
    page.goto(class_console, timeout=90_000)
    page.wait_for_selector("text=20 people in the room", timeout=90_000)
    fine(page, "lobby")
    press(page, "Start")
    page.wait_for_selector("text=The ways of the teams")
    fine(page, "a case in teams")
    fits_a_phone(page)


def played_exercise(room: Room) -> Trainer:
    """The shipped exercise with something of everything: mail, steps, forms, news, scores."""
    trainer = opened(room, script(load(ROOT), TABLETOP), 8)
    trainer.start()
    run = trainer.state.run
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("sent", "s0", {"role": "coast-guard", "to": ["child-protection"], "text": "Children"}),
        ("sent", "s2", {"role": "immigration", "to": ["control"], "text": "Who interprets?"}),
        ("did", "s0", {"role": "coast-guard", "action": "send-boat"}),
    ]
    for number, (kind, seat, payload) in enumerate(acts):
        room.log.append([Draft(run, kind, f"act:{number}", payload, seat)])
    trainer.skip(30)
    trainer.improvise("all", "From the trainer", "The wind is rising.")
    trainer.rewind(28)
    scale = trainer.state.plan().tabletop.rubric[0]  # type: ignore[union-attr]
    trainer.give_level("coast-guard", scale.id, 0, "Early and clear.")
    return trainer


def test_an_exercise(class_room: Room, class_console: str, page: Any) -> None:
    page.allowed_errors += OTHERS
    trainer = played_exercise(class_room)
    page.goto(class_console, timeout=90_000)
    page.wait_for_selector("text=Immigration Service asks you", timeout=90_000)
    page.click("summary:has-text('Milestones')")
    for panel in ("Send news", "Move the clock", "Story", "Score"):
        page.click(f"button:has-text('{panel}') >> nth=0")
        fine(page, f"an exercise, {panel}")
    fits_a_phone(page)
    trainer.end()
    page.wait_for_selector("text=milestones were met in time")
    fine(page, "the end of an exercise")


@pytest.fixture
def debrief(class_room: Room) -> Iterator[str]:
    process, address = voila("debrief.ipynb", class_room.workspace, class_room.base)
    yield address
    ended(process)


def test_the_debrief_of_an_exercise(class_room: Room, debrief: str, page: Any) -> None:
    page.allowed_errors += OTHERS
    played_exercise(class_room).end()
    page.goto(debrief, timeout=90_000)
    page.wait_for_selector(".cxa-big", timeout=90_000)
    assert "Sixty" in page.inner_text(".cxa")
    fine(page, "the debrief of an exercise")
    fits_a_phone(page)
