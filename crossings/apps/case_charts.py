"""Charts of how a case is played, by matplotlib: results, endings, what separates."""

from __future__ import annotations

import matplotlib.style  # noqa: F401 - crossings.look needs it loaded
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crossings.apps.charts import Bar, bars, stacked, svg
from crossings.apps.plays import UNFINISHED, Played
from crossings.cases.graph.words import OUTCOMES, TONES
from crossings.cases.simulate.findings import SEPARATES
from crossings.cases.simulate.report import Report
from crossings.look import colour, use_style

_SIZE = 14


def results(report: Report) -> str:
    """Each learner's percent: a line from least to most, a bar for the middle half, the median."""
    use_style()
    names = report.order()
    figure = Figure(figsize=(9.0, 0.7 + 0.62 * len(names)))
    axes = figure.subplots()
    for place, name in enumerate(names):
        least, low, middle, high, most = report.learners[name].quartiles()
        axes.plot([least, most], [place, place], color=colour("muted"), linewidth=2, zorder=1)
        axes.barh(place, max(1, high - low), left=low, height=0.44, color=colour("sea"), zorder=2)
        axes.plot([middle], [place], "D", color=colour("card"), markersize=8,
                  markeredgecolor=colour("ink"), zorder=3)  # fmt: skip
        axes.annotate(str(middle), (middle, place), (0, 13), textcoords="offset points",
                      ha="center", weight="bold", size=_SIZE)  # fmt: skip
    _rows(axes, list(names))
    axes.set_xlim(-2, 104)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"], size=_SIZE)
    middles = ", ".join(f"{n} {report.learners[n].quartiles()[2]} percent" for n in names)
    return svg(figure, f"Results of the simulated learners; medians: {middles}.")


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, size=_SIZE)
    axes.set_ylim(len(names) - 0.4, -0.75)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def outcomes(report: Report) -> str:
    """The share of outcomes of each learner."""
    names = list(report.learners)
    parts = {
        TONES[outcome]: [
            round(100 * t.outcomes[outcome] / t.plays) if t.plays else 0
            for t in report.learners.values()
        ]
        for outcome in OUTCOMES
    }
    words = {TONES[outcome]: word for outcome, word in OUTCOMES.items()}
    return stacked(names, parts, words, "Outcomes in percent of each learner's plays.")


def separation(report: Report) -> str:
    """How well each point tells good play from poor; the line is where it becomes useful.

    Points met only after an error are left out: their figure compares weak plays with weak plays.
    """
    points = [p for p in report.points if p.discrimination is not None and not p.after_error]
    if not points:
        return ""
    use_style()
    figure = Figure(figsize=(9.0, 0.9 + 0.36 * len(points)))
    axes = figure.subplots()
    for place, point in enumerate(points):
        figure_ = point.discrimination or 0.0
        weak = figure_ < SEPARATES
        shade = colour("poor" if weak else "sea")
        axes.barh(place, figure_, height=0.62, color=shade)
        note = f"{figure_:.2f}" + ("  weak" if weak else "")
        axes.text(max(figure_, 0) + 0.012, place, note, va="center", weight="bold", size=_SIZE - 2)
    axes.axvline(SEPARATES, color=colour("ink"), linewidth=1, linestyle=(0, (4, 3)))
    _rows(axes, [point.node for point in points])
    axes.set_xlim(min(-0.05, *(p.discrimination or 0 for p in points)), 1.02)
    axes.set_xticks([0, SEPARATES, 0.5, 1], ["0", f"{SEPARATES}", "0.5", "1"], size=_SIZE - 2)
    weak_ones = [p.node for p in points if (p.discrimination or 0) < SEPARATES]
    weak_words = ", ".join(weak_ones) or "none"
    return svg(figure, f"What separates good from poor play; weak: {weak_words}.")


def ends(plays: list[Played]) -> str:
    """How many plays came to which outcome."""
    found = [play.outcome or UNFINISHED for play in plays]
    words = OUTCOMES | {UNFINISHED: "Not ended"}
    rows = [
        Bar(word, found.count(outcome), TONES.get(outcome, "none"), _percent(found, outcome))
        for outcome, word in words.items()
        if outcome in found
    ]
    return bars(rows, "Outcomes of the plays.", len(plays))


def _percent(found: list[str], outcome: str) -> str:
    return f"({round(100 * found.count(outcome) / len(found))} %)"


def spread(plays: list[Played]) -> str:
    """The results of the plays that ended, in steps of ten percent."""
    ended = [play.percent for play in plays if play.outcome]
    if not ended:
        return ""
    use_style()
    counts = [sum(min(p, 99) // 10 == step for p in ended) for step in range(10)]
    figure = Figure(figsize=(9.0, 2.9))
    axes = figure.subplots()
    axes.bar(range(10), counts, width=0.86, color=colour("sea"))
    for step, count in enumerate(counts):
        if count:
            axes.text(step, count + max(counts) * 0.03, str(count), ha="center", weight="bold",
                      size=_SIZE)  # fmt: skip
    labels = [f"{step * 10}–{step * 10 + 9}" for step in range(9)] + ["90–100"]
    axes.set_xticks(range(10), labels, size=_SIZE - 2)
    axes.set_ylim(0, max(counts) * 1.18)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    return svg(figure, f"Results in percent of {len(ended)} plays that ended.")
