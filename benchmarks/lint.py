"""How long the check of a case takes, and what it needs, as the state space grows.

    python -m benchmarks.lint

A made case is a chain of decisions. Each option changes variables (booleans and integers 0 to 5),
a third of the options is guarded, delayed rules watch the clock, and every tenth node is an
interview. Every state of it, without folding, is the product of the values that its variables can
have, for each node; the table shows it as "raw". "open" is how many questions the bound left open.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from random import Random
from typing import Any

import yaml
from rich.console import Console

from benchmarks.figures import Sheet, write_section
from benchmarks.machine import machine, told
from crossings.cases import Case
from crossings.cases.check import problems
from crossings.cases.document import compiled, most_points
from crossings.cases.explore import BOUND, inquire
from crossings.workspace import ROOT

NODES = (10, 100, 1_000)
VARIABLES = (3, 6, 9)
COLUMNS = ("case", "nodes", "variables", "raw", "looked at", "seconds", "MiB", "open")
INTEGERS = 3
"""Every third variable is an integer."""


def made(nodes: int, variables: int) -> dict[str, Any]:
    """The data of a case with so many nodes and variables."""
    rng = Random(f"{nodes}/{variables}")
    names = [f"v{n}" for n in range(variables)]
    declared = {name: _variable(n) for n, name in enumerate(names)}
    inner = {f"n{n}": _node(rng, n, nodes, declared) for n in range(nodes - 2)}
    ends = {
        "safe": {"kind": "ending", "title": "Safe", "outcome": "protected", "text": "Safe."},
        "lost": {"kind": "ending", "title": "Lost", "outcome": "harmed", "text": "Lost."},
    }
    last = f"n{nodes - 3}"
    inner[last] = _scene([{"to": "safe", "when": _guard(rng, declared)}, {"to": "lost"}])
    return {
        "id": "made", "title": "Made", "summary": "Made.", "minutes": 5, "objectives": ["X-1"],
        "role": "You.", "people": {"p": {"name": "P", "role": "r"}}, "variables": declared,
        "caps": {"low": {"percent": 40, "reason": "Harm."}},
        "rules": [_rule(rng, n, declared) for n in range(variables // 3)],
        "start": "n0", "nodes": inner | ends, "debrief": {},
        "walkthroughs": {"best": _walk(inner)},
    }  # fmt: skip


def _variable(number: int) -> dict[str, Any]:
    if number % INTEGERS:
        return {"type": "boolean", "label": "B"}
    return {"type": "integer", "label": "I", "max": 5, "start": 2}


def _guard(rng: Random, declared: dict[str, Any]) -> str:
    name = rng.choice(list(declared))
    if declared[name]["type"] == "integer":
        return f"{name} {rng.choice(['>=', '<'])} {rng.randint(2, 4)}"
    return rng.choice([name, f"not {name}"])


def _effects(rng: Random, declared: dict[str, Any]) -> list[dict[str, Any]]:
    name = rng.choice(list(declared))
    if declared[name]["type"] == "integer":
        change: dict[str, Any] = {"add": {name: rng.choice([-1, 1])}}
    else:
        change = {"set": {name: rng.random() < 0.6}}
    return [change, {"advance": rng.choice([5, 10])}]


def _judged(rng: Random, declared: dict[str, Any], grade: str, **more: Any) -> dict[str, Any]:
    words = {"consequence": "It follows.", "reason": "It is so.", "cites": ["X"]}
    cap = {"cap": "low"} if grade == "harmful" else {}
    return {"grade": grade, "effects": _effects(rng, declared), **words, **cap, **more}


def _scene(way: Any) -> dict[str, Any]:
    return {"kind": "scene", "title": "Scene", "text": "Something happens.", "next": way}


def _node(rng: Random, number: int, nodes: int, declared: dict[str, Any]) -> dict[str, Any]:
    to = f"n{number + 1}"
    if number % 10 == 9:
        questions = [
            _judged(rng, declared, rng.choice(["good", "poor"]), id=f"q{n}", text="Q", answer="A")
            for n in range(8)
        ]
        kind = {"kind": "interview", "person": "p", "limit": 4, "points": 3}
        return kind | {"title": "Talk", "text": "You talk.", "questions": questions, "next": to}
    grades = ["good", "acceptable", "poor", "harmful"]
    options = [
        _judged(rng, declared, grade, id=grade, text=grade.title(), to=to) for grade in grades
    ]
    options[2]["when"] = _guard(rng, declared)
    rng.shuffle(options)
    asked = {"kind": "decision", "title": "Choice", "text": "You choose.", "question": "What?"}
    return asked | {"options": options}


def _rule(rng: Random, number: int, declared: dict[str, Any]) -> dict[str, Any]:
    name = next(n for n, v in declared.items() if v["type"] == "boolean")
    when = f"{name} and clock >= {30 * (number + 1)}"
    return {"id": f"r{number}", "when": when, "text": "Later.", "effects": _effects(rng, declared)}


def _walk(inner: dict[str, Any]) -> dict[str, Any]:
    actions = []
    for name, node in inner.items():
        if node["kind"] == "decision":
            actions.append({"node": name, "action": "choose", "choice": "good"})
        elif node["kind"] == "interview":
            actions.append({"node": name, "action": "leave"})
        else:
            actions.append({"node": name, "action": "continue"})
    return {"ending": "safe", "actions": actions}


def measured(case: Case, bound: int) -> tuple[float, float, int, int]:
    """Seconds of the whole check; MiB at most; states looked at; questions left open."""
    started = time.process_time()
    problems(case, bound=bound)
    seconds = time.process_time() - started
    doc = compiled(case)
    doc["max"] = most_points(doc, case)
    tracemalloc.start()
    answers = inquire(doc, bound=bound)
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return seconds, most, answers.states, len(answers.open) + len(answers.unproved)


def raw(nodes: int, variables: int) -> str:
    """Nodes times the values that the variables can have together."""
    states = nodes
    for number in range(variables):
        states *= 2 if number % INTEGERS else 6
    return f"{states:,}"


def _one(name: str, bound: int) -> None:
    """Measure one case and print its row; a process of its own starts with clean memory."""
    if name.endswith(".yml"):
        data = yaml.safe_load(Path(name).read_text(encoding="utf-8"))
        size, states = (str(len(data["nodes"])), str(len(data["variables"]))), "–"
    else:
        nodes, variables = map(int, name.split("x"))
        data, size, states = (
            made(nodes, variables),
            (f"{nodes:,}", str(variables)),
            raw(nodes, variables),
        )
    seconds, most, folded, left = measured(Case.model_validate(data), bound)
    shown = Path(name).stem if name.endswith(".yml") else "made"
    print(
        "\t".join((shown, *size, states, f"{folded:,}", f"{seconds:.2f}", f"{most:.0f}", str(left)))
    )


def _row(name: str, bound: int) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.lint", "--one", name, "--bound", str(bound)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().split("\t")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bound", type=int, default=BOUND, help="states of one search")
    parser.add_argument("--results", action="store_true", help="put the table into RESULTS.md")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        _one(given.one, given.bound)
        return
    facts = machine()
    names = [f"{nodes}x{variables}" for nodes in NODES for variables in VARIABLES]
    names += [str(path) for path in sorted((ROOT / "modules").glob("*/cases/*.yml"))]
    remarks = [
        f"Seconds of processor time; at most {given.bound:,} states for one question. A made case "
        "is a chain of decisions and interviews. Raw: its nodes times all values that its "
        "variables can have. Looked at: states that the check visited, folded. Open: questions "
        "that the bound left undecided; `./course check --deep` looks further.",
    ]
    rows = [_row(name, given.bound) for name in names]
    sheet = Sheet("Check: time and memory as the state space grows", COLUMNS, rows, remarks)
    sheet.show(Console())
    if given.results:
        head = f"## Check\n\n`python -m benchmarks.lint`; {told(facts)}.\n\n"
        write_section("lint", head + sheet.markdown())


if __name__ == "__main__":
    main()
