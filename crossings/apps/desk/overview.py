"""What was handed in, how it stands, and the buttons that move it on."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import ipywidgets as widgets

from crossings.apps.desk import changes
from crossings.apps.parts import button, classed, esc, put, row, text
from crossings.curriculum.model import Course
from crossings.grading import change as changing
from crossings.grading import due, export, feedback, mark, release, trainees
from crossings.grading.preview import Preview
from crossings.grading.report import Outcome, Report, Row
from crossings.workspace import Workspace

_LOOK: dict[Outcome, tuple[str, str]] = {
    "received": ("new", "○"),
    "graded": ("good", "✓"),
    "needs marking": ("ok", "✎"),
    "timed out": ("poor", "⏱"),
    "out of memory": ("poor", "!"),
    "tampered": ("poor", "!"),
    "crashed": ("poor", "!"),
    "not gradable": ("poor", "✗"),
}
_STYLE = """<style>
.cxd-is { white-space: nowrap; font-weight: 600; }
.cxd-is.good { color: var(--good); } .cxd-is.ok { color: var(--ok); }
.cxd-is.poor { color: var(--poor); } .cxd-is.new { color: var(--sea); }
.cxa .cxd-table td { vertical-align: top; }
.cxa .cxd-table small { display: block; color: var(--muted); }
.cxd-table code { font-size: 13px; white-space: nowrap; color: var(--ink); background: none; }
.cxa .widget-hprogress { width: 100%; }
.cxa .cxd-due .widget-datetimepicker { width: auto; height: auto; margin: 0; display: flex;
  flex-wrap: wrap; align-items: center; gap: 8px; }
.cxa .cxd-due input { min-height: 44px; width: auto; max-width: 100%; font-size: 16px !important;
  border-radius: 8px; padding: 4px 10px; background-color: var(--card) !important;
  color: var(--ink) !important; border: 1.5px solid var(--muted) !important; }
