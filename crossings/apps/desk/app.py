"""The desk with its views: overview, marking, requests, two markers, shared passages."""

from __future__ import annotations

import ipywidgets as widgets

from crossings.apps.desk.asked import Asked
from crossings.apps.desk.chosen import Chosen
from crossings.apps.desk.compare import Compare
from crossings.apps.desk.overview import MarkingDesk
from crossings.apps.desk.panel import Panel
from crossings.apps.desk.passages import Passages
from crossings.apps.parts import app, classed, text
from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading.people.log import MarkingLog
from crossings.workspace import Workspace

OVERVIEW, MARK, ASKED = "Overview", "Mark", "Requests"
COMPARE, PASSAGES = "Two markers", "Shared passages"
_HEAD = (
    "<div class='cxd-head'><h1>Marking desk</h1>"
    "<a class='cxa-download' href='../../../voila/render/grading/analysis.ipynb'>"
    "Analysis of the class</a></div>"
)


def desk() -> None:
    """Show the marking desk of the current workspace."""
    from IPython.display import display

    display(Desk(current(), Workspace.current()).widget)  # type: ignore[no-untyped-call]


class Desk:
    """The desk of one course in one workspace; `widget` is what to show."""

    def __init__(self, course: Course, workspace: Workspace) -> None:
        self.log = MarkingLog(workspace)
        self.overview = MarkingDesk(course, workspace)
        self.panel = Panel(course, workspace, self.log)
        self.asked = Asked(course, workspace, self.log, self.panel, self._mark)
        self.chosen = Chosen(course, workspace, self.log)
        self.compare = Compare(self.chosen, lambda: self.panel.who, self._settle)
        self.passages = Passages(self.chosen, lambda: self.panel.who)
        views = [OVERVIEW, MARK, ASKED, COMPARE, PASSAGES]
        self.view = classed(widgets.ToggleButtons(options=views, value=OVERVIEW), "cxa-views")
        self.view.observe(lambda _: self.show(), "value")
        self.chosen.watch(self._again)
        self.shown = widgets.VBox()
        self.widget = app(text(_HEAD), self.view, self.shown)
        self.show()

    def show(self) -> None:
        """Draw the chosen view, with everything read anew."""
        if self.view.value == MARK:
            self.panel.show()
            self.shown.children = (self.panel.widget,)
        elif self.view.value == ASKED:
            self.asked.show()
            self.shown.children = (self.asked.widget,)
        elif self.view.value == OVERVIEW:
            self.overview.show()
            self.shown.children = (self.overview.body,)
        else:
            self.chosen.load()
            self._again()
            shown = self.compare if self.view.value == COMPARE else self.passages
            self.shown.children = (shown.body,)

    def _again(self) -> None:
        """Draw what is about the chosen question."""
        if self.view.value == COMPARE:
            self.compare.show()
        if self.view.value == PASSAGES:
            self.passages.show()

    def _settle(self, assignment: str, cell: str) -> None:
        self.panel.act({"do": "role", "role": "settled"})
        self.panel.act({"do": "open", "assignment": assignment, "cell": cell})
        self.view.value = MARK

    def _mark(self, assignment: str, cell: str, alias: str) -> None:
        """Open one answer with its rubric."""
        self.panel.act({"do": "role", "role": "first"})
        self.panel.act({"do": "open", "assignment": assignment, "cell": cell})
        self.panel.act({"do": "go", "to": alias})
        self.view.value = MARK
