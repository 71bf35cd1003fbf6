"""What comes from the sandbox is taken over by a closed list of shapes, or not at all."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.grading.runner.inside import wire
from crossings.grading.runner.outputs import BadRecordError, Recording

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(
    [
        "stream",
        "display_data",
        "execute_result",
        "update_display_data",
        "error",
        "clear_output",
        "x",
    ]
)
CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["stdout", "stderr", "other"]),
        "text": st.text(max_size=5) | JSON,
        "data": st.dictionaries(st.text(max_size=9), JSON, max_size=3) | JSON,
        "metadata": JSON,
        "transient": JSON | st.just({"display_id": "one"}),
        "execution_count": st.integers() | JSON,
        "ename": st.text(max_size=3),
        "evalue": st.text(max_size=3),
        "traceback": st.lists(st.text(max_size=3), max_size=2) | JSON,
        "wait": st.booleans(),
    },
)


@settings(deadline=None)  # a busy computer is not an error
@given(st.lists(st.tuples(KINDS, CONTENT | JSON).map(list), max_size=6) | JSON)
def test_whatever_comes_is_refused_or_gives_valid_outputs(records: Any) -> None:
    recording, outputs = Recording(), []
    recording.begin(outputs)
    with contextlib.suppress(BadRecordError):
        recording.add(records)
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "source": ""}
    notebook = {"cells": [{**cell, "outputs": outputs}], "metadata": {}}
    nbformat.validate({**notebook, "nbformat": 4, "nbformat_minor": 5})
    json.dumps(notebook, ensure_ascii=False, allow_nan=False).encode("utf-8")


def test_surrogates_depth_and_numbers_are_made_harmless() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    data = {"application/json": {"\ud800": deep, "n": float("inf")}, "text/plain": ["a", "\udfff"]}
    recording, outputs = Recording(), []
    recording.begin(outputs)
    recording.add([["display_data", {"data": data, "metadata": {}}]])
    text = json.dumps(outputs, ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")
    assert outputs[0]["data"]["text/plain"] == "a\ufffd"
    assert text.count("[[") <= 64


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b"NaN", b"\xff", b'{"a": Infinity}', b"1" * 5000]
)
def test_a_frame_that_is_not_json_is_an_error_and_nothing_else(body: bytes) -> None:
    with pytest.raises(ValueError):
        wire.decode(body)
