"""A worksheet becomes a true nbgrader assignment.

The source notebook holds the key only between BEGIN and END HIDDEN TESTS, which
`nbgrader generate_assignment` takes out. The learner's answers never become code: the hidden test
reads answers.json as data. The same input always gives the same file, byte for byte.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from crossings.check import promise
from crossings.curriculum.model import Course, Worksheet
from crossings.grading import cells
from crossings.items import Item, public
from crossings.workspace import ROOT, Workspace

CONFIG = "nbgrader_config.py"
_DELIMITERS = re.compile(r"(BEGIN|END) (HIDDEN TESTS|SOLUTION|MARK SCHEME)|AUTOTEST")


def find_worksheet(course: Course, name: str) -> tuple[str, Worksheet]:
    """The module id and the worksheet called `name` (`id` or `module/id`).

    Raises:
        KeyError: where there is none; the message names those there are.
    """
    known = {(m.id, w.id): w for m in course.modules.values() for w in m.worksheets.values()}
    for (module, identity), sheet in known.items():
        if name in (identity, f"{module}/{identity}"):
            return module, sheet
    there_are = ", ".join(identity for _, identity in known) or "none"
    raise KeyError(f"no worksheet `{name}`; there are: {there_are}")


def items_of(course: Course, module: str, sheet: Worksheet) -> list[Item]:
    """The worksheet's items in order."""
    return [course.item(f"{module}/{identity}") for identity in sheet.item_ids]


def public_items(course: Course, module: str, sheet: Worksheet) -> list[dict[str, Any]]:
    """The items as a learner may see them: no key, options in this worksheet's own order."""
    seed = f"{module}/{sheet.id}"
    return [public(item, seed) for item in items_of(course, module, sheet)]


