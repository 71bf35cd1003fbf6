"""The sections of a debrief, each as safe markup made of one table of the report."""

from __future__ import annotations

import pandas as pd

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
    """Three or four numbers under the sentence."""
    percent = round(100 * frame["points"].sum() / frame["of"].sum())
    median = frame["seconds"].median()
    shown = [(str(len(state.present)), "people"), (f"{percent} %", "of the points")]
    if median == median:
        shown.append((f"{median:.0f} s", "usual time for an answer"))
    if state.kind == "triage":
        needs = report.needs(state, frame)
        over = report.over_referrals(state, frame)
        shown.insert(1, (f"{needs['missed'].sum()}", f"needs missed, of {needs['of'].sum()}"))
        shown.append((f"{over['sent'].sum()}", f"over-referrals, of {over['of'].sum()}"))
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
            _missed(state, frame),
            "<h2>Person by person</h2>",
            _steps_chart(steps, _TRIAGE_WORDS),
            _over(state, frame),
            _confusion(state, frame),
            _signs(state, frame),
            _times(steps),
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


def _missed(state: DrillState, frame: pd.DataFrame) -> str:
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
    return f"<h2>Who was missed</h2><div class='cxa-scroll'>{shown}</div>"


def _over(state: DrillState, frame: pd.DataFrame) -> str:
    over = report.over_referrals(state, frame)
    if over.empty:
        return ""
    rows = [[r["person"], f"{r['sent']} of {r['of']}"] for r in report.records(over)]
    caption = "People without a need for protection who were sent to a protection service"
    return "<h2>Over-referral</h2>" + table(["Person", "Sent by"], rows, caption)


def _confusion(state: DrillState, frame: pd.DataFrame) -> str:
    matrix = report.confusion(state, frame)
    head = "".join(f"<th scope='col'>{esc(str(c))}</th>" for c in matrix.columns)
    body = []
    for right, counts in matrix.iterrows():
        cells = "".join(_matrix_cell(str(right), str(c), int(n)) for c, n in counts.items())
        body.append(f"<tr><th scope='row'>{esc(str(right))}</th>{cells}</tr>")
    return (
        "<h2>What was right, and what was chosen</h2><div class='cxa-scroll'>"
        "<table class='cxa-table'><caption>Rows: the right referral. Columns: the referral that "
        "was chosen. ✓ marks agreement; an acceptable referral is not marked.</caption>"
        "<thead><tr><th scope='col'>Right referral</th>"
        f"{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _matrix_cell(right: str, chosen: str, count: int) -> str:
    if not count:
        return "<td class='num'>·</td>"
    if chosen == report.NO_ANSWER:
        return f"<td class='num'>{count}</td>"
    hit = right == chosen
    return f"<td class='num {'hit' if hit else 'miss'}'>{'✓ ' if hit else ''}{count}</td>"


def _signs(state: DrillState, frame: pd.DataFrame) -> str:
    signs = report.by_indicator(state, frame)
    if signs.empty:
        return ""
    rows = [
        [r["sign"], f"{r['right']} of {r['of']}", f"{r['percent']} %"]
        for r in report.records(signs)
    ]
    head = ["Sign that the person showed", "Referred rightly", "Share"]
    return "<h2>Sign by sign</h2>" + table(head, rows, "Signs, the most overlooked first")


def _times(steps: pd.DataFrame) -> str:
    rows = [[r["title"], _seconds(r["median_seconds"])] for r in report.records(steps)]
    return "<h2>Time for each person</h2>" + table(
        ["Person", "Usual time"], rows, "Half of the answers came within this time"
    )


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
