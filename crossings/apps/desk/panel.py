"""The page on which answers are marked: what the marker does arrives here, act by act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from crossings.apps.desk import drawn
from crossings.apps.desk.acting import Acting, number, page, tidy_name
from crossings.curriculum.model import Course
from crossings.grading.people import comments
from crossings.grading.people.log import MarkingLog, MarkingLogError, Role
from crossings.grading.people.session import Answer, Session, SessionError
from crossings.grading.rubrics import questions
from crossings.workspace import Workspace

_STALE = "That key came before its answer was on the screen. It was not taken."


class Panel(Acting):
    """The queue and the marking of one question; `widget` is what to show."""

    expected = (SessionError, MarkingLogError, comments.CommentsError)

    def __init__(self, course: Course, workspace: Workspace, log: MarkingLog) -> None:
        super().__init__()
        self.course, self.workspace, self.log = course, workspace, log
        self.who, self.role = "", "first"
        self.session: Session | None = None
        self.here: Answer | None = None
        self.at = self.stamp = 0
        self._open_page(page("panel.js"))

    def show(self) -> None:
        """Read the state again and draw it."""
        if self.session is not None:
            self._open(self.session.question.assignment, self.session.question.cell)
        self.widget.state = self._state()

    def _state(self) -> dict[str, Any]:
        told = {"ack": self.ack, "who": self.who, "role": self.role, "stamp": self.stamp}
        told |= {"said": self.said, "problem": self.problem}
        if self.session is None:
            queue = drawn.queue(self.course, self.workspace, self.log)
            return told | {"screen": "queue", "assignments": queue, "answer": None}
        return told | drawn.page(self.session, self.course, self.here, self.at)

    # ---- where the marker is ---------------------------------------------------------------------

    def _do_who(self, content: Mapping[str, Any]) -> None:
        self.who = tidy_name(content.get("who", ""))
        if self.session is not None:
            self.session.who = self.who
        self.said = f"Marks are given by {self.who}." if self.who else ""

    def _do_role(self, content: Mapping[str, Any]) -> None:
        role = str(content.get("role"))
        if role not in get_args(Role):
            raise SessionError("There is no such marker.")
        self.role = role
        self.said = {
            "first": "You mark as first marker.",
            "second": "You mark as second marker. What the first one gave is hidden.",
            "settled": "You settle what the two markers saw differently.",
        }[role]
        if self.session is not None:
            self._open(self.session.question.assignment, self.session.question.cell)

    def _do_queue(self, _content: Mapping[str, Any]) -> None:
        self.session, self.here, self.said = None, None, ""

    def _do_open(self, content: Mapping[str, Any]) -> None:
        self.said = ""
        self._open(str(content.get("assignment")), str(content.get("cell")))

    def _open(self, assignment: str, cell: str) -> None:
        found = {q.cell: q for q in questions(self.course, self.workspace, assignment)}
        if cell not in found:
            raise SessionError("This question is not in the course any more.")
        kept = self.here.alias if self.here is not None else ""
        role: Role = self.role  # type: ignore[assignment]
        self.session = Session(self.workspace, self.course, found[cell], self.log, self.who, role)
        kept_answer = self.session.by_alias.get(kept)
        waiting, queue = self.session.waiting, self.session.queue
        if kept_answer in queue:
            self._go(kept_answer)
        else:
            self._go(waiting[0] if waiting else queue[0] if queue else None)

    def _go(self, answer: Answer | None) -> None:
        self.here, self.stamp = answer, self.stamp + 1
        self.at = self._first_open()

    def _first_open(self) -> int:
        """The first criterion without a level; the first one where all have theirs."""
        if self.session is None or self.here is None:
            return 0
        placed = self.session.of(self.here).fits(self.session.question)
        criteria = self.session.question.criteria
        return next((n for n, c in enumerate(criteria) if c.id not in placed), 0)

    def _now(self) -> tuple[Session, Answer]:
        if self.session is None or self.here is None:
            raise SessionError("Choose a question first.")
        return self.session, self.here

    def _fresh(self, content: Mapping[str, Any]) -> tuple[Session, Answer]:
        """The session and the answer, which must be the one that the marker saw."""
        session, here = self._now()
        if content.get("answer", here.alias) != here.alias:
            raise SessionError(_STALE)
        return session, here

    def _step(self, by: int) -> None:
        session, here = self._now()
        queue = session.queue
        place = queue.index(here) + by if here in queue else 0
        if not 0 <= place < len(queue):
            self.said = "This is the last answer." if by > 0 else "This is the first answer."
            return
        self._go(queue[place])
        self.said = ""

    def _do_next(self, _content: Mapping[str, Any]) -> None:
        self._step(1)

    def _do_previous(self, _content: Mapping[str, Any]) -> None:
        self._step(-1)

    def _do_go(self, content: Mapping[str, Any]) -> None:
        session, _ = self._now()
        wanted = session.by_alias.get(str(content.get("to")))
        if wanted is not None:
            self._go(wanted)
        self.said = ""

    def _do_onward(self, content: Mapping[str, Any]) -> None:
        """To the next answer that waits, after this one or from the beginning."""
        session, here = self._fresh(content)
        waiting, queue = session.waiting, session.queue
        if not waiting:
            self.said = "All answers are marked."
            return
        place = queue.index(here) if here in queue else -1
        after = [a for a in waiting if queue.index(a) > place]
        self._go((after or list(waiting))[0])
        self.said = ""

    def _do_up(self, _content: Mapping[str, Any]) -> None:
        self.at = max(0, self.at - 1)

    def _do_down(self, _content: Mapping[str, Any]) -> None:
        session, _ = self._now()
        self.at = min(len(session.question.criteria) - 1, self.at + 1)

    # ---- what the marker decides -----------------------------------------------------------------

    def _do_level(self, content: Mapping[str, Any]) -> None:
        session, here = self._fresh(content)
        criteria = session.question.criteria
        at = number(content.get("criterion", self.at))
        if not 0 <= at < len(criteria):
            raise SessionError("This page is older than the desk. Reload it.")
        session.set_level(here.alias, criteria[at].id, number(content.get("level")))
        self.at = min(at + 1, len(criteria) - 1)
        self.said = self._saved(session, here)

    def _saved(self, session: Session, here: Answer) -> str:
        mark = session.of(here)
        points = mark.points(session.question)
        if points is None:
            done, of = len(mark.fits(session.question)), len(session.question.criteria)
            return f"Saved ✓ {here.alias}: {done} of {of} criteria."
        return f"Saved ✓ {here.alias}: {points:g} of {session.question.points:g} points."

    def _do_comment(self, content: Mapping[str, Any]) -> None:
        session, here = self._now()
        alias = str(content.get("answer", here.alias))
        session.set_comment(alias, str(content.get("text", "")))
        self.said = f"Saved ✓ {alias}: comment."

    def _do_bank(self, content: Mapping[str, Any]) -> None:
        session, here = self._fresh(content)
        bank = {
            one["key"]: one["text"] for one in drawn.page(session, self.course, here, 0)["bank"]
        }
        text = bank.get(str(content.get("key")))
        if text is None:
            raise SessionError("There is no such comment in the bank.")
        now = session.comment(here)
        if text not in now:
            session.set_comment(here.alias, f"{now}\n{text}".strip())
            self.stamp += 1
        self.said = f"Saved ✓ {here.alias}: comment."

    def _do_keep(self, content: Mapping[str, Any]) -> None:
        session, _ = self._fresh(content)
        question = session.question
        kept = comments.add(
            self.workspace,
            self.log,
            question.assignment,
            question.cell,
            str(content.get("text", "")),
        )
        self.said = f"Kept ✓ Key {comments.KEYS[len(kept) - 1]} puts it in."

    def _do_undo(self, _content: Mapping[str, Any]) -> None:
        session, _ = self._now()
        alias = session.undo()
        if alias is None:
            self.said = "There is nothing to take back."
            return
        self._go(session.by_alias[alias])
        self.said = f"Taken back ✓ {alias}."
