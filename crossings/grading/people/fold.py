"""The marks that the acts of the markers come to. Pure: no files, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crossings.grading.people.log import ROLES, Act, Role
from crossings.grading.rubrics import Question


@dataclass(frozen=True)
class Mark:
    """What one marker thinks of one answer: points by criterion, and a comment.

    `comment` is None where nobody touched it; `answer` is the hash of the text that was marked.
    """

    levels: Mapping[str, float] = field(default_factory=dict)
    comment: str | None = None
    who: str = ""
    answer: str = ""
    seq: int = 0

    def fits(self, question: Question) -> dict[str, int]:
        """The levels as places in the question's criteria. Points that the rubric no longer has
        are left out: they have to be given anew."""
        found = {c.id: c.level_at(self.levels.get(c.id)) for c in question.criteria}
        return {name: place for name, place in found.items() if place is not None}

    def points(self, question: Question) -> float | None:
        """The points of a whole mark; None while a criterion is open."""
        placed = self.fits(question)
        if len(placed) < len(question.criteria):
            return None
        return round(sum(self.levels[c.id] for c in question.criteria), 4)


@dataclass(frozen=True)
class Marks:
    """The marks of one answer by role."""

    first: Mark | None = None
    second: Mark | None = None
    settled: Mark | None = None

    def by(self, role: Role) -> Mark | None:
        found: Mark | None = getattr(self, role)
        return found

    @property
    def counts(self) -> Mark | None:
        """The mark that the trainee gets: what was settled, else the first marker's."""
        return self.settled or self.first


def alive(acts: Iterable[Act]) -> list[Act]:
    """The acts that still count: without those undone, and without the undoing."""
    held = list(acts)
    gone = {act.body.get("of") for act in held if act.kind == "undo"}
    return [act for act in held if act.kind != "undo" and act.seq not in gone]


def marks(acts: Iterable[Act]) -> dict[str, Marks]:
    """The marks of a question, by student, out of all acts about it."""
    found: dict[str, dict[str, Mark]] = {}
    for act in alive(acts):
        if act.kind != "mark" or act.body.get("role") not in ROLES:
            continue
        body = act.body
        mark = Mark(
            dict(body.get("levels", {})),
            body.get("comment"),
            act.who,
            str(body.get("answer", "")),
            act.seq,
        )
        found.setdefault(str(body["student"]), {})[str(body["role"])] = mark
    return {student: Marks(**by_role) for student, by_role in found.items()}


def last_of(acts: Iterable[Act], who: str, role: Role) -> Act | None:
    """What this marker can take back next: the newest act of theirs that still counts."""
    mine = [
        act
        for act in alive(acts)
        if act.kind == "mark" and act.who == who and act.body.get("role") == role
    ]
    return mine[-1] if mine else None


def sampled(acts: Iterable[Act]) -> list[str]:
    """The students of the newest sample; empty where none was drawn."""
    drawn = [act for act in alive(acts) if act.kind == "sample"]
    return list(drawn[-1].body.get("students", [])) if drawn else []


def judged(acts: Iterable[Act]) -> dict[frozenset[str], str]:
    """What was said about pairs of answers that share passages."""
    return {
        frozenset(act.body["students"]): str(act.body["verdict"])
        for act in alive(acts)
        if act.kind == "judged"
    }
