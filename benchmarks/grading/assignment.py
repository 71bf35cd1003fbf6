"""One assignment of eight questions with pandas and matplotlib, and as many submissions as wanted.

Of every ten submissions seven are right, one gives a wrong number, one leaves a question out and
one raises an exception, as in a class.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "eight"
CSV = "people.csv"

SETUP = f"import matplotlib.pyplot as plt\nimport pandas as pd\n\npeople = pd.read_csv({CSV!r})"

# name, solution, visible test, hidden test, a wrong answer
QUESTIONS = (
    ("rows", "rows = len(people)", "assert isinstance(rows, int)", "assert rows == 240",
     "rows = 239"),
    ("mean", "mean = people['age'].mean()", "assert 0 < mean < 100",
     "assert abs(mean - people['age'].sum() / 240) < 1e-9", "mean = 50.0"),
    ("ports", "ports = people['port'].value_counts().sort_index()", "assert len(ports) == 3",
     "assert int(ports.sum()) == 240", "ports = people['port'].head(3)"),
    ("adults", "adults = people[people['age'] >= 18].copy()", "assert 'age' in adults",
     "assert len(adults) == int((people['age'] >= 18).sum())", "adults = people"),
    ("groups", "groups = people.groupby('port')['days'].agg(['mean', 'max'])",
     "assert list(groups.columns) == ['mean', 'max']",
     "assert groups['max'].max() == people['days'].max()", "groups = people[['age', 'days']]"),
    ("merged", "names = pd.DataFrame({'port': ['a', 'b', 'c'], 'name': ['Ask', 'Bry', 'Cor']})\n"
     "merged = people.merge(names, on='port')", "assert 'name' in merged",
     "assert set(merged['name']) == {'Ask', 'Bry', 'Cor'}", "merged = people.assign(name='Ask')"),
    ("share", "def share(table, port):\n    return (table['port'] == port).mean()",
     "assert 0 <= share(people, 'a') <= 1",
     "assert abs(share(people, 'a') + share(people, 'b') + share(people, 'c') - 1) < 1e-9",
     "def share(table, port):\n    return 0.5"),
    ("chart", "figure, ax = plt.subplots()\nax.bar(ports.index, ports.to_numpy())\n"
     "ax.set_xlabel('Port')\nax.set_ylabel('People')\nax.set_title('People by port')\nplt.show()",
     "assert ax.get_xlabel()", "assert len(ax.patches) == 3", "figure, ax = plt.subplots()"),
)  # fmt: skip


def data() -> bytes:
    """A table of 240 invented people."""
    lines = [
        f"{n},{7 + n * 37 % 71},{'abc'[n * n % 3 if n % 5 else 2]},{n * 13 % 29}"
        for n in range(240)
    ]
    return ("id,age,port,days\n" + "\n".join(lines) + "\n").encode()


def source() -> dict[str, Any]:
    """The instructor's version, with solutions and hidden tests."""
    cells = [_code("setup", SETUP, locked=True)]
    for name, solution, seen, hidden, _ in QUESTIONS:
        body = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        cells.append(_code(name, body, solution=True))
        tests = f"{seen}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells.append(_code(f"{name}-test", tests, points=1))
    return _notebook(cells)


def submission(number: int) -> dict[str, Any]:
    """What trainee `number` handed in; as released, so without hidden tests."""
    cells = [_code("setup", SETUP, locked=True)]
    for place, (name, solution, seen, _, wrong) in enumerate(QUESTIONS):
        answer = solution + f"\n# by trainee {number}"
        if place == number % len(QUESTIONS):
            answer = {7: wrong, 8: "# no answer", 9: "people['no such column']"}.get(
                number % 10, answer
            )
        cells.append(_code(name, answer, solution=True))
        cells.append(_code(f"{name}-test", seen, points=1))
    return _notebook(cells)


