"""The analysis in Voila: what to look at, compared with what, and files to take along."""

from __future__ import annotations

import base64
import io
import re
import tempfile
import zipfile
from pathlib import Path

import ipywidgets as widgets

from crossings.apps import parts
from crossings.apps.analysis import notebook, page
from crossings.apps.analysis.choose import NoCohortError, known, view
from crossings.apps.analysis.sections import View
from crossings.apps.parts import classed, esc, put, text
from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.drills.log import DrillLogError
from crossings.grading.mark import GradeError
from crossings.workspace import Workspace


def analysis() -> None:
    """Show the analysis of the current workspace."""
    from IPython.display import display

    display(Analysis(current(), Workspace.current()).box)  # type: ignore[no-untyped-call]


class Analysis:
    """The analysis of one course in one workspace; `box` is what to show."""

    def __init__(self, course: Course, workspace: Workspace) -> None:
        self.course, self.workspace = course, workspace
        self.shown, self.links = text(), text()
        choices = [(label, name) for name, label in known(course, workspace).items()]
        self.what = widgets.Dropdown(options=choices, description="Look at")
        self.before = widgets.Dropdown(
            options=[("Nothing", ""), *choices], description="First test"
        )
        self.before.tooltip = "Compare with an earlier test of the same people"
        self.names = widgets.Checkbox(value=False, description="Show names", indent=False)
        self.names.tooltip = "Names are hidden so that you can put this page on the wall"
        for control in (self.what, self.before, self.names):
            control.observe(lambda _: self.show(), "value")
        bar = parts.row(self.what, self.before, self.names, names=("cxa-pick",))
        head = text("<h1>Analysis</h1>")
        self.box = parts.app(head, classed(bar, "cxa-card"), self.shown, self.links)
        self.show()

    def show(self) -> None:
        """Read the state again and draw it."""
        put(self.links, "")
        if self.what.value is None:
            put(self.shown, "<p class='quiet'>There is nothing to look at yet.</p>")
            return
        before = self.before.value if self.before.value != self.what.value else ""
        try:
            found = view(
                self.course, self.workspace, self.what.value, before, bool(self.names.value)
            )
        except (NoCohortError, GradeError, DrillLogError) as error:
            put(self.shown, f"<p class='cxa-problem' role='alert'>{esc(str(error))}</p>")
            return
        put(self.shown, page.markup(found))
        put(self.links, _downloads(found))


def _downloads(found: View) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", found.cohort.title.lower()).strip("-") or "class"
    html = base64.b64encode(page.html(found).encode()).decode()
    packed = base64.b64encode(_zip(found)).decode()
    note = "The page carries names. Keep it as you keep other personal data." if found.names else ""
    return (
        "<h2>Take it with you</h2><p>"
        f"<a class='cxa-download' download='{stem}-analysis.html' "
        f"href='data:text/html;base64,{html}'>Page (HTML)</a> "
        f"<a class='cxa-download' download='{stem}-analysis.zip' "
        f"href='data:application/zip;base64,{packed}'>Notebook with the data, without names</a></p>"
        f"<p class='quiet small'>{note}</p>"
    )


def _zip(found: View) -> bytes:
    made = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(made, "w") as archive:
        notebook.write(found.cohort, Path(folder))
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    return made.getvalue()
