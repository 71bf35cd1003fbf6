"""The debrief of a drill: the sentence that matters, then how, then why, then what to read.

It needs the log and nothing else, so it opens a drill of last year as well as today's.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import ipywidgets as widgets

from crossings.apps import beside, case_findings, parts
from crossings.apps.debrief import compared, files
from crossings.apps.debrief.comparing import Comparison, NotComparableError
from crossings.apps.debrief.comparing import compared as set_beside
from crossings.apps.debrief.page import html, page
from crossings.apps.parts import classed, esc, put, text
from crossings.drills import report
from crossings.drills.address import learner_address
from crossings.drills.log import DrillLog, DrillLogError, Event
from crossings.drills.state import DrillState, fold
from crossings.drills.tables import PER_PERSON, stem
from crossings.drills.trainer import runs
from crossings.workspace import Workspace

_CSV = "text/csv;charset=utf-8"
_GONE = (
    "<p class='cxa-note' role='status'>The drill that this address names is not in the log any "
    "more. Here is the newest one.</p>"
)
_NAMED = "The files carry names"
_NUMBERED = "In the files people are numbered, as here; they may hold words that people wrote"


def debrief() -> widgets.Widget:
    """The debrief of the drill that the page's address names, or else of the newest, with a choice
    of all others, ready to display."""
    workspace = Workspace.current()
    try:
        log = DrillLog(workspace.drills)
        return Debrief(log, learner_address(workspace), beside.wanted()).box
    except DrillLogError as error:
        return parts.app(text(esc(str(error)), "cxa-problem"))


class Debrief:
    """One drill at a time, chosen from those in the log, alone or beside another run."""

    def __init__(self, log: DrillLog, site: str | None = None, wanted: str | None = None) -> None:
        self.log, self.site = log, site
        self._shown, self._links = text(), text()
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
        there = wanted in {e.drill for e in found}
        self.pick.value = wanted if there else self._first(found)
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
        head = text("<h1>Debrief</h1>" + ("" if there or wanted is None else _GONE))
        # Made when asked for: those of a full room take seconds, and some megabytes.
        self.take = parts.button(
            "Make the files", "Report, tables, notebook, xAPI", self.take_along
        )
        along = text("<h2>Take it with you</h2>")
        self.box = parts.app(
            head, classed(bar, "cxa-card"), self._shown, along, parts.row(self.take), self._links
        )
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
        """Draw the chosen drill anew, or beside the other run."""
        put(self._links, "")
        with self._told():
            state = fold(self.log.since(self.pick.value))
            if self.other.value:
                put(self._shown, compared.page(self._beside(state)))
            else:
                put(self._shown, page(state, bool(self.names.value), self.site))

    def take_along(self) -> None:
        """Links to files of what is shown, as the log has it now."""
        put(self._links, "<p role='status'>The files are being made.</p>")
        with self._told():
            state = fold(self.log.since(self.pick.value))
            if self.other.value:
                put(self._links, _of_two(self._beside(state)))
            else:
                put(self._links, downloads(state, bool(self.names.value), self.site))

    def _beside(self, state: DrillState) -> Comparison:
        return set_beside(fold(self.log.since(self.other.value)), state, bool(self.same.value))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Trouble stands in the place of what cannot be shown."""
        try:
            yield
        except (DrillLogError, NotComparableError) as error:
            put(self._shown, f"<p class='cxa-problem' role='alert'>{esc(str(error))}</p>")
            put(self._links, "")


def _of_two(found: Comparison) -> str:
    name, table = f"{stem(found.second)}-compared", report.export_csv(compared.frame(found))
    links = [
        _link(f"{name}.html", "Comparison (HTML)", compared.html(found).encode(), "text/html"),
        _link(f"{name}.csv", "All differences (CSV)", table.encode(files.CSV_ENCODING), _CSV),
    ]
    return _taken_along(links, "No names are in these files")


def downloads(state: DrillState, names: bool, site: str | None = None) -> str:
    """Links to take the drill along: as it stands in the log at this moment."""
    csv = files.csv_files(state, names)
    name, main = stem(state), PER_PERSON[state.plan().kind]
    label = {"answers": "All answers (CSV)", "moves": "All votes and moves (CSV)"}
    links = [_link(f"{name}.html", "Report (HTML)", html(state, names, site).encode(), "text/html")]
    if f"{main}.csv" in csv:
        said = label.get(main, "Timeline (CSV)")
        links.append(_link(f"{name}-{main}.csv", said, csv[f"{main}.csv"], _CSV))
    statements = {f"{name}.jsonl": files.xapi_lines(state, names).encode()}
    for part, said, packed in (
        ("tables", "All tables (CSV, ZIP)", csv),
        ("notebook", "Notebook with its data (ZIP)", files.notebook_files(state, csv)),
        ("xapi", "xAPI statements (ZIP)", statements),
    ):
        links.append(_link(f"{name}-{part}.zip", said, files.packed(packed), "application/zip"))
    if state.case is not None:
        kind, content = case_findings.trace_file(state)
        play = "The play for the case explorer (JSON)"
        links.append(_link(f"{name}.{kind}", play, content.encode(), "application/json"))
    return _taken_along(links, _NAMED if names else _NUMBERED)


def _taken_along(links: list[str], note: str) -> str:
    return (
        f"<p class='cxa-links'>{' '.join(links)}</p>"
        f"<p class='quiet small'>{note}. Keep them as you keep other personal data.</p>"
    )


def _link(name: str, label: str, content: bytes, kind: str) -> str:
    data = base64.b64encode(content).decode("ascii")
    return (
        f"<a class='cxa-download' download='{esc(name)}' "
        f"href='data:{kind};base64,{data}'>{esc(label)}</a>"
    )


def _label(opening: Event) -> str:
    when = datetime.fromtimestamp(opening.at).strftime("%d %b %Y, %H:%M")
    return f"{opening.payload['title']} · {when} · {opening.payload['code']}"
