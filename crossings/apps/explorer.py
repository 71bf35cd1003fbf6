"""The case explorer: a case as a graph, played by simulated learners, and as people played it.

Three views of one case. The traffic of plays is drawn over the graph: a line is as wide as the
plays that went along it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets

from crossings.apps import case_charts, parts
from crossings.apps.parts import button, classed, esc, put, row, table, text
from crossings.apps.picture import COLUMNS, Picture, size_choice
from crossings.apps.plays import SEED, SimulatedPlays
from crossings.apps.traffic import TrafficView
from crossings.cases.graph import draw, layout
from crossings.cases.graph import told as in_words
from crossings.cases.graph.words import named
from crossings.cases.simulate import LEARNERS, Report, findings
from crossings.curriculum.cases import FoundCase, NoCaseError, find_case, references
from crossings.curriculum.problem import CourseError
from crossings.workspace import ROOT, Workspace

_TITLE = re.compile(r"^title:\s*[\"']?([^\n\"']+)", re.M)
VIEWS = ("The case", "Simulated learners", "How it was played")


def explorer() -> widgets.Widget:
    """The explorer of the running course, ready to display."""
    return Explorer(ROOT, Workspace.current()).box


class Explorer:
    """Chooses the case and the view; each view draws itself when it is looked at."""

    def __init__(self, root: Path, workspace: Workspace) -> None:
        self._root, self._workspace = root, workspace
        self._place = widgets.VBox()
        self.views: CaseViews | None = None
        known = references(root)
        if not known:
            self.box = parts.app(text("<h1>No case yet</h1><p>Add one to a module.</p>"))
            return
        self.pick = widgets.Dropdown(
            options=[(_label(root, one), one) for one in known], description="Case"
        )
        self.pick.tooltip = "The case to look at"
        self.pick.observe(lambda _: self.open(), "value")
        again = button("Read again", "Read the case's file again after a change", self.open)
        head = row(self.pick, again, names=("cxa-pick", "cxa-card"))
        self.box = parts.app(text("<h1>Case explorer</h1>"), head, self._place)
        self.open()

    def open(self) -> None:
        """Read the chosen case; a broken one is told with file and line."""
        try:
            found = find_case(self.pick.value, self._root)
        except (NoCaseError, CourseError) as error:
            self.views = None
            self._place.children = [_broken(error)]
            return
        place = self._workspace
        self.views = CaseViews(found, place.var / "plays", place.drills)
        self._place.children = [self.views.box]


def _label(root: Path, reference: str) -> str:
    """The title and the module of a case, told without reading it: a broken one is offered too."""
    module, name = reference.split("/")
    written = (root / "modules" / module / "cases" / f"{name}.yml").read_text(encoding="utf-8")
    title = _TITLE.search(written)
    return f"{title[1].strip() if title else name} ({module.replace('-', ' ')})"


def _broken(error: Exception) -> widgets.HTML:
    problems = getattr(error, "problems", (error,))
    lines = "".join(f"<li>{esc(str(problem))}</li>" for problem in problems[:20])
    return text(f"<p>The case cannot be read; mend it first.</p><ul>{lines}</ul>", "cxa-problem")


class CaseViews:
    """The three views of one case."""

    def __init__(self, found: FoundCase, folder: Path, drills: Path | str | None = None) -> None:
        self.found, self.doc = found, found.doc
        simulated = SimulatedPlays(found.doc)
        self.traffic = TrafficView(found.doc, simulated, folder, drills)
        self.simulation = SimulationView(found, simulated, self.traffic.renew)
        self.choose = widgets.ToggleButtons(options=VIEWS, description="View")
        self.choose.tooltip = "What to look at"
        self.choose.observe(lambda _: self._show(), "value")
        self._place = widgets.VBox()
        self.box = widgets.VBox([classed(self.choose, "cxa-views"), self._place])
        self._show()

    def _show(self) -> None:
        if self.choose.value == VIEWS[0]:
            self._place.children = [self._case()]
            return
        chosen = self.simulation if self.choose.value == VIEWS[1] else self.traffic
        self._place.children = [chosen.box]

    def _case(self) -> widgets.Widget:
        opened = widgets.Checkbox(value=False, description="Write out what can be chosen",
                                  indent=False)  # fmt: skip
        opened.tooltip = "Options, questions and things in the boxes"
        size = size_choice()
        shown = Picture(
            lambda: draw(self.doc, opened=opened.value, columns=COLUMNS, inline=True), size
        )
        opened.observe(lambda _: shown.show(), "value")
        shown.show()
        head = text(f"<p>{esc(named(self.doc, self.doc['summary']))}</p>")
        file = self.doc["id"] + ".svg"
        words = esc(in_words(self.doc, layout(self.doc)))
        below = text(
            f"<p>{_download(file, 'Take the graph along (SVG)', draw(self.doc))}</p>"
            f"<details><summary>The graph in words</summary><pre class='cxa-pre'>{words}</pre>"
            "</details>"
        )
        return widgets.VBox([head, row(opened, size, names=("cxa-pick",)), shown.box, below])


def _download(name: str, label: str, content: str) -> str:
    data = base64.b64encode(content.encode("utf-8")).decode("ascii")
    return (
        f"<a class='cxa-download' download='{esc(name)}' "
        f"href='data:image/svg+xml;base64,{data}'>{esc(label)}</a>"
    )


class SimulationView:
    """Four learners play; what comes of it."""

    def __init__(
        self, found: FoundCase, simulated: SimulatedPlays, after: Callable[[], None]
    ) -> None:
        self._found, self._simulated, self._after = found, simulated, after
        self.plays = widgets.Dropdown(options=[100, 300, 1000, 3000], value=300,
                                      description="Plays of each")  # fmt: skip
        self.plays.tooltip = "How often each of the four learners plays"
        self.seed = widgets.Text(value=SEED, description="Seed")
        self.seed.tooltip = "The same seed gives the same plays"
        start = button("Let them play", "Simulate the plays now", self.play, "cxa-next")
        who = "".join(
            f"<li><b>{esc(learner.name)}</b>: {esc(learner.says)}</li>"
            for learner in LEARNERS.values()
        )
        intro = text(
            "<p>Four simulated learners play by a rule each. They show what the case rewards, not "
            f"what people will do.</p><ul class='cxa-who'>{who}</ul>"
        )
        self._shown = text()
        bar = row(self.plays, self.seed, start, names=("cxa-pick",))
        self.box = widgets.VBox([intro, bar, self._shown])

    def play(self) -> None:
        put(self._shown, "<p class='quiet' role='status'>The learners are playing…</p>")
        report = self._simulated.run(self.plays.value, self.seed.value or SEED)
        put(self._shown, simulation_page(self._found, report))
        self._after()


def simulation_page(found: FoundCase, report: Report) -> str:
    """What the simulated learners met, as safe markup."""
    weak = [
        (found.line(*spot.path), spot.message, spot.hint) for spot in findings(found.doc, report)
    ]
    spots = (
        table(["Line", "What", "What to do"], weak, f"In {found.file}")
        if weak
        else "<p>None: every ending is met, and every point that all can meet separates good from "
        "poor play.</p>"
    )
    order = " > ".join(report.order())
    return (
        f"<p class='cxa-big'>{esc(_headline(report))}</p>"
        f"<p class='quiet'>{report.plays:,} plays. From the best to the worst: {esc(order)}.</p>"
        f"<h2>Results</h2>{case_charts.results(report)}"
        "<p class='quiet small'>The line runs from the least to the most, the bar holds the middle "
        "half of the plays, the mark is the median.</p>"
        f"<h2>Outcomes</h2>{case_charts.outcomes(report)}"
        "<p class='quiet small'>Percent of each learner's plays.</p>"
        f"<h2>What separates good from poor play</h2>{case_charts.separation(report)}"
        "<p class='quiet small'>The correlation of a stop's points with those of the rest of the "
        "play. From the dashed line (0.2) on it is useful.</p>"
        f"{_repairs(report)}"
        f"<h2>Weak spots</h2><div class='cxa-scroll' tabindex='0'>{spots}</div>"
        f"<h2>Ceilings met</h2>{_caps(found, report)}"
    )


def _repairs(report: Report) -> str:
    stops = ", ".join(point.node for point in report.points if point.after_error)
    if not stops:
        return ""
    return (
        f"<p>Met only after an error: {esc(stops)}.</p><p class='quiet small'>Whoever takes only "
        "good or acceptable choices and misses no key evidence never comes there: a chance to "
        "repair. It cannot tell good play from poor.</p>"
    )


def _headline(report: Report) -> str:
    book, chance = (report.learners[name].quartiles()[2] for name in ("by-the-book", "random"))
    return f"By the book earns {book} percent, chance {chance}."


def _caps(found: FoundCase, report: Report) -> str:
    tallies = report.learners.values()
    rows = [
        [name, f"{cap['percent']} %", *(_share(t.caps[name], t.plays) for t in tallies)]
        for name, cap in found.doc["caps"].items()
    ]
    if not rows:
        return "<p>The case has no ceilings.</p>"
    head = ["Cap", "At most", *report.learners]
    return f"<div class='cxa-scroll' tabindex='0'>{table(head, rows, 'Percent of plays')}</div>"


def _share(count: int, of: int) -> str:
    return f"{round(100 * count / of)} %" if count else "–"
