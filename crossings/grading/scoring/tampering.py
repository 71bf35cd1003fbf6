"""What a learner changed in the notebook itself: marks, names and text of locked cells.

All of it is put right before anything runs; the signals only tell the trainer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from crossings.grading.scoring import hidden
from crossings.grading.scoring.master import Master, MasterCell
from crossings.grading.scoring.signals import Signal, shown

FLAGS = ("grade", "solution", "locked", "task")
MOST = 50
"""Signals kept of one notebook; more say nothing new."""


def signals_of(submitted: Mapping[str, Any], master: Master) -> tuple[Signal, ...]:
    """What differs between the submitted cells and those that were given out."""
    found = list(_all(submitted, master))
    return tuple(found[:MOST])


def _all(submitted: Mapping[str, Any], master: Master) -> Iterator[Signal]:
    order: list[str] = []
    for cell in submitted["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta is None or meta == {}:
            continue
        name = meta.get("grade_id") if isinstance(meta, Mapping) else None
        if not isinstance(name, str):
            if not isinstance(meta, Mapping) or any(meta.get(flag) for flag in FLAGS):
                yield Signal("metadata", "a cell's marking data are damaged; they were ignored")
            continue
        if name not in master.cells:
            yield Signal("unknown cell", f"no cell `{shown(name)}` in the assignment; ignored")
            continue
        order.append(name)
        yield from _cell(cell, meta, master.cells[name])
    yield from _names(order, master)


def _cell(cell: Mapping[str, Any], meta: Mapping[str, Any], own: MasterCell) -> Iterator[Signal]:
    version = meta.get("schema_version", 0)
    if version in (0, 1, 2):
        yield Signal("schema", "marking data of an older nbgrader, upgraded", cell=own.name)
    elif version != 3:
        yield Signal("schema", "marking data of an unknown kind; put back", cell=own.name)
    if own.counts and _differ(meta.get("points"), own.max_score):
        text = f"points were changed from {own.max_score:g} to {shown(meta.get('points'))}"
        yield Signal("points", f"{text}; put back", cell=own.name)
    flags = [f for f in ("grade", "solution", "task") if bool(meta.get(f)) != getattr(own, f)]
    if own.locked and not meta.get("locked") and not own.grade:
        flags.append("locked")
    if flags:
        text = f"the marking data `{', '.join(flags)}` were changed; put back"
        yield Signal("metadata", text, cell=own.name)
    if cell["cell_type"] != own.cell_type:
        yield Signal("cell type", f"was made a {cell['cell_type']} cell; put back", cell=own.name)
    if own.locked and not _same_text(cell["source"], own):
        yield Signal("locked cell", "a locked cell was edited; put back", cell=own.name)


def _differ(points: object, own: float) -> bool:
    try:
        return float(points) != own  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return True


def _same_text(source: str | list[str], own: MasterCell) -> bool:
    text = source if isinstance(source, str) else "".join(source)
    released = hidden.without_hidden(own.source)
    return text.strip() in (released.strip(), own.source.strip())


def _names(order: list[str], master: Master) -> Iterator[Signal]:
    for name, count in Counter(order).items():
        if count > 1:
            text = f"{count} cells have this name; the last one counts, as in nbgrader"
            yield Signal("duplicate", text, cell=name)
    for name, own in master.cells.items():
        if name not in order and (own.counts or own.locked):
            yield Signal("missing cell", "the cell was deleted", cell=name)
    places = {name: place for place, name in enumerate(master.cells)}
    if any(places[a] > places[b] for a, b in pairwise(dict.fromkeys(order))):
        yield Signal("order", "marked or locked cells stand in another order")
