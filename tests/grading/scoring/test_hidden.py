"""Nothing of a hidden test reaches a trainee, whatever a submission does to carry it out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.check.words import NOT_PASSED
from crossings.curriculum import Course
from crossings.grading import feedback, fill, notebooks
from crossings.grading.gradebook import Marked
from crossings.grading.report import Row
from crossings.grading.runner import Runner
from crossings.grading.scoring import hidden, messages
from crossings.grading.scoring.prepare import without_probes
from crossings.workspace import Workspace
from tests.grading.scoring.building import (
    answer,
    cell_of,
    locked,
    notebook,
    released,
    submission,
    test,
)
from tests.grading.scoring.running import Marker

SECRET = "xyzzy7391"
SOURCE = notebook(
    locked("setup", "from crossings import check"),
    answer("open", "a = 1"),
    test("open-test", "assert a == 1, f'a is {a}, and must be another number.'"),
    answer("count", "def count(rows):\n    return len(rows)"),
    test(
        "count-test",
        "assert count([]) == 0, 'Nothing has no rows.'",
        2,
        hidden=f"_{SECRET} = [1, 2, 3]\nassert count(_{SECRET}) == 3, '{SECRET} message'\n"
        f"check.function('{SECRET}', count, [(['{SECRET}'],)])",
    ),
    answer("later", "b = 2"),
    test("later-test", "assert b == 2, f'b is {b}'"),
)
SNOOP = (
    "str(get_ipython().user_ns.get('In', [])) + str(get_ipython().history_manager.input_hist_raw)"
)
HOSTILE = {
    "message": "def count(rows):\n    raise AssertionError(" + SNOOP + ")",
    "name": "def count(rows):\n    raise type((" + SNOOP + ")[-60:], (Exception,), {})('x')",
    "str": f"""
class Told(Exception):
    def __str__(self): return {SNOOP}
    __repr__ = __str__
def count(rows):
    raise Told
""",
    "not implemented": "def count(rows):\n    raise NotImplementedError(" + SNOOP + ")",
    "visible text": "def count(rows):\n    raise AssertionError('Nothing has no rows.' + "
    + SNOOP + ")",
    "arguments": "def count(rows):\n    if rows: raise ValueError(repr(rows))\n    return 0",
    "trace": """
import sys, inspect
kept = []
def tracer(frame, event, arg):
    kept.append(inspect.getsource(frame) if 'assert' in frame.f_code.co_filename else
                str(frame.f_code.co_consts) + str(frame.f_code.co_names))
    return tracer
sys.settrace(tracer)
def count(rows):
    frame = sys._getframe(1)
    kept.append(str(frame.f_code.co_consts) + str(frame.f_globals.get('In')))
    raise AssertionError(''.join(kept)[-200:])
""",
    "file": f"""
def count(rows):
    open('kept.txt', 'w').write({SNOOP})
    print({SNOOP})
    import sys; sys.stderr.write({SNOOP})
    return len(rows)
""",
    "thread": f"""
import threading, time
kept = []
def look():
    while True:
        kept.append({SNOOP}); time.sleep(0.001)
threading.Thread(target=look, daemon=True).start()
def count(rows):
    time.sleep(0.01)
    return -1
""",
    "display": f"""
from IPython.display import display, Markdown
def count(rows):
    display(Markdown({SNOOP}))
    display({{'application/vnd.crossings.check+json': {{'version': 1, 'kind': 'text',
        'name': {SNOOP}, 'thing': {SNOOP}, 'spec': {{}}, 'points': 1, 'say': {SNOOP}}}}}, raw=True)
    return 1
""",
    "type": f"""
def count(rows):
    return type(({SNOOP})[-60:], (), {{}})()
""",
    "exit": "def count(rows):\n    import os\n    if rows: os._exit(1)\n    return 0",
}  # fmt: skip
LATER = {
    "open": "b = type('L', (), {'__eq__': lambda s, o: False, '__str__': lambda s: "
    f"{SNOOP}}})()",
    "raise": f"raise ValueError({SNOOP})",
}  # fmt: skip


@pytest.fixture(scope="module")
def marker(sandbox: Runner) -> Marker:
    return Marker(sandbox, SOURCE)


def told(marker: Marker, course: Course, folder: Path, **answers: str) -> str:
    """Everything that the trainee gets, as one text: scoring's messages, and the feedback."""
    scored = marker.mark(submission(SOURCE, **answers))
    assert marker.last is not None and marker.last.notebook is not None
    executed, _ = without_probes(marker.last.notebook, "0" * 32)
    workspace = Workspace(folder)
    place = workspace.exercises
    fill.write(place / "source" / "people" / "people.ipynb", SOURCE)
    fill.write(place / "release" / "people" / "people.ipynb", released(SOURCE))
    fill.write(place / "autograded" / "eve" / "people" / "people.ipynb", executed)
    marks = tuple(
        Marked(t.grade_id, t.points, t.max_points, t.status == "needs person", False, "")
        for t in scored.tests
    )
    ran = marker.last
    row = Row("eve", "Eve", "graded", marks=marks)
    if ran.outcome != "ran":
        row = Row("eve", "Eve", "crashed", str(executed)[-500:], marks=marks)
    entry = feedback._of(workspace, course, "people", row)
    return json.dumps(entry) + json.dumps([t.message for t in scored.tests])


