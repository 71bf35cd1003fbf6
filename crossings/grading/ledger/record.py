"""Marks, and what people change in them, on their way into ledger and gradebook.

The ledger is written first: a mark that is in it and not in the gradebook is put there by the next
run; a mark that is only in the gradebook was put there by somebody else, and is written down as
such.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import rfc8785

from crossings.curriculum import named
from crossings.grading.ledger import state
from crossings.grading.ledger.entry import Draft, Entry, Points
from crossings.grading.ledger.state import State
from crossings.grading.ledger.store import Ledger

BY_HAND = "formgrader"
"""Whose name stands for a change in the gradebook of which nobody told us more."""
FOUND = "read from the gradebook"
BEFORE = "was in the gradebook before the ledger began"
_MINE = {"grades": ("manual", "extra"), "comments": ("manual",)}
"""What of grades and comments only people write."""


def points_of(submission: State, shape: State, assignment: str) -> tuple[Points, ...]:
    """The points of every question, in the notebooks' order, with who gave them.

    `shape` is the state of the questions of `assignment`; questions are called as in `named.py`.
    """
    found = []
    for notebook in shape["notebooks"]:
        graded = {c["name"]: c["max_score"] for c in (*notebook["grade"], *notebook["task"])}
        grades = submission["notebooks"].get(notebook["name"], {}).get("grades", {})
        order = [c["name"] for c in notebook["source"] if c["name"] in graded]
        found += [
            _points(named.question(assignment, notebook["name"], cell), grades[cell], graded[cell])
            for cell in order
            if cell in grades
        ]
    return tuple(found)


def _points(name: str, grade: Mapping[str, Any], most: float) -> Points:
    given = grade["manual"] if grade["manual"] is not None else grade["auto"]
    by = "person" if grade["manual"] is not None else "auto"
    if grade["needs"] and grade["manual"] is None:
        by = "nobody"
    return Points(name, float(given or 0) + float(grade["extra"] or 0), float(most), by)


def blank(assignment: State, student: Mapping[str, Any]) -> State:
    """A submission state in which nothing is marked yet."""
    return {
        "student": dict(student),
        "timestamp": None,
        "extension": None,
        "notebooks": {n["name"]: _blank_notebook(n) for n in assignment["notebooks"]},
    }


def _blank_notebook(notebook: State) -> State:
    graded = [c["name"] for c in (*notebook["grade"], *notebook["task"])]
    said = [*notebook["solution"], *(c["name"] for c in notebook["task"])]
    grade = {"auto": None, "manual": None, "extra": None, "needs": True}
    return {
        "late": None,
        "flagged": False,
        "grades": {name: dict(grade) for name in graded},
        "comments": {name: {"auto": None, "manual": None} for name in said},
    }


def fitted(old: State | None, assignment: State, student: Mapping[str, Any]) -> State:
    """`old` in the shape of the assignment as it is now: marks of lost questions left out."""
    fresh = blank(assignment, student)
    if old is None:
        return fresh
    fresh |= {"timestamp": old["timestamp"], "extension": old["extension"]}
    for name, notebook in fresh["notebooks"].items():
        before = old["notebooks"].get(name)
        if before is None:
            continue
        notebook |= {"late": before["late"], "flagged": before["flagged"]}
        for part in ("grades", "comments"):
            kept = {n: dict(v) for n, v in before[part].items() if n in notebook[part]}
            notebook[part] |= kept
    return fresh


def by_people(current: State, base: State) -> State:
    """`base` with everything that people write taken from `current`."""
    made = copy.deepcopy(base)
    made["extension"] = current["extension"]
    for name, notebook in made["notebooks"].items():
        now = current["notebooks"].get(name)
        if now is None:
            continue
        notebook["flagged"] = now["flagged"]
        for part, fields in _MINE.items():
            for cell, values in notebook[part].items():
                values |= {f: now[part][cell][f] for f in fields if cell in now[part]}
        for cell, values in notebook["grades"].items():
            if cell in now["grades"]:
                values["needs"] = now["grades"][cell]["needs"]
    return made


def catch_up(ledger: Ledger, book: Any, assignment: str) -> None:
    """Bring into the gradebook what a killed process wrote into the ledger only."""
    for entry in ledger.pending(assignment):
        apply(book, entry)
        ledger.settle(entry)


def reconcile(ledger: Ledger, book: Any, assignment: str, *, repair: bool = False) -> list[Entry]:
    """Write down what people changed in the gradebook since the ledger was written.

    Points, extra credit, comments and flags are known; who did it and why is not. With `repair`,
    automatic points that are not those of the ledger are put right in the gradebook: only for
    whoever holds the lock of marking, else a mark on its way would be undone.
    """
    shape = state.assignment(book, assignment)
    if shape is None:
        return []
    catch_up(ledger, book, assignment)
    made = note_course(ledger, book)
    now, known = state.submissions(book, assignment), ledger.latest(assignment)
    for student in sorted(now):
        found = changed(ledger, shape, assignment, student, now[student], known.get(student))
        made += [found] if found is not None else []
        last = found or known.get(student)
        if repair and last is not None and last.state is not None:
            _repair(book, last, fitted(last.state, shape, last.state["student"]), now[student])
    if repair:
        for student in sorted(set(known) - set(now)):
            apply(book, known[student], only_auto=False)
    return made


def _repair(book: Any, last: Entry, wanted: State, now: State) -> None:
    if by_people(now, wanted) != now:
        apply(book, last, only_auto=True)


def changed(
    ledger: Ledger, shape: State, assignment: str, student: str, now: State, last: Entry | None
) -> Entry | None:
    """Write down what people changed in one submission; None where they changed nothing."""
    draft = _found(shape, assignment, student, now, last)
    return ledger.append(*draft) if draft is not None else None


def note_release(ledger: Ledger, assignment: str, shape: State, **more: str) -> list[Entry]:
    """Write down the assignment's questions, where they are not what the ledger has."""
    last = ledger.latest_of(assignment, "", ("release",))
    if last is not None and last.data["state"] == shape and not more:
        return []
    draft = Draft("release", assignment, why=FOUND, data={"state": shape})
    return [ledger.append(replace(draft, **more))]  # type: ignore[arg-type]


