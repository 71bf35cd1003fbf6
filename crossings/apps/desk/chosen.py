"""Which question a view is about: one list of all that people mark, for the views to share."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from crossings.curriculum.model import Course
from crossings.grading import gradebook, release
from crossings.grading.mark import title_of
from crossings.grading.people.log import MarkingLog, Role
from crossings.grading.people.session import Session
from crossings.grading.rubrics import Question, questions
from crossings.workspace import Workspace


class Chosen:
    """A list of the questions that have answers, and the marks of the one that is chosen."""

    def __init__(self, course: Course, workspace: Workspace, log: MarkingLog) -> None:
        self.course, self.workspace, self.log = course, workspace, log
        self.pick = widgets.Dropdown(description="Question", options=[])
        self._then: Callable[[], None] = lambda: None
        self.pick.observe(lambda _: self._then(), "value")

    def watch(self, then: Callable[[], None]) -> None:
        """Call `then` when another question is chosen."""
        self._then = then

    def load(self) -> None:
        """Read again which questions there are; the choice stays where it can."""
        found = []
        for name in release.assignments(self.course):
            if gradebook.knows(self.workspace, name):
                title = title_of(self.course, name)
                found += [
                    (f"{title} · {q.title}", (name, q.cell))
                    for q in questions(self.course, self.workspace, name)
                ]
        if list(self.pick.options) != found:
            kept = self.pick.value
            self.pick.options = found
            values = [value for _, value in found]
            self.pick.value = kept if kept in values else values[0] if values else None

    def question(self) -> Question | None:
        if self.pick.value is None:
            return None
        name, cell = self.pick.value
        every = questions(self.course, self.workspace, name)
        return next((q for q in every if q.cell == cell), None)

    def session(self, who: str, role: Role = "first") -> Session | None:
        """All marks of the chosen question; None where nothing can be chosen."""
        question = self.question()
        if question is None:
            return None
        return Session(self.workspace, self.course, question, self.log, who, role)
