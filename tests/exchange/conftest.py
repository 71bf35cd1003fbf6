from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossings.curriculum import Course, load
from tests.tiny_course import write_course

SAMPLE = Path(__file__).resolve().parent.parent / "cases" / "small.yml"


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole small course, in a folder with a space."""
    return write_course(tmp_path_factory.mktemp("exchange") / "a course")


@pytest.fixture(scope="session")
def course(root: Path) -> Course:
    return load(root)


@pytest.fixture(scope="session")
def node() -> str:
    """Node, for what other people's tools say; without it those tests are skipped, by name."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("no node on this machine: what extwee says of our Twee is not tested")
    return found
