"""Each measure, on cohorts whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.grading.analysis import (
    Answer,
    Cohort,
    Question,
    confidence,
    gain,
    interval,
    needs,
    objectives,
    provisions,
    reliability,
    workings,
)
from tests.grading.analysis.made import PEOPLE, parallel, pick, question, rasch


def test_difficulty_is_the_share_that_the_model_gives() -> None:
    cohort = rasch(400, [-2.0, 0.0, 2.0])
    truth = [_expected(d) for d in (-2.0, 0.0, 2.0)]
    for working, expected in zip(workings(cohort), truth, strict=True):
        found = working.difficulty
        assert found is not None and found.low is not None and found.high is not None
        assert found.low < expected < found.high
        assert working.people == 400


def _expected(difficulty: float) -> float:
    """The mean of the model's probability over a standard normal ability."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    chance = 1 / (1 + np.exp(difficulty - nodes))
    return float((weights * chance).sum() / weights.sum())


def test_discrimination_leaves_the_question_itself_out() -> None:
    """With answers at random a plain item-total correlation is far above zero; ours is not."""
    draw = np.random.default_rng(3)
    answers = tuple(
        pick(p, f"q{n}", str(draw.choice(list("ab")))) for p in PEOPLE for n in range(4)
    )
    cohort = Cohort("random", tuple(question(f"q{n}") for n in range(4)), answers)
    for working in workings(cohort):
        assert working.discrimination is not None
        assert abs(working.discrimination) < 0.12


def test_a_wrong_key_is_found() -> None:
    cohort = rasch(200, [-1, -0.5, 0, 0.3, 0.6, 1], seed=2)
    swapped = tuple(
        replace(a, points=1 - (a.points or 0)) if a.question == "q2" else a for a in cohort.answers
    )
    found = {w.question.id: w for w in workings(replace(cohort, answers=swapped))}
    assert any("check the key" in r for r in found["q2"].remarks)
    assert not any("check the key" in r for q in ("q0", "q1", "q3") for r in found[q].remarks)


def test_a_distractor_that_draws_the_strong_is_named() -> None:
    cohort = rasch(300, [-1, -0.5, 0, 0.3, 0.6, 1], seed=4)
    strong = set(cohort.totals[cohort.totals > 0.7].index)
    answers = tuple(
        pick(a.student, "q5", "c" if a.student in strong else a.chosen[0])
        if a.question == "q5"
        else a
        for a in cohort.answers
    )
    working = workings(replace(cohort, answers=answers))[5]
    pulls = {p.choice.id: p for p in working.pulls}
    assert pulls["c"].strength is not None and pulls["c"].strength > 0.2
    assert sum(p.people for p in working.pulls) == 300
    assert any("“option c” draws those who know more" in r for r in working.remarks)


def test_a_distractor_that_nobody_takes_is_named() -> None:
    answers = tuple(pick(p, "q", "ab"[n % 2]) for n, p in enumerate(PEOPLE[:40]))
    working = workings(Cohort("c", (question("q"),), answers))[0]
    assert "nobody takes “option c”" in working.remarks
    assert working.discrimination is None  # there is no other question to compare with


def test_a_small_class_gets_hints_and_no_verdicts() -> None:
    answers = tuple(pick(p, q, "b") for p in PEOPLE[:4] for q in ("q1", "q2"))
    for working in workings(Cohort("c", (question("q1"), question("q2")), answers)):
        assert working.remarks == ()


def test_alpha_of_a_worked_example() -> None:
    """By hand, in twelfths: the variances are 11, 27 and 19, that of the totals is 139."""
    table = {"a": (1, 2, 3), "b": (2, 2, 5), "c": (3, 5, 5), "d": (3, 4, 6)}
    expected = 3 / 2 * (1 - (11 + 27 + 19) / 139)
    answers = tuple(
        Answer(s, f"q{n}", float(v)) for s, row in table.items() for n, v in enumerate(row)
    )
    cohort = Cohort("c", tuple(Question(f"q{n}", "", 6.0) for n in range(3)), answers)
    found = reliability(cohort)
    assert found.alpha is not None
    assert found.alpha.value == pytest.approx(expected)
    assert any("only 4 trainees" in c for c in found.caveats)


