"""The debrief of a drill: the sentence that matters, then how, then why, then what to read.

It needs the log and nothing else, so it opens a drill of last year as well as today's.
"""

from __future__ import annotations

import base64
from datetime import datetime

import ipywidgets as widgets

from crossings.apps import case_findings, parts
from crossings.apps.debrief import compared, files
from crossings.apps.debrief.comparing import NotComparableError
from crossings.apps.debrief.comparing import compared as beside
from crossings.apps.debrief.page import html, page
from crossings.apps.parts import classed, esc, put, text
from crossings.drills import report
from crossings.drills.address import learner_address
from crossings.drills.log import DrillLog, DrillLogError, Event
from crossings.drills.state import DrillState, fold
from crossings.drills.tables import PER_PERSON, stem, tables
from crossings.drills.trainer import runs
from crossings.workspace import Workspace

_NAMED = "The files carry names"
_NUMBERED = "In the files people are numbered, as here; they may hold words that people wrote"


def debrief() -> widgets.Widget:
    """The debrief of the newest drill, with a choice of all others, ready to display."""
    workspace = Workspace.current()
    try:
        return Debrief(DrillLog(workspace.drills), learner_address(workspace)).box
    except DrillLogError as error:
        return parts.app(text(esc(str(error)), "cxa-problem"))


class Debrief:
    """One drill at a time, chosen from those in the log, alone or beside another run."""

    def __init__(self, log: DrillLog, site: str | None = None) -> None:
        self.log, self.site = log, site
        self._shown = text()
        found = runs(log)
        if not found:
            empty = "<h1>No drill yet</h1><p>When you have led a drill, its debrief is here.</p>"
            self.box = parts.app(text(empty))
            return
        self.runs = found
        self.pick = widgets.Dropdown(
            options=[(_label(e), e.drill) for e in found], description="Drill"
        )
        self.pick.tooltip = "The drill to talk about"
        self.pick.value = self._first(found)
        self.other = widgets.Dropdown(description="Compare with")
        self.other.tooltip = "An earlier run of the same drill, or of another group"
        self.same = widgets.Checkbox(value=False, description="Same people", indent=False)
        self.same.tooltip = "Count only people who were in both runs, by their names"
        self.names = widgets.Checkbox(value=False, description="Show names", indent=False)
        self.names.tooltip = "Names are hidden so that you can put this page on the wall"
        self._offer()
        self.pick.observe(lambda _: self._offer(), "value")
        for control in (self.pick, self.other, self.same, self.names):
            control.observe(lambda _: self.show(), "value")
        bar = parts.row(
            self.pick, self.other, self.same, self.names, names=("cxa-pick", "cxa-wide")
        )
        head = text("<h1>Debrief</h1>")
        self.box = parts.app(head, classed(bar, "cxa-card"), self._shown)
        self.show()

    def _first(self, found: list[Event]) -> str:
        """The newest drill that is over; if none is, the newest."""
        for opening in found[:10]:
            if fold(self.log.since(opening.drill)).status == "ended":
                return opening.drill
        return found[0].drill

    def _offer(self) -> None:
        """Other runs of the same drill; where there are none, of the same kind."""
        chosen = next(e for e in self.runs if e.drill == self.pick.value)
        others = [e for e in self.runs if e.drill != chosen.drill]
        alike = [e for e in others if e.payload.get("ref") == chosen.payload.get("ref")]
        options = [("Nothing", ""), *((_label(e), e.drill) for e in alike)]
        if tuple(options) != self.other.options:
            self.other.options = options
            self.other.value = ""  # new options leave nothing chosen, not even "Nothing"
        # Nothing to compare with: nothing to choose.
        for control in (self.other, self.same):
            control.layout.display = None if alike else "none"

    def show(self) -> None:
        """Draw the chosen drill anew."""
        try:
            state = fold(self.log.since(self.pick.value))
            if self.other.value:
                put(self._shown, self._compared(state))
                return
            names = bool(self.names.value)
            put(self._shown, page(state, names, self.site) + downloads(state, names, self.site))
        except DrillLogError as error:
            put(self._shown, f"<p class='cxa-problem' role='alert'>{esc(str(error))}</p>")

    def _compared(self, state: DrillState) -> str:
        before = fold(self.log.since(self.other.value))
        try:
            found = beside(before, state, bool(self.same.value))
        except NotComparableError as error:
            return f"<p class='cxa-problem' role='alert'>{esc(str(error))}</p>"
        name = f"{stem(state)}-compared"
        links = [
            _link(f"{name}.html", "Comparison (HTML)", compared.html(found).encode(), "text/html"),
            _csv(f"{name}.csv", "All differences (CSV)", report.export_csv(compared.frame(found))),
        ]
        return compared.page(found) + _taken_along(links, "No names are in these files")


def downloads(state: DrillState, names: bool, site: str | None = None) -> str:
    """Links to take the drill along: as it stands in the log at this moment."""
    found = tables(state, names)
    if set(found) == {"drill"}:
        return ""
    name, main = stem(state), PER_PERSON[state.plan().kind]
    label = {"answers": "All answers (CSV)", "moves": "All votes and moves (CSV)"}
    links = [
        _link(f"{name}.html", "Report (HTML)", html(state, names, site).encode(), "text/html"),
        _csv(f"{name}-{main}.csv", label.get(main, "Timeline (CSV)"),
             report.export_csv(found[main])),
        _link(f"{name}-tables.zip", "All tables (CSV, ZIP)", files.csv_zip(state, names),
              "application/zip"),
        _link(f"{name}-notebook.zip", "Notebook with its data (ZIP)",
              files.notebook_zip(state, names), "application/zip"),
        _link(f"{name}-xapi.jsonl", "xAPI statements", files.xapi_lines(state, names).encode(),
              "application/json"),
    ]  # fmt: skip
    if state.case is not None:
        kind, content = case_findings.trace_file(state)
        play = f"{name}.{kind}"
        label_ = "The play for the case explorer (JSON)"
        links.append(_link(play, label_, content.encode(), "application/json"))
    return _taken_along(links, _NAMED if names else _NUMBERED)


def _taken_along(links: list[str], note: str) -> str:
    return (
        f"<h2>Take it with you</h2><p class='cxa-links'>{' '.join(links)}</p>"
        f"<p class='quiet small'>{note}. Keep them as you keep other personal data.</p>"
    )


def _csv(name: str, label: str, content: str) -> str:
    return _link(name, label, content.encode(files.CSV_ENCODING), "text/csv;charset=utf-8")


def _link(name: str, label: str, content: bytes, kind: str) -> str:
    data = base64.b64encode(content).decode("ascii")
    return (
        f"<a class='cxa-download' download='{esc(name)}' "
        f"href='data:{kind};base64,{data}'>{esc(label)}</a>"
    )


def _label(opening: Event) -> str:
    when = datetime.fromtimestamp(opening.at).strftime("%d %b %Y, %H:%M")
    return f"{opening.payload['title']} · {when} · {opening.payload['code']}"
