"""Two runs beside each other as safe markup, as one HTML file, and as a table."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

import pandas as pd
from matplotlib.figure import Figure

from crossings.apps import paper
from crossings.apps.charts import svg
from crossings.apps.debrief.comparing import FEW, WORDS, Comparison, Difference
from crossings.apps.debrief.page import held
from crossings.apps.findings import as_table
from crossings.apps.parts import esc, table
from crossings.drills.measures import FEWER
from crossings.grading.analysis.interval import Interval
from crossings.look import colour, use_style

_SECTIONS = (
    ("In all", ("whole", "missed", "over")),
    ("Needs missed", ("need",)),
    ("Decision by decision", ("decision",)),
    ("Step by step", ("step",)),
    ("Milestone by milestone", ("milestone",)),
    ("Objective by objective", ("objective",)),
    ("Rule by rule", ("rule",)),
    ("Provision by provision", ("provision",)),
    ("The trainer's scores", ("rubric",)),
)
MOST_DRAWN = 16
"""Rows of a chart; the table holds all."""
_SHADES = {"better": "good", "worse": "poor", "open": "sea", "few": "muted"}
_MARKS = {"better": "▲", "worse": "▼", "open": "●", "few": "○"}


def page(found: Comparison) -> str:
    """The comparison: the sentence, what it rests on, then each measure."""
    return "".join(
        [
            f"<p class='cxa-big'>{esc(found.headline)}</p>",
            _runs(found),
            _honest(found),
            _left_out(found),
            *(_section(title, found.of(*kinds)) for title, kinds in _SECTIONS),
        ]
    )


def html(found: Comparison, now: datetime | None = None) -> str:
    """The comparison as one file that asks nothing of anybody. It never holds a name."""
    made = (now or datetime.now(UTC)).strftime("%d %B %Y")
    title = f"Compared: {found.second.title}"
    return paper.whole(title, f"Made on {made}. No names are in this file.", page(found))


def frame(found: Comparison) -> pd.DataFrame:
    """One row for each measure; shares and their 95 percent intervals from 0 to 1."""
    rows = [
        {"kind": d.measure.kind, "id": d.measure.id, "text": d.measure.text,
         "first": d.first.value, "first_people": d.people[0],
         "second": d.second.value, "second_people": d.people[1],
         "change": d.change.value, "change_low": d.change.low, "change_high": d.change.high,
         "verdict": WORDS[d.verdict]}
        for d in found.differences
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _runs(found: Comparison) -> str:
    rows = [
        [word, state.title, held(state, "%d %b %Y"), state.run, len(state.present)]
        for word, state in (("First run", found.first), ("Second run", found.second))
    ]
    shown = table(["Run", "Drill", "Held on", "Id", "People"], rows, "The two runs")
    return f"<div class='cxa-scroll' tabindex='0'>{shown}</div>"


def _honest(found: Comparison) -> str:
    """What the numbers can bear, before anybody reads them."""
    judged = [d for d in found.differences if d.verdict != "few"]
    notes = []
    if not judged:
        notes.append(
            f"No measure has {FEW} on both sides: too few to tell the groups apart. Read the "
            "numbers as what happened, not as what would happen again."
        )
    else:
        chance = max(1, round(0.05 * len(judged)))
        notes.append(
            f"Of {len(judged)} measures about {chance} would stand out by chance alone. People in "
            "one room talk to each other, so the true uncertainty is larger than the intervals."
        )
    if found.paired:
        notes.append(f"Only the {found.pairs} people who were in both runs by name are counted.")
    else:
        notes.append("Other reasons for a difference than the course are always possible.")
    if found.other_people:
        notes.append(
            "The arriving people were drawn anew, so the two runs met other people: one set may "
            "be harder. Only what rules and needs have in common is compared."
        )
    one, two = (s.case.decide if s.case else "" for s in (found.first, found.second))
    if one != two:
        notes.append("In one run people voted together, in the other they decided for themselves.")
    if found.of("milestone"):
        notes.append("An exercise is played once by all together: it gives no interval.")
    lines = "".join(f"<li>{esc(n)}</li>" for n in notes)
    return f"<h2>How far this can be trusted</h2><ul>{lines}</ul>"


def _left_out(found: Comparison) -> str:
    if not found.left_out:
        return ""
    lines = "".join(f"<li>{esc(title)}: {esc(why)}</li>" for title, why in found.left_out)
    many = len(found.left_out)
    said = "1 part is not compared" if many == 1 else f"{many} parts are not compared"
    return f"<h2>Left out</h2><details><summary>{said}</summary><ul>{lines}</ul></details>"


def _section(title: str, rows: list[Difference]) -> str:
    if not rows:
        return ""
    ordered = sorted(rows, key=_notable)
    drawn = [d for d in ordered if d.change.low is not None and d.verdict != "few"][:MOST_DRAWN]
    shown = _table(ordered)
    if not drawn:
        return f"<h2>{esc(title)}</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"
    more = ""
    if len(drawn) < len(ordered):
        more = f"<p class='quiet small'>{len(ordered)} in all: the others are in the table.</p>"
    return f"<h2>{esc(title)}</h2>{_forest(title, drawn)}{more}{as_table(shown)}"


def _notable(one: Difference) -> tuple[int, float]:
    """What stands out first, then the largest change."""
    order = ("worse", "better", "open", "few")
    return order.index(one.verdict), -abs(one.change.value)


def _table(rows: list[Difference]) -> str:
    lines = [
        [d.measure.text, _share(d.first, d.people[0]), _share(d.second, d.people[1]),
         _change(d), f"{_MARKS[d.verdict]} {WORDS[d.verdict]}"]
        for d in rows
    ]  # fmt: skip
    head = ["What", "First run", "Second run", "Change in percentage points", "How sure"]
    caption = "Shares in percent, with how many were measured; changes with their 95% intervals"
    return table(head, lines, caption)


def _share(of: Interval, people: int) -> str:
    return f"{100 * of.value:.0f} % ({people})"


def _change(one: Difference) -> str:
    change = one.change
    if change.low is None or change.high is None or one.verdict == "few":
        return _signed(100 * change.value)
    ends = f"{_signed(100 * change.low)} to {_signed(100 * change.high)}"
    return f"{_signed(100 * change.value)} ({ends})"


def _signed(value: float) -> str:
    """A whole number with its sign; nothing has none."""
    return f"{round(value):+d}".replace("-", "−") if round(value) else "0"


def _forest(title: str, rows: list[Difference]) -> str:
    """Each change with its interval; the line is no change."""
    use_style()
    fewer = all(d.measure.kind in FEWER for d in rows)
    labels = [textwrap.fill(d.measure.text, 42, max_lines=2, placeholder=" …") for d in rows]
    figure = Figure(figsize=(9.6, 1.2 + 0.62 * len(rows)))
    axes = figure.subplots()
    axes.axvline(0, color=colour("ink"), linewidth=1)
    for place, one in enumerate(rows):
        change = one.change
        low, high, value = (100 * (v or 0.0) for v in (change.low, change.high, change.value))
        shade = colour(_SHADES[one.verdict])
        axes.plot([low, high], [place, place], color=shade, linewidth=3, solid_capstyle="round")
        marker = {"better": "^", "worse": "v"}.get(one.verdict, "o")
        axes.plot([value], [place], marker, color=shade, markersize=10)
        axes.annotate(_signed(value), (value, place), (0, 9), textcoords="offset points",
                      ha="center", weight="bold", size=12)  # fmt: skip
    axes.set_yticks(range(len(rows)), labels, size=12, parse_math=False)
    axes.set_ylim(len(rows) - 0.4, -0.8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    better = "further left is better" if fewer else "further right is better"
    unit = "change in percentage points, with the 95% interval"
    mixed = not fewer and any(d.measure.kind in FEWER for d in rows)
    axes.set_xlabel(unit if mixed else f"{unit}; {better}", size=12)
    told = "; ".join(f"{d.measure.text}: {_change(d)}, {WORDS[d.verdict]}" for d in rows)
    return svg(figure, f"{title}: {told}.")
