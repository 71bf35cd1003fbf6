"""Acting on the tests themselves: seen where it can be seen, worth nothing where it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.grading.runner import Runner
from crossings.grading.scoring.result import Scored
from tests.grading.scoring.building import answer, locked, notebook, submission, test
from tests.grading.scoring.running import Marker

SOURCE = notebook(
    locked("setup", "import math\nimport pandas as pd\nimport pandas.testing"),
    answer("total", "total = 42"),
    test("total-test", "assert isinstance(total, int)", 2, hidden="assert abs(total) == 42"),
    answer("table", "table = pd.DataFrame({'a': [1, 2]})"),
    test(
        "table-test",
        "assert len(table) == 2",
        3,
        hidden="pd.testing.assert_frame_equal(table, pd.DataFrame({'a': [1, 2]}))",
    ),
)
RIGHT = {"total": "total = 42", "table": "table = pd.DataFrame({'a': [1, 2]})"}
EQUAL = """
class Anything:
    __class__ = int
    def __eq__(self, other): return True
    def __abs__(self): return self
total = Anything()
"""
DERIVED = """
class Sly(int):
    def __eq__(self, other): return other == 42
    def __abs__(self): return self
total = Sly(7)
"""
DISGUISED = """
class Anything:
    __module__ = "pandas"
    __class__ = int
    def __eq__(self, other): return True
    def __abs__(self): return self
Anything.__qualname__ = Anything.__name__ = "DataFrame"
total = Anything()
"""
HIDE_ERRORS = """
get_ipython().set_custom_exc((Exception,), lambda *_, **__: None)
total = 7
"""
SWALLOW = """
import ast
class Gone(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Gone())
total = 7
"""
TRACE = """
import sys
def tracer(frame, event, arg): return tracer
sys.settrace(tracer)
total = 7
"""
PATCH_PANDAS = """
pd.testing.assert_frame_equal = lambda *_, **__: None
total = 42
"""
PATCH_CODE = """
import inspect
inspect.unwrap(pd.testing.assert_frame_equal).__code__ = (lambda *a, **k: None).__code__
total = 42
"""
PATCH_METHOD = """
pd.DataFrame.equals = lambda self, other: True
pd.DataFrame.__eq__ = lambda self, other: self
total = 42
"""
STRONG = {
    "equals everything": (EQUAL, "total-test", "equality"),
    "derived": (DERIVED, "total-test", "equality"),
    "disguised": (DISGUISED, "total-test", "equality"),
    "isinstance": ("isinstance = lambda *_: True\ntotal = 7", "total-test", "shadowed"),
    "abs": ("abs = lambda x: 42\ntotal = 7", "total-test", "shadowed"),
    "builtins": ("import builtins\nbuiltins.abs = lambda x: 42\ntotal = 7", "total-test",
                 "patched"),
    "import": ("import builtins\nbuiltins.__import__ = lambda *a, _i=__import__, **k: _i(*a, **k)"
               "\ntotal = 7", "total-test", "patched"),
    "modules": ("import sys, types\nsys.modules['pandas'] = types.ModuleType('pandas')\ntotal = 7",
                "total-test", "patched"),
    "library": ("class pd:\n    class testing:\n        assert_frame_equal = len\n"
                "    DataFrame = dict\ntotal = 42", "table-test", "shadowed"),
    "errors": (HIDE_ERRORS, "total-test", "hook"),
    "asserts": (SWALLOW, "total-test", "hook"),
    "trace": (TRACE, "total-test", "hook"),
    "pandas": (PATCH_PANDAS, "table-test", "patched"),
    "code": (PATCH_CODE, "table-test", "patched"),
    "method": (PATCH_METHOD, "table-test", "patched"),
}  # fmt: skip


@pytest.fixture(scope="module")
def marker(sandbox: Runner) -> Marker:
    return Marker(sandbox, SOURCE)


def by_name(scored: Scored) -> dict[str, Any]:
    return {test_.grade_id: test_ for test_ in scored.tests}


@pytest.mark.attack
@pytest.mark.parametrize("name", STRONG)
def test_strong_signs_bring_a_person(marker: Marker, name: str) -> None:
    code, cell, kind = STRONG[name]
    scored = marker.mark(submission(SOURCE, total=code, table="table = pd.DataFrame({'a': [1]})"))
    seen = {(s.kind, s.cell, s.strength) for s in scored.signals}
    assert (kind, cell, "strong") in seen, scored.signals
    assert scored.outcome == "tampered" and "person" in scored.reason
    result = by_name(scored)[cell]
    assert (result.points, result.status) == (0, "needs person")
    assert result.note and "assert" not in result.message


def test_honest_work_makes_no_signal(marker: Marker) -> None:
    scored = marker.mark(submission(SOURCE, **RIGHT))
    assert (scored.outcome, scored.signals, scored.total) == ("graded", (), 5)


@pytest.mark.parametrize(
    "code",
    [
        "total = 42\nsum = 3\nlist = [1]",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\ntotal = 42",
        "import warnings\nwarnings.filterwarnings('ignore')\ntotal = 42",
        "import unittest, collections\ntotal = 42",
        "pd.set_option('display.max_rows', 5)\ntotal = 42\npd.Series(['a']).str.len()",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ntotal = 42",
        "%matplotlib inline\n%xmode Plain\ntotal = 42",
        "import random, numpy as np\nrandom.seed(1)\nnp.random.seed(1)\ntotal = 42",
    ],
)
def test_common_habits_are_no_offence(marker: Marker, code: str) -> None:
    scored = marker.mark(submission(SOURCE, total=code, table=RIGHT["table"]))
    assert scored.outcome == "graded", scored.signals
    assert scored.total == 5
    assert not [s for s in scored.signals if s.strength == "strong"]


def test_an_own_name_for_a_value_is_a_note(marker: Marker) -> None:
    code = "total = 42\nlen_ = 3\nabs_ = 1\nlen = 4"
    scored = marker.mark(submission(SOURCE, total=code, table=RIGHT["table"]))
    assert scored.outcome == "graded"
    assert by_name(scored)["table-test"].status == "failed", "the test itself needs len()"
    assert ("shadowed", "weak") in {(s.kind, s.strength) for s in scored.signals}


FORGED = """
from IPython.display import display
display({"application/vnd.crossings.watch+json": {"token": "guess", "patched": [], "hooks": []}},
        raw=True)