.cxa > .cxa-row { margin: 8px 0 !important; }
.cxa a.cxa-download { margin: 0 4px 8px 0; }
html[data-theme="dark"] .cxa { color-scheme: dark; }
@media (prefers-color-scheme: dark) {
  html:not([data-theme="light"]) .cxa { color-scheme: dark; }
}
</style>"""


@dataclass
class Asked:
    """A button that was pressed once and wants to be pressed again."""

    what: str = ""


class MarkingDesk:
    """The overview of one course in one workspace; `body` is what to show on the desk."""

    def __init__(self, course: Course, workspace: Workspace) -> None:
        self.course, self.workspace = course, workspace
        self.asked = Asked()
        self.report: Report | None = None
        self.busy = False
        self._running: threading.Thread | None = None
        self._power = mark.Power()
        self.seen: Preview | None = None
        self._agreed: Preview | None = None
        self.pending = False
        names = release.assignments(course)
        self.choice = widgets.Dropdown(options=[(mark.labelled(course, n), n) for n in names])
        self.choice.observe(lambda _: self._changed(), names="value")
        self.mark = button("Collect and mark", "Take in what is new and mark it", self.start)
        self.accept = button(
            "Accept and mark anew", "Take the change over, and mark everybody anew", self.take_over
        )
        self.leave = button("Leave it", "Nothing changes; trainees keep the old text", self.forget)
        self.publish = button(
            "Publish feedback", "Let trainees read points and comments now", self.give_back
        )
        self.refresh = button("Refresh", "Look again", self.show)
        self.due = widgets.DatetimePicker(description="Due")
        self.due.observe(lambda _: self.draw(), names="value")
        self.set_due = button("Set due time", "Later is marked as late", self.choose_due)
        self.no_due = button("No due time", "Nobody is late", self.clear_due)
        self.codes = widgets.Checkbox(description="Show private codes", indent=False)
        self.codes.observe(lambda _: self.draw(), names="value")
        self.progress = widgets.IntProgress(min=0, max=1)
        self.progress.layout.display = "none"
        self.said, self.counts, self.by = text(), text(), text()
        self.links, self.table, self.notes, self.change = text(), text(), text(), text()
        self.body = self._layout()
        self._changed()

    def _layout(self) -> widgets.Widget:
        head = text(_STYLE, "cxa-style")
        pick = row(self.choice, self.refresh, names=["cxa-pick"])
        act = row(self.mark, self.publish, self.codes, names=["cxa-pick"])
        card = classed(widgets.VBox([self.table]), "cxa-card", "cxa-scroll")
        by = row(self.due, self.set_due, self.no_due, names=["cxa-pick", "cxd-due"])
        changed = classed(
            widgets.VBox([self.change, row(self.accept, self.leave)]), "cxa-card", "cxd-change"
        )
        self.changed = changed
        parts = (head, pick, by, self.by, self.counts, act, self.progress, self.said, self.links)
        return widgets.VBox([*parts, changed, self.notes, card])

    def _changed(self) -> None:
        self.asked.what = ""
        self.seen = None
        put(self.said, "")
        self.show()
        self.due.value = self.report.due if self.report else None

    def show(self) -> None:
        """Read the state again and draw it."""
        if self.choice.value is None:
            for pressed in (self.set_due, self.no_due, self.mark, self.publish):
                pressed.disabled = True
            put(self.notes, "<p class='quiet'>The course has no assignments yet.</p>")
            return
        self.report = mark.report(self.choice.value, self.workspace, self.course)
        self.pending = self._is_pending(self.choice.value)
        self.draw()

    def _is_pending(self, assignment: str) -> bool:
        """Whether trainees still have the text of before. A notebook's files are copied when the
        staff site starts; a worksheet is written here, so that a change shows at once."""
        try:
            if assignment not in self.course.exercises:
                release.write_source(self.course, self.workspace, assignment)
            return changing.is_pending(self.workspace, assignment)
        except OSError:
            return False  # marking says what is wrong with the disk

    def draw(self) -> None:
        if self.report is None:
            return
        self.mark.disabled = self.busy or not self.report.rows
        self.publish.disabled = self.busy or not any(
            r.outcome != "received" for r in self.report.rows
        )
        again = self.asked.what == "run"
        usual = "Show what would change" if self.pending else "Collect and mark"
        self.mark.description = "Press again to run them" if again else usual
        self._draw_change()
        self.set_due.disabled = self.no_due.disabled = self.busy
        put(self.by, _due(self.report, self.due.value))
        put(self.counts, _counts(self.report))
        put(self.links, _links(self.report))
        put(self.notes, _notes(self.report))
        put(self.table, _table(self.report, self._codes()))

    def _draw_change(self) -> None:
        """What waits to be accepted; only said to be there until somebody looks at it."""
        shown = self.pending or self.seen is not None
        self.changed.layout.display = "" if shown else "none"
        for pressed in (self.accept, self.leave):
            pressed.layout.display = "" if self.seen is not None else "none"
            pressed.disabled = self.busy
        if self.seen is not None and self.report is not None:
            put(self.change, changes.shown(self.seen, self.report))
        else:
            put(self.change, changes.PENDING if self.pending else "")

    def _codes(self) -> dict[str, str]:
        if not self.codes.value:
            return {}
        return {t.student: t.code for t in trainees.everyone(self.workspace)}

    def choose_due(self) -> None:
        """Take the time in the picker as the due time of the chosen assignment."""
        if self.due.value is None:
            self._problem("Choose a whole date and time first, then press “Set due time”.")
            return
        self._decide(self.due.value)

    def clear_due(self) -> None:
        """Decide that the chosen assignment has no due time in this class."""
        self._decide(None)

    def _decide(self, when: datetime | None) -> None:
        try:
            due.choose(self.workspace, self.choice.value, when)
        except Exception as error:  # the trainer reads it on the desk, nowhere else
            self._problem(f"The due time was not saved: {error}")
            return
        self._changed()
        put(self.said, "<p role='status'>Saved. Trainees see it on the page of the assignment.</p>")

    def _problem(self, message: str) -> None:
        put(self.said, f"<p class='cxa-problem' role='alert'>{esc(message)}</p>")

    def start(self) -> None:
        """Mark in the background; where protection is missing, that asks twice. What changed after
        it was marked is only shown: `take_over` goes on."""
        self.seen = None
        self._begin(None)

    def take_over(self) -> None:
        """Accept the change that is on the screen, exactly as it is shown."""
        self._begin(self.seen)

    def forget(self) -> None:
        """Leave the assignment as it was."""
        self.seen = None
        put(self.said, "<p role='status'>Nothing was changed.</p>")
        self.draw()

    def _begin(self, agreed: Preview | None) -> None:
        self._agreed = agreed
        lost = mark.notice(self.course, self.choice.value)
        if lost and agreed is None and self.asked.what != "run":
            put(self.said, f"<p class='cxa-note'>{esc(lost)}</p>")
            self.asked.what = "run"
            self.draw()
            return
        self.asked.what = ""
        self._power = mark.Power(unsafe=bool(lost))
        put(self.said, "")
        self.progress.value, self.progress.max = 0, 1
        self.progress.layout.display = ""
        self.busy = True
        self.draw()
        self._running = threading.Thread(target=self.run, args=(self.choice.value,), daemon=True)
        self._running.start()

    def run(self, assignment: str) -> None:
        """Collect and mark `assignment`, and say how it went."""

        def moved(done: int, total: int, student: str, outcome: str) -> None:
            self.progress.max, self.progress.value = total, done
            put(self.said, f"<p>{done} of {total}: {esc(student)}, {esc(outcome)}</p>")

        try:
            self.seen = None
            done = mark.grade(
                assignment,
                workspace=self.workspace,
                course=self.course,
                progress=moved,
                publish=False,
                power=self._power,
                agree=self._agree,
            )
            put(self.said, self._ended(done.seconds))
        except Exception as error:  # the trainer reads it on the desk, nowhere else
            self._problem(str(error))
        self.progress.layout.display = "none"
        self.busy = False
        if self.choice.value == assignment:
            self.show()

    def _agree(self, preview: Preview) -> bool:
        """Whether marking may go on: it changes no mark, or what somebody accepted."""
        if preview == self._agreed or not preview.changes_marks:
            return True
        self.seen = preview
        return False

    def _ended(self, seconds: float) -> str:
        if self.seen is None:
            return (
                f"<p role='status'>Done in {seconds:g} seconds. "
                "Trainees see nothing until you publish the feedback.</p>"
            )
        if self._agreed is not None:
            return (
                "<p class='cxa-note' role='alert'>Nothing was changed: it came out otherwise than "
                "what you accepted, because something was handed in or marked meanwhile. Look "
                "again.</p>"
            )
        return "<p role='status'>Nothing is changed yet. Look at it, then decide.</p>"

    def wait(self, seconds: float = 60) -> None:
        """Until the marking that was started has ended."""
        if self._running is not None:
            self._running.join(seconds)

    def give_back(self) -> None:
        """Publish the feedback of the chosen assignment."""
        given = feedback.publish(self.choice.value, self.workspace, self.course)
        who = "1 trainee" if given == 1 else f"{given} trainees"
        put(self.said, f"<p role='status'>Feedback published for {who}, under their codes.</p>")
        self.show()


def _due(report: Report, picked: datetime | None) -> str:
    """What holds; the time itself stands in the picker, in the browser's own time zone."""
    if picked is not None and picked != report.due:
        return "<p role='status'><b>Not saved yet:</b> press “Set due time”.</p>"
    if report.due is None:
        return "<p class='quiet'>No due time: nobody is late.</p>"
    late = sum(row.late for row in report.rows)
    away = due.distance(report.due, datetime.now(UTC))
    return (
        f"<p>Due <b>{away}</b>, at the time above (your local time). Trainees can hand in later; "
        f"it is marked as late and costs no points. <b>{late} late</b> so far.</p>"
    )


