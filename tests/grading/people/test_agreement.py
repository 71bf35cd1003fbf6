"""Kappa against values worked out by hand, and what must hold for all pairs of levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.grading.people.agreement import agreement, caveats, interval, kappa

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


def pairs_of(table: list[list[int]]) -> list[tuple[int, int]]:
    return [
        (a, b) for a, row in enumerate(table) for b, times in enumerate(row) for _ in range(times)
    ]


TWO = pairs_of([[20, 5], [10, 15]])
"""50 answers. Seen 35/50 = 0.7; by chance (30·25 + 20·25)/2500 = 0.5; kappa 0.2/0.5 = 0.4."""
THREE = pairs_of([[11, 3, 1], [1, 9, 0], [0, 1, 10]])
"""36 answers; rows 15, 10, 11, columns 12, 13, 11. Linear: seen 3.5, by chance 581/36, so
1 - 3.5·36/581 = 455/581. Quadratic: seen 2.25, by chance 439/36, so 1 - 2.25·36/439 = 358/439."""


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_with_two_levels_all_weights_are_the_same(weights: str) -> None:
    assert kappa(TWO, 2, weights) == pytest.approx(0.4)  # type: ignore[arg-type]


def test_weights_against_hand_computed_values() -> None:
    assert kappa(THREE, 3, "linear") == pytest.approx(455 / 581)
    assert kappa(THREE, 3, "quadratic") == pytest.approx(358 / 439)
    # Unweighted: seen 30/36; by chance (15·12 + 10·13 + 11·11)/36² = 431/1296.
    assert kappa(THREE, 3, "none") == pytest.approx((30 / 36 - 431 / 1296) / (1 - 431 / 1296))


def test_disagreement_beyond_chance_is_negative() -> None:
    assert kappa([(0, 1), (1, 0)] * 5, 2, "linear") == pytest.approx(-1)


def test_one_level_for_everything_has_no_kappa_and_says_so() -> None:
    found = agreement([(1, 1)] * 30, 3)
    assert found is not None and found.same == 1
    assert found.linear is None and found.quadratic is None and found.interval is None
    assert "one level only" in " ".join(caveats(found))


def test_few_pairs_and_the_paradox_of_kappa_are_said() -> None:
    few = agreement(THREE[:12], 3)
    assert few is not None and "Only 12" in caveats(few)[0]
    lopsided = agreement(pairs_of([[45, 3], [2, 0]]), 2)
    assert lopsided is not None and lopsided.same == 0.9 and (lopsided.quadratic or 0) < 0
    assert any("chance explains much" in said for said in caveats(lopsided))
    assert agreement([], 3) is None


def test_the_interval_holds_kappa_and_gets_narrower() -> None:
    small, large = interval(THREE, 3, "quadratic"), interval(THREE * 4, 3, "quadratic")
    assert small is not None and large is not None
    value = 358 / 439
    assert small[0] < value < small[1] and large[0] < value < large[1]
    assert large[1] - large[0] < (small[1] - small[0]) * 0.6
    assert interval(THREE[:9], 3, "quadratic") is None


@given(PAIRS, st.sampled_from(["none", "linear", "quadratic"]))
def test_who_is_first_and_where_levels_begin_does_not_matter(
    pairs: list[tuple[int, int]], weights: str
) -> None:
    value = kappa(pairs, 4, weights)  # type: ignore[arg-type]
    swapped = kappa([(b, a) for a, b in pairs], 4, weights)  # type: ignore[arg-type]
    turned = kappa([(3 - a, 3 - b) for a, b in pairs], 4, weights)  # type: ignore[arg-type]
    if value is None:
        assert swapped is None and turned is None and len(set(pairs)) == 1
        return
    assert swapped == pytest.approx(value) and turned == pytest.approx(value)
    assert value <= 1 + 1e-12
    assert (value == pytest.approx(1)) == all(a == b for a, b in pairs)
