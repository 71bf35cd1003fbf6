"""What trainees asked about their marks, and the marker's answers, one request at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crossings.apps.desk.acting import Acting, DeskError, number, page, tidy_name
from crossings.apps.desk.panel import Panel
from crossings.curriculum.model import Course
from crossings.grading.ledger import regrade
from crossings.grading.mark import title_of
from crossings.grading.people import requests
from crossings.grading.people.log import MarkingLog, MarkingLogError
from crossings.grading.people.requests import Listed, Opened, Question, Reply, RequestError
from crossings.grading.rubrics import questions
from crossings.grading.rubrics.given import readable
from crossings.workspace import Workspace

State = dict[str, Any]
_EXCERPT = 160
_BY = {"auto": "a program", "person": "a person", "nobody": "nobody yet"}


class Asked(Acting):
    """The list of requests and the one that is open; `widget` is what to show. `mark` opens an
    answer with its rubric; the marker's name is `panel`'s, so that it is typed once."""

    expected = (RequestError, MarkingLogError)

    def __init__(
        self,
        course: Course,
        workspace: Workspace,
        log: MarkingLog,
        panel: Panel,
        mark: Callable[[str, str, str], None],
    ) -> None:
        super().__init__()
        self.course, self.workspace, self.log = course, workspace, log
        self.panel, self.mark = panel, mark
        self.listed: tuple[Listed, ...] = ()
        self.here: Opened | None = None
        self._open_page(page("asked.js"))

    def show(self) -> None:
        """Read the requests again and draw them."""
        self.problem = ""
        try:
            self._load()
            if self.here is not None:
                self._open(self.here.listed.request.id)
        except (DeskError, *self.expected) as error:
            self.problem = str(error)
        self.widget.state = self._state()

    def _load(self) -> None:
        self.listed = requests.listed(self.workspace, self.log)

    def _open(self, identity: str) -> None:
        one = next((r for r in self.listed if r.request.id == identity), None)
        if one is None:
            raise DeskError("There is no such request. Press Refresh.")
        self.here = requests.opened(self.workspace, self.course, one)

    # ---- what the page shows ---------------------------------------------------------------------

    def _state(self) -> State:
        here = self.here
        told = {"ack": self.ack, "who": self.panel.who, "said": self.said, "problem": self.problem}
        return told | {
            "waiting": sum(one.request.waits for one in self.listed),
            "requests": [self._line(one) for one in self.listed],
            "here": self._drawn(here) if here is not None else None,
            "limit": regrade.MAX_TEXT,
        }

    def _line(self, one: Listed) -> State:
        request = one.request
        text = " ".join(readable(request.text).text.split())
        return {
            "id": request.id,
            "alias": one.alias,
            "title": self._title(request.assignment),
            "at": request.at,
            "waits": request.waits,
            "text": text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…",
        }

    def _title(self, assignment: str) -> str:
        try:
            return title_of(self.course, assignment)
        except (KeyError, OSError):
            return assignment

    def _drawn(self, here: Opened) -> State:
        request = here.listed.request
        return {
            "id": request.id,
            "alias": here.listed.alias,
            "title": here.title,
            "at": request.at,
            "text": readable(request.text).text,
            "about": request.question,
            "waits": request.waits,
            "changed": here.changed,
            "answers": [
                {"at": a.at, "who": a.who, "text": readable(a.text).text, "decision": a.decision}
                for a in request.answers
            ],
            "questions": [_question(q) for q in here.questions],
            "rubric": self._with_rubric(request.assignment),
        }

    def _with_rubric(self, assignment: str) -> list[str]:
        """The questions that people mark, which can be opened with their rubric."""
        return [q.cell for q in questions(self.course, self.workspace, assignment)]

    # ---- what the marker does --------------------------------------------------------------------

    def _do_who(self, content: Mapping[str, Any]) -> None:
        self.panel.act({"do": "who", "who": tidy_name(content.get("who", ""))})
        self.said = f"Answers are given by {self.panel.who}." if self.panel.who else ""

    def _do_list(self, _content: Mapping[str, Any]) -> None:
        self.here, self.said = None, ""
        self._load()

    def _do_open(self, content: Mapping[str, Any]) -> None:
        self._load()
        self._open(str(content.get("request")))
        self.said = ""

    def _do_previous(self, _content: Mapping[str, Any]) -> None:
        self._step(-1)

    def _do_next(self, _content: Mapping[str, Any]) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        names = [one.request.id for one in self.listed]
        place = names.index(self._now().listed.request.id) + by
        if not 0 <= place < len(names):
            self.said = "This is the last request." if by > 0 else "This is the first request."
            return
        self._open(names[place])
        self.said = ""

    def _do_onward(self, _content: Mapping[str, Any]) -> None:
        """To the request that has waited longest; not the one that is open."""
        self._load()
        open_now = self.here.listed.request.id if self.here is not None else ""
        waiting = [one.request.id for one in self.listed if one.request.waits]
        others = [name for name in waiting if name != open_now]
        if not others:
            self.said = "No other request waits."
            return
        self._open(others[0])
        self.said = ""

    def _do_mark(self, content: Mapping[str, Any]) -> None:
        here = self._now()
        cell = str(content.get("cell"))
        if cell not in self._with_rubric(here.listed.request.assignment):
            raise DeskError("A program marks this question: type its new points here.")
        self.mark(here.listed.request.assignment, cell, here.listed.alias)

    def _do_answer(self, content: Mapping[str, Any]) -> None:
        here = self._now()
        if content.get("request") != here.listed.request.id:
            raise DeskError("That answer came after its request had left the screen. Not sent.")
        said = Reply(
            text=str(content.get("text", "")),
            who=self.panel.who,
            cell=str(content.get("cell") or ""),
            points=_points(content.get("points")),
            seen_answers=number(content.get("seen")),
            seen_points=_points(content.get("now")),
            stays=content.get("stays") is not False,
        )
        decision = requests.reply(self.workspace, self.course, here.listed, said)
        self._load()
        self._open(here.listed.request.id)
        told = {"changed": "marks changed", "stays": "marks stay", "answered": "no decision"}
        self.said = f"Saved ✓ {here.listed.alias}: answered, {told[decision]}."

    def _now(self) -> Opened:
        if self.here is None:
            raise DeskError("Choose a request first.")
        return self.here


def _points(value: Any) -> float | None:
    """Points as the page sends them; None where they stay.

    Raises:
        DeskError: when it is no number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e6:
        raise DeskError("Points are a number, such as 1 or 2.5.")
    return float(value)


def _question(question: Question) -> State:
    return {
        "cell": question.cell,
        "number": question.number,
        "title": question.title,
        "answer": question.answer.text,
        "more": question.answer.more,
        "points": round(question.points, 4),
        "most": question.most,
        "then": None if question.then is None else round(question.then, 4),
        "by": _BY.get(question.by, question.by),
        "said": question.said,
        "comment": question.comment,
        "rationale": question.rationale,
    }
