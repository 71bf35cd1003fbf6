"""The demo class: 24 trainees who do not exist, so that a trainer sees every screen filled.

Everything goes through the same doors as in a real class: the inbox takes the submissions, marking
marks them, drills are rehearsed into the log. Names and answers come from a seed.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crossings.curriculum import Course
from crossings.drills.log import DrillLog
from crossings.drills.rehearsal import rehearse
from crossings.drills.script import script
from crossings.grading import (
    due,
    feedback,
    gradebook,
    inbox,
    mark,
    notebooks,
    release,
    trainees,
)
from crossings.grading.release import find_worksheet, items_of
from crossings.items import Item
from crossings.items.rehearse import respond
from crossings.items.shuffle import stream
from crossings.workspace import Workspace

SEED = "demo class"
PEOPLE = (
    "Adaeze Morrin", "Bako Lindqvist", "Celia Tanaka", "Dorje Almeida", "Esme Okuro",
    "Farid Novak", "Grace Wanjala", "Hugo Castellan", "Ines Baptiste", "Jomo Petrov",
    "Kalea Brandt", "Luca Owusu", "Maya Sorensen", "Nadir Flores", "Oona Kimaro",
    "Pavel Mendes", "Quinn Adeyemi", "Rosa Haddad", "Sami Virtanen", "Tala Moreau",
    "Umar Jensen", "Vera Chikondi", "Wen Rossi", "Yusra Kovac",
)  # fmt: skip
"""Mixed on purpose: a name says nothing about who does well."""

EMPTY, HOSTILE, DAMAGED, LATE = 3, 11, 17, 23
"""Places in `PEOPLE` of those whose worksheet is not an ordinary one."""
GOOD, WEAK, BROKEN, CRASHING, LOOPING, TORN = 0, 5, 8, 14, 19, 20
"""Places of those who hand in a notebook, besides `EMPTY` and `HOSTILE`."""
READ = (0, 4, 9)
"""Places of those whose written answers a trainer has marked already."""

HOSTILE_TEXT = (
    '<script>document.title="owned"</script><img src=x onerror=alert(1)> ``` '
    '=HYPERLINK("http://example.invalid","open me") {{7*7}} \x1b[31mred'
)

HOSTILE_CODE = (
    "from IPython.display import HTML, Javascript, display\n\n"
    f"display(HTML({HOSTILE_TEXT!r}))\ndisplay(Javascript('alert(2)'))\n"
    "open('../../gradebook.db', 'rb')"
)
COMMENT = "Clear and calm. Say also who should hear it next, and what you would write down."

Said = Callable[[str], None]


def load_demo(course: Course, workspace: Workspace, said: Said = lambda text: None) -> None:
    """Fill `workspace`, once: a mark says that it was filled."""
    done = workspace.var / "demo-loaded"
    if done.exists():
        return
    said("demo class: releasing the assignments")
    release.prepare(course, workspace)
    for module in course.modules.values():
        for sheet in module.worksheets:
            said(f"demo class: {len(PEOPLE)} trainees hand in {sheet}")
            _hand_in(course, workspace, sheet)
            said(f"demo class: marking {sheet}")
            mark.grade(sheet, workspace=workspace, course=course, publish=False)
            _mark_by_hand(workspace, sheet)
            feedback.publish(sheet, workspace, course)
    for name in course.exercises:
        said(f"demo class: notebooks for {name}")
        _notebooks(course, workspace, name)
        next_week = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(7)
        due.choose(workspace, name, next_week)
        if notebooks.possible():
            said(f"demo class: running the notebooks for {name}")
            mark.grade(
                name, workspace=workspace, course=course, cell_seconds=5, notebook_seconds=60
            )
    said("demo class: playing the drills")
    _drills(course, workspace)
    done.write_text("This workspace holds the demo class.\n", encoding="utf-8")


def skill(person: int) -> float:
    """How often somebody is right, 0.3 to 0.95."""
    return 0.3 + 0.65 * stream(f"{SEED}/{person}")()


def _hand_in(course: Course, workspace: Workspace, name: str) -> None:
    module, sheet = find_worksheet(course, name)
    items = items_of(course, module, sheet)
    for person in sorted(range(len(PEOPLE)), key=lambda person: person == LATE):
        if person == LATE and not due.is_chosen(workspace, name):
            due.choose(workspace, name, datetime.now(UTC))
            time.sleep(1)  # receipts count whole seconds
        inbox.receive(
            workspace,
            name,
            PEOPLE[person],
            _responses(items, person),
            version=sheet.version,
            number=f"T{person + 1:02d}",
            code=_code(workspace, person),  # without it each worksheet had a class of its own
            key=f"the-demo-class-{name}-{person}",
        )


def _responses(items: list[Item], person: int) -> dict[str, Any]:
    if person == EMPTY:
        return {}
    if person == HOSTILE:
        return {i.id: {"text": HOSTILE_TEXT, "choice": "../../etc/passwd"} for i in items}
    if person == DAMAGED:
        return {i.id: {"choices": [1, None, {}], "pairs": [], "number": "NaN"} for i in items}
    found = {}
    for item in items:
        seed = f"{SEED}/{person}/{item.id}"
        found[item.id] = respond(item, stream(seed)() < skill(person), seed)
    return found


def _notebooks(course: Course, workspace: Workspace, name: str) -> None:
    """Notebooks of each sort, and one that lies in the folder as half a file."""
    folder = workspace.exercises / "release" / name
    released = {path.name: _read(path) for path in sorted(folder.glob("*.ipynb"))}
    source = course.root / "exercises" / "source" / name
    for person, change in _SORTS.items():
        sent = [
            (file, json.dumps(change(_read(source / file), notebook)).encode())
            for file, notebook in released.items()
        ]
        inbox.receive_files(
            workspace,
            name,
            PEOPLE[person],
            sent,
            wanted=notebooks.wanted(source, name),
            number=f"T{person + 1:02d}",
            code=_code(workspace, person),
            key=f"the-demo-class-{name}-{person}",
        )

    # Brought on a memory stick and copied by a trainer, straight to where nbgrader looks.
    torn = workspace.exercises / "submitted" / _known(workspace, TORN, "student") / name
    torn.mkdir(parents=True, exist_ok=True)
    for file, notebook in released.items():
        (torn / file).write_text(json.dumps(notebook)[:2_000], encoding="utf-8")


def _code(workspace: Workspace, person: int) -> str:
    """The private code that the person was given with the first worksheet, if any."""
    return _known(workspace, person, "code")


def _known(workspace: Workspace, person: int, what: str) -> str:
    found = [t for t in trainees.everyone(workspace) if t.name == PEOPLE[person]]
    return str(getattr(found[0], what)) if found else ""


def _mark_by_hand(workspace: Workspace, name: str) -> None:
    """Points and a comment for the written answers of a few, as formgrader saves them."""
    with gradebook.opened(workspace) as book:
        for student in (_known(workspace, person, "student") for person in READ):
            submission = book.find_submission(name, student).notebooks[0]
            asked = {g.cell.name: g for g in submission.grades if g.needs_manual_grade}
            for grade in asked.values():
                grade.manual_score = grade.max_score / 2
                grade.needs_manual_grade = False
            for comment in submission.comments:
                if comment.cell.name in asked:
                    comment.manual_comment = COMMENT
        book.db.commit()


def _read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def _half(source: dict[str, Any], released: dict[str, Any]) -> dict[str, Any]:
    """Right in the first half of the solution cells, untouched in the rest."""
    mixed = copy.deepcopy(released)
    cells = [
        (n, c)
        for n, c in enumerate(source["cells"])
        if _is_solution(c) and c["cell_type"] == "code"
    ]
    for n, cell in cells[: len(cells) // 2]:
        mixed["cells"][n]["source"] = cell["source"]
    return mixed


def _with_code(notebook: dict[str, Any], code: str) -> dict[str, Any]:
    """The notebook with `code` in its first solution cell."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        if _is_solution(cell) and cell["cell_type"] == "code":
            cell["source"] = code
            break
    return changed


