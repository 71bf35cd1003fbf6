"""The sections of a debrief, each as safe markup made of one table of the report."""

from __future__ import annotations

import pandas as pd

from crossings.apps import triage_findings
from crossings.apps.charts import stacked
from crossings.apps.parts import esc, table
from crossings.drills import report
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
        + "<h2>What pulled people away</h2><div class='cxa-scroll'>"
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
    lines = [
        label + ": " + ", ".join(f"{counts[g][i]} {w}" for g, w in words.items())
        for i, label in enumerate(labels)
    ]
    return stacked(labels, counts, words, "; ".join(lines))


def _seconds(value: float) -> str:
    """A median in words; there is none where nobody answered."""
    return f"{value:.0f} s" if value == value else "–"


def objectives(state: DrillState, frame: pd.DataFrame) -> str:
    found = report.by_objective(state, frame)
    if found.empty:
        return ""
    rows = [[r["objective"], r["text"], f"{r['percent']} %"] for r in report.records(found)]
    head = ["Objective", "What it says", "Points"]
    return "<h2>Objective by objective</h2>" + table(head, rows, "The weakest first")


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
    return "<h2>How sure, and how right</h2><div class='cxa-scroll'>" + (
        table(head, rows, caption) + "</div>"
    )


def reading(state: DrillState, frame: pd.DataFrame) -> str:
    found = report.to_read(state, frame)
    if not found:
        return ""
    rows = "".join(f"<li><b>{esc(title)}</b> – {esc(why)}</li>" for title, why in found)
    return f"<h2>What to read again</h2><ul>{rows}</ul>"


def questions(state: DrillState) -> str:
    asked = "".join(f"<li>{esc(q)}</li>" for q in state.plan().debrief)
    return f"<h2>Questions for the room</h2><ul>{asked}</ul>" if asked else ""


def people(frame: pd.DataFrame, names: bool) -> str:
    """Each participant's points; without names they are numbered."""
    found = report.by_person(frame)
    rows = [
        [r["name"] if names else f"Participant {n}", f"{r['points']:g} of {r['of']:g}",
         f"{r['percent']} %", int(r["answered"]), _seconds(r["median_seconds"]), int(r["missed"])]
        for n, r in enumerate(report.records(found), 1)
    ]  # fmt: skip
    head = ["Who", "Points", "Share", "Answers", "Usual time", "Missed needs"]
    if not found["missed"].any():
        head, rows = head[:-1], [r[:-1] for r in rows]
    return "<h2>Everybody in the room</h2>" + table(head, rows, "In order of arrival")
