"""The debrief of a case drill: the sentence, the way over the graph, the partings, the points."""

from __future__ import annotations

import json
from typing import Any

from crossings.apps import case_stage
from crossings.apps.charts import apart
from crossings.apps.findings import as_table, chapters
from crossings.apps.parts import esc, scroll, table
from crossings.apps.picture import COLUMNS
from crossings.cases.graph import draw, traffic
from crossings.cases.graph.marks import MARKS
from crossings.cases.graph.words import GRADES, TONES
from crossings.cases.trace import PROGRESS
from crossings.drills import bestway
from crossings.drills import casereport as report
from crossings.drills.casereport import Parting, Way
from crossings.drills.caseviews import OUTCOMES, to_read
from crossings.drills.caseviews import outcomes as ended
from crossings.drills.casework import playing, traces, voice
from crossings.drills.naming import labels
from crossings.drills.report import records
from crossings.drills.state import DrillState

OPENED = 5
"""Partings that stand open: the most divided. The others are there, closed, and open on paper."""


def head(state: DrillState) -> str:
    """The one sentence, how it ended, and a few numbers."""
    assert state.case is not None
    found = report.plays(state)
    shown = [(str(len(state.present)), "people")]
    if state.case.decide == "room":
        score = found[0].score
        cast = sum(len(run.answers) for run in state.steps.values())
        shown += [(f"{score['percent']} %", "of the points"), (str(cast), "votes"),
                  (str(len(found[0].state.visited)), "stops on the way")]  # fmt: skip
    elif found:
        middle = sorted(p.score["percent"] for p in found)[len(found) // 2]
        ends = {p.state.ending for p in found if p.over}
        shown += [
            (f"{middle} %", "of the points, usually"),
            (str(len(ends)), "different end" if len(ends) == 1 else "different ends"),
        ]
    cells = "".join(f"<div><b>{esc(n)}</b><span>{esc(w)}</span></div>" for n, w in shown)
    return (
        f"<p class='cxa-big'>{esc(report.headline(state))}</p><p>{esc(report.ending(state))}</p>"
        f"<div class='cxa-stats'>{cells}</div>"
    )


def outcomes(state: DrillState) -> str:
    """Endings side by side, where everybody had their own."""
    assert state.case is not None
    if state.case.decide == "room":
        return ""
    rows = [[o["text"], o["count"]] for o in ended(report.plays(state))]
    shown = as_table(table(["Outcome", "Plays"], rows, "How the plays ended, the best first"))
    return f"<h2>How it ended</h2>{case_stage.ends_chart(state)}{shown}"


def way(state: DrillState) -> str:
    """The way over the graph of the case; grey is what nobody saw. The way in words below."""
    assert state.case is not None
    picture = draw(
        report.doc_told(state), traffic=report.over_the_graph(state), columns=COLUMNS, inline=True
    )
    room = state.case.decide == "room"
    words = _in_words(state) if room else ""
    title = "The way through the case" if room else "The ways through the case"
    return f"<h2>{title}</h2><div class='cxa-frame cxa-way' tabindex='0'>{picture}</div>{words}"


def _in_words(state: DrillState) -> str:
    stops = report.plays(state)[0].debrief["path"]
    lines = []
    for stop in stops:
        done = "; ".join(d["text"] for d in stop["done"] if d.get("text"))
        told = f": {esc(done)}" if done else ""
        lines.append(f"<li>{esc(stop['time'])} <b>{esc(stop['title'])}</b>{told}</li>")
    return f"<details><summary>The way in words</summary><ol>{''.join(lines)}</ol></details>"


def best(state: DrillState) -> str:
    """The best play stop by stop, beside what was done; its way over the graph as a picture."""
    found, play = bestway.beside_best(state), bestway.best_play(state)
    assert state.case is not None
    if play is None or found.empty:
        return ""
    many = int(found["plays"].max()) > 1
    rows = [
        [r["stop"], r["best"] or "–", f"{r['met']} of {r['plays']}" if many else _yes(r["met"]),
         f"{r['same']} of {r['met']}" if many else _yes(r["same"]) if r["met"] else "–",
         f"{_number(r['mean_points'])} of {r['points']:g}"]
        for r in records(found)
    ]  # fmt: skip
    came, same = int(found["met"].sum()), int(found["same"].sum())
    lead = f"<p>At {same} of {came} stops of the best way, what was done there was as good.</p>"
    head = ["Stop", "The best way", "Came here", "Did the same", "Points"]
    shown = table(head, rows, "Stops of the best way where points are earned, in their order")
    aside = bestway.detours(state)
    off = ""
    if len(aside):
        stops = "; ".join(f"{r['stop']} ({r['met']})" if many else str(r["stop"])
                          for r in records(aside))  # fmt: skip
        off = f"<p>Seen only off the best way: {esc(stops)}.</p>"
    picture = draw(report.doc_told(state), traffic=traffic(state.case.doc, [play]),
                   columns=COLUMNS, inline=True)  # fmt: skip
    graph = (
        "<details><summary>The best way over the graph</summary><div class='cxa-frame cxa-way' "
        f"tabindex='0'>{apart(picture)}</div></details>"
    )
    return f"<h2>Beside the best way</h2>{lead}{scroll(shown)}{off}{graph}"


def _yes(count: int) -> str:
    return "yes" if count else "no"


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.2g}"


def partings(state: DrillState) -> str:
    """Every parting with its split, and what the other ways would have brought."""
    found = report.partings(state)
    if not found:
        return ""
    talk = sorted((p for p in found if p.divided or not _agreed_on_good(p)),
                  key=lambda p: -p.divided)[:OPENED]  # fmt: skip
    shown = "".join(_parting(state, p, p in talk) for p in found)
    most = max(found, key=lambda p: p.divided)
    lead = ""
    if most.divided > 0:
        lead = f"<p>Most divided: <b>{esc(most.title)}</b>. Start the talk there.</p>"
    return f"<h2>Where ways parted, and what each would have brought</h2>{lead}{shown}"