def test_the_interval_of_alpha_covers_the_truth_as_often_as_it_says() -> None:
    k, r = 8, 0.3
    truth = k * r / (1 + (k - 1) * r)
    inside = 0
    for seed in range(300):
        found = reliability(parallel(25, k, r, seed)).alpha
        assert found is not None and found.low is not None and found.high is not None
        inside += found.low <= truth <= found.high
    assert 0.91 <= inside / 300 <= 0.985


def test_the_interval_of_the_gain_covers_the_truth_as_often_as_it_says() -> None:
    draw = np.random.default_rng(11)
    inside = 0
    for _ in range(300):
        first = draw.normal(0.5, 0.1, 12)
        second = first + draw.normal(0.2, 0.1, 12)
        found = gain(_test("pre", first), _test("post", second))
        assert found is not None and found.gain.low is not None and found.gain.high is not None
        inside += found.gain.low <= 0.2 <= found.gain.high
    assert 0.91 <= inside / 300 <= 0.985


def _test(name: str, points: np.ndarray) -> Cohort:
    answers = tuple(Answer(PEOPLE[n], name, float(p)) for n, p in enumerate(points))
    return Cohort(name, (Question(name, "", 1.0),), answers)


def test_the_gain_pairs_people_and_names_the_others() -> None:
    before = Cohort("b", (question("x"),), (pick("ada", "x", "b"), pick("bo", "x", "a")))
    after = Cohort(
        "a", (question("y"),), (pick("ada", "y", "a"), pick("bo", "y", "b"), pick("cy", "y", "a"))
    )
    found = gain(before, after)
    assert found is not None
    assert (found.people, found.fell, found.only_after) == (2, ("bo",), ("cy",))
    assert found.gain.value == pytest.approx(0)
    assert found.normalised == pytest.approx(0)
    assert gain(before, Cohort("n", (question("y"),), ())) is None


def test_wilson_at_the_edges() -> None:
    """Values of Wilson's formula: 0 of 10 and 9 of 10."""
    nothing, most = interval.of_share([0.0] * 10), interval.of_share([1.0] * 9 + [0.0])
    assert nothing is not None and most is not None
    assert nothing.low == pytest.approx(0, abs=1e-9)
    assert nothing.high == pytest.approx(0.2775, abs=1e-3)
    assert most.low == pytest.approx(0.5958, abs=1e-3)
    assert most.high == pytest.approx(0.9821, abs=1e-3)


def test_certain_and_wrong_comes_first() -> None:
    answers = (
        pick("ada", "q1", "b", "certain"),
        pick("bo", "q1", "b", "certain"),
        pick("bo", "q2", "c", "certain"),
        pick("cy", "q2", "a", "certain"),
        pick("cy", "q1", "b", "guess"),
    )
    cohort = Cohort("c", (question("q1"), question("q2")), answers)
    assert [(b.question, b.people) for b in confidence.beliefs(cohort)] == [
        ("q1", ("ada", "bo")),
        ("q2", ("bo",)),
    ]
    by = {level.sure: level for level in confidence.levels(cohort)}
    assert by["certain"].answers == 4
    assert by["certain"].earned is not None and by["certain"].earned.value == 0.25
    assert by["fairly"].earned is None


