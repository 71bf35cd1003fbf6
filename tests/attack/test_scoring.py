"""Notebooks made to upset scoring: refused with a reason, or put right; no error of ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossings.grading.scoring.master import from_source
from crossings.grading.scoring.prepare import with_probes, without_probes
from crossings.grading.scoring.restore import RefusedError, restore
from crossings.grading.upload import BadUploadError, read_notebook
from tests.grading.scoring.building import (
    Notebook,
    answer,
    cell_of,
    locked,
    notebook,
    plain,
    submission,
    test,
    written,
)

pytestmark = pytest.mark.attack

SOURCE = notebook(
    locked("setup", "import math"),
    answer("a", "a = 1"),
    test("a-test", "assert a == 1", 2, hidden="assert type(a) is int"),
    written("why", "Because.", 3),
)
MASTER = from_source("work", SOURCE)
NONCE = "ab" * 16


def meta(found: Notebook, name: str) -> dict[str, Any]:
    return cell_of(found, name)["metadata"]["nbgrader"]


def points(found: Notebook) -> None:
    meta(found, "a-test")["points"] = 1e9


def points_as_text(found: Notebook) -> None:
    meta(found, "a-test")["points"] = "many"


def points_as_a_list(found: Notebook) -> None:
    meta(found, "a-test")["points"] = [1, 2]


def endless_points(found: Notebook) -> None:
    meta(found, "a-test")["points"] = 10**400


def names_swapped(found: Notebook) -> None:
    one, other = meta(found, "a-test"), meta(found, "why")
    one["grade_id"], other["grade_id"] = "why", "a-test"


def name_as_a_list(found: Notebook) -> None:
    meta(found, "a-test")["grade_id"] = ["a-test"]


def no_name(found: Notebook) -> None:
    del meta(found, "a-test")["grade_id"]


def unknown_name(found: Notebook) -> None:
    meta(found, "a-test")["grade_id"] = "../../gradebook"


def data_of_another_kind(found: Notebook) -> None:
    for cell, odd in zip(found["cells"], (5, "text", [1], True), strict=False):
        cell["metadata"]["nbgrader"] = odd


def unlocked(found: Notebook) -> None:
    meta(found, "a-test")["locked"] = False
    cell_of(found, "a-test")["source"] = "pass"


def test_made_an_answer(found: Notebook) -> None:
    meta(found, "a-test").update({"solution": True, "grade": True})
    cell_of(found, "a-test")["source"] = "pass"


test_made_an_answer.__test__ = False  # type: ignore[attr-defined]


def not_marked(found: Notebook) -> None:
    meta(found, "a-test").update({"grade": False})


def test_made_text(found: Notebook) -> None:
    cell = cell_of(found, "a-test")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


test_made_text.__test__ = False  # type: ignore[attr-defined]


def everything_twice(found: Notebook) -> None:
    found["cells"] += [
        copy.deepcopy(c) | {"id": f"again-{i}"} for i, c in enumerate(found["cells"])
    ]


def the_same_ids(found: Notebook) -> None:
    for cell in found["cells"]:
        cell["id"] = "one"


def an_examiners_id(found: Notebook) -> None:
    found["cells"].append(plain("1") | {"id": "examiner-0000000000000000"})


def an_examiners_mark(found: Notebook) -> None:
    forged = {"probe": {"when": "after", "cell": "a-test"}}
    found["cells"].append(plain("1") | {"id": "forged", "metadata": {"crossings": forged}})


def not_reached(found: Notebook) -> None:
    for cell in found["cells"]:
        cell["metadata"]["crossings"] = {"reached": False}


def schema_of_the_future(found: Notebook) -> None:
    for cell in found["cells"]:
        cell["metadata"]["nbgrader"]["schema_version"] = 99


def schema_as_text(found: Notebook) -> None:
    meta(found, "a-test")["schema_version"] = "3; drop table"


def a_wrong_checksum(found: Notebook) -> None:
    meta(found, "a-test")["checksum"] = "0" * 32


def emptied(found: Notebook) -> None:
    found["cells"] = []


def backwards(found: Notebook) -> None:
    found["cells"] = found["cells"][::-1]


def another_kernel(found: Notebook) -> None:
    found["metadata"]["kernelspec"] = {"name": "bash", "language": "bash", "display_name": "sh"}


def fitting_outputs(found: Notebook) -> None:
    cell_of(found, "a-test")["outputs"] = [
        {
            "output_type": "execute_result",
            "data": {"text/plain": "2"},
            "metadata": {},
            "execution_count": 1,
        }
    ]


def a_huge_cell(found: Notebook) -> None:
    found["cells"].append(plain("x = '" + "y" * 5_000_000 + "'"))


def many_cells(found: Notebook) -> None:
    found["cells"] += [plain("pass") | {"id": f"n{i}"} for i in range(3_000)]


def broken_letters(found: Notebook) -> None:
    cell_of(found, "a")["source"] = "a = '\ud800'"
    cell_of(found, "why")["source"] = "\udfff\x00\x1b[2J"


def deep_data(found: Notebook) -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    found["metadata"]["deep"] = deep


CHANGES: list[Callable[[Notebook], None]] = [
    points, points_as_text, points_as_a_list, endless_points, names_swapped, name_as_a_list,
    no_name, unknown_name, data_of_another_kind, unlocked, test_made_an_answer, not_marked,
    test_made_text, everything_twice, the_same_ids, an_examiners_id, an_examiners_mark,
    not_reached, schema_of_the_future, schema_as_text, a_wrong_checksum, emptied, backwards,
    another_kernel, fitting_outputs, a_huge_cell, many_cells, broken_letters, deep_data,
]  # fmt: skip
QUIET = {"the_same_ids", "an_examiners_id", "an_examiners_mark", "not_reached", "a_wrong_checksum",
         "another_kernel", "fitting_outputs", "a_huge_cell", "many_cells", "broken_letters",
         "deep_data"}  # fmt: skip
"""Changes that touch no marking data: there is nothing to tell."""


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
def test_what_runs_is_the_assignments_own_test(change: Callable[[Notebook], None]) -> None:
    found = submission(SOURCE, a="a = 1")
    change(found)
    try:
        restored = restore(found, MASTER)
    except RefusedError as error:
        assert change is deep_data and str(error)
        return
    ready = with_probes(restored.notebook, MASTER, NONCE)
    own, looks = without_probes(ready, NONCE)
    tests = [
        c for c in own["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "a-test"
    ]
    assert [c["source"] for c in tests] == [MASTER.cells["a-test"].source]
    assert tests[0]["metadata"]["nbgrader"]["points"] == 2
    assert not tests[0]["outputs"], "what a learner saved as an output is gone"
    assert own["metadata"]["kernelspec"]["name"] == "python3"
    assert len({c["id"] for c in ready["cells"]}) == len(ready["cells"])
    assert all("crossings" not in c["metadata"] for c in own["cells"]), "only we write there"
    assert set(looks) == {"a-test"}
    assert bool(restored.signals) == (change.__name__ not in QUIET)
    assert len(restored.signals) <= 50 and all(len(str(s)) < 300 for s in restored.signals)


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
def test_nbgraders_rules_mark_it_or_refuse_it(change: Callable[[Notebook], None]) -> None:
    found = submission(SOURCE, a="a = 1")
    change(found)
    try:
        restored = restore(found, MASTER, "exact")
    except RefusedError as error:
        assert str(error)
        return
    for cell in restored.notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "a-test":
            assert cell["source"] == MASTER.cells["a-test"].source


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "grade",
        "grade_id",
        "points",
        "locked",
        "solution",
        "task",
        "schema_version",
        "checksum",
        "cell_type",
        "other",
    ]
)
NAMES = st.sampled_from(["a", "a-test", "setup", "why"]) | ODD


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(KEYS, NAMES, max_size=6) | ODD, min_size=4, max_size=4))
def test_any_marking_data_at_all(odd: list[Any]) -> None:
    found = submission(SOURCE, a="a = 1")
    for cell, data in zip(found["cells"], odd, strict=True):
        cell["metadata"]["nbgrader"] = data
    restored = restore(found, MASTER)
    own = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in restored.notebook["cells"]]
    assert sorted(filter(None, own)) == sorted(set(filter(None, own)))
    assert {"a-test", "setup", "why"} <= set(own)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe not utf-8",
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b'{"cells": ' + b"[" * 100_000,
        b'{"cells": 3}',
        b'{"cells": [], "nbformat": 99}',
        json.dumps({"cells": [{"cell_type": "spell"}], "nbformat": 4}).encode(),
        json.dumps(SOURCE | {"cells": [1, 2]}).encode(),
        b"NaN",
    ],
)
def test_what_is_no_notebook_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(BadUploadError) as caught:
        read_notebook(body)
    assert str(caught.value)
