"""The notebooks under a plain `voila`, with a phone in the room."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crossings.drills import DrillLog, Trainer, fold
from crossings.drills.rehearsal import rehearse
from crossings.workspace import ROOT, Workspace
from tests.drills import classroom
from tests.drills.site_process import serve
from tests.serving import free_port

pytestmark = pytest.mark.browser

OTHERS = ["RUNTIME-012", "Shared module", "403", "ERR_"]
"""Errors of Jupyter extensions that a plain Voila loads without need, and of its fonts."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("staff"))


@pytest.fixture(scope="module")
def learner(workspace: Workspace) -> Iterator[str]:
    port = free_port()
    site = serve(workspace, port)
    yield f"http://127.0.0.1:{port}"
    site.kill()
    site.wait()


def voila(notebook: str, workspace: Workspace, learner: str) -> tuple[subprocess.Popen[bytes], str]:
    """One notebook of `drills`; with "" all, below `voila/render`, as the staff site has them."""
    port = free_port()
    environment = os.environ | {
        "CROSSINGS_WORKSPACE": str(workspace.root),
        "CROSSINGS_LEARNER_URL": learner,
        "JUPYTER_PATH": str(ROOT / "crossings" / "apps"),  # the template as it is in this tree
    }
    command = [sys.executable, "-m", "voila", str(ROOT / "drills" / notebook), "--no-browser"]
    log = (workspace.root / f"{notebook or 'drills'}.log").open("wb")
    process = subprocess.Popen(
        [*command, f"--port={port}"], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    deadline = time.time() + 90
    while time.time() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process, f"http://127.0.0.1:{port}/"
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise AssertionError("Voila did not start")


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


def test_a_trainer_leads_from_voila_while_a_phone_answers(
    workspace: Workspace, learner: str, page: Any, phone: Any
) -> None:
    page.allowed_errors += OTHERS
    log = DrillLog(workspace.drill_log)
    run = rehearse(log, classroom.quiz(), classroom.NAMES, time.time() - 65, steps=1)
    code = Trainer(log, run).state.code
    process, address = voila("console.ipynb", workspace, learner)
    try:
        page.goto(address, timeout=90_000)
        page.wait_for_selector("text=10 people in the room", timeout=90_000)
        phone.goto(f"{learner}/drill/?code={code}")
        phone.fill("#name", "Zoe <script>document.title='owned'</script>")
        phone.click("button.main-button")
        page.wait_for_selector("text=11 people in the room")
        page.click("button:has-text('+30 s')")
        phone.click("text=No, because she agreed")
        phone.wait_for_selector("text=Saved ✓")
        answered = len(fold(log.since(run)).answered(0))
        page.wait_for_selector(f"text={answered} of 11 answered")
        assert page.title() != "owned"
        page.click("button:has-text('Reveal')")
        phone.wait_for_selector("h1:has-text('Not right')")
        page.reload()
        page.wait_for_selector("text=SECRET rationale of consent", timeout=90_000)
        page.click("button:has-text('Next')")
        phone.wait_for_selector("text=Question 2 of 6")
        page.click("button:has-text('End')")
        page.click("button:has-text('Press again to end')")
        phone.wait_for_selector("text=The drill is over")
        assert fold(log.since(run)).status == "ended"
    finally:
        ended(process)
        log.close()


def test_the_debrief_opens_the_last_drill(workspace: Workspace, learner: str, page: Any) -> None:
    page.allowed_errors += OTHERS
    log = DrillLog(workspace.drill_log)
    run = rehearse(log, classroom.triage(), classroom.NAMES, time.time() + 1)
    process, address = voila("debrief.ipynb", workspace, learner)
    try:
        page.goto(address, timeout=90_000)
        page.wait_for_selector(".cxa-big", timeout=90_000)
        assert "protection" in page.inner_text(".cxa-big")
        # Who was missed, what was right and chosen, person by person, objectives.
        assert page.locator("svg[role=img]").count() == 4
        assert "Amina" not in page.inner_text(".cxa")
        page.get_by_label("Show names").check()
        page.wait_for_selector("td:has-text('Amina')")
        page.click("button:has-text('Make the files')")
        with page.expect_download() as download:
            page.click("text=All answers (CSV)")
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert text.count("\n") == 1 + 4 * len(classroom.NAMES) and run[:8] in (
            download.value.suggested_filename
        )
    finally:
        ended(process)
        log.close()


def test_the_explorer_simulates_and_draws_the_traffic(
    workspace: Workspace, learner: str, page: Any
) -> None:
    page.allowed_errors += OTHERS
    plays = workspace.var / "plays"
    plays.mkdir(parents=True)
    (plays / "a.trace.json").write_text("<img src=x onerror=alert(1)>", encoding="utf-8")
    process, address = voila("explorer.ipynb", workspace, learner)
    try:
        page.goto(address, timeout=90_000)
        page.wait_for_selector("svg.cxg", timeout=90_000)
        colour = "getComputedStyle(document.querySelector('svg.cxg .cxg-paper')).fill"
        assert page.evaluate(colour) == "rgb(251, 250, 247)"
        page.click("button:has-text('Simulated learners')")
        page.select_option("select:below(:text('Plays of each'))", "100")
        page.click("button:has-text('Let them play')")
        page.wait_for_selector("text=By the book earns", timeout=60_000)
        page.click("button:has-text('How it was played')")
        page.click("button:has-text('Read the folder')")
        page.wait_for_selector("text=1 not counted")
        page.select_option("select:below(:text('Who'))", "hurried")
        page.wait_for_selector("text=Outcomes of 100 plays", timeout=30_000)
        # The words come before the picture: two messages of the kernel.
        page.wait_for_selector("svg.cxg .cxg-way[style]", state="attached", timeout=30_000)
        widths = page.eval_on_selector_all(
            "svg.cxg .cxg-way[style]", "ways => ways.map(w => parseFloat(w.style.strokeWidth))"
        )
        assert min(widths) < 2 and max(widths) == 13
    finally:
        ended(process)