def _with_text(notebook: dict[str, Any], text: str) -> dict[str, Any]:
    """The notebook with `text` as every written answer."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        if _is_solution(cell) and cell["cell_type"] == "markdown":
            cell["source"] = text
    return changed


def _is_solution(cell: dict[str, Any]) -> bool:
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("solution"))


_SORTS: dict[int, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    GOOD: lambda source, _: source,
    WEAK: _half,
    EMPTY: lambda _, released: released,
    BROKEN: lambda _, released: _with_code(released, "def broken(:\n    pass"),
    CRASHING: lambda _, released: _with_code(released, "import os\n\nos._exit(1)"),
    LOOPING: lambda _, released: _with_code(released, "while True:\n    pass"),
    HOSTILE: lambda _, released: _with_text(_with_code(released, HOSTILE_CODE), HOSTILE_TEXT),
}
"""What each of them makes of the source and the release of a notebook."""


def _drills(course: Course, workspace: Workspace) -> None:
    """One finished run of every drill, on the two days before today."""
    log = DrillLog(workspace.drill_log)
    try:
        start = time.time() - 2 * 86_400
        for module in course.modules.values():
            for drill in module.drills:
                rehearse(log, script(course, f"{module.id}/{drill}"), PEOPLE, start, SEED)
                start += 3_600
    finally:
        log.close()
