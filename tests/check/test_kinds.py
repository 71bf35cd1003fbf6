"""Each kind of check: what it takes for right, and the word it has for what is wrong."""

from __future__ import annotations

from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crossings import check
from crossings.check import axes, calls, words
from crossings.check.compare import compare
from crossings.check.normal import candidates
from crossings.check.plain import encode

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [0.1, 0.2, 0.3]}, index=["x", "y", "z"])
ANY = {"rows": "any", "columns": "any"}


@pytest.mark.parametrize(
    ("theirs", "spec", "why"),
    [
        (FRAME, {}, ""),
        (FRAME[["b", "a"]], {}, "column order"),
        (FRAME[["b", "a"]], ANY, ""),
        (FRAME.iloc[::-1], {}, "row order"),
        (FRAME.iloc[::-1], ANY, ""),
        (FRAME.reset_index(drop=True), {}, "index"),
        (FRAME.reset_index(drop=True), {"index": False}, ""),
        (FRAME.rename(columns={"a": "A"}), {}, "columns"),
        (FRAME.iloc[:2], {}, "rows"),
        (FRAME.assign(a=[1, 2, 4]), {}, "cells"),
        (FRAME.astype(float), {}, ""),
        (FRAME.astype(float), {"dtypes": True}, "dtypes"),
        (FRAME + 1e-6, {"tolerance": 1e-3}, ""),
        (FRAME + 1e-6, {}, "cells"),
        ([1, 2], {}, "not a table"),
        (FRAME["a"], {}, "columns"),
    ],
)
def test_frames(theirs: Any, spec: dict[str, Any], why: str) -> None:
    assert compare("frame", encode(FRAME), encode(theirs), spec).why == why


def test_rows_that_differ_by_less_than_the_tolerance_find_each_other() -> None:
    ours = pd.DataFrame({"a": [1.0, 1.0000004, 2.0], "b": [2, 1, 3]})
    theirs = ours.iloc[[1, 2, 0]] + 3e-7
    spec = {"rows": "any", "index": False, "tolerance": 1e-6}
    assert compare("frame", encode(ours), encode(theirs), spec).right


def test_series_are_frames_of_one_column() -> None:
    ours = encode(FRAME["a"])
    assert compare("frame", ours, encode(FRAME["a"].rename("other")), {}).right
    assert compare("frame", ours, encode(FRAME["a"] + 1), {}).why == "cells"


@pytest.mark.parametrize(
    ("theirs", "spec", "right"),
    [
        (0.5, {}, True),
        (0.52, {}, False),
        (0.52, {"tolerance": 0.05}, True),
        (0.505, {"relative": 0.02}, True),
        (True, {"tolerance": 1}, False),
        ("0.5", {}, False),
        (float("nan"), {}, False),
        (float("inf"), {"tolerance": 1e9}, False),
    ],
)
def test_numbers(theirs: Any, spec: dict[str, Any], right: bool) -> None:
    assert compare("number", 0.5, encode(theirs), {"relative": 0.0} | spec).right is right


@pytest.mark.parametrize(
    ("theirs", "ignore", "right"),
    [
        (" North Quay\n", [], True),
        ("north quay", [], False),
        ("north  quay.", ["case", "spaces", "punctuation"], True),
        (3, [], False),
    ],
)
def test_texts(theirs: Any, ignore: list[str], right: bool) -> None:
    assert compare("text", "North Quay", encode(theirs), {"ignore": ignore}).right is right


INPUTS = [(2,), (0,), (-3,), ("a",)]


def trial(function: Any, **spec: Any) -> Any:
    ours = calls.try_all(lambda x: 2 * x, INPUTS, False)
    return compare("function", ours, calls.try_all(function, INPUTS, False), spec)


def test_functions_are_tried_on_every_input() -> None:
    assert trial(lambda x: x + x).right
    assert trial(lambda x: 4).why == "function"
    assert trial(lambda x: abs(2 * x), partial=True).share == 0.5
    assert trial(lambda x: 1 / 0).why == "raised"
    assert trial(3).why == "unsupported"


def test_errors_are_answers_and_their_texts_stay_inside() -> None:
    class SecretError(Exception):
        pass

    def fails(x: int) -> int:
        raise SecretError("the hidden input is 2")

    found = calls.try_all(fails, [(2,)], False)
    assert found == {"calls": [{"raised": "Error"}]}


