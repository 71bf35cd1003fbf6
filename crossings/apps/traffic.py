"""Plays over the graph of a case: people's, from their files, or the simulated learners'."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from crossings.apps import case_charts
from crossings.apps.parts import button, classed, esc, put, row, scroll, table, text
from crossings.apps.picture import COLUMNS, Picture, size_choice
from crossings.apps.plays import (
    PEOPLE,
    SEED,
    UNFINISHED,
    Filter,
    Played,
    Reading,
    SimulatedPlays,
    over_the_graph,
    read_drills,
    read_folder,
)
from crossings.cases.graph import Traffic, draw
from crossings.cases.graph.words import GRADES, OUTCOMES, named
from crossings.cases.simulate import LEARNERS
from crossings.cases.state import MODES, Document
from crossings.drills.database import is_url
from crossings.drills.log import DrillLog, DrillLogError

ANY: tuple[str, str | None] = ("Any", None)


class TrafficView:
    """Plays over the graph: people's, from their files, or the simulated learners'."""

    def __init__(
        self,
        doc: Document,
        simulated: SimulatedPlays,
        folder: Path,
        drills: Path | str | None = None,
    ) -> None:
        self._doc, self._simulated, self._drills = doc, simulated, drills
        self.reading = Reading()
        self.folder = widgets.Text(value=str(folder), description="Folder")
        self.folder.tooltip = "A folder with the trace files of learners"
        self.upload = widgets.FileUpload(accept=".json", multiple=True, description="Add files")
        self.upload.tooltip = "Trace files that learners sent you"
        self.upload.observe(lambda _: self._uploaded(), "value")
        read = button("Read the folder", "Count the plays in the folder", self.read)
        drilled = button("Read the drills", "Count the plays of live drills", self.read_drills)
        self._said = text()
        self._filters()
        self._shown = text()
        size = size_choice()
        self._graph = Picture(self._drawn, size)
        help_ = text(
            "<p>Learners take their play along as a file (<code>….trace.json</code>) or send the "
            "file of their progress page. Put the files in this folder, or add them here. Every "
            "file is played again before it counts; notes are never shown. The plays of live "
            "drills are in the log of this computer: the room's own, or everybody's.</p>"
        )
        added = classed(self.upload, "cxa-button", "cxa-upload")
        sources = row(self.folder, read, added, drilled,
                      names=("cxa-pick",))  # fmt: skip
        chosen = row(*self.filters.values(), names=("cxa-filters",))
        controls = classed(widgets.VBox([help_, sources, self._said, chosen]), "cxa-card")
        legend = row(size, names=("cxa-pick",))
        self.box = widgets.VBox([controls, self._shown, legend, self._graph.box])
        self.renew()

    def _filters(self) -> None:
        laws = _laws(self._doc)
        ends = [(word, outcome) for outcome, word in OUTCOMES.items()]
        self.filters: dict[str, Any] = {
            "learner": _choice("Who", [("People", PEOPLE), *((n, n) for n in LEARNERS)]),
            "mode": _choice("Mode", [ANY, *((mode, mode) for mode in MODES)]),
            "outcome": _choice("Outcome", [ANY, *ends, ("Not ended", UNFINISHED)]),
            "since": widgets.DatePicker(description="From"),
            "until": widgets.DatePicker(description="To"),
            "lost": _choice("Lost points on", [ANY, *((law, law) for law in laws)]),
        }
        tips = ("Whose plays", "The mode they were played in", "How they ended",
                "Begun on this day or later", "Begun on this day or before",
                "Only plays that lost points on this provision")  # fmt: skip
        for widget, tip in zip(self.filters.values(), tips, strict=True):
            widget.tooltip = tip
            widget.observe(lambda _: self.renew(), "value")

    def read(self) -> None:
        """Read the folder again, from the beginning."""
        self.reading = Reading()
        try:
            read_folder(self._doc, Path(self.folder.value).expanduser(), self.reading)
        except OSError as error:
            self.renew(str(error))
            return
        self.renew()

    def read_drills(self) -> None:
        """Add the plays of the live drills in the log; those that are known count once."""
        if self._drills is None or not (is_url(self._drills) or Path(self._drills).is_file()):
            self.renew("No live drill was led on this computer yet.")
            return
        log: DrillLog | None = None
        try:
            log = DrillLog(self._drills)
            read_drills(self._doc, log, self.reading)
        except DrillLogError as error:
            self.renew(str(error))
            return
        finally:
            if log is not None:
                log.close()
        self.renew()

    def _uploaded(self) -> None:
        for file in self.upload.value:
            self.reading.add(self._doc, str(file["name"]), bytes(file["content"]))
        self.renew()

    def plays(self) -> list[Played]:
        """The plays that the filters let pass."""
        wanted = Filter(**{name: widget.value for name, widget in self.filters.items()})
        if wanted.learner != PEOPLE and not self._simulated.plays:
            self._simulated.run(200, SEED)
        known = [*self.reading.plays, *self._simulated.plays]
        return [play for play in known if wanted.passes(play)]

    def renew(self, problem: str = "") -> None:
        """Count and draw anew."""
        put(self._said, _said(self.reading, problem))
        chosen = self.plays()
        self._traffic = over_the_graph(chosen)
        put(self._shown, _played(self._doc, chosen, self._traffic))
        self._graph.show()

    def _drawn(self) -> str:
        if not self._traffic.plays:
            return ""
        return draw(self._doc, traffic=self._traffic, columns=COLUMNS, inline=True)


def _choice(label: str, options: list[tuple[str, str | None]]) -> widgets.Dropdown:
    # Pairs throughout: of a list that is mixed, ipywidgets would show the pairs themselves.
    return widgets.Dropdown(options=options, description=label)


def _laws(doc: Document) -> list[str]:
    laws: set[str] = set()
    for node in doc["nodes"].values():
        laws.update(node.get("laws", ()))
        for arrival in node.get("arrivals", ()):
            laws.update(arrival["laws"])
    return sorted(laws)


def _said(reading: Reading, problem: str) -> str:
    said = []
    if problem:
        said.append(f"<p class='cxa-problem' role='alert'>{esc(problem)}</p>")
    counts = [f"{len(reading.plays)} plays by people"]
    if reading.twice:
        counts.append(f"{reading.twice} came twice and count once")
    if reading.others:
        counts.append(f"{reading.others} of other cases or versions are left out")
    said.append(f"<p class='quiet' role='status'>{esc('; '.join(counts))}.</p>")
    if reading.problems:
        lines = "".join(
            f"<li>{esc(name[:120])}: {esc(why)}</li>" for name, why in reading.problems[:50]
        )
        more = len(reading.problems) - 50
        lines += f"<li>and {more} more</li>" if more > 0 else ""
        count = len(reading.problems)
        said.append(
            f"<details class='cxa-note'><summary>{count} not counted</summary><ul>{lines}</ul>"
            "</details>"
        )
    return "".join(said)


def _played(doc: Document, plays: list[Played], traffic: Traffic) -> str:
    if not plays:
        return (
            "<p class='cxa-note'>No play passes. Read a folder or add files, widen the filters, or "
            "choose a simulated learner under “Who”.</p>"
        )
    return (
        f"<h2>Outcomes of {len(plays)} plays</h2>{case_charts.ends(plays)}"
        f"<h2>Results</h2>{case_charts.spread(plays) or '<p>None of them ended.</p>'}"
        f"<h2>Where plays went wrong</h2>{scroll(_pull(doc, traffic))}"
        "<h2>The way through the case</h2>"
    )


def _pull(doc: Document, traffic: Traffic) -> str:
    """The wrong options that were taken most, of all who stood before them."""
    rows = sorted(_wrong(doc, traffic), key=lambda found: -found[0])[:8]
    if not rows:
        return "<p>Nobody took a poor or harmful option.</p>"
    lines = [[f"{round(100 * share)} %", *words] for share, *words in rows]
    head = ["Of those there", "Grade", "Stop", "Option"]
    return table(head, lines, "Poor and harmful options, the strongest pull first")


def _wrong(doc: Document, traffic: Traffic) -> Iterable[tuple[float, str, str, str]]:
    for name, node in doc["nodes"].items():
        met = traffic.nodes.get(name, 0)
        for option in node.get("options", ()):
            count = sum(
                n for (source, part, _), n in traffic.edges.items()
                if source == name and part == option["id"]
            )  # fmt: skip
            if met and count and option["grade"] in ("poor", "harmful"):
                title, words = named(doc, node["title"]), named(doc, option["text"])
                yield count / met, GRADES[option["grade"]], title, words
