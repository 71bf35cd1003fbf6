"""Others who serve a question to a class: a Voila page for each participant, which has a kernel."""

from __future__ import annotations

import concurrent.futures
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.player.serving import voila_cell

PAGE = """
import ipywidgets as w
w.VBox([w.HTML("A woman agreed to the work. Can she still be a victim of trafficking?"),
        w.RadioButtons(options=["Yes, if she was deceived", "No, because she agreed"]),
        w.Button(description="Answer")])
"""


@dataclass(frozen=True)
class VoilaRoom:
    people: int
    joined: float
    """Seconds until every page of those who came at the same time was there."""
    memory: float
    """Private bytes of kernels and server for each participant, over the server alone."""


def voila_room(people: int, folder: Path) -> VoilaRoom:
    """Raises TimeoutError where Voila does not start, OSError where a page does not come."""
    folder.mkdir(parents=True, exist_ok=True)
    with voila_cell(PAGE, folder) as running:
        _visit(running.address)  # the first page of all also warms the server
        time.sleep(1)
        before = private(running.process)
        begun = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(people) as pool:
            list(pool.map(_visit, [running.address] * people))
        joined = time.perf_counter() - begun
        return VoilaRoom(people, joined, (private(running.process) - before) / people)


def _visit(address: str) -> None:
    """The page, complete: Voila sends its end when the notebook has run."""
    with urllib.request.urlopen(address, timeout=300) as answer:
        answer.read()


def private(pid: int) -> int:
    """Private bytes of a process and all that it started."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(int(p.memory_full_info().uss) for p in family)


PUBLISHED = (
    "ClassQuiz: its repository has two load scripts (200 clients by default) and no result; issue "
    "#422 reports more answers than players at 70, #326 totals that do not add up at 130.",
    "sQuiz: lag at 100 in a room until only 20 rows of the board were sent (sQuiz-2/Core#102).",
    "Kahoot: hosted; a support page names a plan for 2,000 players, and no latency. Mentimeter and "
    "Slido publish no load figures that we found.",
    "Of what PyPI and npm have under quiz and poll, most are clients of Kahoot; conf-quiz needs "
    "Google's Firebase, and livepoll counts votes without knowing who voted.",
)
"""What the repositories and support pages say of those who cannot be run here."""
