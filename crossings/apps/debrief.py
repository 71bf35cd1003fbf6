"""The debrief of a drill: the sentence that matters, then how, then why, then what to read.

It needs the log and nothing else, so it opens a drill of last year as well as today's.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime

import ipywidgets as widgets
import pandas as pd

from crossings.apps import case_findings, findings, parts, table_findings, team_stage
from crossings.apps.parts import classed, esc, put, text
from crossings.drills import casereport, report, tablereport
from crossings.drills.log import DrillLog, DrillLogError, Event
from crossings.drills.state import DrillState, fold
from crossings.drills.trainer import runs
from crossings.workspace import Workspace


def debrief() -> widgets.Widget:
    """The debrief of the newest drill, with a choice of all others, ready to display."""
    try:
        return Debrief(DrillLog(Workspace.current().drills)).box
    except DrillLogError as error:
        return parts.app(text(esc(str(error)), "cxa-problem"))


class Debrief:
    """One drill at a time, chosen from those in the log."""

    def __init__(self, log: DrillLog) -> None:
        self.log = log
        self._shown = text()
        found = runs(log)
        if not found:
            empty = "<h1>No drill yet</h1><p>When you have led a drill, its debrief is here.</p>"
            self.box = parts.app(text(empty))
            return
        self.pick = widgets.Dropdown(
            options=[(_label(e), e.drill) for e in found], description="Drill"
        )
        self.pick.tooltip = "The drill to talk about"
        self.pick.value = self._first(found)
        self.pick.observe(lambda _: self.show(), "value")
        self.names = widgets.Checkbox(value=False, description="Show names", indent=False)
        self.names.tooltip = "Names are hidden so that you can put this page on the wall"
        self.names.observe(lambda _: self.show(), "value")
        bar = parts.row(self.pick, self.names, names=("cxa-pick",))
        self.box = parts.app(classed(bar, "cxa-card"), self._shown)
        self.show()

    def _first(self, found: list[Event]) -> str:
        """The newest drill that is over; if none is, the newest."""
        for opening in found[:10]:
            if fold(self.log.since(opening.drill)).status == "ended":
                return opening.drill
        return found[0].drill

    def show(self) -> None:
        """Draw the chosen drill anew."""
        try:
            state = fold(self.log.since(self.pick.value))
        except DrillLogError as error:
            put(self._shown, f"<p class='cxa-problem' role='alert'>{esc(str(error))}</p>")
            return
        put(self._shown, page(state, self.names.value))


def page(state: DrillState, names: bool) -> str:
    """The whole debrief as safe markup."""
    if state.case is not None:
        return case_page(state, names)
    if state.script is not None and state.script.tabletop is not None:
        return table_page(state)
    frame = report.answers(state)
    if frame.empty:
        return f"<p class='cxa-big'>{esc(report.headline(state, frame))}</p>"
    kind = findings.triage if state.kind == "triage" else findings.quiz
    return "".join(
        [
            f"<p class='cxa-big'>{esc(report.headline(state, frame))}</p>",
            findings.numbers(state, frame),
            team_stage.table(state),
            kind(state, frame),
            findings.confidence(frame),
            findings.objectives(state, frame),
            findings.reading(state, frame),
            findings.questions(state),
            findings.people(frame, names),
            _downloads(state, frame),
        ]
    )


def case_page(state: DrillState, names: bool) -> str:
    """The debrief of a case drill."""
    if not any(play.events for play in casereport.plays(state)):
        return f"<p class='cxa-big'>{esc(casereport.headline(state))}</p>"
    return "".join(
        [
            case_findings.head(state),
            case_findings.outcomes(state),
            team_stage.table(state),
            case_findings.way(state),
            case_findings.partings(state),
            case_findings.points(state),
            case_findings.reading(state),
            findings.questions(state),
            case_findings.people(state, names),
            _case_downloads(state),
        ]
    )


def table_page(state: DrillState) -> str:
    """The debrief of a tabletop drill: of roles, not of people, so there are no names to show."""
    if state.status == "lobby":
        return f"<p class='cxa-big'>{esc(tablereport.headline(state))}</p>"
    links = [
        _link(f"{_stem(state)}-{name}.csv", f"{name.capitalize()} (CSV)", report.export_csv(frame))
        for name, frame in table_findings.tables(state).items()
    ]
    return "".join(
        [
            table_findings.head(state),
            table_findings.lanes(state),
            table_findings.decisions(state),
            table_findings.milestones(state),
            table_findings.told(state),
            table_findings.scores(state),
            table_findings.reading(state),
            findings.questions(state),
            table_findings.story(state),
            _taken_along(" ".join(links)),
        ]
    )


def _case_downloads(state: DrillState) -> str:
    kind, content = case_findings.trace_file(state)
    data = base64.b64encode(content.encode("utf-8")).decode("ascii")
    play = (
        f"<a class='cxa-download' download='{esc(_stem(state))}.{kind}' "
        f"href='data:application/json;base64,{data}'>The play for the case explorer (JSON)</a>"
    )
    table = report.export_csv(casereport.given(state))
    votes = _link(f"{_stem(state)}-votes.csv", "All votes and moves (CSV)", table)
    return _taken_along(f"{play} {votes}")


def _taken_along(links: str) -> str:
    return (
        f"<h2>Take it with you</h2><p>{links}</p><p class='quiet small'>The files carry the "
        "participants' names or words. Keep them as you keep other personal data.</p>"
    )


def _stem(state: DrillState) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", f"{state.run}-{state.title.lower()}").strip("-")


def _downloads(state: DrillState, frame: pd.DataFrame) -> str:
    stem = _stem(state)
    links = [
        _link(f"{stem}-answers.csv", "All answers (CSV)", report.export_csv(frame)),
        _link(
            f"{stem}-people.csv", "Participants (CSV)", report.export_csv(report.by_person(frame))
        ),
        _link(
            f"{stem}-steps.csv",
            "Steps (CSV)",
            report.export_csv(report.by_step(frame).reset_index()),
        ),
    ]
    return _taken_along(" ".join(links))


def _link(name: str, label: str, content: str) -> str:
    # The byte-order mark makes spreadsheets read the file as UTF-8.
    data = base64.b64encode(content.encode("utf-8-sig")).decode("ascii")
    return (
        f"<a class='cxa-download' download='{esc(name)}' "
        f"href='data:text/csv;charset=utf-8;base64,{data}'>{esc(label)}</a>"
    )


def _label(opening: Event) -> str:
    when = datetime.fromtimestamp(opening.at).strftime("%d %b %Y, %H:%M")
    return f"{opening.payload['title']} · {when} · {opening.payload['code']}"