@pytest.mark.attack
@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_answer_carries_a_hidden_test_out(
    marker: Marker, course: Course, tmp_path: Path, name: str
) -> None:
    text = told(marker, course, tmp_path, open="a = 1", count=HOSTILE[name], later="b = 2")
    assert SECRET not in text
    assert "BEGIN HIDDEN" not in text and "check.function" not in text


@pytest.mark.attack
@pytest.mark.parametrize("name", LATER)
def test_nor_does_one_that_speaks_later(
    marker: Marker, course: Course, tmp_path: Path, name: str
) -> None:
    count = "def count(rows):\n    return len(rows)"
    text = told(marker, course, tmp_path, open="a = 1", count=count, later=LATER[name])
    assert SECRET not in text and NOT_PASSED in text


def test_the_snooping_does_work(marker: Marker) -> None:
    """Else the tests above would prove nothing: the hidden text is in what the notebook said."""
    marker.mark(submission(SOURCE, open="a = 1", count=HOSTILE["message"], later="b = 2"))
    assert marker.last is not None
    assert marker.last.notebook is not None
    said = [cell.get("outputs") for cell in marker.last.notebook["cells"]]
    assert SECRET in json.dumps(said)


def test_visible_tests_speak(marker: Marker, course: Course, tmp_path: Path) -> None:
    text = told(marker, course, tmp_path, open="a = 5", count="def count(r): return 9", later="b=2")
    assert "a is 5, and must be another number." in text
    assert "Nothing has no rows." in text


def test_a_hidden_message_is_not_shown(marker: Marker, course: Course, tmp_path: Path) -> None:
    count = "def count(rows):\n    return 0"
    text = told(marker, course, tmp_path, open="a = 1", count=count, later="b = 2")
    assert SECRET not in text and NOT_PASSED in text


def test_the_released_notebook_and_the_reading_agree() -> None:
    given = {c["id"]: c["source"] for c in released(SOURCE)["cells"]}
    for cell in SOURCE["cells"]:
        if "HIDDEN" in cell["source"]:
            assert hidden.read(cell["source"]).visible.strip() == given[cell["id"]].strip()
    assert SECRET not in json.dumps(released(SOURCE))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("assert abs(x) == y", {"abs", "x", "y"}),
        ("_a = f(x)\nassert _a == 1", {"f", "x"}),
        ("for k in t:\n    assert k", {"t"}),
        ("import math as m\nm.pi", set()),
        ("%matplotlib inline\nassert z", {"z"}),
        ("this is no code", set()),
    ],
)
def test_the_names_that_a_test_uses(source: str, names: set[str]) -> None:
    assert set(hidden.read(source).names) == names


def test_notebooks_messages_of_nothing(tmp_path: Path) -> None:
    assert notebooks.messages(Workspace(tmp_path), "people", "nobody") == {}


def test_a_hidden_test_that_nbgrader_will_make_is_hidden() -> None:
    assert hidden.read("### HIDDEN AUTOTEST squares(3)").hidden
    assert not hidden.read("### AUTOTEST squares(3)").hidden


SAID = st.text(max_size=30) | st.sampled_from(["Nothing has no rows.", f"{SECRET} message", SECRET])
NAMES = st.sampled_from(["AssertionError", "NotImplementedError", "CellTimeoutError", "ValueError"])
ERRORS = st.fixed_dictionaries(
    {"output_type": st.just("error"), "ename": NAMES | SAID, "evalue": SAID}
)
WORDS = {"", NOT_PASSED, messages.TOO_LONG, messages.NO_ANSWER, "Nothing has no rows."}


@given(st.lists(ERRORS, max_size=3))
def test_of_a_hidden_test_only_known_words_are_shown(errors: list[dict[str, str]]) -> None:
    """Whatever a notebook says: the words come from this list, which the author wrote or we did."""
    source = cell_of(SOURCE, "count-test")["source"]
    assert messages.of_cell({"outputs": errors}, source, open_so_far=False) in WORDS
