"""Whole drills in teams: a trainer at a real Voila console, eight phones, one wall.

With what happens in a class: somebody reloads, a battery dies, somebody comes late, and the server
is killed in the middle of a question.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from crossings.drills import Draft, Trainer, fold, open_script, teamwork
from crossings.drills.casework import playing, traces
from crossings.drills.script import Script
from tests.accessibility import violations
from tests.apps.test_voila import OTHERS, ended, voila
from tests.drills import team_room
from tests.drills.test_page import Room

pytestmark = pytest.mark.browser

PEOPLE = ("Amina", "Björn", "Chipo", "Dau", "Elif", "Farid", "Grace", "<b>Hana</b>")
VOILAS = ("document-title", "html-has-lang", "landmark-one-main", "region", "bypass")
"""Rules about the whole page, which Voila makes."""
SIZES = ((390, 844), (320, 640), (412, 915), (360, 780))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("live"))
    yield made
    made.kill()
    made.log.close()


@pytest.fixture(scope="module")
def console(room: Room) -> Iterator[str]:
    process: subprocess.Popen[bytes]
    process, address = voila("console.ipynb", room.workspace, room.base)
    yield address
    ended(process)


class Phones:
    """Phones of several widths, one in the dark and without motion."""

    def __init__(self, browser: Any, room: Room) -> None:
        self._browser, self._room, self.errors = browser, room, list[str]()
        self.contexts: list[Any] = []

    def new(self) -> Any:
        number = len(self.contexts)
        width, height = SIZES[number % len(SIZES)]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=True,
            color_scheme="dark" if number == 1 else "light",
            reduced_motion="reduce" if number == 1 else "no-preference",
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        return page

    def joins(self, code: str, name: str) -> Any:
        page = self.new()
        page.goto(f"{self._room.base}/drill/?code={code}")
        page.fill("#name", name)
        page.click("button.main-button")
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def phones(browser: Any, room: Room) -> Iterator[Phones]:
    made = Phones(browser, room)
    yield made
    made.close()
    assert not [e for e in made.errors if "ERR_" not in e], "the site goes and comes back"


def opened(room: Room, plan: Script) -> Trainer:
    return Trainer(room.log, open_script(room.log, plan))


def press(page: Any, label: str) -> None:
    page.click(f"button.cxa-button:text-is('{label}'):enabled")


def wall_of(browser: Any, room: Room, trainer: Trainer) -> Any:
    wall = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    wall.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    return wall


def answer(phone: Any, kind: str) -> None:
    """Answer the question that is open, whatever its kind."""
    if kind == "single" or kind == "multiple":
        phone.click("#main .choice >> nth=0")
    elif kind == "grid":
        for select in phone.query_selector_all("main select"):
            select.select_option(index=1)
    elif kind == "number":
        phone.fill("main input", "30")
    elif kind == "short":
        phone.fill("main input", "smuggling")
    if kind != "single":
        phone.click("text=Send my answer")
    phone.wait_for_selector("#saved:has-text('Saved')", timeout=20_000)


@pytest.mark.timeout(240)
def test_a_quiz_in_teams_with_all_that_can_happen(
    room: Room, console: str, page: Any, phones: Phones, browser: Any
) -> None:
    page.allowed_errors += OTHERS
    trainer = opened(room, team_room.quiz(of=4))
    code = trainer.state.code
    wall = wall_of(browser, room, trainer)
    held = [phones.joins(code, name) for name in PEOPLE]
    for phone in held:
        phone.wait_for_selector("#team >> text=With you")
    page.goto(console, timeout=90_000)
    page.wait_for_selector("text=8 people in the room", timeout=90_000)
    wall.wait_for_selector("#seats:text-is('8')")
    press(page, "Start")
    kinds = [step.item.kind for step in trainer.state.plan().steps]  # type: ignore[union-attr]
    for number, kind in enumerate(kinds):
        for phone in held:
            phone.wait_for_selector(f"text=Question {number + 1} of 6")
        if number == 1:  # somebody reloads in the middle of a question
            held[0].click("#main .choice >> nth=1")
            held[0].reload()
        if number == 2:  # a battery dies: the seat goes on on another device
            trainer.refresh()
            seat = next(s for s in trainer.state.present if s.name == "Chipo")
            held[2].context.close()
            phones.contexts.remove(held[2].context)
            held[2] = phones.new()
            held[2].goto(f"{room.base}/drill/?code={code}")
            held[2].click("text=I was already in")
            held[2].fill("#seat-code", seat.code.lower())
            held[2].click("text=Continue in my seat")
        if number == 3:  # somebody comes late, and enters where the room is
            held.append(phones.joins(code, "Late"))
            held[-1].wait_for_selector("text=Question 4 of 6")
        if number == 4:  # the server dies while an answer is on the way
            room.kill()
            held[3].fill("main input", "30")
            held[3].click("text=Send my answer")
            held[3].wait_for_selector("text=Waiting to send")
            room.restart()
        answering = held if number in (0, 4) else held[:3]
        for phone in answering:
            if not (number == 4 and phone is held[3]):
                answer(phone, kind)
        held[3].wait_for_selector("#saved:has-text('Saved')" if number == 4 else "main")
        page.wait_for_selector(f"text={len(answering)} of {len(held)} answered")
        press(page, "Close")
        press(page, "Reveal")
        held[0].wait_for_selector(".verdict")
        wall.wait_for_selector("caption:has-text('Teams so far')")
        if number + 1 < len(kinds):
            press(page, "Next")
    press(page, "End")
    press(page, "Press again to end")
    for phone in held:
        phone.wait_for_selector("h1:has-text('The drill is over')")
        assert "together:" in phone.inner_text("main")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wall.wait_for_selector("caption:has-text('the mean of those in the team')")
    assert not any(name in wall.content() for name in PEOPLE)
    state = fold(room.log.since(trainer.state.run))
    assert state.status == "ended" and len(state.present) == 9
    counted = [len(state.answered(n)) for n in range(6)]
    assert counted == [8, 3, 3, 3, 9, 3], "every answer once, over all that happened"
    assert sum(teamwork.score(state, t).answers for t in state.teams) == sum(counted)
    shown = page.inner_text(".cxa")
    assert "The drill is over" in shown and "Team 1" in shown


@pytest.mark.timeout(240)
def test_a_case_decided_by_teams(
    room: Room, console: str, page: Any, phones: Phones, browser: Any
) -> None:
    page.allowed_errors += OTHERS
    trainer = opened(room, team_room.case(with_roles=True, names=["Red", "Blue"]))
    wall = wall_of(browser, room, trainer)
    held = [phones.joins(trainer.state.code, name) for name in PEOPLE]
    red, blue = held[0::2], held[1::2]
    for phone in held:
        phone.wait_for_selector("#team >> text=With you")
    page.goto(console, timeout=90_000)
    page.wait_for_selector("text=8 people in the room", timeout=90_000)
    press(page, "Start")
    for team in (red, blue):
        team[0].click("text=Go on with the team")
        for phone in team:
            phone.wait_for_selector("h1:has-text('First step')")

    def vote(team: list[Any], *words: str) -> None:
        for phone, choice in zip(team, words, strict=True):
            phone.click(f"#main .choice:has-text('{choice}')")
            phone.click("text=Vote: ")
            if phone is not team[-1]:
                phone.wait_for_selector("#saved:has-text('Saved')")

    vote(red, *["Ask both"] * 4)
    vote(blue, "Lead her", "Ask both", "Lead her", "Ask both")
    red[1].wait_for_selector("h1:has-text('Your note')")
    blue[2].wait_for_selector("text=Your team is tied.")
    page.wait_for_selector("text=a tie: the captain decides")
    blue[1].reload()
    blue[1].wait_for_selector("text=Your team is tied.")
    blue[0].click("#main .choice:has-text('Lead her')")
    blue[0].click("text=Decide for the team: ")
    for phone in blue:
        phone.wait_for_selector("h1:has-text('The talk')")
    room.kill()  # in the middle of a vote; what is sent waits and is counted once
    for phone in blue:
        phone.click("#main .choice:has-text('Are you safe?')")
    blue[0].wait_for_selector("text=Waiting to send")
    room.restart()
    for phone in blue:
        phone.wait_for_selector("text=nods slowly", timeout=25_000)
    for phone in blue:
        phone.click("#main .choice:has-text('End the conversation')")
    for phone in blue:
        phone.wait_for_selector("h1:has-text('The bag')")
    for phone in blue:
        phone.click("#main .choice:has-text('Stop searching')")
    for phone in blue:
        phone.wait_for_selector("h1:has-text('Referral')")
        phone.select_option("#o0", index=1)
        phone.select_option("#o1", index=1)
        phone.click("text=Send my choice")
    for team in (red, blue):
        for phone in team:
            phone.wait_for_selector("h1:has-text('Your note')")
            phone.fill("#note", "Call <b>the desk</b>.")
            phone.click("text=Send my note")
    page.wait_for_selector("text=2 of 2 teams have come to an end", timeout=20_000)
    wall.wait_for_selector("text=✓ at an end >> nth=1")
    press(page, "End")
    press(page, "Press again to end")
    for phone in held:
        phone.wait_for_selector(".verdict >> text=Your team: ")
    wall.wait_for_selector("caption:has-text('Points of the teams')")
    assert not any(name in wall.content() for name in PEOPLE)
    state = fold(room.log.since(trainer.state.run))
    assert playing(state, "t1").state.chosen == {"first": "both"}
    assert playing(state, "t2").state.chosen == {"first": "apart"}
    assert len(traces(state)) == 2 and all(playing(state, t).over for t in state.teams)
    assert [t.how for t in state.team_taken["t2"]].count("captain") == 2


@pytest.mark.timeout(240)
def test_the_console_can_be_used_by_everybody(room: Room, console: str, page: Any) -> None:
    """Axe on what the course draws; landmarks and title are those of Voila's own page."""
    page.allowed_errors += OTHERS
    trainer = opened(room, team_room.case(with_roles=True, names=["Red", "Blue"]))
    log, run = room.log, trainer.state.run
    log.append(
        [Draft(run, "joined", f"j{n}", {"name": f"Person {n}", "code": f"C{n:05d}"}, f"s{n}")
         for n in range(20)]
    )  # fmt: skip
    page.goto(console, timeout=90_000)
    page.wait_for_selector("text=20 people in the room", timeout=90_000)

    def fine(what: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, part_of_page=VOILAS) == [], f"{what}, {scheme}"

    fine("lobby")
    press(page, "Start")
    page.wait_for_selector("text=The ways of the teams")
    fine("a case in teams")
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "a co-trainer may lead from a phone"
