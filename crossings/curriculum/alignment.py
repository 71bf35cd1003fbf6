"""The alignment of a module: where each objective is taught, practised, assessed and drilled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from crossings.curriculum.model import Course, Module, Objective, Use

How = Literal["taught", "practised", "assessed", "drilled"]
HOWS: tuple[How, ...] = get_args(How)

NEEDED: Mapping[How, str] = {
    "taught": "name it in the `{objectives}` of a chapter that teaches it",
    "practised": "add an item with it to a chapter quiz, or name it in a case",
    "assessed": "add an item with it to the post-test, a worksheet or a notebook assignment",
    "drilled": "name it in the `objectives` of a live drill that practises it",
}
"""What to do where an objective is not."""


@dataclass(frozen=True)
class Row:
    """One objective and its uses."""

    objective: Objective
    uses: tuple[Use, ...]

    def where(self, how: How) -> tuple[Use, ...]:
        """The uses of one kind, each place once."""
        found = {use.where + use.kind: use for use in self.uses if use.how == how}
        return tuple(found.values())

    @property
    def holes(self) -> tuple[How, ...]:
        return tuple(how for how in HOWS if not self.where(how))


def matrix(course: Course, module: Module) -> tuple[Row, ...]:
    """A row for each objective of the module, in their order."""
    return tuple(
        Row(objective, course.objective_uses.get(objective.id, ()))
        for objective in module.file.objectives
    )


def holes(course: Course, module: Module) -> Iterator[tuple[int, How]]:
    """The place of an objective in the module's list, and what it is not."""
    for place, row in enumerate(matrix(course, module)):
        yield from ((place, how) for how in row.holes)
