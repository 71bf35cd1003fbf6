"""What marking would change, before it changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crossings.curriculum import named
from crossings.grading.ledger import Entry, Points
from crossings.grading.ledger.state import State


@dataclass(frozen=True)
class Moved:
    """The points of one question now and then; None where it has none."""

    cell: str
    old: float | None
    new: float | None


@dataclass(frozen=True)
class Change:
    """One submission: points now and then; None where it has none. `lost` are people's marks;
    `tests` are the questions whose points would be others."""

    student: str
    old: float | None
    new: float | None
    outcome: str
    before: str = ""
    lost: tuple[str, ...] = ()
    tests: tuple[Moved, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether a mark that somebody may have seen would be another."""
        return self.before != "" and (self.old != self.new or bool(self.lost))

    @property
    def note(self) -> str:
        notes = []
        if self.before and self.before != self.outcome:
            notes.append(f"{self.before} → {self.outcome}")
        if self.lost:
            notes.append(f"marks given by hand go: {', '.join(self.lost)}")
        return "; ".join(notes)

    @staticmethod
    def shown(points: float | None) -> str:
        return "–" if points is None else f"{points:g}"


@dataclass(frozen=True)
class Preview:
    """`added`, `removed` and `worth` are questions of the assignment that are not as before."""

    assignment: str
    rows: tuple[Change, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    worth: tuple[str, ...] = field(default=())

    @property
    def changes_marks(self) -> bool:
        return any(row.changes for row in self.rows)

    def told(self) -> Iterator[str]:
        """What is other in the assignment itself, a line each."""
        for words, names in (
            ("New questions", self.added),
            ("Questions that go", self.removed),
            ("Other points for", self.worth),
        ):
            if names:
                yield f"{words}: {', '.join(names)}."

    def summary(self) -> str:
        count = sum(row.changes for row in self.rows)
        fresh = sum(not row.before for row in self.rows)
        same = len(self.rows) - count - fresh
        return (
            f"{self.assignment}: {count} mark(s) would change, {same} stay, "
            f"{fresh} submission(s) are not marked yet."
        )


def change(student: str, before: Entry | None, outcome: str, made: State | None,
           tests: Sequence[Points] | None) -> Change:  # fmt: skip
    """One submission as it is in the ledger, beside what marking came to."""
    new = None if tests is None else round(sum(t.points for t in tests), 4)
    if before is None:
        return Change(student, None, new, outcome)
    held = before.tests if before.state is not None else ()
    old = before.points if before.state is not None else None
    moved = tuple(_moved(held, tests or ()))
    lost = tuple(_lost(before, made))
    return Change(student, old, new, outcome, before.outcome, lost, moved)


def _moved(before: Sequence[Points], after: Sequence[Points]) -> Iterator[Moved]:
    old = {t.grade_id: round(t.points, 4) for t in before}
    new = {t.grade_id: round(t.points, 4) for t in after}
    for cell in dict.fromkeys((*new, *old)):
        if old.get(cell) != new.get(cell):
            yield Moved(cell, old.get(cell), new.get(cell))


def _lost(before: Entry, made: State | None) -> Iterator[str]:
    if before.state is None or made is None:
        return
    for name, notebook in before.state["notebooks"].items():
        kept = made["notebooks"].get(name, {"grades": {}})["grades"]
        for cell, grade in notebook["grades"].items():
            if grade["manual"] is not None and cell not in kept:
                yield named.question(before.assignment, name, cell)


def questions(assignment: str, old: State, new: State) -> dict[str, tuple[str, ...]]:
    """Which questions are added, removed, or worth other points."""
    before, after = _worth(assignment, old), _worth(assignment, new)
    return {
        "added": tuple(name for name in after if name not in before),
        "removed": tuple(name for name in before if name not in after),
        "worth": tuple(
            f"{name} ({before[name]:g} → {after[name]:g})"
            for name in after
            if name in before and before[name] != after[name]
        ),
    }


def _worth(assignment: str, shape: State) -> dict[str, float]:
    return {
        named.question(assignment, notebook["name"], cell["name"]): float(cell["max_score"])
        for notebook in shape["notebooks"]
        for cell in (*notebook["grade"], *notebook["task"])
    }
