"""The demo class: 24 trainees who do not exist, so that a trainer sees every screen filled.

Everything goes through the same doors as in a real class: the inbox takes the submissions, marking
marks them, drills are rehearsed into the log. Names and answers come from a seed.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crossings.curriculum import Course
from crossings.drills.log import DrillLog
from crossings.drills.rehearsal import rehearse
from crossings.drills.script import script
from crossings.grading import inbox, mark, notebooks
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

HOSTILE_TEXT = (
    '<script>document.title="owned"</script><img src=x onerror=alert(1)> ``` '
    '=HYPERLINK("http://example.invalid","open me") {{7*7}} \x1b[31mred'
)

Said = Callable[[str], None]


def load_demo(course: Course, workspace: Workspace, said: Said = lambda text: None) -> None:
    """Fill `workspace`, once: a mark says that it was filled."""
    done = workspace.var / "demo-loaded"
    if done.exists():
        return
    for module in course.modules.values():
        for sheet in module.worksheets:
            said(f"demo class: {len(PEOPLE)} trainees hand in {sheet}")
            _hand_in(course, workspace, sheet)
            said(f"demo class: marking {sheet}")
            mark.grade(sheet, workspace=workspace, course=course)
    for name in course.exercises:
        said(f"demo class: notebooks for {name}")
        _notebooks(course, workspace, name)
        if notebooks.possible():
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
    for person, trainee in enumerate(PEOPLE):
        inbox.receive(
            workspace,
            name,
            trainee,
            _responses(items, person),
            version=sheet.version,
            number=f"T{person + 1:02d}",
            key=f"demo-{name}-{person}",
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
    """A good, a weak, an empty, a broken and a hostile notebook."""
    source = _read(course.root / "exercises" / "source" / name / f"{name}.ipynb")
    released = _read(workspace.exercises / "release" / name / f"{name}.ipynb")
    sent = {
        0: source,
        5: _half(source, released),
        EMPTY: released,
        8: _with_code(released, "def broken(:\n    pass"),
        HOSTILE: _with_code(
            released,
            "from IPython.display import HTML, display\n"
            f"display(HTML({HOSTILE_TEXT!r}))\nopen('../../gradebook.db', 'rb')",
        ),
    }
    for person, notebook in sent.items():
        body = json.dumps(notebook).encode()
        inbox.receive_upload(
            workspace,
            name,
            PEOPLE[person],
            f"{name}.ipynb",
            body,
            number=f"T{person + 1:02d}",
            code=_code(workspace, person),
            key=f"demo-{name}-{person}",
        )


def _code(workspace: Workspace, person: int) -> str:
    """The private code that the person was given with the worksheet, if any."""
    from crossings.grading.trainees import everyone

    found = [t.code for t in everyone(workspace) if t.name == PEOPLE[person]]
    return found[0] if found else ""


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


def _is_solution(cell: dict[str, Any]) -> bool:
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("solution"))


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
