"""The sample for a second marker: of all marks, and the same for the same seed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crossings.grading.people.sample import draw

POINTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4),
    st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 3.0]),
    min_size=1,
    max_size=60,
)


@given(POINTS, st.integers(1, 70), st.integers(0, 999))
def test_a_sample_is_of_the_class_and_can_be_drawn_again(
    points: dict[str, float], size: int, seed: int
) -> None:
    found = draw(points, size, seed)
    assert len(found) == len(set(found)) == min(size, len(points))
    assert set(found) <= set(points)
    assert draw(dict(reversed(points.items())), size, seed) == found


@given(POINTS, st.integers(4, 70), st.integers(0, 999))
def test_low_and_high_marks_are_in_it(points: dict[str, float], size: int, seed: int) -> None:
    found = [points[student] for student in draw(points, size, seed)]
    ordered = sorted(points.values())
    quarter = ordered[: -(-len(ordered) // 4)]
    assert min(found) <= quarter[-1], "somebody of the lowest quarter"
    assert max(found) >= ordered[-1] - 1.5 or len(set(ordered)) > 4


def test_another_seed_draws_others() -> None:
    points = {f"s{n}": float(n % 4) for n in range(40)}
    assert len({tuple(draw(points, 8, seed)) for seed in range(10)}) > 5
    counted = [points[s] for s in draw(points, 8, 1)]
    assert sorted(counted) == [0, 0, 1, 1, 2, 2, 3, 3]
