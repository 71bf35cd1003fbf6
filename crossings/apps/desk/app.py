"""The desk with its views: overview, marking, two markers, shared passages."""

from __future__ import annotations

import ipywidgets as widgets

from crossings.apps.desk.overview import MarkingDesk
from crossings.apps.desk.panel import Panel
from crossings.apps.parts import app, classed, text
from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading.people.log import MarkingLog
from crossings.workspace import Workspace

OVERVIEW, MARK, COMPARE, PASSAGES = "Overview", "Mark", "Two markers", "Shared passages"
_ANALYSIS = "../../../voila/render/grading/analysis.ipynb"


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
        self.view = classed(
            widgets.ToggleButtons(options=[OVERVIEW, MARK], value=OVERVIEW), "cxa-views"
        )
        self.view.observe(lambda _: self.show(), "value")
        self.shown = widgets.VBox()
        head = text("<h1>Marking desk</h1>")
        self.widget = app(head, self.view, self.shown)
        self.show()

    def show(self) -> None:
        """Draw the chosen view, with everything read anew."""
        if self.view.value == MARK:
            self.panel.show()
            self.shown.children = (self.panel.widget,)
            return
        self.overview.show()
        self.shown.children = (self.overview.body,)
