"""A shipped case, played to its end by a room: a real server, the console, three phones, a wall."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crossings.apps.case_desk import DOUBLE
from crossings.cases import replay
from crossings.curriculum import load
from crossings.drills import DrillLog, Trainer, fold, open_script, script
from crossings.drills.casework import ROOM, Playing, playing, traces
from crossings.workspace import ROOT, Workspace
from tests.apps.test_voila import OTHERS, ended, voila
from tests.drills.site_process import free_port, serve

pytestmark = pytest.mark.browser

DRILL = "trafficking-identification/night-crew-together"


@pytest.fixture
def phones(browser: Any) -> Iterator[list[Any]]:
    """Three phones, one of them narrow, dark and without motion."""
    contexts = [
        browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True),
        browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark",
                            reduced_motion="reduce", has_touch=True),
        browser.new_context(viewport={"width": 412, "height": 915}, has_touch=True),
    ]  # fmt: skip
    pages, errors = [c.new_page() for c in contexts], []
    for page in pages:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield pages
    for context in contexts:
        context.close()
    assert not [e for e in errors if "ERR_" not in e], "the site goes before the phones do"


@pytest.mark.slow  # by default teams play a case from a real console: test_team_live
@pytest.mark.timeout(600)
def test_a_room_plays_a_shipped_case_to_its_end(
    tmp_path: Path, page: Any, phones: list[Any], browser: Any
) -> None:
    page.allowed_errors += OTHERS
    workspace, port = Workspace(tmp_path), free_port()
    course, log = load(ROOT), DrillLog(workspace.drill_log)
    run = open_script(log, script(course, DRILL))
    trainer = Trainer(log, run)
    site = serve(workspace, port)
    base = f"http://127.0.0.1:{port}"
    console, address = voila("console.ipynb", workspace, base)
    wall = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    try:
        wall.goto(f"{base}/drill/projector?key={trainer.state.projector_key}")
        for n, phone in enumerate(phones):
            phone.goto(f"{base}/drill/?code={trainer.state.code}")
            phone.fill("#name", f"Person {n} <b>bold</b>")
            phone.click("button.main-button")
            phone.wait_for_selector("text=Your seat code")
        page.goto(address, timeout=90_000)
        page.wait_for_selector("text=3 people in the room", timeout=90_000)
        press(page, "Start")
        case = course.case("trafficking-identification/night-crew-at-north-quay")
        for number, action in enumerate(case.walkthroughs["best"].actions):
            follow(trainer, number)
            play = playing(trainer.state, ROOM)
            for phone in phones:
                phone.wait_for_selector(f"h1:has-text({quoted(play.shown['title'])})")
                # The turns of one stop have one title: a new one has no vote yet.
                phone.wait_for_selector("[aria-pressed=true]", state="detached")
                assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if not play.votes:
                page.wait_for_selector(f".cxa-question:has-text({quoted(play.shown['title'])})")
                time.sleep(DOUBLE)
                press(page, "Go on")
                continue
            page.wait_for_selector("text=3 still thinking")
            vote(phones, play, action.model_dump(exclude_none=True), dissent=number == 1)
            page.wait_for_selector("text=Everybody has voted")
            if number == 1:
                dissented(page, wall, phones, play)
            fits(wall)
            time.sleep(DOUBLE)
            press(page, "Take the vote")
        page.wait_for_selector("text=come to an end of the case")
        assert "Protected" not in phones[0].inner_text("main")
        press(page, "End")
        press(page, "Press again to end")
        for phone in phones:
            phone.wait_for_selector("text=What happened to them")
            assert "The room: " in phone.inner_text(".verdict")
            assert "100\u00a0%" in phone.inner_text(".verdict")
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        wall.wait_for_selector(".outcome >> text=Protected")
        assert "Person" not in wall.content()
        (trace,) = traces(fold(log.since(run)))
        again = replay(trainer.state.case.doc, trace)  # type: ignore[union-attr]
        assert again.finished and again.score["percent"] == 100
        assert again.state.ending == case.walkthroughs["best"].ending
    finally:
        ended(console)
        site.kill()
        site.wait()
        log.close()


def fits(wall: Any) -> None:
    """Nobody can scroll a wall: all of it is on the screen, in letters that can still be read."""
    over, size, told = wall.evaluate(
        "[document.documentElement.scrollHeight - innerHeight,"
        " parseFloat(getComputedStyle(document.documentElement).fontSize), document.body.innerText]"
    )
    assert over <= 1 and size >= 12, (over, size, told)


def press(page: Any, label: str) -> None:
    page.click(f"button:has-text('{label}'):not([disabled])")


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def follow(trainer: Trainer, turns: int) -> None:
    """Wait until the console's press has moved the room on."""
    deadline = time.time() + 20
    while len(trainer.state.taken) < turns or trainer.state.status != "running":
        assert time.time() < deadline, f"turn {turns} did not come"
        time.sleep(0.05)
        trainer.refresh()


def vote(phones: list[Any], play: Playing, action: dict[str, Any], dissent: bool) -> None:
    for n, phone in enumerate(phones):
        if action["action"] == "sort":
            for row, arrival in enumerate(play.shown["arrivals"]):
                phone.select_option(f"#o{row}", value=action["pairs"][arrival["id"]])
            phone.click("text=Send my choice")
        elif action["action"] == "write":
            phone.fill("#note", f"{action['text']} From phone {n}.")
            phone.click("text=Send my note")
        else:
            text = wanted(play, action)
            choices = phone.locator(".choice")
            place = choices.all_inner_texts().index(
                next(t for t in choices.all_inner_texts() if text in t)
            )
            choices.nth((place + 1) % choices.count() if dissent and n == 1 else place).click()
        phone.wait_for_selector("text=Saved ✓")


def wanted(play: Playing, action: dict[str, Any]) -> str:
    """The words on the button for an action."""
    shown = play.shown
    if action["action"] == "choose":
        return next(o["text"] for o in shown["options"] if o["id"] == action["choice"])
    if action["action"] == "ask":
        return next(q["text"] for q in shown["questions"] if q["id"] == action["question"])
    if action["action"] == "open":
        return next(f["label"] for f in shown["finds"] if f["evidence"] == action["evidence"])
    return "End the conversation" if play.kind == "interview" else "Stop searching"


def dissented(page: Any, wall: Any, phones: list[Any], play: Playing) -> None:
    """One of three votes otherwise: it changes nothing on the wall until the vote is shown."""
    phones[1].reload()
    phones[1].wait_for_selector("[aria-pressed=true]")
    press(page, "Close")
    phones[2].wait_for_selector("text=The vote is closed")
    wall.wait_for_selector("text=The vote is closed")
    assert wall.locator(".bars").count() == 0
    press(page, "Show the votes")
    wall.wait_for_selector(".bars")
    assert sorted(wall.locator(".track b").all_inner_texts(), reverse=True)[:2] == ["2", "1"]
    assert page.locator("svg[role=img][aria-label^='Votes: ']").count() == 1
    phones[2].wait_for_selector("text=How the room voted")
