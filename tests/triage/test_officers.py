"""A set measures what it should: who follows the rules does well, who guesses does not."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crossings.triage import Arrivals
from crossings.triage.model import Difficulty
from crossings.triage.officers import OFFICERS, judge
from tests.triage.conftest import LEVELS, many


@pytest.mark.parametrize("difficulty", LEVELS)
def test_officers_stand_in_the_right_order(difficulty: Difficulty, model: Arrivals) -> None:
    results = {o: judge(many(difficulty), model, o, "order") for o in OFFICERS}
    points = [results[o].points for o in ("guesser", "by country and looks", "average", "expert")]
    assert points == sorted(points)
    assert min(b - a for a, b in pairwise(points)) > 0.04
    missed = [results[o].missed for o in ("guesser", "by country and looks", "average", "expert")]
    assert missed == sorted(missed, reverse=True)
    # To judge by country and looks misses every second need, whatever the difficulty.
    assert results["by country and looks"].missed > 0.45


def test_harder_sets_are_harder_for_those_who_read(model: Arrivals) -> None:
    for officer in ("average", "expert"):
        results = [judge(many(level), model, officer, "harder") for level in LEVELS]
        assert [r.points for r in results] == sorted((r.points for r in results), reverse=True)
        assert [r.missed for r in results] == sorted(r.missed for r in results)
    average = [judge(many(level), model, "average", "harder") for level in LEVELS]
    assert average[0].points - average[2].points > 0.12
