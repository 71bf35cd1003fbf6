"""The course behind the book: loaded once a build, from the folder that is being built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

from crossings.curriculum import Course, CourseError, load
from crossings.curriculum.model import Module

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_KEY = "crossings_course"


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _load, priority=100)
    app.connect("env-get-outdated", _outdated)


def _load(app: Sphinx) -> None:
    if hasattr(app, _KEY):  # a preview brings its own, and changes it as its author writes
        return
    try:
        give_course(app, load(Path(app.srcdir)))
    except CourseError as error:
        raise ExtensionError(f"the course has problems:\n{error}") from None


def give_course(app: Sphinx, course: Course) -> None:
    """Let the pages be drawn from this course."""
    setattr(app, _KEY, course)


def course_of(env: BuildEnvironment) -> Course:
    course: Course = getattr(env.app, _KEY)
    return course


def module_of(env: BuildEnvironment, docname: str | None = None) -> Module | None:
    """The module whose folder holds the page, if any."""
    parts = (docname or env.docname).split("/")
    if len(parts) == 3 and parts[0] == "modules":
        return course_of(env).modules.get(parts[1])
    return None


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages whose text did not change but whose course data (items, law, cases) may have."""
    from crossings.book.stamp import content_stamp

    stamp = content_stamp(Path(app.srcdir))
    before = getattr(env, "crossings_stamp", None)
    env.crossings_stamp = stamp  # type: ignore[attr-defined]
    return [] if before == stamp else sorted(env.found_docs - added - changed)
