"""Whether everybody can lead from the console, and read the debrief: axe, colours, a phone."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.curriculum import load
from crossings.drills import Draft, Script, Trainer, open_script, script
from crossings.workspace import ROOT
from tests.apps.live import fine, fits_a_phone, press
from tests.apps.test_voila import OTHERS
from tests.drills import any_kind, team_room
from tests.drills.test_page import Room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.xdist_group("console")]
TABLETOP = "mixed-movements-at-work/sixty-at-gull-haven"


def opened(room: Room, plan: Script, people: int) -> Trainer:
    trainer = Trainer(room.log, open_script(room.log, plan))
    run = trainer.state.run
    room.log.append(
        [Draft(run, "joined", f"j{n}", {"name": f"Person {n}", "code": f"C{n:05d}"}, f"s{n}")
         for n in range(people)]
    )  # fmt: skip
    trainer.refresh()
    return trainer


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


@pytest.mark.parametrize("what", ["quiz in teams", "triage in teams", "case, teams"])
def test_the_debrief(class_room: Room, class_voila: str, page: Any, what: str) -> None:
    """As it opens, with names and files, and beside an earlier run."""
    page.allowed_errors += OTHERS
    plan = any_kind.PLANS[what]()
    earlier, run = (any_kind.played(class_room.log, plan, seed) for seed in ("one", "two"))
    page.goto(f"{class_voila}debrief.ipynb?drill={run}", timeout=90_000)
    page.wait_for_selector(".cxa-big", timeout=90_000)
    fine(page, what)
    page.get_by_label("Show names").check()
    page.click("button:has-text('Make the files')")
    page.wait_for_selector("text=The files carry names")
    fine(page, f"{what}, with names and files")
    code = Trainer(class_room.log, earlier).state.code
    other = page.get_by_label("Compare with")
    other.select_option(label=other.locator("option", has_text=code).inner_text())
    page.wait_for_selector("h2:has-text('In all')", timeout=30_000)
    fine(page, f"{what}, beside another run")
    fits_a_phone(page)


def test_the_debrief_of_an_exercise(class_room: Room, class_voila: str, page: Any) -> None:
    page.allowed_errors += OTHERS
    trainer = played_exercise(class_room)
    trainer.end()
    page.goto(f"{class_voila}debrief.ipynb?drill={trainer.state.run}", timeout=90_000)
    page.wait_for_selector(".cxa-big", timeout=90_000)
    assert "Sixty" in page.inner_text(".cxa")
    fine(page, "the debrief of an exercise")
    fits_a_phone(page)


@pytest.mark.parametrize("address", ["nothing", "%3Cimg%20src%3Dx%3E", "a&drill=b"])
def test_an_address_that_names_no_drill_opens_the_newest(
    class_room: Room, class_voila: str, page: Any, address: str
) -> None:
    page.allowed_errors += OTHERS
    any_kind.played(class_room.log, any_kind.PLANS["quiz"]())
    page.goto(f"{class_voila}debrief.ipynb?drill={address}", timeout=90_000)
    page.wait_for_selector("text=is not in the log any more", timeout=90_000)
    page.wait_for_selector(".cxa-big")
