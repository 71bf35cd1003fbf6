"""The sections of a tabletop drill's debrief, each as safe markup."""

from __future__ import annotations

from matplotlib.figure import Figure

from crossings.apps.charts import svg
from crossings.apps.findings import as_table, chapters
from crossings.apps.parts import esc, table
from crossings.apps.table_stage import GRADES, MARKS, timeline
from crossings.drills import tablereport as report
from crossings.drills.report import records
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play
from crossings.look import colour, use_style
from crossings.tabletop import Play
from crossings.tabletop.clock import MINUTE
from crossings.tabletop.results import WORDS, decided, marks, reached
from crossings.tabletop.view import named

_LANES = {
    "inject": ("v", "muted", "news came"),
    "message": ("o", "sea", "wrote"),
    "form": ("s", "good", "filed a form"),
    "action": ("D", "ok", "took a step"),
}
"""Marker, colour and word of what is drawn in a role's lane."""


def head(state: DrillState) -> str:
    play = final_play(state)
    counts = {k: sum(e.kind == k for e in play.entries) for k in ("message", "form", "action")}
    shown = [
        (str(len(state.present)), "people"),
        (str(play.minute), "minutes"),
        (str(counts["message"]), "messages"),
        (str(counts["action"]), "steps taken"),
        (str(counts["form"]), "forms filed"),
    ]
    if play.undone:
        shown.append((str(len(play.undone)), "acts taken back"))
    cells = "".join(f"<div><b>{n}</b><span>{w}</span></div>" for n, w in shown)
    return (
        f"<p class='cxa-big'>{esc(report.headline(state))}</p><div class='cxa-stats'>{cells}</div>"
    )


def lanes(state: DrillState) -> str:
    """Who did what when: a lane for each role, from left to right the minutes."""
    play = final_play(state)
    names = list(play.table.roles)
    use_style()
    figure = Figure(figsize=(9.6, 1.1 + 0.62 * len(names)))
    axes = figure.subplots()
    told = []
    for kind, (marker, shade, word) in _LANES.items():
        spots = [
            (e.ms / MINUTE, place - (0.3 if kind == "inject" else 0))
            for e in play.entries
            if e.kind == kind
            for place, name in enumerate(names)
            if (name in e.to if kind == "inject" else name == e.by)
        ]
        if spots:
            across, down = zip(*spots, strict=True)
            axes.scatter(across, down, marker=marker, s=70, color=colour(shade), label=word)
    for place, name in enumerate(names):
        did = [e for e in play.entries if e.by == name]
        told.append(f"{named(play.table, name)}: {len(did)} acts")
        axes.axhline(place, color=colour("line"), linewidth=1, zorder=0)
    axes.set_yticks(range(len(names)), [named(play.table, n) for n in names], parse_math=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-1, max(10, play.minute) + 1)
    axes.set_xlabel("minute")
    if play.entries:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, handlelength=1)
    alt = f"What each role did over {play.minute} minutes. {'; '.join(told)}."
    rows = [[named(play.table, n), *(sum(e.kind == k and n in (e.to if k == "inject" else (e.by,))
             for e in play.entries) for k in _LANES)] for n in names]  # fmt: skip
    head = ["Role", *(word.capitalize() for _, _, word in _LANES.values())]
    shown = as_table(table(head, rows, "How often; the whole timeline stands at the end"))
    return f"<h2>Who did what when</h2>{svg(figure, alt)}{shown}"


def milestones(state: DrillState) -> str:
    """Milestones met and missed, with the rule behind each."""
    play, plan = final_play(state), state.plan()
    rows = []
    for one in reached(play):
        when = "–" if one.ms is None else f"minute {one.ms // MINUTE}"
        by = "–" if one.milestone.by is None else f"minute {one.milestone.by}"
        law = "; ".join(f"{r['title']} ({r['where']})" for r in plan.rules(one.milestone.cites))
        who = ", ".join(named(play.table, r) for r in one.milestone.roles) or "–"
        standing = f"{MARKS[one.standing]} {WORDS[one.standing]}"
        rows.append([standing, one.milestone.text, who, by, when, f"{one.milestone.reason} {law}"])
    titles = ["How", "Milestone", "Who answers for it", "By", "Met", "Why"]
    shown = table(titles, rows, "Milestones in the order of the story")
    return f"<h2>What was reached</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"


