"""The report of a simulation as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crossings.cases.graph.words import OUTCOMES
from crossings.cases.simulate.report import Point, Report
from crossings.cases.state import Document
from crossings.cases.view import time_of
from crossings.curriculum.problem import Problem

_BAR = 21
"""Characters of the range from 0 to 100 percent."""
_TONE = {"protected": "green", "partly": "yellow", "missed": "dark_orange3", "harmed": "red"}


def show(out: Console, doc: Document, report: Report, weak: Sequence[Problem]) -> None:
    """Print who plays, what came out, which points tell good from poor, and what is weak."""
    _say(out, f"{doc['title']}: {report.plays:,} simulated plays (seed {report.seed})", "bold")
    for name, tally in report.learners.items():
        _say(out, f"  {name}: {tally.says}", "dim")
    out.print()
    _results(out, report)
    _endings(out, doc, report)
    _caps(out, doc, report)
    _points(out, report)
    _repairs(out, report)
    _clock(out, doc, report)
    _weak(out, weak)


def _say(out: Console, words: str, style: str = "") -> None:
    out.print(Text(words, style), soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(title, "bold"), title_justify="left", box=None, pad_edge=False)
    for n, column in enumerate(columns):
        table.add_column(column, justify="right" if n else "left", no_wrap=not n)
    return table


def _results(out: Console, report: Report) -> None:
    table = _table("Percent of the result", "learner", "least", "lower", "median", "upper", "most")
    table.add_column("0 to 100", justify="left", no_wrap=True)
    open_ended = any(tally.unfinished for tally in report.learners.values())
    if open_ended:
        table.add_column("no end", justify="right", no_wrap=True)
    for name in report.order():
        tally = report.learners[name]
        figures = tally.quartiles()
        cells = [name, *map(str, figures), _bar(figures)]
        cells += [str(tally.unfinished or "")] if open_ended else []
        table.add_row(*map(Text, cells))
    out.print(table)
    _say(out, "The bar runs from the lower to the upper quartile; the mark is the median.\n", "dim")


def _bar(figures: tuple[int, int, int, int, int]) -> str:
    least, low, middle, high, most = (round(f * (_BAR - 1) / 100) for f in figures)
    drawn = ["─" if least <= n <= most else " " for n in range(_BAR)]
    drawn[low : high + 1] = "█" * (high + 1 - low)
    drawn[middle] = "◆"
    return "".join(drawn)


def _endings(out: Console, doc: Document, report: Report) -> None:
    table = _table("Endings (percent of plays)", "ending", *report.learners)
    table.add_column("outcome", justify="left")
    for name, node in doc["nodes"].items():
        if node["kind"] == "ending":
            shares = [_share(t.endings[name], t.plays) for t in report.learners.values()]
            outcome = node["outcome"]
            word = Text(OUTCOMES[outcome], _TONE[outcome])
            table.add_row(Text(name), *map(Text, shares), word)
    out.print(table)
    out.print()


def _share(count: int, of: int) -> str:
    if not count or not of:
        return "–"
    return "<1" if count / of < 0.005 else f"{100 * count / of:.0f}"


def _caps(out: Console, doc: Document, report: Report) -> None:
    if not doc["caps"]:
        return
    table = _table("Ceilings met (percent of plays)", "cap", *report.learners)
    table.add_column("at most", justify="right")
    for name, cap in doc["caps"].items():
        shares = [_share(t.caps[name], t.plays) for t in report.learners.values()]
        table.add_row(Text(name), *map(Text, shares), Text(f"{cap['percent']} %"))
    out.print(table)
    out.print()


def _clock(out: Console, doc: Document, report: Report) -> None:
    table = _table("Story clock on arrival", "stop", "earliest", "latest")
    for name in doc["nodes"]:
        met = report.clock(name)
        if met:
            table.add_row(Text(name), *(Text(time_of(doc, minutes)) for minutes in met))
    out.print(table)
    _say(out, "A text that names an hour must fit the whole range.\n", "dim")


def _points(out: Console, report: Report) -> None:
    table = _table("What each point earns (percent of its points)", "stop", *report.learners)
    table.add_column("separates", justify="right")
    for point in report.points:
        if not point.after_error:
            table.add_row(Text(point.node), *_earned(report, point), _figure(point))
    out.print(table)
    _say(
        out,
        "Separates: the correlation of its points with those of the rest of the play, -1 to 1. "
        "0.20 or more is useful.\n",
        "dim",
    )


def _earned(report: Report, point: Point) -> list[Text]:
    shares = (point.shares.get(name) for name in report.learners)
    return [Text("–" if share is None else f"{100 * share:.0f}") for share in shares]


def _repairs(out: Console, report: Report) -> None:
    """Stops that repair: beside the others their figure would look like a weakness."""
    repairs = [point for point in report.points if point.after_error]
    if not repairs:
        return
    table = _table("Met only after an error (percent of its points)", "stop", *report.learners)
    table.add_column("met", justify="right")
    for point in repairs:
        met = _share(point.plays, report.plays)
        table.add_row(Text(point.node), *_earned(report, point), Text(f"{met} %"))
    out.print(table)
    _say(
        out,
        "Whoever takes only good or acceptable choices and misses no key evidence never comes "
        "here: a chance to repair. How it separates is not counted, since it would compare weak "
        "plays with weak plays; that a better grade earns more is.\n",
        "dim",
    )


def _figure(point: Point) -> Text:
    if point.discrimination is None:
        return Text("–")
    words = f"{point.discrimination:.2f}"
    return Text(words, "" if point.discrimination >= 0.2 else "bold red")


def _weak(out: Console, weak: Sequence[Problem]) -> None:
    if not weak:
        words = "No weak spot: every ending is met, and every point that all can meet separates."
        _say(out, words, "bold green")
        return
    spots = "spot" if len(weak) == 1 else "spots"
    _say(out, f"{len(weak)} weak {spots}", "bold")
    for problem in weak:
        _say(out, str(problem))
