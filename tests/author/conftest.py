"""A course to write in: the small one, and a copy of the real one's content."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossings.workspace import ROOT
from tests.tiny_course import write_course


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small course, in a folder with a space in its name."""
    return write_course(tmp_path / "a course")


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A copy of what the real course is made of."""
    root = tmp_path / "the course"
    for name in ("modules", "datasets", "book", "exercises/source"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("_toc.yml", "_config.yml"):
        shutil.copyfile(ROOT / name, root / name)
    return root
