"""What a check writes down: plain data, of exact types only, never too much."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.check import words
from crossings.check.compare import compare, same, tolerance
from crossings.check.plain import MAX_BYTES, encode

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
THINGS: list[Any] = [
    np.float64(2.5),
    np.int8(3),
    np.bool_(True),
    np.array([[1, 2], [3, 4]]),
    np.array(["2025-01-01"], dtype="datetime64[D]"),
    pd.Series([1.0, None], name="x"),
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
    pd.Index(["a", "b"]),
    pd.Categorical(["a", "b"]),
    pd.Timestamp("2025-01-01 10:00"),
    pd.Timedelta("1h"),
    pd.NaT,
    pd.Interval(0, 1),
    dt.date(2025, 1, 1),
    dt.timedelta(hours=1),
    Decimal("1.5"),
    {1, 2, 3},
    range(3),
    b"bytes",
    1 + 2j,
    10**40,
]


@given(PLAIN)
def test_written_forms_are_json_and_equal_themselves(thing: Any) -> None:
    written = json.loads(json.dumps(encode(thing), allow_nan=False))
    if "unsupported" not in json.dumps(written):
        assert compare("value", written, written, {}).right


@pytest.mark.parametrize("thing", THINGS, ids=lambda t: type(t).__name__)
def test_known_types_are_written(thing: Any) -> None:
    written = json.loads(json.dumps(encode(thing), allow_nan=False))
    assert "unsupported" not in json.dumps(written)
    assert compare("value", written, encode(thing), {}).right


class Sly(int):
    def __eq__(self, other: object) -> bool:
        raise AssertionError("a learner's method was called")

    __hash__ = int.__hash__


class SlyFrame(pd.DataFrame):
    @property
    def shape(self) -> Any:
        raise AssertionError("a learner's method was called")


class Disguised:
    __module__ = "numpy"


@pytest.mark.parametrize(
    "thing", [Sly(3), [Sly(3)], SlyFrame({"a": [1]}), Disguised(), object(), len, lambda: 1]
)
def test_other_types_are_named_and_not_asked(thing: Any) -> None:
    written = encode(thing)
    assert "unsupported" in json.dumps(written)
    assert not compare("value", encode(3), written, {}).right


@pytest.mark.parametrize(
    "thing",
    ["x" * 10_000_000, list(range(10**6)), np.zeros((1000, 1000)), "\ud800", b"0" * 10**6],
    ids=["text", "list", "array", "surrogate", "bytes"],
)
def test_huge_and_broken_things_stay_small(thing: Any) -> None:
    written = json.dumps(encode(thing))
    assert len(written) < MAX_BYTES
    assert "too large" in written or "unsupported" in written


def test_deep_and_endless_things_end() -> None:
    deep: Any = []
    for _ in range(10_000):
        deep = [deep]
    assert "too large" in encode(deep)
    endless: list[Any] = []
    endless.append(endless)
    assert "too large" in encode(endless)


@pytest.mark.parametrize(
    ("ours", "theirs", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (True, 1, False),
        ([1, 2], (1, 2), True),
        ([1, 2], np.array([1.0, 2.0]), True),
        ([1, 2], [1, 2, 3], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ("a", "A", False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        (0.1 + 0.2, 0.3, True),
        (np.array([[1, 2]]), np.array([[1], [2]]), False),
        (None, "", False),
        ("3", 3, False),
    ],
)
def test_values(ours: Any, theirs: Any, equal: bool) -> None:
    assert same(encode(ours), encode(theirs), tolerance({})) is equal


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "frame",
                    "columns",
                    "index",
                    "data",
                    "dtypes",
                    "names",
                    "figure",
                    "marks",
                    "bars",
                    "calls",
                    "gave",
                    "dict",
                    "tuple",
                    "array",
                    "shape",
                    "float",
                    "raised",
                    "unsupported",
                    "titles",
                    "xlabel",
                    "x",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
REFERENCES = {
    "value": encode({"a": [1, 2.5, "x"]}),
    "number": encode(3.5),
    "text": "hello",
    "frame": encode(pd.DataFrame({"a": [1, 2]})),
    "function": {"calls": [{"gave": 1}, {"raised": "ValueError"}]},
}


@given(st.sampled_from(sorted(REFERENCES)), JSON)
def test_forged_json_is_wrong_and_never_an_error_of_ours(kind: str, forged: Any) -> None:
    from crossings.grading.scoring.checks import Probe, _one

    probe = Probe(kind, "n", REFERENCES[kind], {"rows": "any"}, None, "")
    found = _one(probe, Probe(kind, "n", forged, {}, None, ""), 1.0)
    assert 0 <= found.share <= 1
    assert found.right or found.why in words.WHY