def _counts(report: Report) -> str:
    tiles = [f"<div><b>{len(report.rows)}</b><span>handed in</span></div>"]
    tiles += [
        f"<div><b>{count}</b><span class='cxd-is {_LOOK[outcome][0]}'>{_LOOK[outcome][1]} "
        f"{'new' if outcome == 'received' else outcome}</span></div>"
        for outcome, count in report.counts.items()
    ]
    return f"<div class='cxa-stats' style='margin-top:12px'>{''.join(tiles)}</div>"


def _links(report: Report) -> str:
    if not report.rows:
        return ""
    content = base64.b64encode(export.csv_text(report).encode("utf-8-sig")).decode()
    name = quote(report.assignment)
    return (
        "<p style='margin-top:10px'><a class='cxa-download' target='_blank' rel='noopener' "
        f"href='../../../formgrader/gradebook/{name}/{name}'>Mark by hand in formgrader</a> "
        f"<a class='cxa-download' download='{name}-marks.csv' "
        f"href='data:text/csv;base64,{content}'>Marks as CSV</a></p>"
    )


def _notes(report: Report) -> str:
    parts = [f"<p class='cxa-note'>{esc(note)}</p>" for note in report.notes]
    twins = [r for r in report.rows if r.collides_with]
    if twins:
        names = ", ".join(
            f"<b>{esc(r.student)}</b> and <b>{esc(r.collides_with)}</b>" for r in twins
        )
        parts.append(
            f"<p class='cxa-note'>Same name, no code: {names}. Two people, or one who handed in "
            "again without the private code? Ask them before you mark.</p>"
        )
    return "".join(parts)


