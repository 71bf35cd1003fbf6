"""The debrief of a drill as safe markup, and as one HTML file."""

from __future__ import annotations

from datetime import UTC, datetime

from crossings.apps import case_findings, findings, paper, table_findings, team_stage
from crossings.apps.parts import esc
from crossings.drills import casereport, report, tablereport
from crossings.drills.state import DrillState


def page(state: DrillState, names: bool, site: str | None = None) -> str:
    """The whole debrief; `site` is the learner site's address, for links to its chapters."""
    if state.case is not None:
        return _case(state, names, site)
    if state.script is not None and state.script.tabletop is not None:
        return _table(state, site)
    frame = report.answers(state, names)
    if frame.empty:
        return _big(report.headline(state, frame))
    kind = findings.triage if state.kind == "triage" else findings.quiz
    return "".join(
        [
            _big(report.headline(state, frame)),
            findings.numbers(state, frame),
            _teams(state),
            kind(state, frame),
            findings.confidence(frame),
            findings.objectives(state, frame),
            findings.provisions(state, frame),
            findings.reading(state, frame, site),
            findings.questions(state),
            findings.people(frame),
        ]
    )


def _case(state: DrillState, names: bool, site: str | None) -> str:
    if not any(play.events for play in casereport.plays(state)):
        return _big(casereport.headline(state))
    return "".join(
        [
            case_findings.head(state),
            case_findings.outcomes(state),
            _teams(state),
            case_findings.way(state),
            case_findings.best(state),
            case_findings.partings(state),
            case_findings.points(state),
            case_findings.reading(state, site),
            findings.questions(state),
            case_findings.people(state, names),
        ]
    )


def _table(state: DrillState, site: str | None) -> str:
    """Of roles, not of people, so there are no names to show."""
    if state.status == "lobby":
        return _big(tablereport.headline(state))
    return "".join(
        [
            table_findings.head(state),
            table_findings.lanes(state),
            table_findings.decisions(state),
            table_findings.milestones(state),
            table_findings.provisions(state),
            table_findings.told(state),
            table_findings.scores(state),
            table_findings.reading(state, site),
            findings.questions(state),
            table_findings.story(state),
        ]
    )


def _teams(state: DrillState) -> str:
    shown = team_stage.standings(state)
    return f"<h2>Teams</h2>{shown}" if shown else ""


def _big(sentence: str) -> str:
    return f"<p class='cxa-big'>{esc(sentence)}</p>"


def html(
    state: DrillState, names: bool = False, site: str | None = None, now: datetime | None = None
) -> str:
    """The debrief as one file that asks nothing of anybody."""
    made = (now or datetime.now(UTC)).strftime("%d %B %Y")
    private = (
        "It carries names: keep it as you keep other personal data."
        if names and state.plan().tabletop is None
        else "People are numbered; it may hold words that they wrote."
    )
    running = "" if state.status == "ended" else " The drill was not over yet."
    note = f"Held on {held(state)}. Made on {made}.{running} {private}"
    return paper.whole(f"Debrief: {state.title}", note, page(state, names, site))


def held(state: DrillState, form: str = "%d %B %Y") -> str:
    """The day of the drill, as this machine counts days."""
    return datetime.fromtimestamp(state.opened_at).strftime(form)