def note_course(ledger: Ledger, book: Any) -> list[Entry]:
    """Write down who is in the gradebook and what was released, where the ledger lacks it."""
    made: list[Entry] = []
    there, known = state.students(book), roster(ledger)
    news = {who: values for who, values in there.items() if known.get(who) != values}
    if news:
        told = {"students": news, "courses": state.courses(book)}
        made.append(ledger.append(Draft("roster", why=FOUND, data=told)))
    for name in state.assignments(book):
        shape = state.assignment(book, name)
        if shape is not None:
            made += note_release(ledger, name, shape)
    return made


def roster(ledger: Ledger) -> dict[str, State]:
    """Everybody whom the ledger knows, by student."""
    known: dict[str, State] = {}
    for entry in ledger.entries(kind="roster"):
        known |= entry.data["students"]
    return known


def _found(
    shape: State, assignment: str, student: str, now: State, last: Entry | None
) -> tuple[Draft, str] | None:
    before = last.state if last is not None else None
    if last is None or before is None:
        if last is None and not _has_marks(now):
            return None
        merged, changes, why, who = now, [], BEFORE, "nbgrader"
    else:
        merged = by_people(now, fitted(before, shape, before["student"]))
        changes = list(differences(before, merged))
        why, who = FOUND, BY_HAND
        if not changes:
            return None
    draft = Draft(
        "override",
        assignment,
        student,
        tests=points_of(merged, shape, assignment),
        who=who,
        why=why,
        data={"state": merged, "changes": changes},
    )
    draft = like(draft, last)
    # Two processes that find the same change at the same time write it once.
    mark = rfc8785.dumps([last.hash if last else "", merged])
    return draft, f"override/{assignment}/{student}/{hashlib.sha256(mark).hexdigest()}"


def _has_marks(now: State) -> bool:
    grades = (g for n in now["notebooks"].values() for g in n["grades"].values())
    return any(g["auto"] is not None or g["manual"] is not None for g in grades)


def differences(before: State, after: State) -> Iterable[dict[str, Any]]:
    """Each thing that people changed, as {notebook, cell, what, from, to}."""
    if before["extension"] != after["extension"]:
        yield _change("", "", "extension", before["extension"], after["extension"])
    for name, notebook in after["notebooks"].items():
        old = before["notebooks"].get(name)
        if old is None:
            continue
        if old["flagged"] != notebook["flagged"]:
            yield _change(name, "", "flagged", old["flagged"], notebook["flagged"])
        for part, fields in {
            "grades": ("manual", "extra", "needs"),
            "comments": ("manual",),
        }.items():
            for cell, values in notebook[part].items():
                was = old[part].get(cell)
                for field in fields if was is not None else ():
                    if was[field] != values[field]:
                        what = {"comments": "comment"}.get(part, _WORDS[field])
                        yield _change(name, cell, what, was[field], values[field])


_WORDS = {"manual": "points", "extra": "extra credit", "needs": "needs marking"}


def _change(notebook: str, cell: str, what: str, old: Any, new: Any) -> dict[str, Any]:
    return {"notebook": notebook, "cell": cell, "what": what, "from": old, "to": new}


def save(
    ledger: Ledger,
    book: Any,
    draft: Draft,
    made: State | None,
    key: str | None = None,
    layout: state.Layout | None = None,
) -> Entry:
    """Write a mark or an override down, then into the gradebook: one transaction each.

    `made` is the submission's state afterwards; None where there is nothing to write into the
    gradebook, because the submission could not be marked.
    """
    if made is None:
        return ledger.append(draft, key)
    entry = ledger.append(replace(draft, data={**draft.data, "state": made}), key, pending=True)
    apply(book, entry, layout)
    ledger.settle(entry)
    return entry


def apply(
    book: Any, entry: Entry, layout: state.Layout | None = None, *, only_auto: bool | None = None
) -> None:
    """Put an entry's state into the gradebook, at once or not at all.

    Of a mark only the automatic part is put there: what people write meanwhile stays.
    """
    if entry.state is None:
        return
    only_auto = entry.kind == "mark" if only_auto is None else only_auto
    try:
        layout = layout or state.Layout(book, entry.assignment)
        layout.put(entry.student, entry.state, only_auto=only_auto)
        book.db.commit()
    except BaseException:
        book.db.rollback()
        raise


def like(draft: Draft, last: Entry | None) -> Draft:
    """`draft`, about the same version of the same work as `last`."""
    if last is None:
        return draft
    names = ("submission_sha256", "assignment_version", "runner_version", "lock_sha256")
    kept = (*names, "outcome", "reason", "rules")
    return replace(draft, **{name: getattr(last, name) for name in kept})