def test_a_function_that_changes_its_input() -> None:
    def tidy(items: list[int]) -> list[int]:
        items.sort()
        return items

    ours = calls.try_all(sorted, [([3, 1],)], True)
    found = compare("function", ours, calls.try_all(tidy, [([3, 1],)], True), {})
    assert found.why == "changed input"


def bars(heights: list[float], lying: bool = False, **texts: str) -> Any:
    _, ax = plt.subplots()
    names = [f"n{i}" for i in range(len(heights))]
    drawn = ax.barh(names, heights) if lying else ax.bar(names, heights)
    ax.bar_label(drawn)
    for name, text in texts.items():
        getattr(ax, f"set_{name}")(text)
    return ax


GOOD = {"xlabel": "Kind", "ylabel": "Share", "title": "Shares (synthetic)"}


@pytest.mark.parametrize(
    ("chart", "spec", "why"),
    [
        (bars([0.2, 0.5], **GOOD), {"labels": True, "title": ["synthetic"], "zero": True}, ""),
        (bars([0.2, 0.5]), {"labels": True}, "axis labels"),
        (bars([0.2, 0.5], **GOOD), {"title": ["real"]}, "title"),
        (bars([0.2, 0.5], **GOOD), {"never": ["Shares"]}, "title says too much"),
        (bars([0.2, 0.5], **GOOD), {"data": ["bars"]}, ""),
        (bars([0.2, 0.5], lying=True), {"data": ["bars"]}, ""),
        (bars([0.5, 0.2]), {"data": ["bars"]}, "drawn data"),
        (bars([0.5, 0.2]), {"data": ["bars"], "order": "any"}, ""),
        (bars([20, 50]), {"data": ["bars"], "percent": True}, ""),
        (bars([20, 50]), {"data": ["bars"]}, "drawn data"),
        (bars([0.2, 0.5], ylim=(0.1, 1)), {"zero": True}, "axis start"),  # type: ignore[arg-type]
        (bars([0.2, 0.5]), {"written": 3}, "numbers"),
        (plt.subplots()[1], {"marks": ["bars"]}, "marks"),
        (plt.subplots()[1], {"data": ["bars"]}, "marks"),
        (3, {}, "unsupported"),
    ],
)
def test_charts(chart: Any, spec: dict[str, Any], why: str) -> None:
    reference = axes.facts(bars([0.2, 0.5], **GOOD))
    assert compare("figure", reference, axes.facts(chart), spec).why == why


def test_lines_and_points_are_read() -> None:
    _, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    ax.scatter([1], [2])
    marks = axes.facts(ax)["figure"][0]["marks"]
    assert marks["lines"] == [[[1.0, 3.0], [2.0, 4.0]]] and marks["points"] == [[[1.0, 2.0]]]


def test_every_reason_has_words_that_show_nothing() -> None:
    for key, said in words.WHY.items():
        assert said.endswith("."), key
        assert "{" not in said and "%" not in said, "no value is ever put in"


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "spec", "right"),
    [
        ("number", 0.5, 0.5004, {"tolerance": 0.001}, True),
        ("number", 0.5, 0.503, {"tolerance": 0.001}, False),
        ("text", "North Quay", " North Quay ", {}, True),
        ("text", "North Quay", "north quay", {"ignore": ["case"]}, True),
        ("value", [1, 2.0], (1.0, 2), {}, True),
        ("value", [1, 2.0], [1, 3], {}, False),
        ("value", {"a": 1, "b": 2}, {"b": 2, "a": 1}, {}, True),
        ("frame", FRAME, FRAME.iloc[::-1], {"rows": "any"}, True),
        ("frame", FRAME, FRAME.iloc[::-1], {}, False),
        ("frame", FRAME, FRAME.astype(float), {}, True),
    ],
)
def test_promises_are_kept_by_what_counts_as_equal(
    kind: str, ours: Any, theirs: Any, spec: dict[str, Any], right: bool
) -> None:
    promised = candidates(kind, encode(ours), spec)[0]
    assert (promised in candidates(kind, encode(theirs), spec)) is right


@pytest.mark.parametrize(
    "call",
    [
        lambda: check.number("", 1),
        lambda: check.number("x" * 300, 1),
        lambda: check.number("n", 1, points=-1),
        lambda: check.frame("n", FRAME, rows="all"),
        lambda: check.text("n", "a", ignore=["colour"]),
        lambda: check.figure("n", None, marks=["pies"]),
    ],
)
def test_an_authors_slip_is_said(call: Any) -> None:
    with pytest.raises(ValueError):
        call()
