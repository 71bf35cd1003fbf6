"""Two markers: whom the second one reads, how far they agree, and where they differ."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from crossings.apps.desk.chosen import Chosen
from crossings.apps.parts import button, classed, esc, put, row, table, text
from crossings.grading.people import fold
from crossings.grading.people.agreement import Agreement, agreement, caveats
from crossings.grading.people.log import MarkingLogError
from crossings.grading.people.sample import draw
from crossings.grading.people.session import Session, SessionError

_ABOUT = (
    "<p class='quiet'>The second marker reads answers without the first one’s marks: under "
    "<b>Mark</b>, as “Second marker”. A sample saves work; it holds low and high marks alike, and "
    "the same number draws the same sample again.</p>"
)
_KAPPA = (
    "<p class='small quiet'>Kappa: 1 is full agreement, 0 is what chance would give. Linear "
    "weights count each step between levels once; quadratic weights count far-apart levels more. "
    "It depends on how many levels there are and how often each is used, so compare it only with "
    "the same rubric. Two markers who agree can both be wrong: look at the differences.</p>"
)


class Compare:
    """The view; `body` is what to show. `settle` opens the differences of a question."""

    def __init__(
        self,
        chosen: Chosen,
        who: Callable[[], str],
        settle: Callable[[str, str], None],
    ) -> None:
        self.chosen, self.who, self.settle = chosen, who, settle
        self.size = widgets.BoundedIntText(value=10, min=1, max=500, description="Answers")
        self.seed = widgets.BoundedIntText(value=1, min=0, max=999_999, description="Number")
        self.drawn = button("Draw a sample", "For the second marker", self.draw)
        self.all = button("Read all", "The second marker reads every answer", self.everybody)
        self.go = button("Settle differences", "One by one, with both marks shown", self._settle)
        self.said, self.sample, self.found = text(), text(), text()
        about = classed(
            widgets.VBox(
                [
                    text(f"<h2>Second marker</h2>{_ABOUT}"),
                    row(self.size, self.seed, self.drawn, self.all, names=["cxd-sample"]),
                    self.sample,
                ]
            ),
            "cxa-card",
        )
        card = classed(widgets.VBox([self.found, row(self.go)]), "cxa-card", "cxa-scroll")
        pick = row(chosen.pick, names=["cxa-pick"])
        self.body = widgets.VBox([pick, about, self.said, card])

    def show(self) -> None:
        """Draw the marks of the chosen question as they are now."""
        put(self.said, "")
        session = self._session()
        controls = (self.drawn, self.all, self.go)
        for control in controls:
            control.disabled = session is None
        if session is None:
            put(self.found, "<p class='quiet'>Nothing is collected and marked yet.</p>")
            return
        differing = [a for a in session.answers if session.differs(a.student)]
        self.go.disabled = not differing
        put(self.sample, _sampled(session))
        put(self.found, _agreements(session) + _differences(session))

    def _session(self) -> Session | None:
        try:
            return self.chosen.session(self.who())
        except (SessionError, MarkingLogError) as error:
            self._problem(str(error))
            return None

    def _problem(self, message: str) -> None:
        put(self.said, f"<p class='cxa-problem' role='alert'>{esc(message)}</p>")

    def draw(self) -> None:
        """Draw the sample from what the first marker has marked."""
        session = self._session()
        if session is None:
            return
        points = {
            student: marks.first.points(session.question)
            for student, marks in session.marks.items()
            if marks.first is not None
        }
        marked = {student: p for student, p in points.items() if p is not None}
        if not marked:
            self._problem("The first marker comes first: a sample is drawn from marked answers.")
            return
        chosen = draw(marked, int(self.size.value), int(self.seed.value))
        self._note(session, chosen)

    def everybody(self) -> None:
        """Ask the second marker to read all answers."""
        session = self._session()
        if session is not None:
            self._note(session, [])

    def _note(self, session: Session, students: list[str]) -> None:
        try:
            session.draw_sample(students, int(self.seed.value))
        except MarkingLogError as error:
            self._problem(str(error))
            return
        self.show()
        put(self.said, "<p role='status'>Saved ✓</p>")

    def _settle(self) -> None:
        self.settle(*self.chosen.pick.value)


def _sampled(session: Session) -> str:
    sample = fold.sampled(session.acts)
    second = sum(m.second is not None for m in session.marks.values())
    what = f"<b>{len(sample)}</b> answers are drawn" if sample else "All answers"
    return f"<p>{what} for the second marker; <b>{second}</b> marked twice or begun so far.</p>"


def _pairs(session: Session, criterion: str) -> list[tuple[int, int]]:
    found = []
    for held in session.marks.values():
        if held.first is not None and held.second is not None:
            first = held.first.fits(session.question).get(criterion)
            second = held.second.fits(session.question).get(criterion)
            if first is not None and second is not None:
                found.append((first, second))
    return found


def _agreements(session: Session) -> str:
    rows: list[list[object]] = []
    tables = []
    said: dict[str, list[str]] = {}
    for criterion in session.question.criteria:
        found = agreement(_pairs(session, criterion.id), len(criterion.levels))
        if found is None:
            continue
        rows.append(_row(criterion.id, found))
        for caveat in caveats(found):
            said.setdefault(caveat, []).append(criterion.id)
        tables.append(_crossed(criterion.id, [f"{v.points:g}" for v in criterion.levels], found))
    if not rows:
        return "<h2>Agreement</h2><p class='quiet'>No answer has two marks yet.</p>"
    head = ["Criterion", "Marked twice", "Same level", "Kappa, linear", "quadratic", "95 %"]
    notes = "".join(
        f"<p class='cxa-note'>{esc(caveat)} ({esc(', '.join(names))})</p>"
        for caveat, names in said.items()
    )
    return (
        "<h2>Agreement</h2>"
        + _wide(head, rows, "First and second marker, by criterion")
        + notes
        + _KAPPA
        + f"<details><summary>Which levels met which</summary>{''.join(tables)}</details>"
    )


def _row(name: str, found: Agreement) -> list[object]:
    low_high = found.interval
    between = " to ".join(map(_number, low_high)) if low_high else "–"
    same = f"{found.same:.0%}"
    return [name, found.n, same, _number(found.linear), _number(found.quadratic), between]


def _number(value: float | None) -> str:
    return "no value" if value is None else f"{value:.2f}".replace("-", "−")


def _crossed(name: str, levels: list[str], found: Agreement) -> str:
    head = ["First ↓ second →", *levels]
    rows: list[list[object]] = [
        [level, *counts] for level, counts in zip(levels, found.table, strict=True)
    ]
    return _wide(head, rows, f"{name}: points of the levels")


def _differences(session: Session) -> str:
    rows: list[list[object]] = []
    for answer in session.answers:
        held = session.marks.get(answer.student, fold.Marks())
        if not session.differs(answer.student) or held.first is None or held.second is None:
            continue
        settled = held.settled.points(session.question) if held.settled is not None else None
        rows.append(
            [
                answer.alias,
                *(f"{m.points(session.question):g}" for m in (held.first, held.second)),
                ", ".join(_differing(session, held)),
                "to settle" if settled is None else f"settled: {settled:g}",
            ]
        )
    if not rows:
        return "<h2>Differences</h2><p class='quiet'>None.</p>"
    head = ["Answer", "First", "Second", "Where", "State"]
    return "<h2>Differences</h2>" + _wide(head, rows, f"Answers with unlike levels: {len(rows)}")


def _differing(session: Session, held: fold.Marks) -> list[str]:
    if held.first is None or held.second is None:
        return []
    first, second = held.first.fits(session.question), held.second.fits(session.question)
    return [name for name, place in first.items() if second.get(name) != place]


def _wide(head: list[str], rows: list[list[object]], caption: str) -> str:
    """A table that scrolls by itself on a narrow page, also by keys."""
    about = f"class='cxa-scroll' tabindex='0' role='group' aria-label='{esc(caption)}'"
    return f"<div {about}>{table(head, rows, caption)}</div>"
