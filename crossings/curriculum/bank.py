"""The quality of a module's item bank as points of the convention, with the places in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from crossings.curriculum.model import Module
from crossings.curriculum.problem import Problem
from crossings.items.model import Item
from crossings.items.quality import BankReport, Flaw, report
from crossings.items.quality.report import EASY, OUTSIDER_LIMIT

if TYPE_CHECKING:
    from crossings.curriculum.load import Reading

CODE = "item-quality"
Judged = tuple[str, str, str, tuple[Problem, ...]]
"""Name, what there is, what is needed, problems."""


@lru_cache(maxsize=8)
def _reported(items: tuple[Item, ...]) -> BankReport:
    """Kept, since a preview asks after each save and the bank has seldom changed."""
    return report(items)


def judged(module: Module, reading: Reading) -> Iterator[Judged]:
    """The points: no giveaways, and what common sense alone earns."""
    found = _reported(tuple(module.items.values()))
    key = f"{module.id}/items"
    places = {id_: n for n, id_ in enumerate(module.items)}

    def place(flaw: Flaw) -> Problem:
        where = (places[flaw.item], *flaw.where) if flaw.item else ()
        problem = Problem.at(reading.place(key, *where), flaw.message, flaw.hint, CODE)
        return problem if flaw.fails else replace(problem, severity="warning")

    told = tuple(place(flaw) for flaw in found.flaws)
    yield "giveaways", str(len(told)), "none", told
    share = found.mean("outsider")
    limit = f"under {100 * OUTSIDER_LIMIT:.0f} % for an outsider"
    easy = tuple(i.item.id for i in found.items if i.shares["outsider"] >= EASY)
    failing: tuple[Problem, ...] = ()
    if module.items and not found.passes_outsider:
        named = ", ".join(easy) or "./course items report names the easiest"
        hint = f"make wrong options what a sensible person would choose, first in: {named}"
        message = f"common sense without the course earns {100 * share:.0f} % of the points"
        failing = (Problem.at(reading.place(key), message, hint, CODE),)
    yield "common sense alone", f"{100 * share:.0f} %", limit, failing
