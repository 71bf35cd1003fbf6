"""What trainees ask about their marks, and what trainers answer: a thread in the ledger."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from crossings.grading.answers import clean_text
from crossings.grading.ledger.entry import Draft, Entry
from crossings.grading.ledger.store import Ledger
from crossings.workspace import Workspace

MAX_TEXT = 2_000
MAX_WAITING = 5
"""Requests of one trainee that may wait for an answer at one time, in one assignment."""
MAX_A_DAY = 20
"""Requests of one trainee in 24 hours."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
Decision = Literal["changed", "stays", "answered"]
DECISIONS: tuple[Decision, ...] = ("changed", "stays", "answered")


class RegradeError(Exception):
    """The request or answer cannot be taken; the message says why. `status` is for HTTP."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Answer:
    at: str
    who: str
    text: str
    decision: str


@dataclass(frozen=True)
class Request:
    """One request, with what was answered so far. `question` is "" for the whole assignment."""

    id: str
    at: str
    assignment: str
    student: str
    question: str
    text: str
    answers: tuple[Answer, ...] = field(default=())

    @property
    def waits(self) -> bool:
        return not self.answers

    def plain(self) -> dict[str, Any]:
        """For the trainee's page."""
        said = [{"at": a.at, "text": a.text, "decision": a.decision} for a in self.answers]
        return {
            "id": self.id,
            "at": self.at,
            "question": self.question,
            "text": self.text,
            "answers": said,
        }


def ask(
    workspace: Workspace, assignment: str, student: str, question: str, text: str, key: str
) -> Request:
    """A trainee asks to look at a mark again. On the disk when this returns.

    `key` is the sender's own random name for the request: the same again is the same request.

    Raises:
        RegradeError: when there is nothing to ask about, or too much was asked already.
        durable.NotSavedError: when the disk refuses.
    """
    words = tidy(text)
    if not _KEY.fullmatch(key):
        raise RegradeError("The request has an unusable key. Reload the page and try again.")
    if not words:
        raise RegradeError("Write what should be looked at again, and why.")
    if len(words) > MAX_TEXT:
        raise RegradeError(f"Your text is over {MAX_TEXT} characters. Shorten it.")
    act = hashlib.sha256(f"{student} {assignment} {key}".encode()).hexdigest()
    with Ledger(workspace) as ledger:
        sent = ledger.by_key(f"regrade/{act}")
        if sent is not None:
            return _request(sent)
        _check(ledger, assignment, student, question)
        told = {"id": act[:10], "question": question, "text": words}
        draft = Draft("regrade-request", assignment, student, who=student, why=words, data=told)
        return _request(ledger.append(draft, f"regrade/{act}"))


def _check(ledger: Ledger, assignment: str, student: str, question: str) -> None:
    marked = ledger.latest_of(assignment, student)
    if marked is None:
        raise RegradeError("This has not been marked yet.", 404)
    if question and question not in {test.grade_id for test in marked.tests}:
        raise RegradeError("There is no such question. Reload the page.", 404)
    mine = list(_folded(ledger, student=student).values())
    if sum(r.waits for r in mine if r.assignment == assignment) >= MAX_WAITING:
        raise RegradeError(
            f"{MAX_WAITING} of your requests wait for an answer. Wait for it, or talk to your "
            "trainer.",
            429,
        )
    day = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    if sum(r.at > day for r in mine) >= MAX_A_DAY:
        raise RegradeError("You asked very often today. Talk to your trainer.", 429)


def answer(
    workspace: Workspace,
    request: str,
    *,
    who: str,
    text: str,
    decision: Decision = "answered",
    key: str | None = None,
) -> Request:
    """A trainer answers. Points are changed by `override.give`; `decision` says what was decided.

    Raises:
        RegradeError: when there is no such request, or nothing is said.
    """
    words = tidy(text)
    if not words or not who.strip():
        raise RegradeError("Say who answers, and what.")
    if len(words) > MAX_TEXT:
        raise RegradeError(f"The answer is over {MAX_TEXT} characters. Shorten it.")
    if decision not in DECISIONS:
        raise RegradeError(f"A decision is one of: {', '.join(DECISIONS)}.")
    with Ledger(workspace) as ledger:
        found = _folded(ledger).get(request)
        if found is None:
            raise RegradeError(f"There is no request `{request}`.", 404)
        told = {"request": request, "text": words, "decision": decision}
        draft = Draft(
            "regrade-answer", found.assignment, found.student, who=who, why=words, data=told
        )
        ledger.append(draft, f"answer/{request}/{key}" if key else None)
        return _folded(ledger, student=found.student)[request]


def of_student(workspace: Workspace, student: str) -> dict[str, list[Request]]:
    """A trainee's requests by assignment, in order."""
    found: dict[str, list[Request]] = {}
    with Ledger(workspace) as ledger:
        for request in _folded(ledger, student=student).values():
            found.setdefault(request.assignment, []).append(request)
    return found


def all_of(workspace: Workspace, assignment: str | None = None) -> list[Request]:
    """Every request, or those about one assignment, in order."""
    with Ledger(workspace) as ledger:
        return list(_folded(ledger, assignment=assignment).values())


def tidy(text: str) -> str:
    """Plain text as people wrote it: no control characters but line ends."""
    lines = re.split(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", clean_text(text))
    plain = ("".join(c for c in line if c.isprintable() or c == "\t").rstrip() for line in lines)
    return "\n".join(plain).strip()


def _folded(
    ledger: Ledger, *, student: str | None = None, assignment: str | None = None
) -> dict[str, Request]:
    found: dict[str, Request] = {}
    for entry in ledger.entries(kind="regrade-request", student=student, assignment=assignment):
        request = _request(entry)
        found[request.id] = request
    for entry in ledger.entries(kind="regrade-answer", student=student, assignment=assignment):
        before = found.get(entry.data["request"])
        if before is not None:
            found[before.id] = replace(before, answers=(*before.answers, _answer(entry)))
    return found


def _request(entry: Entry) -> Request:
    data: Mapping[str, Any] = entry.data
    return Request(
        data["id"], entry.at, entry.assignment, entry.student, data["question"], data["text"]
    )


def _answer(entry: Entry) -> Answer:
    return Answer(entry.at, entry.who, entry.data["text"], entry.data["decision"])
