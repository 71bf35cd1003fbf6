"""The sections of a debrief, each as safe markup made of one table of the report."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import shorten
from urllib.parse import quote

import pandas as pd

from crossings.apps import triage_findings
from crossings.apps.charts import Bar, bars, stacked
from crossings.apps.parts import esc, points, scroll, table
from crossings.drills import report
from crossings.drills.script import Reading
from crossings.drills.state import DrillState
from crossings.items.model import SURE_WORDS

_QUIZ_WORDS = {
    "good": "right", "ok": "partly right", "poor": "not right", "open": "for discussion",
    "none": "no answer",
}  # fmt: skip
_TRIAGE_WORDS = {"good": "right", "ok": "acceptable", "poor": "wrong", "none": "no answer"}


def numbers(state: DrillState, frame: pd.DataFrame) -> str:
    """A few numbers under the sentence."""
    if state.kind == "triage":
        return triage_findings.numbers(state, frame)
    percent = round(100 * frame["points"].sum() / frame["of"].sum())
    median = frame["seconds"].median()
    shown = [(str(len(state.present)), "people"), (f"{percent} %", "of the points")]
    if median == median:
        shown.append((f"{median:.0f} s", "usual time for an answer"))
    cells = "".join(f"<div><b>{esc(n)}</b><span>{esc(w)}</span></div>" for n, w in shown)
    return f"<div class='cxa-stats'>{cells}</div>"


def quiz(state: DrillState, frame: pd.DataFrame) -> str:
    steps = report.by_step(frame)
    pull = report.distractors(state, frame)
    found = "<h2>Question by question</h2>" + _steps_chart(steps, _QUIZ_WORDS)
    if pull.empty:
        return found
    people = len(state.present)
    rows = [
        [
            f"{r['count']} of {people}",
            r["option"],
            r["title"],
            r["belief"] or "–",
            r["correction"],
        ]
        for r in report.records(pull.head(8))
    ]
    head = ["Chosen by", "Wrong answer", "Question", "Belief behind it", "What is right"]
    return (
        found
        + "<h2>What pulled people away</h2><div class='cxa-scroll' tabindex='0'>"
        + (table(head, rows, "Wrong answers, the strongest pull first") + "</div>")
    )


def triage(state: DrillState, frame: pd.DataFrame) -> str:
    steps = report.by_step(frame)
    return "".join(
        [
            triage_findings.missed(state, frame),
            triage_findings.teams(state, frame),
            triage_findings.rules(state, frame),
            triage_findings.confusion(state, frame),
            "<h2>Person by person</h2>",
            _steps_chart(steps, _TRIAGE_WORDS),
            triage_findings.over(state, frame),
            triage_findings.times(frame),
            triage_findings.law(state, frame),
        ]
    )


def _steps_chart(steps: pd.DataFrame, words: dict[str, str]) -> str:
    labels = [f"{n}. {t}" for n, t in steps["title"].items()]
    words = {g: w for g, w in words.items() if g != "open" or steps[g].any()}
    counts = {g: [int(c) for c in steps[g]] for g in words}
    rows = [[label, *(counts[g][i] for g in words)] for i, label in enumerate(labels)]
    head = ["Step", *(w.capitalize() for w in words.values())]
    lines = [
        label + ": " + ", ".join(f"{counts[g][i]} {w}" for g, w in words.items())
        for i, label in enumerate(labels)
    ]
    chart = stacked(labels, counts, words, "; ".join(lines))
    return chart + as_table(table(head, rows, "Answers at each step"))


def as_table(shown: str) -> str:
    """The table that says the same as a chart, for who would rather read it."""
    return f"<details><summary>The same as a table</summary>{scroll(shown)}</details>"


def _seconds(value: float) -> str:
    """A median in words; there is none where nobody answered."""
    return f"{value:.0f} s" if value == value else "–"


def objectives(state: DrillState, frame: pd.DataFrame) -> str:
    found = report.by_objective(state, frame)
    if found.empty:
        return ""
    rows = [[r["objective"], r["text"], f"{r['percent']} %"] for r in report.records(found)]
    head = ["Objective", "What it says", "Points"]
    shares = [
        Bar(shorten(f"{r['objective']} {r['text']}", 60, placeholder=" …"), r["percent"], unit="%")
        for r in report.records(found)
    ]
    alt = "Points in percent. " + "; ".join(f"{b.label}: {b.count}" for b in shares)
    shown = table(head, rows, "The weakest first")
    return f"<h2>Objective by objective</h2>{bars(shares, alt, 200)}{as_table(shown)}"


def provisions(state: DrillState, frame: pd.DataFrame) -> str:
    """Points by provision of the law register."""
    found = report.by_provision(state, frame)
    if found.empty:
        return ""
    rows = [
        [r["provision"], r["text"], r["steps"], f"{r['percent']} %"] for r in report.records(found)
    ]
    head = ["Provision", "What it is", "Steps", "Points"]
    shown = table(head, rows, "Points of the steps that rest on each provision, the weakest first")
    return (
        f"<h2>Provision by provision</h2><details><summary>{len(rows)} provisions</summary>"
        f"<div class='cxa-scroll' tabindex='0'>{shown}</div></details>"
    )


def confidence(frame: pd.DataFrame) -> str:
    """Certain and wrong is what matters most at work, so it stands first."""
    found = report.confidence(frame)
    if found.empty:
        return ""
    rows = [
        [SURE_WORDS[r["sure"]], f"{r['right']} of {r['answers']}", f"{r['wrong']}",
         r["most_wrong"] or "–"]
        for r in report.records(found)
    ]  # fmt: skip
    head = ["How sure", "Right", "Not right", "Most often not right at"]
    caption = "Answers whose author said how sure they were"
    return "<h2>How sure, and how right</h2><div class='cxa-scroll' tabindex='0'>" + (
        table(head, rows, caption) + "</div>"
    )


def reading(state: DrillState, frame: pd.DataFrame, site: str | None = None) -> str:
    return chapters(report.to_read(state, frame), site)


def chapters(found: Iterable[tuple[Reading, str]], site: str | None) -> str:
    """What to read again, with why; as links where the learner site's address is known."""
    rows = "".join(
        f"<li><b>{_chapter(one, site)}</b>{f' – {esc(why)}' if why else ''}</li>"
        for one, why in found
    )
    return f"<h2>What to read again</h2><ul>{rows}</ul>" if rows else ""


