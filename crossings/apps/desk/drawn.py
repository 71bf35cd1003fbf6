"""What the page of the marking desk shows, as plain data. The page puts all of it in as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossings.curriculum.model import Course
from crossings.curriculum.rubrics import rubric_of
from crossings.grading import gradebook, mark, release
from crossings.grading.gradebook import Marked
from crossings.grading.people import comments, fold
from crossings.grading.people.log import MarkingLog
from crossings.grading.people.session import Answer, Session
from crossings.grading.rubrics import Question, questions
from crossings.workspace import Workspace

State = dict[str, Any]
_LABELS = {"first": "First marker", "second": "Second marker"}


def queue(course: Course, workspace: Workspace, log: MarkingLog) -> list[State]:
    """Every assignment with the questions that a person marks, and how far marking is."""
    names = release.assignments(course)
    marked: dict[str, dict[str, list[Marked]]] = {}
    known = [name for name in names if gradebook.knows(workspace, name)]
    if known:
        with gradebook.opened(workspace) as book:
            marked = {name: gradebook.marks(book, name) for name in known}
    shown = [_assignment(course, workspace, name, marked.get(name, {}), log) for name in names]
    return [one for one in shown if one is not None]


def _assignment(
    course: Course,
    workspace: Workspace,
    name: str,
    marked: Mapping[str, list[Marked]],
    log: MarkingLog,
) -> State | None:
    found = questions(course, workspace, name)
    if not found:
        return None
    return {
        "name": name,
        "title": mark.title_of(course, name),
        "kind": "notebook" if name in course.exercises else "worksheet",
        "none": "" if marked else "Nothing is collected yet: see the overview.",
        "questions": [_queued(course, question, marked, log) for question in found]
        if marked
        else [],
    }


def _queued(
    course: Course, question: Question, marked: Mapping[str, list[Marked]], log: MarkingLog
) -> State:
    held = [m for marks in marked.values() for m in marks if m.cell == question.cell]
    waiting = sum(m.needs_person for m in held)
    blank = sum(not m.needs_person and not m.by_person for m in held)
    return {
        "cell": question.cell,
        "title": question.title,
        "stem": question.stem,
        "of": len(held) - blank,
        "done": len(held) - blank - waiting,
        "blank": blank,
        "levelled": _has_levels(course, question),
    }


def _has_levels(course: Course, question: Question) -> bool:
    return any(level.example for c in question.criteria for level in c.levels) or (
        rubric_of(course, f"{question.assignment}/{question.cell}") is not None
    )


def page(session: Session, course: Course, here: Answer | None, at: int) -> State:
    """One answer with its rubric, for the marker of `session`; `at` is the criterion in hand."""
    question, queue_ = session.question, session.queue
    if here is not None and here not in queue_:
        queue_ = (here, *queue_)
    own = session.of(here) if here else fold.Mark()
    return {
        "screen": "mark",
        "title": mark.title_of(course, question.assignment),
        "question": _question(question),
        "answer": _answer(session, here, queue_) if here else None,
        "levels": own.fits(question),
        "total": own.points(question),
        "at": at,
        "comment": session.comment(here) if here else "",
        "others": _others(session, here),
        "queue": [{"alias": a.alias, "status": session.status(a)} for a in queue_],
        "of": len(queue_),
        "done": len(queue_) - len(session.waiting),
        "undo": session.can_undo,
        **_bank(session),
    }


def _bank(session: Session) -> State:
    question = session.question
    try:
        texts = comments.read(
            comments.file_of(session.workspace, question.assignment, question.cell)
        )
    except comments.CommentsError as error:
        return {"bank": [], "bankProblem": str(error)}
    bank = [{"key": key, "text": text} for key, text in zip(comments.KEYS, texts, strict=False)]
    return {"bank": bank, "bankProblem": ""}


def _question(question: Question) -> State:
    return {
        "title": question.title,
        "stem": question.stem,
        "model": question.model_answer,
        "notes": question.notes,
        "points": question.points,
        "criteria": [
            {
                "id": c.id,
                "text": c.text,
                "points": c.points,
                "levels": [
                    {"points": level.points, "text": level.text, "example": level.example or ""}
                    for level in c.levels
                ],
            }
            for c in question.criteria
        ],
    }


def _answer(session: Session, here: Answer, queue_: tuple[Answer, ...]) -> State:
    group = [a for a in queue_ if a.group == here.group]
    return {
        "alias": here.alias,
        "text": here.text.text,
        "more": here.text.more,
        "place": queue_.index(here) + 1,
        "of": len(queue_),
        "alike": len(group),
        "nth": group.index(here) + 1,
        "status": session.status(here),
        "note": _note(session, here),
    }


def _note(session: Session, here: Answer) -> str:
    booked, status = session.book[here.student], session.status(here)
    if session.role != "first":
        return ""
    if status == "elsewhere":
        return (
            f"In the gradebook this answer has {booked.points:g} points, given by a person "
            "elsewhere: in formgrader, or in answer to a request. A mark here takes their place."
        )
    if status == "changed":
        return "The trainee handed in another text after this was marked."
    if status == "again":
        return "A program marked this submission anew. Press the level again if it still holds."
    held = session.marks.get(here.student)
    if held is not None and held.settled is not None:
        return "First and second marker settled this answer."
    return ""


def _others(session: Session, here: Answer | None) -> list[State]:
    """The marks to choose between; only for who settles them."""
    held = session.marks.get(here.student) if here else None
    if session.role != "settled" or held is None:
        return []
    both = [(_LABELS["first"], held.first), (_LABELS["second"], held.second)]
    return [
        {"label": f"{label} ({m.who})", "levels": m.fits(session.question)}
        for label, m in both
        if m is not None
    ]
