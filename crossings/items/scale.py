"""A scale: one criterion of a rubric and its levels, for work that a person marks.

Worksheets, notebooks (`crossings.curriculum.rubrics`) and tabletop drills are marked with it.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from crossings.items.model import Frozen, Id, Text

MOST_LEVELS = 9
"""Each level has a number key."""


class Level(Frozen):
    """One step of a criterion. `example` is a passage of an answer that is on this step."""

    points: Annotated[float, Field(ge=0)]
    text: Text
    example: Text | None = None


class Scale(Frozen):
    """One criterion and its levels, best first. `text` is for a cell; an item has its own."""

    id: Id
    text: Text | None = None
    levels: tuple[Level, ...] = Field(min_length=2, max_length=MOST_LEVELS)

    @model_validator(mode="after")
    def _best_first(self) -> Self:
        points = [level.points for level in self.levels]
        if points != sorted(set(points), reverse=True):
            raise ValueError("`levels` stand best first, each with fewer points than the one above")
        if points[-1] != 0:
            raise ValueError("the last level earns 0 points: say what an answer without it is like")
        return self

    @property
    def points(self) -> float:
        return self.levels[0].points