def _table(report: Report, codes: dict[str, str]) -> str:
    if not report.rows:
        return (
            "<p class='quiet'>Nothing has been handed in yet. Trainees find this assignment on "
            "the learner site under “Hand in”.</p>"
        )
    questions = export.question_names(report)
    heads = ["Trainee", "Outcome", "Points", *(str(n) for n in range(1, len(questions) + 1))]
    if codes:
        heads.append("Private code")
    titles = "".join(_heading(h) for h in heads)
    body = "".join(_line(r, questions, codes) for r in report.rows)
    legend = "; ".join(f"{n} {q.removeprefix('item-')}" for n, q in enumerate(questions, 1))
    return (
        f"<table class='cxa-table cxd-table'><thead><tr>{titles}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
        + (f"<p class='small quiet' style='max-width:none'>{esc(legend)}</p>" if legend else "")
    )


def _heading(text: str) -> str:
    side = " class='num'" if text == "Points" or text.isdecimal() else ""
    return f"<th scope='col'{side}>{esc(text)}</th>"


def _line(row: Row, questions: list[str], codes: dict[str, str]) -> str:
    tone, sign = _LOOK[row.outcome]
    marks = {m.cell: m for m in row.marks} if row.scored else {}
    versions = f" · {row.versions} versions" if row.versions > 1 else ""
    late = " · <span class='cxd-is poor'>late</span>" if row.late else ""
    twin = " · same name as another" if row.collides_with else ""
    cells = [
        f"<td><b>{esc(row.name)}</b><small>{esc(row.student)}{late}{versions}{twin}</small></td>",
        f"<td><span class='cxd-is {tone}'>{sign} {esc(row.outcome)}</span>"
        f"<small>{esc(row.reason)}</small></td>",
        f"<td class='num'>{row.points:g} / {row.max_points:g}</td>" if marks else "<td></td>",
    ]
    for name in questions:
        given = marks.get(name)
        shown = "" if given is None else "✎" if given.needs_person else f"{given.points:.3g}"
        cells.append(f"<td class='num'>{shown}</td>")
    if codes:
        cells.append(f"<td><code>{esc(codes.get(row.student, ''))}</code></td>")
    return f"<tr>{''.join(cells)}</tr>"
