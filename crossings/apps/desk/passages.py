"""Answers that share passages which nobody gave them: side by side, for a person to judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from crossings.apps.desk.chosen import Chosen
from crossings.apps.parts import button, esc, put, row, text
from crossings.grading import trainees
from crossings.grading.people import fold
from crossings.grading.people.copied import Shared, shared
from crossings.grading.people.log import MarkingLogError
from crossings.grading.people.session import Answer, Session, SessionError

_ABOUT = (
    "<p class='quiet'>Words that the question, the documents or the model answer gave do not "
    "count. This is no proof: people who learned together write alike. Nothing follows by "
    "itself, and no point is taken off. Talk to both before you decide.</p>"
)
_VERDICTS = {"talk": "to talk about", "fine": "no matter"}


class Passages:
    """The view; `body` is what to show."""

    def __init__(self, chosen: Chosen, who: Callable[[], str]) -> None:
        self.chosen, self.who = chosen, who
        self.found: list[Shared] = []
        self.answers: tuple[Answer, ...] = ()
        self.session: Session | None = None
        self.pair = widgets.Dropdown(description="Pair", options=[])
        self.pair.observe(lambda _: self.draw(), "value")
        self.names = widgets.Checkbox(value=False, description="Show names", indent=False)
        self.names.observe(lambda _: self.draw(), "value")
        self.talk = button("To talk about", "Noted; nothing happens", lambda: self.judge("talk"))
        self.fine = button("No matter", "Noted; nothing happens", lambda: self.judge("fine"))
        self.said, self.count, self.shown = text(), text(), text()
        pick = row(chosen.pick, self.pair, self.names, names=["cxa-pick"])
        verdict = row(self.talk, self.fine)
        self.body = widgets.VBox([pick, text(_ABOUT), self.count, self.shown, verdict, self.said])

    def show(self) -> None:
        """Look for shared passages in the chosen question."""
        put(self.said, "")
        self.found, self.session = [], None
        try:
            self.session = self.chosen.session(self.who())
        except (SessionError, MarkingLogError) as error:
            self._problem(str(error))
        if self.session is not None:
            self.answers = self.session.answers
            texts = [answer.text.text for answer in self.answers]
            self.found = shared(texts, self.session.question.given)
        self._list()

    def _list(self) -> None:
        kept = self.pair.value
        options = [(self._label(one), n) for n, one in enumerate(self.found)]
        self.pair.options = options
        if options:
            self.pair.value = kept if kept is not None and kept < len(options) else 0
        self.draw()

    def _label(self, one: Shared) -> str:
        assert self.session is not None
        said = fold.judged(self.session.acts).get(self._students(one), "")
        verdict = f" · {_VERDICTS[said]}" if said in _VERDICTS else ""
        first, second = self.answers[one.first], self.answers[one.second]
        return f"{first.alias} and {second.alias} · {one.share:.0%}{verdict}"

    def _students(self, one: Shared) -> frozenset[str]:
        return frozenset((self.answers[one.first].student, self.answers[one.second].student))

    def draw(self) -> None:
        """The chosen pair side by side."""
        pairs = "1 pair shares" if len(self.found) == 1 else f"{len(self.found)} pairs share"
        put(self.count, f"<p><b>{pairs}</b> passages of their own words.</p>")
        self.talk.disabled = self.fine.disabled = not self.found
        if not self.found or self.pair.value is None:
            put(self.shown, "")
            return
        one = self.found[self.pair.value]
        both = [(one.first, one.in_first), (one.second, one.in_second)]
        columns = "".join(self._column(self.answers[n], spans) for n, spans in both)
        put(
            self.shown,
            f"<p>{one.words} shared words, {one.share:.0%} of the shorter answer’s own; the "
            f"longest passage has {one.longest}.</p><div class='cxd-two'>{columns}</div>",
        )

    def _column(self, answer: Answer, spans: Sequence[tuple[int, int]]) -> str:
        name = ""
        if self.names.value and self.session is not None:
            trainee = trainees.find(self.session.workspace, answer.student)
            name = f" <span class='quiet'>{esc(trainee.name if trainee else answer.student)}</span>"
        marked = _marked(answer.text.text, spans)
        return (
            f"<section class='cxa-card'><h2><span class='dk-alias'>{esc(answer.alias)}</span>{name}"
            f"</h2><div class='cxd-given' dir='auto'>{marked}</div></section>"
        )

    def judge(self, verdict: str) -> None:
        """Note what the person made of the pair."""
        if self.session is None or self.pair.value is None:
            return
        if not self.who():
            self._problem("Type your name under Mark first: each note says who made it.")
            return
        one = self.found[self.pair.value]
        students = (self.answers[one.first].student, self.answers[one.second].student)
        try:
            self.session.judge(students, verdict)
        except MarkingLogError as error:
            self._problem(str(error))
            return
        self._list()
        put(self.said, "<p role='status'>Saved ✓</p>")

    def _problem(self, message: str) -> None:
        put(self.said, f"<p class='cxa-problem' role='alert'>{esc(message)}</p>")


def _marked(given: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text as HTML with the spans marked; everything in it is escaped."""
    parts, done = [], 0
    for start, end in spans:
        parts += [esc(given[done:start]), f"<mark>{esc(given[start:end])}</mark>"]
        done = end
    return "".join([*parts, esc(given[done:])])