def decisions(state: DrillState) -> str:
    """Each step beside the procedure, the worst first."""
    play, plan = final_play(state), state.plan()
    found = sorted(decided(play), key=lambda d: (report.RANK[d.action.grade], d.ms))
    if not found:
        return ""
    cards = []
    for one in found:
        law = "".join(
            f"<p class='quiet small'><b>{esc(r['title'])}</b> ({esc(r['where'])}): "
            f"{esc(r['paraphrase'])}</p>"
            for r in plan.rules(one.action.cites)
        )
        open_ = " open" if one.action.grade == "harmful" else ""
        cards.append(
            f"<details class='cxa-parting'{open_}><summary><span class='cxa-grade "
            f"g-{GRADES[one.action.grade]}'>{esc(one.action.grade.capitalize())}</span> "
            f"{esc(one.action.text)}</summary><p class='quiet small'>"
            f"{esc(named(play.table, one.role))}, minute {one.ms // MINUTE}</p>"
            f"<p>{esc(one.action.consequence)}</p><p>{esc(one.action.reason)}</p>{law}</details>"
        )
    return f"<h2>Decisions, beside the procedure</h2>{''.join(cards)}"


def told(state: DrillState) -> str:
    """Who told whom; an empty cell is two services that never spoke."""
    names, counts = report.told(state)
    rows = [[name, *(c or "" for c in row)] for name, row in zip(names, counts, strict=True)]
    shown = table(["From \\ to", *names], rows, "Messages and forms, from row to column")
    return f"<h2>Who told whom</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"


def scores(state: DrillState) -> str:
    """What the trainer gave each role."""
    play = final_play(state)
    scales, rows = {s.id: s for s in play.table.rubric}, []
    for name in play.table.roles:
        points, of, given = marks(play, name)
        if not given:
            continue
        levels = {s.criterion: scales[s.criterion].levels[s.level].points for s in given}
        each = [f"{levels[c]:g} of {scales[c].points:g}" if c in levels else "–" for c in scales]
        notes = " ".join(s.note for s in given if s.note)
        rows.append([named(play.table, name), f"{points:g} of {of:g}", *each, notes or "–"])
    if not rows:
        return ""
    head = ["Role", "Points", *(str(s.text) for s in scales.values()), "What was seen"]
    shown = table(head, rows, "By the rubric")
    return f"<h2>The trainer's scores</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"


def story(state: DrillState) -> str:
    """The whole timeline, to read again."""
    play: Play = final_play(state)
    shown = timeline(play, len(play.entries))
    body = f"<details><summary>Show it</summary>{shown}</details>"
    return f"<h2>The whole timeline, newest first</h2>{body}"


def provisions(state: DrillState) -> str:
    """What rests on each provision: milestones and steps."""
    found = report.provisions(state)
    if found.empty:
        return ""
    rows = [
        [r["provision"], r["text"], _of(r["met"], r["milestones"]), _of(r["good"], r["steps"])]
        for r in records(found)
    ]
    head = ["Provision", "What it is", "Milestones met in time", "Steps that were good"]
    shown = table(head, rows, "The weakest first")
    return (
        f"<h2>Provision by provision</h2><details><summary>{len(rows)} provisions</summary>"
        f"<div class='cxa-scroll' tabindex='0'>{shown}</div></details>"
    )


def _of(count: int, of: int) -> str:
    return f"{count} of {of}" if of else "–"


def reading(state: DrillState, site: str | None = None) -> str:
    """An exercise is of all its objectives: where something was missed, all their chapters."""
    if not report.objectives_missed(state):
        return ""
    found = {r.where: (r, "") for rs in state.plan().readings.values() for r in rs}
    return chapters(found.values(), site)
