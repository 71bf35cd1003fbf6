"""Repeated measurements and how they are told: median and spread, a table, a file of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


@dataclass(frozen=True)
class Figure:
    """Some measurements of one thing, in one unit."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Figure:
        return cls(tuple(float(value) for value in values))

    @property
    def median(self) -> float:
        return median(self.values)

    def to_json(self) -> dict[str, Any]:
        return {
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "repetitions": len(self.values),
        }

    def told(self) -> str:
        """`12 (11 to 15)`: the median, then the smallest and the largest."""
        low, high = _number(min(self.values)), _number(max(self.values))
        middle = _number(self.median)
        return middle if low == high else f"{middle} ({low} to {high})"


def ratio(ours: float, theirs: float) -> str:
    """How many times ours `theirs` is."""
    return f"{theirs / ours:.2g} ×" if ours and theirs / ours < 10 else f"{theirs / ours:,.0f} ×"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:.3g}"


@dataclass(frozen=True)
class Sheet:
    """A table with a title, and remarks beneath it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()

    def show(self, console: Console) -> None:
        table = Table(title=self.title, title_justify="left")
        for place, column in enumerate(self.columns):
            table.add_column(column, justify="right" if place else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        for remark in self.remarks:
            console.print(f"- {remark}", markup=False)
        console.print()

    def markdown(self) -> str:
        lines = [f"**{self.title}**", "", "| " + " | ".join(self.columns) + " |"]
        lines.append("| " + " | ".join("---:" if n else "---" for n in range(len(self.columns))))
        lines[-1] += " |"
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        lines += ["", *(f"- {remark}" for remark in self.remarks)]
        return "\n".join(lines).rstrip() + "\n"


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_section(name: str, text: str, path: Path = RESULTS) -> None:
    """Put `text` in place of the part of the results that belongs to the benchmark `name`."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    whole = path.read_text(encoding="utf-8") if path.exists() else "# Results\n"
    part = f"{begin}\n{text.strip()}\n{end}\n"
    before, found, rest = whole.partition(begin)
    after = rest.partition(f"{end}\n")[2] if found else ""
    if not found:
        before = before.rstrip() + "\n\n"
    path.write_text(before + part + after, encoding="utf-8", newline="\n")