def _agreed_on_good(parting: Parting) -> bool:
    return not parting.divided and max(parting.ways, key=lambda w: w.count).grade == "good"


def _parting(state: DrillState, parting: Parting, opened: bool) -> str:
    # Of a triage's many channels, those that nobody wanted and that are not good say nothing.
    shown = [w for w in parting.ways if len(parting.ways) <= 5 or w.count or w.grade == "good"]
    ordered = sorted(shown, key=lambda w: -w.count)
    ways = "".join(_way(state, w, parting.voted) for w in ordered)
    top = ordered[0]
    sum_ = f"{top.count} of {parting.voted} {_grade(top.grade)}"
    return (
        f"<details class='cxa-parting'{' open' if opened else ''}><summary>{esc(parting.title)} "
        f"<span class='cxa-most'>{sum_}</span></summary>"
        f"<p class='quiet'>{esc(parting.question)}</p><ul class='cxa-ways'>{ways}</ul></details>"
    )


def _way(state: DrillState, way: Way, of: int) -> str:
    share = round(100 * way.count / of) if of else 0
    taken = "<span class='cxa-chip'>Taken</span>" if way.taken else ""
    rules = "; ".join(f"{r['title']} ({r['where']})" for r in state.plan().rules(way.cites))
    told = f"<p class='quiet small'>{esc(way.reason)} <i>{esc(rules)}</i></p>"
    return (
        f"<li class='{'taken' if way.taken else ''}'><div class='n'><b>{way.count}</b>"
        f"<span class='bar' aria-hidden='true'><i style='width:{share}%'></i></span></div>"
        f"<div><p><b>{esc(way.text)}</b></p><p>{_grade(way.grade)} {taken}</p>"
        f"<p>{esc(way.consequence)}</p>{told}</div></li>"
    )


def _grade(grade: str) -> str:
    """A grade as shape, colour and word; the shapes are those of the player and the graph."""
    drawn = {"f": "fill='currentColor'", "s": "fill='none' stroke='currentColor' stroke-width='2'",
             "k": "fill='none' stroke='var(--card)' stroke-width='2.4'"}  # fmt: skip
    shapes = "".join(f"<path d='{d}' {drawn[how]}/>" for how, d in MARKS[grade])
    mark = f"<svg viewBox='0 0 20 20' aria-hidden='true'>{shapes}</svg>"
    return f"<span class='cxa-grade {TONES[grade]}'>{mark}{GRADES[grade]}</span>"


def points(state: DrillState) -> str:
    """Points by objective and by provision."""
    goals, laws = report.tallies(state, "objectives"), report.tallies(state, "law")
    if goals.empty and laws.empty:
        return ""
    plan = state.plan()
    rows = [[r["id"], plan.objectives.get(r["id"], ""), f"{r['percent']} %"]
            for r in records(goals)]  # fmt: skip
    found = "<h2>Objective by objective</h2>" + table(
        ["Objective", "What it says", "Points"], rows, "The weakest first"
    )
    named = [[r["id"], _provision(state, r["id"]), f"{r['points']:g} of {r['of']:g}"]
             for r in records(laws)]  # fmt: skip
    shown = table(["Provision", "What it says", "Points"], named, "Provisions, the weakest first")
    return (
        f"{found}<h2>Provision by provision</h2><details><summary>{len(named)} provisions"
        f"</summary><div class='cxa-scroll' tabindex='0'>{shown}</div></details>"
    )


def _provision(state: DrillState, law: str) -> str:
    rule = state.plan().law.get(law)
    return f"{rule.title} ({rule.where})" if rule else ""


def reading(state: DrillState, site: str | None = None) -> str:
    return chapters([(one, "") for one in to_read(state, report.plays(state))], site)


def people(state: DrillState, names: bool) -> str:
    """What everybody did; without names they are numbered."""
    assert state.case is not None
    room, known = state.case.decide == "room", labels(state, names)
    rows: list[list[Any]] = []
    for seat in state.present:
        who = known[seat.id]
        if room:
            cast = [i for i, done in state.taken.items()
                    if done.before.votes and state.answer(i, seat.id)]  # fmt: skip
            same = sum(
                dict(answer.response) == state.taken[i].action
                for i in cast
                if (answer := state.answer(i, seat.id))
            )
            rows.append([who, len(cast), same])
            continue
        play = playing(state, voice(state, seat.id))
        end = play.shown["title"] if play.over else "–"
        outcome = OUTCOMES.get(str(play.score["outcome"]), "Not finished")
        rows.append([who, end, outcome, f"{play.score['percent']} %", len(play.events)])
    head_ = ["Who", "Votes", "Of them taken"] if room else ["Who", "End", "Outcome", "Points",
                                                           "Moves"]  # fmt: skip
    shown = table(head_, rows, "In order of arrival")
    return f"<h2>Everybody in the room</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"


def trace_file(state: DrillState) -> tuple[str, str]:
    """Name and content of a file with the plays: one trace, or many as on the progress page."""
    found = traces(state)
    if state.case is not None and state.case.decide == "room" and found:
        return "trace.json", json.dumps(found[0], ensure_ascii=False, indent=1)
    entries = {f"case:{n}": trace for n, trace in enumerate(found, 1)}
    whole = {"format": PROGRESS, "entries": entries}
    return "plays.json", json.dumps(whole, ensure_ascii=False, indent=1)
