"""Worksheets of the course, answered by a class: scored by us as data, and by nbgrader.

Of every ten answers to a question five are right, two nearly, one wrong, one is left out and one
is damaged. The submissions are spread evenly over the shipped worksheets.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.grading.assignment import different
from benchmarks.grading.measured import Measured, measure
from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.environment import child_environment
from crossings.grading import answers, fill, gradebook, release, scored, worksheets
from crossings.grading import job as jobs
from crossings.grading.collect import Collected, place_of
from crossings.grading.ledger import record, state
from crossings.items import Item
from crossings.items.model import PICKED
from crossings.workspace import ROOT, Workspace

SHEETS = ("officer-worksheet", "five-notes")
Points = dict[str, dict[str, float]]
"""By submission, then by question."""


def answer(item: Item, number: int) -> dict[str, Any] | None:
    """What trainee `number` answers; which of their answers are right differs by question."""
    place = hashlib.sha256(f"{number} {item.id}".encode()).digest()[0] % 10
    if place == 8:
        return None
    if place == 9:
        return {"choice": ["x"], "choices": {"x": 1}, "order": 7, "pairs": ["x"], "number": "x"}
    return _right(item, number) if place < 5 else _other(item, number, nearly=place < 7)


def _right(item: Item, number: int) -> dict[str, Any]:
    if item.kind == "single":
        return {"choice": next(o.id for o in item.options if o.correct)}
    if item.kind in PICKED:
        return {"choices": [o.id for o in item.options if o.correct]}
    if item.kind == "order":
        return {"order": [o.id for o in item.options]}
    if item.kind in ("match", "grid"):
        return {"pairs": {o.id: o.target for o in item.options if o.target}}
    if item.kind == "number":
        return {"number": item.answer}
    if item.kind == "short":
        return {"text": item.accept[0]}
    return {"text": f"{item.model_answer}\n(written by trainee {number})"}


def _other(item: Item, number: int, *, nearly: bool) -> dict[str, Any]:
    """One thing is wrong where `nearly`, else all that can be."""
    right = _right(item, number)
    if item.kind == "single":
        return {"choice": next(o.id for o in item.options if not o.correct)}
    if item.kind in PICKED:
        wrong = [o.id for o in item.options if not o.correct]
        return {"choices": right["choices"][:-1] + wrong[:1] if nearly else wrong}
    if item.kind == "order":
        first, second, *rest = right["order"]
        return {"order": [second, first, *rest] if nearly else right["order"][::-1]}
    if item.kind in ("match", "grid"):
        names, places = list(right["pairs"]), list(right["pairs"].values())
        turned = [*places[1:], places[0]]
        return {"pairs": dict(zip(names, turned, strict=True) if not nearly else
                              zip(names[:-1], places[:-1], strict=True))}  # fmt: skip
    if item.kind == "number":
        return {"number": (item.answer or 0) + item.tolerance + 1}
    return {"text": f"I do not know, says trainee {number}."}


def answered(items: Sequence[Item], number: int) -> dict[str, Any]:
    """All that trainee `number` sends for a worksheet."""
    found = ((item.id, answer(item, number)) for item in items)
    return {name: given for name, given in found if given is not None}


def shares(count: int) -> dict[str, range]:
    """Which trainees answer which worksheet."""
    half = count - count // 2
    return dict(zip(SHEETS, (range(half), range(half, count)), strict=True))


def items_of(course: Course, name: str) -> list[Item]:
    return release.items_of(course, *release.find_worksheet(course, name))


def class_folder(folder: Path, count: int) -> Workspace:
    """A workspace in which `count` worksheets lie where nbgrader looks for them."""
    course, workspace = current(), Workspace(folder.resolve())
    release.prepare(course, workspace)
    for name, numbers in shares(count).items():
        items = items_of(course, name)
        released = fill.read(workspace.exercises / "release" / name / f"{name}.ipynb")
        for number in numbers:
            given = answered(items, number)
            place = place_of(workspace, name, f"s{number:04}")
            place.mkdir(parents=True)
            document = {"assignment": name, "answers": given}
            (place / answers.FILE).write_text(json.dumps(document), encoding="utf-8")
            fill.write(place / f"{name}.ipynb", fill.submitted(released, items, given))
    return workspace


def told_of_both(mine: Points, theirs: Points) -> list[str]:
    """How many points were compared, and each that differs."""
    unequal = different(mine, theirs)
    both = mine.keys() & theirs.keys()
    questions = sum(len(mine[one]) // 2 for one in both)
    compared = f"{len(both)} worksheets, {questions} answers"
    return [
        f"Points of ours and nbgrader's compared: {compared}, {len(unequal)} unequal.",
        *unequal,
    ]


def ours(folder: Path, count: int) -> tuple[Measured, Points]:
    """Scored in one process as `./course grade` does it, with the notebook for formgrader."""
    workspace = class_folder(folder / f"sheets-ours-{count}", count)
    scores = folder / f"sheets-{count}.json"
    command = [sys.executable, "-m", "benchmarks.grading.one", "worksheets", str(count)]
    command += [str(workspace.root), str(scores)]
    found = measure("Crossings, scoring alone", count, command, ROOT)
    return found, json.loads(scores.read_text(encoding="utf-8"))


def score_all(workspace: Workspace, count: int) -> Points:
    """In this process: score every worksheet of the class, and keep what formgrader shows."""
    course, found = current(), {}
    with gradebook.opened(workspace) as book:
        shapes = {name: state.assignment(book, name) for name in SHEETS}
    for name, numbers in shares(count).items():
        shape = shapes[name]
        assert shape is not None, "the class folder has it"
        made = jobs.of(course, workspace, name)
        job = replace(made, release=workspace.exercises / "release" / name)
        master = {c["name"]: c for n in shape["notebooks"] for c in n["source"]}
        for number in numbers:
            who = f"s{number:04}"
            marked = worksheets.mark(job, Collected(who, place_of(workspace, name, who)), master)
            marked.keep()
            held = scored.into(record.blank(shape, {}), marked.notebooks or {})
            found[f"{who} {name}"] = _told(record.points_of(held, shape, name))
    return found


def _told(points: Sequence[Any]) -> dict[str, float]:
    """Points by question; beside it, as 1, that the question waits for a person."""
    waits = {f"{p.grade_id} waits": float(p.by == "nobody") for p in points}
    return {p.grade_id: round(p.points, 6) for p in points} | waits


def nbgrader(folder: Path, count: int) -> tuple[Measured, Points]:
    """`nbgrader autograde` on the same worksheets, released as nbgrader's notebooks."""
    workspace = class_folder(folder / f"sheets-nbgrader-{count}", count)
    env = child_environment(workspace) | {"PYTHONIOENCODING": "utf-8"}
    run = "subprocess.run([sys.executable, '-m', 'nbgrader', 'autograde', name], check=True)"
    loop = f"import subprocess, sys\nfor name in sys.argv[1:]:\n    {run}"
    names = [name for name, numbers in shares(count).items() if numbers]
    command = [sys.executable, "-c", loop, *names]
    found = measure("nbgrader autograde", count, command, workspace.exercises, env)
    return found, _in_gradebook(workspace)


def _in_gradebook(workspace: Workspace) -> Points:
    found: Points = {}
    with gradebook.opened(workspace) as book:
        for name in SHEETS:
            shape = state.assignment(book, name)
            assert shape is not None, "the class folder has it"
            for who, held in state.submissions(book, name).items():
                found[f"{who} {name}"] = _told(record.points_of(held, shape, name))
    return found
