"""Items from QTI 3 as YAML for an author, item by item."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crossings.curriculum.model import Module
from crossings.exchange.draft import as_yaml
from crossings.exchange.qti import opened
from crossings.exchange.qti.parse import NoPlaceError, read
from crossings.exchange.report import ExchangeError, Loss, told
from crossings.items.model import Item


@dataclass(frozen=True)
class Drafts:
    """`text` is a YAML list of `count` items that all load."""

    text: str
    count: int
    losses: tuple[Loss, ...]
    pictures: Mapping[str, bytes]
    """Files for the module's folder `pictures`."""


def items_from(path: Path, module: Module) -> Drafts:
    """Drafts of the items in `path`, with ids that `module` does not have yet.

    Raises:
        ExchangeError: when the file cannot be read, or no item of it has a place here.
    """
    pictures: dict[str, bytes] = {}
    made, losses = parsed(path, module.items, pictures)
    if not made:
        reasons = "\n".join(f"- {line}" for line in told(losses))
        raise ExchangeError(f"{path}: no item could be carried over:\n{reasons}")
    heading = (
        f"Drafts, imported from {path.name}. Replace each TODO and add what the module asks of its "
        "items; `./course check` names what is missing. docs/formats/exchange.md says what is lost."
    )
    lines = [*(["Not carried over:"] if losses else []), *told(losses)]
    return Drafts(as_yaml(made, heading, lines), len(made), tuple(losses), pictures)


def parsed(
    path: Path, taken: Container[str] = (), pictures: dict[str, bytes] | None = None
) -> tuple[list[dict[str, Any]], list[Loss]]:
    """The data of every item in `path` that has a place here; each is valid for `Item`. The files
    of their pictures are put into `pictures`."""
    found, losses = opened.items(path)
    made: list[dict[str, Any]] = []
    used: set[str] = set()
    for one in found:
        place = f"item `{one.root.get('identifier') or one.name}`"
        try:
            data, own, shown = read(one)
            data["id"] = _free(data["id"], taken, used)
            Item.model_validate(data)
        except NoPlaceError as error:
            losses.append(Loss(place, 0, f"left out: {error}"))
            continue
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(p) for p in first["loc"])
            what = first["msg"].removeprefix("Value error, ")
            losses.append(Loss(place, 0, f"left out: {where + ': ' if where else ''}{what}"))
            continue
        used.add(data["id"])
        made.append(data)
        losses.extend(own)
        if pictures is not None:
            pictures |= shown
    return made, losses


def _free(name: str, taken: Container[str], used: set[str]) -> str:
    free, n = name, 2
    while free in taken or free in used:
        free, n = f"{name[:54]}-{n}", n + 1
    return free
