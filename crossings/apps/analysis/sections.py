"""The sections of an analysis, each as safe markup."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from crossings.apps.charts import stacked
from crossings.apps.parts import esc, table
from crossings.curriculum.model import Course
from crossings.grading import analysis, standing
from crossings.grading.analysis import Cohort, confidence
from crossings.grading.analysis.interval import Interval
from crossings.items.model import SURE_WORDS

_STANDINGS = {"good": "shown", "ok": "partly", "poor": "not yet", "none": "too few questions"}
"""Grades of the charts, and the standing that each draws."""


@dataclass(frozen=True)
class View:
    """What is shown of a class: with names, or with people as numbers."""

    course: Course
    cohort: Cohort
    before: Cohort | None = None
    names: bool = False

    def who(self, student: str) -> str:
        return self.cohort.name(student) if self.names else self._numbers()[student]

    def _numbers(self) -> dict[str, str]:
        everybody = sorted({*self.cohort.students, *self.cohort.names, *self.cohort.apart})
        return {student: f"Trainee {n}" for n, student in enumerate(everybody, 1)}


def headline(view: View) -> str:
    """The sentence that a trainer reads first."""
    cohort = view.cohort
    totals = cohort.totals.dropna()
    if totals.empty:
        return f"Nothing of “{cohort.title}” is marked yet."
    weakest = _weakest(view)
    more = f" The weakest objective is {weakest}." if weakest else ""
    people = "1 trainee" if len(totals) == 1 else f"{len(totals)} trainees"
    return f"{people} earned {totals.mean():.0%} of the points of “{cohort.title}”.{more}"


def _weakest(view: View) -> str:
    measured = [r for r in analysis.objectives(view.cohort) if r.earned and len(r.questions) > 1]
    if not measured:
        return ""
    lowest = min(measured, key=lambda r: r.earned.value if r.earned else 1)
    return f"{lowest.id} ({lowest.earned.value:.0%})" if lowest.earned else ""


def numbers(view: View) -> str:
    """Four numbers under the sentence."""
    totals = view.cohort.totals.dropna()
    found = analysis.reliability(view.cohort).alpha
    waiting = sum(a.points is None for a in view.cohort.answers)
    shown = [
        (str(len(totals)), "trainees with marks"),
        (str(len(view.cohort.questions)), "questions"),
        (f"{totals.median():.0%}", "of the points, middle trainee"),
        (f"{found.value:.2f}" if found else "–", "reliability (alpha)"),
    ]
    if waiting:
        shown.append((str(waiting), "answers wait for a person"))
    cells = "".join(f"<div><b>{esc(n)}</b><span>{esc(w)}</span></div>" for n, w in shown)
    return f"<div class='cxa-stats'>{cells}</div>"


def help_now(view: View) -> str:
    """Who needs help now, and why."""
    found = analysis.needs(view.cohort, view.before)
    if not found:
        return "<h2>Who needs help now</h2><p>Nobody by these rules. Ask them all the same.</p>"
    rows = [
        [view.who(n.student), "; ".join(n.reasons), ", ".join(n.start_with) or "–"] for n in found
    ]
    caption = "Most reasons first. The list says where to look; it does not say what somebody is."
    head = ["Who", "Why", "Objectives to start with"]
    return "<h2>Who needs help now</h2>" + _wide(table(head, rows, caption))


def objectives(view: View) -> str:
    """What the group can do."""
    found = analysis.objectives(view.cohort)
    if not found:
        return ""
    parts = {
        grade: [r.count(standing) for r in found]  # type: ignore[arg-type]
        for grade, standing in _STANDINGS.items()
    }
    parts = {grade: counts for grade, counts in parts.items() if any(counts)}
    known = view.course.objectives
    labels = [f"{r.id} {known[r.id].text}" if r.id in known else r.id for r in found]
    alt = "; ".join(
        f"{r.id}: {r.count('shown')} shown, {r.count('partly')} partly, "
        f"{r.count('not yet')} not yet"
        for r in found
    )
    chart = stacked(labels, parts, dict(_STANDINGS), alt) if parts else ""
    rows = [
        [
            r.id,
            labels[n].removeprefix(f"{r.id} "),
            len(r.questions),
            percent(r.earned),
            _read(view, r.id),
        ]
        for n, r in enumerate(found)
    ]
    head = ["Objective", "What it says", "Questions", "Points earned", "Read again"]
    note = (
        f"<p class='quiet small'>Shown: {standing.SHOWN:.0%} of the points or more. Not yet: "
        f"under {standing.NOT_YET:.0%}. An objective with fewer than {standing.LEAST_QUESTIONS} "
        "questions is not judged. In brackets: the 95% interval.</p>"
    )
    return f"<h2>Objective by objective</h2>{chart}{note}" + _wide(
        table(head, rows, "In the order of the questions")
    )


def _read(view: View, objective: str) -> str:
    uses = view.course.objective_uses.get(objective, ())
    taught = [u.title for u in uses if u.how == "taught" and u.kind == "chapter"]
    return "; ".join(dict.fromkeys(taught)) or "–"


def provisions(view: View) -> str:
    """Results by rule of the law register, the weakest first."""
    found = [r for r in analysis.provisions(view.cohort) if r.earned]
    if not found:
        return ""
    found.sort(key=lambda r: r.earned.value if r.earned else 1)
    law = view.course.law
    rows = [
        [r.id, law[r.id].title if r.id in law else "", len(r.questions), percent(r.earned)]
        for r in found
    ]
    head = ["Rule", "Title", "Questions", "Points earned"]
    caption = "Points of the questions that rest on each rule, the weakest first"
    return "<h2>Rule by rule</h2>" + _wide(table(head, rows, caption))


def questions(view: View) -> str:
    """How each question worked."""
    found = analysis.workings(view.cohort)
    rows = [
        [
            n,
            _short(w.question.title),
            percent(w.difficulty),
            "–" if w.discrimination is None else f"{w.discrimination:.2f}",
            w.empty,
            "; ".join(w.remarks) or "–",
        ]
        for n, w in enumerate(found, 1)
    ]
    head = ["No.", "Question", "Points earned", "Tells apart", "Left empty", "Look at"]
    caption = (
        "“Tells apart”: correlation with the points on all other questions, from −1 to 1. "
        "Under 20 trainees it is only a hint"
    )
    return "<h2>Question by question</h2>" + _wide(table(head, rows, caption))


def pulls(view: View) -> str:
    """Wrong options that many chose, with the belief behind each."""
    beliefs = view.course.misconceptions
    found = [
        (p, w.question)
        for w in analysis.workings(view.cohort)
        for p in w.pulls
        if not p.choice.right and p.people
    ]
    found.sort(key=lambda pair: -pair[0].share)
    if not found:
        return ""
    rows = [
        [
            f"{p.people} ({p.share:.0%})",
            p.choice.text,
            _short(question.title),
            beliefs[p.choice.misconception].belief if p.choice.misconception in beliefs else "–",
            "–" if p.strength is None else f"{p.strength:.2f}",
        ]
        for p, question in found[:12]
    ]
    head = ["Chosen by", "Wrong answer", "Question", "Belief behind it", "Drawn"]
    caption = (
        "The strongest pull first. “Drawn”: above 0, those who know more chose it; "
        "below 0, those who know less"
    )
    return "<h2>What pulled people away</h2>" + _wide(table(head, rows, caption))


def certainty(view: View) -> str:
    """Certain and wrong is what matters most at work."""
    levels = [level for level in confidence.levels(view.cohort) if level.answers]
    if not levels:
        return ""
    rows = [[SURE_WORDS[v.sure], v.answers, percent(v.earned)] for v in levels]
    found = "<h2>How sure, and how right</h2>" + table(
        ["How sure", "Answers", "Points earned"], rows, "Answers that said how sure"
    )
    wrong = confidence.beliefs(view.cohort)
    if not wrong:
        return found
    told = [
        [len(b.people), _short(view.cohort.by_id[b.question].title),
         ", ".join(view.who(s) for s in b.people)]
        for b in wrong[:8]
    ]  # fmt: skip
    return found + _wide(
        table(["People", "Question", "Who"], told, "Certain, and not right: talk about these first")
    )


def consistency(view: View) -> str:
    """Reliability, never without its caveats."""
    found = analysis.reliability(view.cohort)
    told = "".join(f"<li>{esc(c[:1].upper() + c[1:])}.</li>" for c in found.caveats)
    if found.alpha is None:
        return f"<h2>Reliability</h2><p>Alpha cannot be computed.</p><ul>{told}</ul>"
    low, high = found.alpha.low, found.alpha.high
    around = f" (95% interval {low:.2f} to {high:.2f})" if low is not None else ""
    return (
        f"<h2>Reliability</h2><p>Cronbach’s alpha is <b>{found.alpha.value:.2f}</b>{around}, from "
        f"{found.people} trainees and {found.questions} questions.</p><ul>{told}</ul>"
    )


def change(view: View) -> str:
    """From the first test to this one."""
    if view.before is None:
        return ""
    found = analysis.gain(view.before, view.cohort)
    if found is None:
        return "<h2>What changed</h2><p>Nobody took both tests under the same name.</p>"
    around, normal = "", ""
    if found.gain.low is not None and found.gain.high is not None:
        around = f" (95% interval {100 * found.gain.low:+.0f} to {100 * found.gain.high:+.0f})"
    if found.normalised is not None:
        normal = f" That is {found.normalised:.0%} of what there was to gain."
    caveats = [*found.caveats]
    for people, word in ((found.only_before, "first"), (found.only_after, "second")):
        if people:
            caveats.append(f"{len(people)} took only the {word} test and are left out")
    told = "".join(f"<li>{esc(c[:1].upper() + c[1:])}.</li>" for c in caveats)
    fell = f"<p>{len(found.fell)} did worse the second time.</p>" if found.fell else ""
    return (
        f"<h2>What changed</h2><p class='cxa-question'>{found.people} trainees went from "
        f"{found.before:.0%} to {found.after:.0%}: {100 * found.gain.value:+.0f} of 100 points"
        f"{around}.{normal}</p>{fell}<ul>{told}</ul>"
    )


def percent(found: Interval | None) -> str:
    """A share with its interval, in whole percent; rounded outwards, never to a finer claim."""
    if found is None:
        return "–"
    if found.low is None or found.high is None:
        return f"{found.value:.0%}"
    low, high = int(100 * found.low), ceil(100 * found.high)
    # Hard spaces and a word joiner keep it on one line.
    return f"{found.value:.0%}\u00a0({max(0, low)}\u2060–\u2060{min(100, high)})"


def _short(text: str, most: int = 110) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: plain.rfind(" ", 0, most)] + " …"


def _wide(markup: str) -> str:
    return f"<div class='cxa-scroll' tabindex='0'>{markup}</div>"