def _chapter(one: Reading, site: str | None) -> str:
    if site is None:
        module = one.where.partition("/")[0]
        return f"{esc(one.title)}</b> <span class='quiet'>({esc(module)})</span><b>"
    where = "/".join(quote(part, safe="") for part in one.where.split("/"))
    return f"<a href='{esc(site)}/book/modules/{where}.html'>{esc(one.title)}</a>"


def questions(state: DrillState) -> str:
    asked = "".join(f"<li>{esc(q)}</li>" for q in state.plan().debrief)
    return f"<h2>Questions for the room</h2><ul>{asked}</ul>" if asked else ""


def people(frame: pd.DataFrame) -> str:
    """Each participant's points, by what `report.answers` calls them."""
    found = report.by_person(frame)
    rows = [
        [r["name"], points(r["points"], r["of"]),
         f"{r['percent']} %", int(r["answered"]), _seconds(r["median_seconds"]), int(r["missed"])]
        for r in report.records(found)
    ]  # fmt: skip
    head = ["Who", "Points", "Share", "Answers", "Usual time", "Missed needs"]
    if not found["missed"].any():
        head, rows = head[:-1], [r[:-1] for r in rows]
    shown = table(head, rows, "In order of arrival")
    return f"<h2>Everybody in the room</h2><div class='cxa-scroll' tabindex='0'>{shown}</div>"
