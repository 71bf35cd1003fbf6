"""One marker at one question: the answers in reading order, their marks, and undo.

Names stay out: an answer has a short name that says nothing about who wrote it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from crossings.curriculum.model import Course
from crossings.grading import gradebook, trainees
from crossings.grading.durable import NotSavedError
from crossings.grading.gradebook import Marked
from crossings.grading.ledger import LedgerError
from crossings.grading.ledger.override import OverrideError
from crossings.grading.people import fold, handover
from crossings.grading.people.fold import Mark, Marks
from crossings.grading.people.log import Act, MarkingLog, Role
from crossings.grading.rubrics import Question
from crossings.grading.rubrics.given import Readable, answers_to, readable
from crossings.workspace import Workspace

Status = Literal["open", "started", "marked", "changed", "again", "elsewhere", "empty"]
"""elsewhere: in formgrader, by a person; empty: nothing was written, so that it earns 0 already;
changed: handed in anew since; again: marked by a program anew since."""
WAITING: tuple[Status, ...] = ("open", "started", "changed", "again")


class SessionError(Exception):
    """The mark cannot be given; the message says why."""


@dataclass(frozen=True)
class Answer:
    """One answer, without its writer's name. `group` counts from 0; `alike` is its group's size."""

    alias: str
    student: str
    text: Readable
    print_: str
    group: int = 0
    alike: int = 1


class Session:
    """The marks that `who` gives as first or second marker, or to settle differences."""

    def __init__(
        self,
        workspace: Workspace,
        course: Course,
        question: Question,
        log: MarkingLog,
        who: str = "",
        role: Role = "first",
    ) -> None:
        self.workspace, self.course, self.question = workspace, course, question
        self.log, self.who, self.role = log, who, role
        self.load()

    def load(self) -> None:
        """Read everything anew; what a killed process left behind is brought to its place."""
        for student in handover.behind(self.log, self.question):
            self._hand_over(student)
        with gradebook.opened(self.workspace) as book:
            found = gradebook.marks(book, self.question.assignment)
        self.book: dict[str, Marked] = {
            student: mark
            for student, marks in found.items()
            for mark in marks
            if mark.cell == self.question.cell
        }
        self.acts = self.log.acts(self.question.assignment, self.question.cell)
        self.marks = fold.marks(self.acts)
        self.answers = self._answers()
        self.by_alias = {answer.alias: answer for answer in self.answers}

    def _answers(self) -> tuple[Answer, ...]:
        """Like answers follow each other; else the order has nothing to do with names."""
        from crossings.grading.people import likeness  # SciPy: not for the learner site

        students = sorted(self.book, key=self._alias)
        raw = answers_to(self.course, self.workspace, self.question, students)
        texts = [raw[student] for student in students]
        made: list[Answer] = []
        for number, group in enumerate(likeness.groups(texts, self.question.given)):
            for place in group:
                student = students[place]
                text = readable(texts[place])
                mine = Answer(
                    self._alias(student), student, text, _print(texts[place]), number, len(group)
                )
                made.append(mine)
        return tuple(made)

    def _alias(self, student: str) -> str:
        if not hasattr(self, "_secret"):
            self._secret = self.log.secret()
        return alias(self._secret, self.question.assignment, student)

    @property
    def queue(self) -> tuple[Answer, ...]:
        """The answers that this marker reads, in reading order."""
        if self.role == "settled":
            return tuple(a for a in self.answers if self.differs(a.student))
        written = tuple(a for a in self.answers if self.status_of(a.student) != "empty")
        if self.role == "second":
            sample = fold.sampled(self.acts)
            return tuple(a for a in written if not sample or a.student in sample)
        return written

    @property
    def waiting(self) -> tuple[Answer, ...]:
        return tuple(a for a in self.queue if self.status(a) in WAITING)

    def of(self, answer: Answer) -> Mark:
        """This marker's mark of the answer, as far as it has come."""
        mine = self.marks.get(answer.student, Marks()).by(self.role)
        return mine or Mark()

    def status(self, answer: Answer) -> Status:
        if self.role == "first":
            return self.status_of(answer.student, answer.print_)
        mine = self.marks.get(answer.student, Marks()).by(self.role)
        if mine is None:
            return "open"
        if mine.points(self.question) is None:
            return "started"
        return "marked" if mine.answer == answer.print_ else "changed"

    def status_of(self, student: str, print_: str | None = None) -> Status:
        """How the mark that counts stands."""
        booked = self.book[student]
        counts = self.marks.get(student, Marks()).counts
        points = counts.points(self.question) if counts else None
        if counts is None or points is None:
            if booked.by_person and not booked.needs_person:
                return "elsewhere"
            if not booked.needs_person:
                return "empty"
            return "open" if counts is None or not counts.levels else "started"
        if print_ is not None and counts.answer != print_:
            return "changed"
        if booked.needs_person:
            return "again"
        return "marked" if abs(booked.points - points) < 1e-6 else "elsewhere"

    def differs(self, student: str) -> bool:
        """Whether two markers gave this answer different levels."""
        held = self.marks.get(student, Marks())
        if held.first is None or held.second is None:
            return False
        whole = (held.first.points(self.question), held.second.points(self.question))
        return None not in whole and held.first.fits(self.question) != held.second.fits(
            self.question
        )

    def set_level(self, alias: str, criterion: str, place: int) -> None:
        """Give a level. It is in the log, and a whole mark is in ledger and gradebook, when this
        returns.

        Raises:
            SessionError: when it cannot be given, or was not saved.
        """
        answer = self._answer(alias)
        scale = next(c for c in self.question.criteria if c.id == criterion)
        if not 0 <= place < len(scale.levels):
            raise SessionError(f"There is no level {place + 1} here.")
        now = self.of(answer)
        fresh = {**now.levels, criterion: scale.levels[place].points}
        if fresh == now.levels and self.status(answer) not in ("changed", "again"):
            return
        self._save(answer, fresh, now.comment)

    def set_comment(self, alias: str, text: str) -> None:
        """Keep the comment. Raises as `set_level` does."""
        answer = self._answer(alias)
        plain = readable(text).text
        if plain == self.comment(answer):
            return
        self._save(answer, dict(self.of(answer).levels), plain)

    def comment(self, answer: Answer) -> str:
        """The comment as it stands; the first marker also sees what formgrader holds."""
        mine = self.of(answer).comment
        if mine is not None:
            return mine
        return self.book[answer.student].comment if self.role == "first" else ""

    def _answer(self, alias: str) -> Answer:
        answer = self.by_alias.get(alias)
        if answer is None:
            raise SessionError("This answer is not in the list any more. Press Refresh.")
        if not self.who.strip():
            raise SessionError("Type your name first: each mark says who gave it.")
        held = self.marks.get(answer.student, Marks())
        if self.role == "first" and held.settled is not None:
            raise SessionError("The markers settled this answer. Change it under “Differences”.")
        other = held.second if self.role == "first" else held.first
        if self.role != "settled" and other is not None and _same(other.who, self.who):
            raise SessionError("You marked this answer already. A second marker is another person.")
        return answer

    def _save(self, answer: Answer, levels: dict[str, float], comment: str | None) -> None:
        body = {
            "student": answer.student,
            "role": self.role,
            "levels": levels,
            "comment": comment,
            "answer": answer.print_,
            "rubric": self.question.version,
        }
        question = self.question
        self._keep(Act("mark", question.assignment, question.cell, self.who, body))
        self._hand_over(answer.student)

    def _keep(self, act: Act) -> None:
        self.log.append(act)
        self.acts = self.log.acts(act.assignment, act.cell)
        self.marks = fold.marks(self.acts)

    def _hand_over(self, student: str) -> None:
        try:
            made = handover.hand_over(self.workspace, self.log, self.question, student)
        except (OverrideError, LedgerError, NotSavedError) as error:
            raise SessionError(
                f"Kept here, and not yet in the gradebook: {error} It is tried again when this "
                "page is opened."
            ) from error
        if made is not None and made.state is not None and hasattr(self, "book"):
            # What the gradebook has now, without reading it all again.
            marks = gradebook.marked_in(made.state, made.tests, made.assignment)
            self.book[student] = next(m for m in marks if m.cell == self.question.cell)

    def undo(self) -> str | None:
        """Take back this marker's newest act that still counts; the answer it was about."""
        last = fold.last_of(self.acts, self.who, self.role)
        if last is None:
            return None
        question, student = self.question, str(last.body["student"])
        self._keep(Act("undo", question.assignment, question.cell, self.who, {"of": last.seq}))
        self._hand_over(student)
        return next((a.alias for a in self.answers if a.student == student), None)

    @property
    def can_undo(self) -> bool:
        return fold.last_of(self.acts, self.who, self.role) is not None

    def draw_sample(self, students: list[str], seed: int) -> None:
        """Note whom a second marker should read; an empty list asks for everybody."""
        question = self.question
        body = {"students": students, "seed": seed}
        self._keep(Act("sample", question.assignment, question.cell, self.who, body))

    def judge(self, students: tuple[str, str], verdict: str) -> None:
        """Note what a person made of two answers that share passages; costs nobody a point."""
        question = self.question
        body = {"students": list(students), "verdict": verdict}
        self._keep(Act("judged", question.assignment, question.cell, self.who, body))


def alias(secret: str, assignment: str, student: str) -> str:
    """Four letters, the same for a student in all questions of the assignment."""
    said = f"{secret}/{assignment}/{student}".encode()
    number = int.from_bytes(hashlib.sha256(said).digest()[:8], "big")
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(trainees.LETTERS))
        letters += trainees.LETTERS[rest]
    return letters


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _print(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
