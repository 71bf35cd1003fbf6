"""What trainees asked about their marks, as a marker reads and answers it. Names stay out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from crossings.curriculum.model import Course
from crossings.grading import feedback, notebooks
from crossings.grading.durable import NotSavedError
from crossings.grading.ledger import Entry, Ledger, LedgerError, override, regrade
from crossings.grading.ledger.regrade import Decision, Request
from crossings.grading.people.log import MarkingLog
from crossings.grading.people.session import alias
from crossings.grading.rubrics.given import Readable, readable
from crossings.workspace import Workspace


class RequestError(Exception):
    """The request cannot be read or answered; the message says why."""


@dataclass(frozen=True)
class Listed:
    """A request in the list, without its writer's name."""

    request: Request
    alias: str


@dataclass(frozen=True)
class Question:
    """One question of the submission: what was answered, what it earns now, and what it earned
    when the trainee asked (None where that is not known). `by` is auto, person or nobody."""

    cell: str
    number: int
    title: str
    answer: Readable
    points: float
    most: float
    by: str
    then: float | None
    said: str = ""
    comment: str = ""
    rationale: str = ""


@dataclass(frozen=True)
class Opened:
    """A request with all that is needed to answer it."""

    listed: Listed
    title: str
    questions: tuple[Question, ...]

    @property
    def changed(self) -> bool:
        """Whether points of what was asked about are not as they were when it was asked."""
        about = self.listed.request.question
        asked = [q for q in self.questions if not about or q.cell == about]
        return any(q.then is not None and abs(q.then - q.points) > 1e-6 for q in asked)

    def question(self, cell: str) -> Question:
        found = next((q for q in self.questions if q.cell == cell), None)
        if found is None:
            raise RequestError("This question is not in the assignment any more.")
        return found


def listed(workspace: Workspace, log: MarkingLog) -> tuple[Listed, ...]:
    """Every request: those that wait, oldest first, then the answered ones, newest first."""
    try:
        found = regrade.all_of(workspace)
    except LedgerError as error:
        raise RequestError(str(error)) from error
    if not found:
        return ()
    secret = log.secret()
    made = [Listed(r, alias(secret, r.assignment, r.student)) for r in found]
    waiting = sorted((one for one in made if one.request.waits), key=lambda one: one.request.at)
    answered = [one for one in made if not one.request.waits]
    answered.sort(key=lambda one: one.request.answers[-1].at, reverse=True)
    return (*waiting, *answered)


def opened(workspace: Workspace, course: Course, one: Listed) -> Opened:
    """The request with the questions of the submission as they stand.

    Raises:
        RequestError: when the assignment is not in the course any more.
    """
    request = one.request
    try:
        entry = feedback.as_it_stands(workspace, course, request.assignment, request.student)
        with Ledger(workspace) as ledger:
            entries = list(ledger.entries(assignment=request.assignment, student=request.student))
    except KeyError:
        raise RequestError(
            f"The assignment `{request.assignment}` is not in the course any more."
        ) from None
    except (LedgerError, NotSavedError) as error:
        raise RequestError(str(error)) from error
    marked = [e for e in entries if e.kind in ("mark", "override")]
    then = _tests([e for e in marked if e.at <= request.at])
    now = {t.grade_id: t.by for t in marked[-1].tests} if marked else {}
    code = {} if entry["kind"] == "worksheet" else _code(workspace, request)
    found = tuple(
        Question(
            cell=q["cell"],
            number=number,
            title=q["title"],
            answer=readable(q["answer"] or code.get(q["cell"], "")),
            points=q["points"],
            most=q["max_points"],
            by=now.get(q["cell"], "auto"),
            then=then.get(q["cell"]),
            said=readable(q["message"]).text,
            comment=q["comment"],
            rationale=q["rationale"],
        )
        for number, q in enumerate(entry["questions"], 1)
    )
    return Opened(one, entry["title"], found)


