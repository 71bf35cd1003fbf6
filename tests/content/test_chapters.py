"""Every chapter that we ship keeps the convention of chapters, in modules that still grow, too.

What the convention asks is in `crossings/curriculum/chapters.py`; `tests/curriculum` breaks it.
"""

from __future__ import annotations

import pytest

from crossings.curriculum import Course, current
from crossings.curriculum.chapters import problems
from crossings.workspace import ROOT

MODULES = sorted(path.parent.name for path in ROOT.glob("modules/*/module.yml"))


@pytest.fixture(scope="module")
def course() -> Course:
    return current()


def test_there_are_chapters(course: Course) -> None:
    assert all(module.chapters for module in course.modules.values())


@pytest.mark.parametrize("name", MODULES)
def test_chapters_keep_the_convention(course: Course, name: str) -> None:
    assert [str(p) for p in problems(course, course.modules[name]) if p.fails] == []