def notebook(course: Course, module: str, sheet: Worksheet) -> dict[str, Any]:
    """The source version of the worksheet as an nbgrader notebook."""
    made = [
        cells.locked("about", _about(sheet)),
        cells.locked_code("form", _form(sheet)),
    ]
    number = 0
    for index, part in enumerate(sheet.parts):
        if part.text is not None:
            made.append(cells.locked(f"text-{index}", part.text))
            continue
        number += 1
        item = course.item(f"{module}/{part.item}")
        shown = public(item, f"{module}/{sheet.id}")
        made.extend(_question(number, item, shown))
    return {
        "cells": made,
        "metadata": {
            "crossings": {
                "worksheet": f"{module}/{sheet.id}",
                "version": sheet.version,
                "objectives": list(sheet.objectives),
            },
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _about(sheet: Worksheet) -> str:
    note = f"\n\n> **Before you start.** {sheet.content_note}" if sheet.content_note else ""
    return (
        f"# {sheet.title}\n\n{sheet.intro}{note}\n\nAbout {sheet.minutes} minutes. Run the next "
        "cell to see the questions. Your answers are saved beside this notebook."
    )


def _form(sheet: Worksheet) -> str:
    return f'from crossings.grading import worksheet\n\nworksheet("{sheet.id}")'


def _question(number: int, item: Item, shown: dict[str, Any]) -> list[dict[str, Any]]:
    question = cells.locked(f"question-{item.id}", _stem(number, item, shown))
    if item.marked_by_person:
        return [question, cells.written(f"item-{item.id}", item.points, item.model_answer or "")]
    return [question, cells.shown(f"answer-{item.id}", cells.NO_ANSWER), _test(number, item)]


def _stem(number: int, item: Item, shown: dict[str, Any]) -> str:
    unit = "point" if item.points == 1 else "points"
    lines = [f"## Question {number} ({item.points:g} {unit})", "", item.stem]
    if item.picture is not None:
        lines += ["", f"*The form above shows the picture:* {item.picture.alt}"]
    if shown["options"] and item.kind != "order":
        lines += ["", *(f"- {option['text']}" for option in shown["options"])]
    if item.kind == "order":
        lines += ["", "Put in order:", "", *(f"- {o['text']}" for o in shown["options"])]
    if item.targets:
        lines += ["", "Each belongs to one of:", "", *(f"- {t.text}" for t in item.targets)]
    if item.rubric:
        lines += ["", "A person marks this answer. They look for:", ""]
        lines += [f"- {c.text} ({c.points:g})" for c in item.rubric]
    return "\n".join(lines)


def _test(number: int, item: Item) -> dict[str, Any]:
    bare = item.model_dump(mode="json", exclude_defaults=True, exclude={"picture": {"data"}})
    key = json.dumps(bare, indent=1)
    key = key.replace("'", "\\u0027")
    key = _DELIMITERS.sub(lambda m: f"\\u{ord(m[0][0]):04x}{m[0][1:]}", key)
    source = (
        f"# Points for question {number}, worked out from the answers as data.\n"
        "### BEGIN HIDDEN TESTS\n"
        "from crossings.grading.answers import points\n\n"
        f"points(r'''{key}''')\n"
        "### END HIDDEN TESTS"
    )
    return cells.test(f"item-{item.id}", item.points, source)


def write_source(course: Course, workspace: Workspace, name: str) -> Path:
    """Write the source notebook of worksheet `name`; untouched when it is already right."""
    module, sheet = find_worksheet(course, name)
    text = json.dumps(notebook(course, module, sheet), ensure_ascii=False, indent=1) + "\n"
    path = workspace.exercises / "source" / sheet.id / f"{sheet.id}.ipynb"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def prepare(course: Course, workspace: Workspace) -> list[str]:
    """Ready a workspace for handing in and marking; returns the assignments.

    Writes nbgrader's configuration and every assignment's source version, and releases what is
    new or changed; but not what changed after it was marked, see `pending`. Safe to call again.
    """
    from crossings.grading import change, nbgrader_run

    copy_course_folder(course, workspace)
    names = assignments(course)
    ready = [name for name in names if not change.is_pending(workspace, name)]
    nbgrader_run.release(workspace, ready)
    return names


def pending(course: Course, workspace: Workspace) -> list[str]:
    """Assignments that changed after submissions were marked: trainees still get the old text.

    `./course grade` shows what the change means for the marks, and takes it over.
    """
    from crossings.grading import change

    return [name for name in assignments(course) if change.is_pending(workspace, name)]


def assignments(course: Course) -> list[str]:
    """Every assignment: worksheets first, then notebook assignments."""
    sheets = [w.id for m in course.modules.values() for w in m.worksheets.values()]
    return sheets + [name for name in course.exercises if name not in sheets]


def copy_course_folder(course: Course, workspace: Workspace) -> None:
    """Give `workspace` the nbgrader course folder: configuration and source versions."""
    workspace.gradebook.parent.mkdir(parents=True, exist_ok=True)
    workspace.exercises.mkdir(parents=True, exist_ok=True)
    _copy_if_other(ROOT / "exercises" / CONFIG, workspace.exercises / CONFIG)
    for name in course.exercises:
        folder = course.root / "exercises" / "source" / name
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            place = workspace.exercises / "source" / name / path.relative_to(folder)
            kept = path.name == promise.FILE and place.is_file()
            if ".ipynb_checkpoints" not in path.parts and not kept:
                _copy_if_other(path, place)
        _keep_promises(workspace.exercises / "source" / name)
    write_sources(course, workspace)


def write_sources(course: Course, workspace: Workspace) -> list[Path]:
    """Write the source notebook of every worksheet that changed."""
    sheets = [sheet for module in course.modules.values() for sheet in module.worksheets]
    return [write_source(course, workspace, sheet) for sheet in sheets]


def _keep_promises(folder: Path) -> None:
    """Bring `checks.json` up to date where the assignment's tests use checks."""
    from crossings.grading.nbgrader_run import NbgraderError
    from crossings.grading.scoring.reference import SolutionError, keep_promises

    try:
        keep_promises(folder)
    except SolutionError as error:
        raise NbgraderError(f"`{folder.name}` cannot be released: {error}") from None


def _copy_if_other(path: Path, place: Path) -> None:
    if place.is_file() and place.read_bytes() == path.read_bytes():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, place)