def _tests(entries: list[Entry]) -> Mapping[str, float]:
    return {t.grade_id: t.points for t in entries[-1].tests} if entries else {}


def _code(workspace: Workspace, request: Request) -> dict[str, str]:
    """For each test of a notebook, the trainee's code before it."""
    place = notebooks.autograded_file(workspace, request.assignment, request.student)
    found: dict[str, str] = {}
    last = ""
    for cell in notebooks.cells(place):
        meta = cell["metadata"].get("nbgrader") or {}
        if meta.get("solution") and not meta.get("grade"):
            last = str(cell["source"])
        elif meta.get("grade") and not meta.get("solution"):
            found[str(meta.get("grade_id"))] = last
    return found


@dataclass(frozen=True)
class Reply:
    """What a marker answers. `points` is None where they stay; `seen` is what the marker saw: how
    many answers there were, and the points of the question."""

    text: str
    who: str
    cell: str = ""
    points: float | None = None
    seen_answers: int = 0
    seen_points: float | None = None
    stays: bool = True
    """Where no points change: whether that is the decision, or only something is said."""

    def key(self, request: str) -> str:
        """The same reply to the same state of the thread is the same act, sent often or once."""
        parts = (request, self.seen_answers, self.cell, self.points, self.stays, self.text)
        return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def reply(workspace: Workspace, course: Course, one: Listed, said: Reply) -> Decision:
    """Answer, and change the mark where points are given. In the ledger when this returns, and on
    the trainee's page.

    Raises:
        RequestError: when it cannot be taken, or was not saved.
    """
    request = one.request
    _check(said)
    key = said.key(request.id)
    try:
        with Ledger(workspace) as ledger:
            before = ledger.by_key(f"answer/{request.id}/{key}")
        decision = before.data["decision"] if before else _new(workspace, course, one, said, key)
        feedback.publish(request.assignment, workspace, course, only=[request.student])
    except (LedgerError, NotSavedError, override.OverrideError, regrade.RegradeError) as error:
        raise RequestError(str(error)) from error
    made: Decision = decision
    return made


def _check(said: Reply) -> None:
    if not said.who.strip():
        raise RequestError("Type your name first: each answer says who gave it.")
    if not regrade.tidy(said.text):
        raise RequestError("Write what the trainee should read.")
    if len(regrade.tidy(said.text)) > regrade.MAX_TEXT:
        raise RequestError(f"The answer is over {regrade.MAX_TEXT} characters. Shorten it.")


def _new(workspace: Workspace, course: Course, one: Listed, said: Reply, key: str) -> Decision:
    request = one.request
    fresh = next((r for r in regrade.all_of(workspace) if r.id == request.id), request)
    if len(fresh.answers) != said.seen_answers:
        raise RequestError("Somebody answered meanwhile. Read it, then send yours again.")
    now = opened(workspace, course, Listed(fresh, one.alias))
    if said.points is not None:
        _give(workspace, now.question(said.cell), one, said, key)
        now = opened(workspace, course, Listed(fresh, one.alias))
    decision: Decision = "changed" if now.changed or said.points is not None else "stays"
    if decision == "stays" and not said.stays:
        decision = "answered"
    regrade.answer(workspace, request.id, who=said.who, text=said.text, decision=decision, key=key)
    return decision


def _give(workspace: Workspace, question: Question, one: Listed, said: Reply, key: str) -> None:
    act = f"regrade/{one.request.id}/{key}"
    with Ledger(workspace) as ledger:
        given_before = ledger.by_key(act) is not None
    seen = said.seen_points
    if not given_before and seen is not None and abs(seen - question.points) > 1e-6:
        raise RequestError(
            f"The mark was changed meanwhile: it is {question.points:g} now. Look again."
        )
    override.give(
        workspace,
        one.request.assignment,
        one.request.student,
        question.cell,
        points=said.points,
        extra=0.0,  # what the marker typed is the whole
        who=said.who,
        why=f"regrade request {one.request.id}: {regrade.tidy(said.text)}",
        key=act,
    )
