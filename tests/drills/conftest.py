"""Gives each test a log of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crossings.drills.log import DrillLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DrillLog]:
    made = DrillLog(tmp_path / "var" / "drills.sqlite")
    yield made
    made.close()
