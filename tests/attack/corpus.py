"""The hostile submissions as data: a file each, cells after `# %%`, told in its first lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "notebooks"


@dataclass(frozen=True)
class Attack:
    name: str
    tries: str
    """What it is after, for people."""
    expected: frozenset[str]
    """The outcomes that are right; more than one where chance decides."""
    because: str
    """Why chance decides; "" where one outcome is right."""
    limits: Mapping[str, int]
    """What differs from the limits of the others, so that not the speed of the machine decides."""
    bare: bool
    """It succeeds where there is no sandbox; the tests see that, so that they know it can."""
    cells: tuple[str, ...]


def read(path: Path) -> Attack:
    head, *cells = path.read_text(encoding="utf-8").split("# %%\n")
    told = dict(line[2:].split(": ", 1) for line in head.splitlines())
    return Attack(
        name=path.relative_to(FOLDER).with_suffix("").as_posix(),
        tries=told["tries"],
        expected=frozenset(told.get("expect", "ran").split(" | ")),
        because=told.get("because", ""),
        limits={
            name: int(value)
            for name, value in (pair.split("=") for pair in told.get("limits", "").split())
        },
        bare=told.get("bare") == "escapes",
        cells=tuple(cell.rstrip("\n") for cell in cells),
    )


ATTACKS = tuple(read(path) for path in sorted(FOLDER.rglob("*.py")))


def notebook(*cells: str) -> dict[str, Any]:
    """A notebook of code cells."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(cells, 1)
        ],
    }


def shown(executed: dict[str, Any] | None) -> str:
    """What the cells printed and displayed. Not tracebacks: they quote the attack's own lines."""
    texts: list[str] = []
    for cell in (executed or {"cells": []})["cells"]:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream" and output["name"] == "stdout":
                texts.append(output["text"])
            if "data" in output:
                texts.append(str(output["data"]))
    return "\n".join(texts)
