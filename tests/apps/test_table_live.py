"""The shipped exercise, played by eight phones: a real server, a Voila console, a wall."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from crossings.apps.debrief import page as debrief_page
from crossings.curriculum import load
from crossings.drills import DrillLog, Trainer, fold, open_script, script
from crossings.drills.tablework import final_play, play_at
from crossings.tabletop.results import reached
from crossings.workspace import ROOT, Workspace
from tests.apps.test_voila import OTHERS, ended, voila
from tests.drills.site_process import free_port, serve

pytestmark = pytest.mark.browser

DRILL = "mixed-movements-at-work/sixty-at-gull-haven"
SHOTS = os.environ.get("CROSSINGS_SHOTS")
"""A folder for pictures of every screen, where somebody wants to look at them."""


@pytest.fixture
def phones(browser: Any) -> Iterator[list[Any]]:
    """Nine phones: one for each role, and a second device."""
    contexts = [
        browser.new_context(
            viewport={"width": 320 if n == 7 else 390, "height": 844},
            color_scheme="dark" if n == 1 else "light",
            has_touch=True,
        )
        for n in range(9)
    ]
    pages, errors = [c.new_page() for c in contexts], []
    for page in pages:
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield pages
    for context in contexts:
        context.close()
    assert not [e for e in errors if "ERR_" not in e], "the site goes before the phones do"


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.evaluate("document.querySelectorAll('*').forEach(e => { e.scrollTop = 0; })")
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def tab(phone: Any, name: str) -> None:
    phone.click(f".tabs >> text={name}")


def write(phone: Any, to: str, words: str) -> None:
    tab(phone, "Write")
    phone.get_by_label(to, exact=True).check()
    phone.fill("#text", words)
    phone.click("button:text-is('Send')")


def step(phone: Any, words: str) -> None:
    tab(phone, "Steps")
    phone.click(f".choice:has-text('{words}')")
    phone.click("text=Do this now")
    phone.wait_for_selector("text=Saved ✓")


def press(page: Any, label: str) -> None:
    page.click(f"button:has-text('{label}'):enabled")


@pytest.mark.timeout(300)
def test_eight_teams_play_the_shipped_exercise(
    tmp_path: Path, page: Any, phones: list[Any], browser: Any
) -> None:
    page.allowed_errors += OTHERS
    workspace, port = Workspace(tmp_path), free_port()
    log = DrillLog(workspace.drill_log)
    trainer = Trainer(log, open_script(log, script(load(ROOT), DRILL)))
    site, base = serve(workspace, port), f"http://127.0.0.1:{port}"
    wall = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_viewport_size({"width": 1440, "height": 1000})
    with ThreadPoolExecutor() as pool:
        starting = pool.submit(voila, "console.ipynb", workspace, base)
        *seated, other = phones
        for n, phone in enumerate(seated):
            phone.goto(f"{base}/drill/?code={trainer.state.code}")
            phone.fill("#name", f"Person {n} <b>bold</b>")
            phone.click("button.main-button")
            phone.wait_for_selector("text=Your seat code")
        wall.goto(f"{base}/drill/projector?key={trainer.state.projector_key}")
        console, address = starting.result()
    coast, police, immigration, child, _red_cross, _unhcr, _lantern, press_office = seated
    try:
        page.goto(address, timeout=90_000)
        page.wait_for_selector("text=8 people in the room", timeout=90_000)
        press(page, "Start")
        coast.wait_for_selector(".mail >> text=Water is coming in.")
        assert "three miles" not in child.inner_text("main")
        step(coast, "Send the patrol boat now")
        write(coast, "Child Protection", "Many children, landing at six")
        child.wait_for_selector(".mail >> text=Many children, landing at six")
        page.wait_for_selector("text=Coast Guard → Child Protection")

        # To the landing, by way of everything that comes before it.
        press(page, "Next event")
        child.wait_for_selector(".mail >> text=Something at Gull Haven")
        trainer.skip(22)
        wall.wait_for_selector("text=The first people step ashore")
        tab(coast, "Inbox")
        for phone in seated:
            phone.wait_for_selector(".mail >> text=The first people step ashore")
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

        # The server goes and comes back; what was sent meanwhile arrives once.
        site.kill()
        site.wait()
        write(police, "Child Protection", "A boy is alone at the door")
        police.wait_for_selector(".out >> text=Waiting to send")
        site = serve(workspace, port)
        child.wait_for_selector(".mail >> text=A boy is alone at the door", timeout=30_000)
        police.wait_for_selector("text=Saved ✓", timeout=30_000)

        # A reload, a second device for the same seat, and somebody who comes late.
        child.reload()
        child.wait_for_selector(".mail >> text=A boy is alone at the door")
        trainer.refresh()
        code = next(s.code for s in trainer.state.present if s.name.startswith("Person 2"))
        other.goto(f"{base}/drill/?code={trainer.state.code}")
        other.click("summary:has-text('another device')")
        other.fill("#seat-code", code)
        other.click("text=Continue in my seat")
        other.wait_for_selector("h1:has-text('Immigration Service')")
        write(other, "Exercise control", "We need an interpreter for Sorv")
        immigration.wait_for_selector(".mail >> text=We need an interpreter for Sorv")
        late = {"code": trainer.state.code, "name": "Late", "key": "late-0123456789"}
        seat = httpx.post(f"{base}/api/drill/join", json=late).json()
        shown = httpx.get(f"{base}/api/drill/view", params={"token": seat["token"]}).json()
        assert shown["table"]["roles"] and shown["table"]["inbox"]

        # The trainer answers, looks at the story, and goes back in time.
        page.fill("textarea", "The interpreter calls you in two minutes.")
        press(page, "Send my news")
        immigration.wait_for_selector(".mail >> text=The interpreter calls you")
        police.wait_for_selector(".badge.hot:not(:empty)")
        tab(press_office, "Forms")
        press_office.click("text=Fill in >> nth=0")
        press_office.fill("#f0", "People are on land and cared for. We give no names.")
        press_office.fill("#f1", "07:00")
        press_office.click("text=File it")
        wall.wait_for_selector("text=People are on land and cared for.")
        shot(page, "console"), shot(wall, "wall"), shot(child, "child"), shot(police, "police")
        trainer.skip(60)
        immigration.wait_for_selector(".mail >> text=A bus at noon")
        page.click("button:has-text('Move the clock')")
        page.fill("input[type=number]", "26")
        page.press("input[type=number]", "Enter")
        press(page, "Back to there")
        press(page, "Press again to go back")
        page.wait_for_selector("text=Back from minute 60 to 26")
        immigration.wait_for_selector("text=A bus at noon", state="detached")
        shot(page, "console-clock")
        press(page, "End")
        press(page, "Press again to end")
        for phone in seated:
            phone.wait_for_selector("h1:has-text('The exercise is over')")
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        wall.wait_for_selector("text=reached in time")
        shot(wall, "wall-end"), shot(coast, "coast-end"), shot(page, "console-end")
        assert "Person" not in wall.content()
        state = fold(log.since(trainer.state.run))
        play = final_play(state)
        told = [e.text for e in play_at(state, time.time()).entries if e.kind == "message"]
        assert told == ["Many children, landing at six", "A boy is alone at the door",
                        "We need an interpreter for Sorv"]  # fmt: skip
        met = {r.name for r in reached(play) if r.standing == "met"}
        assert met == {"boat-sent", "children-known", "press-line"}
        assert "Person" not in debrief_page(state, names=False)
    finally:
        ended(console)
        site.kill()
        site.wait()
        log.close()
