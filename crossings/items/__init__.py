"""Items: the model of one question, and its scoring. Pure: no files, no Jupyter, no network."""

from crossings.items.model import Criterion, Item, Option, Target
from crossings.items.score import Score, score
from crossings.items.views import keyed, public

__all__ = ["Criterion", "Item", "Option", "Score", "Target", "keyed", "public", "score"]
