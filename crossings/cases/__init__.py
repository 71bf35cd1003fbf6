"""Cases: model, engine, replay, score, debrief, and the checks for authors. Pure: no files."""

from crossings.cases.debrief import debrief
from crossings.cases.document import document
from crossings.cases.engine import IllegalAction, apply, start
from crossings.cases.model import Case
from crossings.cases.replay import Play, TraceProblem, replay
from crossings.cases.score import Score, score
from crossings.cases.state import Document, State
from crossings.cases.view import view

__all__ = [
    "Case",
    "Document",
    "IllegalAction",
    "Play",
    "Score",
    "State",
    "TraceProblem",
    "apply",
    "debrief",
    "document",
    "replay",
    "score",
    "start",
    "view",
]