def runnable(number: int) -> dict[str, Any]:
    """The submission as an examiner runs it: with the tests of the instructor's version."""
    made = submission(number)
    tests = {f"{name}-test": f"{seen}\n{hidden}" for name, _, seen, hidden, _ in QUESTIONS}
    for cell in made["cells"]:
        cell["source"] = tests.get(cell["id"], cell["source"])
    return made


def scores(executed: dict[str, Any]) -> dict[str, float]:
    """Points by nbgrader's plain rule: a test that was reached and shows no error has its point."""
    found = {}
    for cell in executed["cells"]:
        if not cell["id"].endswith("-test"):
            continue
        errors = any(o["output_type"] == "error" for o in cell["outputs"])
        reached = cell["metadata"].get("crossings", {}).get("reached", True)
        found[cell["id"]] = float(reached and not errors)
    return found


def different(ours: dict[str, dict[str, float]], theirs: dict[str, dict[str, float]]) -> list[str]:
    """Trainees and questions with unequal points, for people to read; trainees in both only."""
    return [
        f"{student}: {test} has {points.get(test)} here and {theirs[student].get(test)} there"
        for student, points in ours.items()
        if student in theirs
        for test in sorted({*points, *theirs[student]})
        if points.get(test) != theirs[student].get(test)
    ]


def write_nbgrader(folder: Path, count: int) -> None:
    """An nbgrader course folder with the source and `count` submissions."""
    config = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    _write(folder / "source" / NAME, source())
    for number in range(count):
        _write(folder / "submitted" / f"s{number:04}" / NAME, submission(number))


def _write(folder: Path, notebook: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / CSV).write_bytes(data())


def write_otter(folder: Path, count: int) -> None:
    """An otter assignment with the same tests, and `count` submissions of it."""
    head = "# ASSIGNMENT CONFIG\ninit_cell: true\nexport_cell: false\n"
    head += f"files:\n  - {CSV}\ngenerate: true\n"
    cells: list[dict[str, Any]] = [_raw(head), _plain(SETUP)]
    for name, solution, seen, hidden, _ in QUESTIONS:
        cells.append(_raw(f"# BEGIN QUESTION\nname: {name}\npoints: 1\n"))
        cells += [_raw("# BEGIN SOLUTION"), _plain(solution), _raw("# END SOLUTION")]
        cells += [_raw("# BEGIN TESTS"), _plain(f"{seen}\n{hidden}"), _raw("# END TESTS")]
        cells.append(_raw("# END QUESTION"))
    (folder / "source").mkdir(parents=True)
    (folder / "source" / f"{NAME}.ipynb").write_text(json.dumps(_notebook(cells)), encoding="utf-8")
    (folder / "source" / CSV).write_bytes(data())
    for number, path in otter_submissions(folder, count):
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_otter_submission(number)), encoding="utf-8")


def otter_submissions(folder: Path, count: int) -> Iterator[tuple[int, Path]]:
    for number in range(count):
        yield number, folder / "submitted" / f"s{number:04}" / f"{NAME}.ipynb"


def _otter_submission(number: int) -> dict[str, Any]:
    start = f"import otter\ngrader = otter.Notebook({NAME + '.ipynb'!r})"
    cells = [_plain(start), _plain(SETUP)]
    for cell in submission(number)["cells"][1:]:
        if cell["id"].endswith("-test"):
            cells.append(_plain(f"grader.check({cell['id'][:-5]!r})"))
        else:
            cells.append(_plain(cell["source"]))
    return _notebook(cells)


def _raw(text: str) -> dict[str, Any]:
    return {"cell_type": "raw", "id": _identity(text), "metadata": {}, "source": text}


def _identity(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(source: str) -> dict[str, Any]:
    made = _code("plain", source)
    return made | {"id": _identity(source), "metadata": {}}


def _code(
    name: str,
    source: str,
    *,
    locked: bool = False,
    solution: bool = False,
    points: int | None = None,
) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked or points is not None,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        meta["points"] = points
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"nbgrader": meta},
        "outputs": [],
        "source": source,
    }


def _notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    info = {"name": "python", "file_extension": ".py"}
    meta = {"kernelspec": kernel, "language_info": info}
    return {"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}
