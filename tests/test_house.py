"""The house: each room imports only rooms below it, and no module outgrows its room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "crossings"

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"workspace"}),
    frozenset({"environment", "kernels", "look", "check"}),
    frozenset({"items"}),
    frozenset({"cases", "triage"}),
    frozenset({"tabletop"}),
    frozenset({"curriculum"}),
    frozenset({"player"}),
    frozenset({"exchange"}),
    frozenset({"drills", "grading"}),
    frozenset({"apps", "book"}),
    frozenset({"terminal"}),
    frozenset({"author"}),
    frozenset({"server"}),
    frozenset({"cli"}),
)
"""From the ground up; see docs/decisions/0001-the-house.md."""

HEIGHT = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
PURE = ("items", "cases", "triage", "tabletop", "curriculum")
IMPURE = {"IPython", "ipywidgets", "anywidget", "jupyter_server", "nbformat", "starlette", "socket",
          "requests", "httpx", "urllib", "sqlalchemy", "uvicorn"}  # fmt: skip
MOST_LINES = 450


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "page" not in p.parts)


def room(path: Path) -> str:
    part = path.relative_to(PACKAGE).parts[0]
    return part.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "crossings":
                yield from (f"crossings.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    assert here in HEIGHT, f"{here} has no floor: add it to FLOORS and to the decision record"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "crossings" or len(parts) < 2 or parts[1] not in HEIGHT:
            continue
        other = parts[1]
        assert other == here or HEIGHT[other] < HEIGHT[here], f"{here} imports {other}"


@pytest.mark.parametrize("name", PURE)
def test_the_pure_floors_know_no_jupyter_and_no_network(name: str) -> None:
    for path in (PACKAGE / name).rglob("*.py"):
        for imported in imports(path):
            assert imported.split(".")[0] not in IMPURE, f"{path.name} imports {imported}"


def test_what_reads_strangers_files_knows_no_network_and_runs_nothing() -> None:
    forbidden = (IMPURE - {"urllib"}) | {"subprocess", "pickle", "importlib", "ctypes"}
    for path in (PACKAGE / "exchange").rglob("*.py"):
        for imported in imports(path):
            assert imported.split(".")[0] not in forbidden, f"{path.name} imports {imported}"
            assert imported != "urllib.request", f"{path.name} imports {imported}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_is_one_room(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{lines} lines: two rooms"
