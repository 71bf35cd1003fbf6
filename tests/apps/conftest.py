"""One learner site and one Voila for every test that leads a class from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crossings.drills import DrillLog, Script
from crossings.workspace import Workspace
from tests.apps.live import Live
from tests.apps.test_voila import ended, voila
from tests.drills.test_page import Room


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CROSSINGS_LEARNER_URL", "http://192.168.7.7:8000/")
    return Workspace(tmp_path)


@pytest.fixture
def log(workspace: Workspace) -> DrillLog:
    return DrillLog(workspace.drill_log)


@pytest.fixture(scope="session")
def class_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("live"))
    yield made
    made.kill()
    made.log.close()


@pytest.fixture(scope="session")
def class_voila(class_room: Room) -> Iterator[str]:
    """Where Voila shows the notebooks of `drills`."""
    process, address = voila("", class_room.workspace, class_room.base)
    yield f"{address}voila/render/"
    ended(process)


@pytest.fixture(scope="session")
def class_console(class_voila: str) -> str:
    return f"{class_voila}console.ipynb"


@pytest.fixture
def live(
    browser: Any, class_room: Room, class_console: str, page: Any
) -> Iterator[Callable[[Script], Live]]:
    """Opens a script with eight phones in its lobby and starts it at the console."""
    made: list[Live] = []

    def opened(plan: Script) -> Live:
        made.append(Live(browser, class_room, plan, page))
        made[-1].leads(class_console)
        return made[-1]

    yield opened
    for one in made:
        one.close()