def test_objectives_and_provisions_are_counted_by_points() -> None:
    big = replace(question("q1", "o1", "L-1"), max_points=3.0)
    questions = (big, question("q2", "o1", "L-2"), question("q3", "o2", "L-2"))
    answers = (
        Answer("ada", "q1", 3.0),
        Answer("ada", "q2", 0.0),
        Answer("ada", "q3", 1.0),
        Answer("bo", "q1", 0.0),
        Answer("bo", "q2", 1.0),
    )
    first, second = objectives(Cohort("c", questions, answers))
    assert first.standings == {"ada": "partly", "bo": "not yet"}
    assert first.earned is not None and first.earned.value == pytest.approx(0.5)
    assert second.standings == {"ada": "too few questions"}
    assert [(p.id, p.questions) for p in provisions(Cohort("c", questions, answers))] == [
        ("L-1", ("q1",)),
        ("L-2", ("q2", "q3")),
    ]


def test_who_needs_help_and_why() -> None:
    questions = tuple(question(f"q{n}", f"o{n // 2}") for n in range(4))
    answers = tuple(
        pick(who, q.id, "a" if who == "ada" else "b", "certain")
        for who in ("ada", "bo")
        for q in questions
    )
    names = {"ada": "Ada", "bo": "Bo", "cy": "Cy", "di": "Di"}
    cohort = Cohort("c", questions, answers, names, {"di": "not gradable"})
    first = Cohort("b", questions, tuple(replace(a, points=1.0) for a in answers))
    found = {n.student: n for n in needs(cohort, first)}
    assert set(found) == {"bo", "cy", "di"}
    assert found["bo"].start_with == ("o0", "o1")
    assert found["bo"].reasons == (
        "earned 0% of the points",
        "2 of 2 objectives not yet shown",
        "certain of 4 wrong answers",
        "fell from 100% to 0%",
    )
    assert found["cy"].reasons == ("has handed in nothing",)
    assert found["di"].reasons == ("not gradable",)


_SHARE = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_SHARE, min_size=3, max_size=3), max_size=8))
def test_no_cohort_breaks_a_measure(rows: list[list[float | None]]) -> None:
    """Empty classes, unmarked questions, people without answers: a result or None, no error."""
    answers = tuple(
        Answer(PEOPLE[n], f"q{q}", share, given=share != 0, chosen=("a",) if share else ())
        for n, row in enumerate(rows)
        for q, share in enumerate(row)
    )
    cohort = Cohort("c", tuple(question(f"q{n}") for n in range(3)), answers)
    for working in workings(cohort):
        assert working.difficulty is None or 0 <= working.difficulty.value <= 1
        assert working.discrimination is None or -1.001 <= working.discrimination <= 1.001
    reliability(cohort)
    objectives(cohort)
    needs(cohort, cohort)
    gain(cohort, cohort)
    confidence.levels(cohort)


def test_newcombes_own_example() -> None:
    """56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339 (Newcombe 1998, table II)."""
    first, second = [1.0] * 48 + [0.0] * 32, [1.0] * 56 + [0.0] * 14
    found = interval.of_difference(first, second)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


@pytest.mark.parametrize("parts", [False, True])
def test_the_interval_of_a_difference_covers_the_truth_as_often_as_it_says(parts: bool) -> None:
    draw = np.random.default_rng(5)
    inside = 0
    for _ in range(600):
        if parts:
            first, second = draw.beta(4, 4, 12), draw.beta(6, 2, 9)
        else:
            first = (draw.random(12) < 0.5).astype(float)
            second = (draw.random(9) < 0.75).astype(float)
        found = interval.of_difference(first.tolist(), second.tolist())
        assert found is not None and found.low is not None and found.high is not None
        inside += found.low <= 0.25 <= found.high
    assert 0.92 <= inside / 600 <= 0.985


def test_a_difference_pretends_nothing() -> None:
    assert interval.of_difference([], [1.0]) is None
    one = interval.of_difference([1.0], [0.0])
    assert one is not None and one.low is None and one.value == -1
    flat = interval.of_difference([0.5, 0.5, 0.5], [0.25, 0.25])
    assert flat is not None and flat.low is None, "where nothing varies nothing is certain"
    full = interval.of_difference([1.0] * 6, [1.0] * 6)
    assert full is not None and full.low is not None and full.low < 0
