"""The sections of a triage debrief: whom the room missed stands first."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from crossings.apps.charts import stacked, svg
from crossings.apps.parts import esc, scroll, table
from crossings.drills import report, triagereport
from crossings.drills.state import DrillState
from crossings.drills.triagereport import Cell, Matrix, Summary
from crossings.look import colour, use_style

_DARKEST = 0.55
"""Of the colour of a full cell: black and white letters stay readable on it."""


def numbers(state: DrillState, frame: pd.DataFrame) -> str:
    """The figures under the sentence, the one that matters most first."""
    found = triagereport.summary(state, frame)
    shown = [
        (str(found.missed), f"needs missed, of {found.needs}"),
        (f"{found.accuracy} %", "of the referrals made were right"),
        (str(found.over), f"over-referrals, of {found.unneeded}"),
        (str(found.silent), "referrals never made"),
        (_seconds(found.seconds), "usual time for a person"),
        (str(len(state.present)), "people"),
    ]
    cells = "".join(f"<div><b>{esc(n)}</b><span>{esc(w)}</span></div>" for n, w in shown)
    return f"<div class='cxa-stats'>{cells}</div>"


def missed(state: DrillState, frame: pd.DataFrame) -> str:
    needs = report.needs(state, frame)
    if needs.empty:
        return ""
    rows = [
        [r["person"], r["missed"], r["none"], r["found"],
         f"{r['sent_to']} ({r['sent_count']})" if r['sent_to'] else "–", r['why']]
        for r in report.records(needs)
    ]  # fmt: skip
    head = ["Person", "Missed by", "No answer", "Found by", "Mostly sent to", "Why it matters"]
    caption = "People who needed protection, the most missed first"
    shown = table(head, rows, caption)
    people = [str(p) for p in needs["person"]]
    words = {"poor": "missed", "none": "no answer", "good": "found"}
    counts = {
        grade: [int(n) for n in needs[column]]
        for grade, column in (("poor", "missed"), ("none", "none"), ("good", "found"))
    }
    alt = "; ".join(
        f"{p}: " + ", ".join(f"{counts[g][i]} {w}" for g, w in words.items())
        for i, p in enumerate(people)
    )
    chart = stacked(people, counts, words, f"{caption}. {alt}")
    return f"<h2>Who was missed</h2>{chart}<div class='cxa-scroll' tabindex='0'>{shown}</div>"


def over(state: DrillState, frame: pd.DataFrame) -> str:
    found = report.over_referrals(state, frame)
    if found.empty:
        return ""
    rows = [[r["person"], f"{r['sent']} of {r['of']}"] for r in report.records(found)]
    caption = "People without a need for protection who were sent to a protection service"
    shown = table(["Person", "Sent by"], rows, caption)
    return f"<h2>Over-referral</h2>{scroll(shown)}"


def teams(state: DrillState, frame: pd.DataFrame) -> str:
    """Nothing in a drill without teams."""
    found = triagereport.by_team(state, frame, triagereport.teams(state))
    if not found:
        return ""
    rows = [[name, *_figures(figures)] for name, figures in found]
    head = ["Team", "Needs missed", "Right", "Over-referrals", "Never made", "Usual time"]
    caption = "The most missed needs for its size first"
    return "<h2>Team by team</h2>" + scroll(table(head, rows, caption))


def _figures(found: Summary) -> list[str]:
    return [
        f"{found.missed} of {found.needs}",
        f"{found.accuracy} %",
        f"{found.over} of {found.unneeded}",
        str(found.silent),
        _seconds(found.seconds),
    ]


def rules(state: DrillState, frame: pd.DataFrame) -> str:
    """Rule by rule where people were drawn by rules, and sign by sign."""
    found = triagereport.by_rule(state, frame)
    if found.empty:
        return _signs(state, frame)
    rows = [
        [r["rule"], r["missed"], f"{r['right']} of {r['of']}", r["fair"], f"{r['percent']} %"]
        for r in report.records(found)
    ]
    head = ["Rule", "Needs missed", "Right", "Acceptable", "Right or acceptable"]
    shown = table(head, rows, "Rules of the drill, the one with most missed needs first")
    by_rule = f"<h2>Rule by rule</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"
    return by_rule + _signs(state, frame)


def _signs(state: DrillState, frame: pd.DataFrame) -> str:
    signs = report.by_indicator(state, frame)
    if signs.empty:
        return ""
    rows = [
        [r["sign"], f"{r['right']} of {r['of']}", f"{r['percent']} %"]
        for r in report.records(signs)
    ]
    head = ["Sign that the person showed", "Referred rightly", "Share"]
    shown = table(head, rows, "Signs, the most overlooked first")
    return f"<h2>Sign by sign</h2>{scroll(shown)}"


def times(frame: pd.DataFrame) -> str:
    rows = [
        [r["title"], _seconds(r["half"]), _seconds(r["most"]), r["none"]]
        for r in report.records(triagereport.times(frame))
    ]
    head = ["Person", "Half within", "Nine in ten within", "No answer"]
    shown = table(head, rows, "Seconds from the person's arrival")
    return f"<h2>Time for each person</h2>{scroll(shown)}"


def law(state: DrillState, frame: pd.DataFrame) -> str:
    """Provisions to read again, with what they say: a trainer reads them aloud."""
    found = triagereport.law_to_read(state, frame)
    if not found:
        return ""
    lines = "".join(
        f"<li><b>{esc(r.rule['title'])}</b> ({esc(r.rule['where'])}): {esc(r.rule['paraphrase'])} "
        f"<span class='quiet small'>{r.wrong} of {r.of} referrals were wrong: "
        f"{esc('; '.join(r.people))}.</span></li>"
        for r in found
    )
    return f"<h2>Law to read again</h2><ul>{lines}</ul>"


def confusion(state: DrillState, frame: pd.DataFrame) -> str:
    """What was right and what was chosen: a picture, the same in a sentence, and as a table."""
    found = triagereport.matrix(state, frame)
    words = found.in_words()
    return (
        "<h2>What was right, and what was chosen</h2>"
        f"{picture(found, words)}<p class='quiet'>{esc(words)}</p>"
        f"<details><summary>The same as a table</summary>{_table(found)}</details>"
    )


def picture(found: Matrix, words: str) -> str:
    """One colour, darker for more; ✓ right, ◆ acceptable, ! a need that was missed."""
    use_style()
    figure = Figure(figsize=(11.0, 2.6 + 0.72 * len(found.rows)))
    axes = figure.subplots()
    for y, (row, cells) in enumerate(zip(found.rows, found.cells, strict=True)):
        most = max((c.count for c in cells), default=0) or 1
        for x, (column, cell) in enumerate(zip(found.columns, cells, strict=True)):
            shade = _DARKEST * cell.count / most
            axes.add_patch(
                Rectangle((x - 0.48, y - 0.45), 0.96, 0.9, facecolor=colour("sea"), alpha=shade,
                          linewidth=0)
            )  # fmt: skip
            if row == column:
                axes.add_patch(
                    Rectangle((x - 0.48, y - 0.45), 0.96, 0.9, fill=False, linewidth=2,
                              edgecolor=colour("ink"))
                )  # fmt: skip
            axes.text(x, y, _mark(cell), ha="center", va="center", size=14, weight="bold",
                      color=colour("ink"), fontfamily=["sans-serif", "DejaVu Sans"])  # fmt: skip
    axes.set_xlim(-0.5, len(found.columns) - 0.5)
    axes.set_ylim(len(found.rows) - 0.5, -0.5)
    axes.set_xticks(range(len(found.columns)), [_short(c) for c in found.columns], size=11,
                    rotation=35, ha="left", rotation_mode="anchor", parse_math=False)  # fmt: skip
    axes.set_yticks(range(len(found.rows)), [_short(r) for r in found.rows], size=12,
                    parse_math=False)  # fmt: skip
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_ylabel("Right", size=12)
    axes.set_xlabel("Chosen: ✓ right   ◆ acceptable   ! need missed", size=12,
                    fontfamily=["sans-serif", "DejaVu Sans"])  # fmt: skip
    return svg(figure, f"Right and chosen referrals. {words} The table below has all numbers.")


def _mark(cell: Cell) -> str:
    if not cell.count:
        return "·"
    mark = "✓" if cell.right == cell.count else "!" if cell.missed else ""
    mark = "◆" if not mark and cell.fair == cell.count else mark
    return f"{cell.count} {mark}".strip()


def _short(text: str) -> str:
    return textwrap.fill(text.split(" (")[0], 18)


def _table(found: Matrix) -> str:
    head = "".join(f"<th scope='col'>{esc(c)}</th>" for c in found.columns)
    body = []
    for row, cells in zip(found.rows, found.cells, strict=True):
        shown = "".join(_shown(cell) for cell in cells)
        body.append(f"<tr><th scope='row'>{esc(row)}</th>{shown}</tr>")
    return scroll(
        "<table class='cxa-table'><caption>Rows: the right referral. "
        "Columns: the referral that was chosen. ✓ right, ◆ acceptable, ! a need that was missed."
        "</caption><thead><tr><th scope='col'>Right referral</th>"
        f"{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _shown(cell: Cell) -> str:
    if not cell.count:
        return "<td class='num'>·</td>"
    kind = "hit" if cell.right == cell.count else "miss" if cell.missed else ""
    return f"<td class='num {kind}'>{_mark(cell)}</td>"


def _seconds(value: float | None) -> str:
    """A time in words; there is none where nobody answered."""
    return f"{value:.0f} s" if value is not None and value == value else "–"
