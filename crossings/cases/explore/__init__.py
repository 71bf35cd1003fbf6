"""All plays of a case at once: what can happen, what cannot, between which scores plays end.

`docs/decisions/0020-model-check.md` says how and why.
"""

from crossings.cases.explore.answers import Answers, Bounds
from crossings.cases.explore.inquiry import BOUND, DEEP, inquire
from crossings.cases.explore.moves import Move
from crossings.cases.explore.replay import Run

Moves = list[Move]

__all__ = ["BOUND", "DEEP", "Answers", "Bounds", "Move", "Moves", "Run", "inquire"]
