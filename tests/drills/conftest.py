"""Makes `classroom` importable, and gives each test a log of its own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from crossings.drills.log import DrillLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DrillLog]:
    made = DrillLog(tmp_path / "var" / "drills.sqlite")
    yield made
    made.close()