import crossings.check.watch as watch
watch.look = lambda *a: display(
    {"application/vnd.crossings.watch+json": {"token": "guess", "patched": []}}, raw=True)
total = 42
"""
REPLAYED = """
import crossings.check.watch as watch
watch.report = lambda token, names=(): {"token": token, "patched": [], "hooks": [], "equal": [],
                                        "shadowed": [], "succeeded": True}
total = 42
"""
SILENT = "import crossings.check.watch as watch\nwatch.look = lambda *a: None\ntotal = 42"
TWICE = """
import crossings.check.watch as watch
old = watch.look
def look(*a):
    old(*a)
    old(*a)
watch.look = look
total = 42
"""


@pytest.mark.attack
@pytest.mark.parametrize("code", [FORGED, SILENT, TWICE], ids=["forged", "silent", "twice"])
def test_forged_looks_are_not_believed(marker: Marker, code: str) -> None:
    scored = marker.mark(submission(SOURCE, total=code, table=RIGHT["table"]))
    assert scored.outcome == "tampered"
    assert "forged probe" in {s.kind for s in scored.signals}


@pytest.mark.attack
def test_what_the_watch_cannot_see_is_said_plainly(marker: Marker) -> None:
    """Code that replaces the watch's own insides is not seen: the docs say so, this holds it."""
    scored = marker.mark(submission(SOURCE, total=REPLAYED, table=RIGHT["table"]))
    assert scored.outcome == "graded"


def test_nbgraders_points_stay_beside(marker: Marker) -> None:
    """Under `exact` the always-equal object earns nbgrader's points, and the signal is told."""
    scored = marker.mark(submission(SOURCE, total=EQUAL, table=RIGHT["table"]), "exact")
    assert by_name(scored)["total-test"].points == 2
    assert scored.outcome == "graded" and scored.signals
