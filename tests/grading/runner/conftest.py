"""One warm runner for the room's tests; limits short enough to be waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from crossings.grading.runner import Limits, Ran, Runner, Task, protection

SMALL = Limits(cell_seconds=20, notebook_seconds=60, memory_mb=256, disk_mb=16, file_mb=8)
QUICK = replace(SMALL, cell_seconds=1)
Run = Callable[..., Ran]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this room in one worker, so that one runner is warmed up, not one each."""
    for item in items:
        if "grading/runner/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("runner"))


def cells(*sources: str) -> dict[str, Any]:
    made = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources, 1)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    if not protection().complete:
        pytest.skip("no complete sandbox here: " + protection().told())
    with Runner() as made:
        yield made


@pytest.fixture
def run(runner: Runner) -> Run:
    """Run one notebook of these code cells."""

    def run_one(
        *sources: str, files: Mapping[str, bytes] | None = None, limits: Limits = SMALL
    ) -> Ran:
        (ran,) = runner.run([Task("one", cells(*sources), files or {}, limits)])
        return ran

    return run_one


def outputs(ran: Ran, cell: int = 0) -> list[dict[str, Any]]:
    assert ran.notebook is not None
    found: list[dict[str, Any]] = ran.notebook["cells"][cell]["outputs"]
    return found


def text(ran: Ran, cell: int = 0) -> str:
    """What the cell printed on standard output."""
    return "".join(o["text"] for o in outputs(ran, cell) if o.get("name") == "stdout")
