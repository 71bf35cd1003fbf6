"""The marking desk under a plain `voila`: marked by keys alone, killed, and nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from crossings.curriculum import Course
from crossings.grading import gradebook, inbox, mark, nbgrader_run, release
from crossings.grading.ledger import regrade
from crossings.workspace import ROOT, Workspace
from tests.apps.test_voila import OTHERS, ended
from tests.grading.conftest import write_tiny
from tests.serving import free_port

pytestmark = pytest.mark.browser

CELL = "item-ws-2"
RUBRIC = """\
id: log
item: demo/ws-2
criteria:
  - id: facts
    levels:
      - {points: 2, text: All facts with their source, example: She said it at nine.}
      - {points: 1, text: Some facts}
      - {points: 0, text: No facts}
"""
SHARED = (
    "At nine the woman told the night officer that her passport was taken by the agency of the "
    "ships in the port."
)
ANSWERS = {
    "Amina": f"My note. {SHARED} I called the desk.",
    "Bo": f"{SHARED} That is all.",
    "Cho": "<img src=x onerror=\"document.title='owned'\"> Nobody wrote it down, so I asked again.",
    "Dee": "I would write the time, the place and who interpreted.",
    "Eli": "Nothing to report from this night.",
    "Flo": "She wanted water, a telephone and a doctor. I gave her two and rang the third.",
}


@pytest.fixture(scope="module")
def desk_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    from crossings.curriculum import load

    root = write_tiny(tmp_path_factory.mktemp("desk course"))
    (root / "grading" / "rubrics").mkdir(parents=True)
    (root / "grading" / "rubrics" / "log.yml").write_text(RUBRIC, encoding="utf-8")
    shutil.copytree(ROOT / "exercises", root / "exercises", dirs_exist_ok=True)
    for extra in (root / "exercises" / "source").iterdir():
        if extra.name != "people":
            shutil.rmtree(extra)
    return load(root)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, desk_course: Course) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("desk") / "a class")
    release.copy_course_folder(desk_course, made)
    nbgrader_run.release(made, ["sheet"])
    for name, text in ANSWERS.items():
        inbox.receive(made, "sheet", name, {"ws-2": {"text": text}})
    mark.grade("sheet", None, made, course=desk_course, publish=False)
    return made


@pytest.fixture(scope="module")
def voila(workspace: Workspace, desk_course: Course) -> Iterator[tuple[Any, str]]:
    port = free_port()
    environment = os.environ | {
        "CROSSINGS_WORKSPACE": str(workspace.root),
        "CROSSINGS_ROOT": str(desk_course.root),
    }
    notebook = ROOT / "grading" / "desk.ipynb"
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}"]
    with (workspace.root / "voila.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    deadline = time.time() + 90
    while time.time() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield process, f"http://127.0.0.1:{port}/"
    ended(process)


def opened(page: Any, address: str, who: str) -> None:
    """To the first answer of the only question, by keys."""
    page.goto(address, timeout=120_000)
    page.wait_for_selector("h1:has-text('Marking desk')", timeout=120_000)
    page.focus("button:has-text('Mark'):not(.cxa-button)")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dk-queued")
    page.focus(".dk-who input")
    page.keyboard.press("Control+a")
    page.keyboard.type(who)
    page.keyboard.press("Tab")
    page.wait_for_selector(f".dk-status:has-text('{who}')", timeout=20_000)
    page.focus(".dk-queued button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dk-answer", timeout=30_000)


def press(page: Any, key: str, said: str) -> str:
    """Press a key and wait for what the desk says; the answer in hand before."""
    alias = str(page.inner_text(".dk-alias"))
    page.keyboard.press(key)
    page.wait_for_selector(f".dk-status:has-text('{said} {alias}')", timeout=20_000)
    return alias


def onward(page: Any) -> None:
    alias = page.inner_text(".dk-alias")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "a => document.querySelector('.dk-alias').textContent !== a", arg=alias, timeout=20_000
    )


def kernels(process: Any) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    return [c for c in children if any("ipykernel" in part for part in c.cmdline())]


def given(workspace: Workspace) -> dict[str, float | None]:
    """Points by student, None where nobody marked."""
    with gradebook.opened(workspace) as book:
        found = gradebook.marks(book, "sheet")
    held = {s: next(m for m in marks if m.cell == CELL) for s, marks in found.items()}
    return {s: m.points if m.by_person and not m.needs_person else None for s, m in held.items()}


def axe(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=".cxa", options={"resultTypes": ["violations"]}).response
    return [
        f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]
    ]


def test_marking_by_keys_alone_survives_kill_9_and_a_second_marker_agrees(
    voila: tuple[Any, str], workspace: Workspace, page: Any
) -> None:
    process, address = voila
    page.allowed_errors += [*OTHERS, "WebSocket", "Connection lost", "404"]
    opened(page, address, "Tara")
    assert axe(page) == []
    for place, level in enumerate(("1", "2", "3", "1", "2")):
        press(page, level, "Saved ✓")
        if place < 4:
            onward(page)
    assert sum(p is not None for p in given(workspace).values()) == 5
    page.keyboard.press("z")
    page.wait_for_selector(".dk-status:has-text('Taken back ✓')")
    assert sum(p is not None for p in given(workspace).values()) == 4
    press(page, "1", "Saved ✓")
    saved = given(workspace)
    assert sum(p is not None for p in saved.values()) == 5

    (kernel,) = kernels(process)
    os.kill(kernel.pid, signal.SIGKILL)
    page.keyboard.press("3")
    page.wait_for_selector("[role=alert]:has-text('Not saved yet')", timeout=15_000)
    assert given(workspace) == saved

    opened(page, address, "Ulla")
    assert page.inner_text(".dk-count") == "5 of 6 marked"
    assert page.title() != "owned"
    page.click(".dk-mark summary[data-key=whoFolded]")
    page.click("button:has-text('Second marker')")
    page.wait_for_selector(".dk-count:has-text('0 of 6 marked')", timeout=20_000)
    assert page.locator(".dk-level[aria-pressed=true]").count() == 0, "blind to the first"
    for place in range(6):
        press(page, "1", "Saved ✓")
        if place < 5:
            onward(page)
    assert given(workspace) == saved, "a second mark changes nothing by itself"
    page.click(".cxa-views button:has-text('Two markers')")
    page.wait_for_selector("table:has-text('Kappa, linear')", timeout=30_000)
    assert axe(page) == []
    page.click(".cxa-views button:has-text('Shared passages')")
    page.wait_for_selector(".cxd-given mark", timeout=30_000)
    assert axe(page) == []


def test_the_desk_on_a_phone_is_no_wider_than_the_phone(voila: tuple[Any, str], phone: Any) -> None:
    phone.allowed_errors += OTHERS
    opened(phone, voila[1], "Vera")
    wide = "document.querySelector('.dk').scrollWidth - document.querySelector('.dk').clientWidth"
    assert phone.evaluate(wide) <= 0
    assert axe(phone) == []


def test_a_request_is_answered_by_keys_and_what_is_typed_survives_kill_9(
    voila: tuple[Any, str], workspace: Workspace, desk_course: Course, page: Any
) -> None:
    process, address = voila
    page.allowed_errors += [*OTHERS, "WebSocket", "Connection lost", "404"]
    asked = regrade.ask(workspace, "sheet", "eli", "item-ws-number", SHARED, "0" * 16)
    to_requests(page, address, "Tara")
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector(".dk-asks", timeout=30_000)
    assert axe(page) == []
    assert "Eli" not in page.inner_text(".dk-mark")
    page.keyboard.press("p")
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("Right: it was forgotten.")
    assert "Changes the mark from 0 to 1 point." in page.inner_text(".dk-verdict")
    for kernel in kernels(process):
        os.kill(kernel.pid, signal.SIGKILL)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[role=alert]:has-text('Not saved yet')", timeout=15_000)
    assert all(one.waits for one in regrade.all_of(workspace))

    to_requests(page, address, "Tara")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dk-asks", timeout=30_000)
    assert page.input_value("#dk-answer") == "Right: it was forgotten."
    page.focus("#dk-answer")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".dk-status:has-text('answered, marks changed')", timeout=20_000)
    (found,) = [one for one in regrade.all_of(workspace) if one.id == asked.id]
    assert [a.text for a in found.answers] == ["Right: it was forgotten."]
    assert page.input_value("#dk-answer") == "", "it is in the ledger now"
    wide = "document.querySelector('.dk').scrollWidth - document.querySelector('.dk').clientWidth"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(wide) <= 0
    assert axe(page) == []


def to_requests(page: Any, address: str, who: str) -> None:
    page.goto(address, timeout=120_000)
    page.wait_for_selector("h1:has-text('Marking desk')", timeout=120_000)
    page.click(".cxa-views button:has-text('Requests')")
    page.wait_for_selector(".dk-request")
    page.fill(".dk-who input", who)
    page.keyboard.press("Tab")
    page.wait_for_selector(f".dk-status:has-text('{who}')", timeout=20_000)
    page.focus("[data-key=heading]")
