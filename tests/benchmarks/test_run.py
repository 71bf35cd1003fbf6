"""Both benchmarks run, in a tiny configuration and without npm, so that they do not rot."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.drills.measured import Measured
from benchmarks.drills.otree import OtreeRoom
from benchmarks.drills.peers import VoilaRoom
from benchmarks.drills.told import missed
from benchmarks.drills.told import sheets as drill_sheets
from benchmarks.engine import contestants as who
from benchmarks.engine.match import one_case
from benchmarks.engine.told import sheets as engine_sheets
from benchmarks.figures import Figure, Sheet, write_section
from benchmarks.grading import classroom, worksheets
from benchmarks.grading import contestants as grading
from benchmarks.grading.assignment import different
from benchmarks.grading.told import sheets as grading_sheets
from benchmarks.grading.told import worksheet_sheets
from benchmarks.npm import NoPeerError, install
from benchmarks.player import pages
from benchmarks.player.rounds import measured
from benchmarks.player.told import sheets as player_sheets
from benchmarks.player.widgets import CaseWidgets
from benchmarks.plays import Played, played
from crossings.curriculum.cases import references
from crossings.grading.runner import protection
from crossings.workspace import ROOT


@pytest.fixture(scope="module")
def case() -> Played:
    return played(references()[0], 2)


def test_the_engine_benchmark_writes_its_figures(tmp_path: Path) -> None:
    file = tmp_path / "with space" / "engine.json"
    file.parent.mkdir()
    command = [sys.executable, "-m", "benchmarks.engine", "--plays", "2", "--cases", "1"]
    command += ["--seconds", "0.001", "--repetitions", "1", "--no-peers", "--no-browser"]
    done = subprocess.run(
        [*command, "--json", str(file)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert found["steps"] > 0
    speeds = found["steps_per_second"]
    assert {"Crossings Python apply", "Crossings QuickJS show"} <= set(speeds)
    assert all(figure["median"] > 0 for figure in speeds.values())
    assert all(held > 0 for held in found["bytes_held"].values())


def test_the_engine_is_measured_in_a_browser_too(case: Played, browser: Browser) -> None:
    match = one_case(case, None, browser, 0.001, 1)
    assert match.speeds["Crossings Chromium show"].median > 0
    speed, memory = engine_sheets([match], ["Skipped: inkjs. Why."])
    assert "Skipped: inkjs. Why." in speed.markdown()
    assert "Crossings, Chromium" in memory.markdown()


def test_a_contestant_who_plays_another_case_is_refused(case: Played) -> None:
    other = Played(case.reference, case.doc, tuple(reversed(case.plays)))
    ends = [[state.ending, state.clock + 1] for state in case.plays]
    with pytest.raises(who.DifferentEndError, match=case.reference):
        who.same_ends(other, ends, "here")


def test_the_player_is_measured(case: Played, browser: Browser, tmp_path: Path) -> None:
    sites = pages.crossings(case.reference)
    page, file = measured(browser, case, sites, tmp_path, repetitions=1, voila=False)
    assert page.requests.median == 3
    assert file.requests.median == 1
    assert page.code is not None
    assert page.transferred.median > page.code
    assert page.drawn is not None and page.drawn.median > 0
    assert page.end_drawn is not None and page.end_drawn.median > 0
    assert page.answered.median > 0
    figures, ratios = player_sheets([page, file], ["How."])
    assert "Crossings, one file" in figures.markdown()
    assert "1 ×" in ratios.markdown()


def test_the_notebook_of_plain_widgets_can_be_played(case: Played) -> None:
    shown = CaseWidgets(case.doc)
    for _ in range(200):
        buttons = [part for part in shown.box.children if hasattr(part, "click")]
        if not buttons or shown.state.seq > 100:
            break
        buttons[0].click()
    assert shown.state.seq > 1
    assert shown.state.ending or shown.state.seq > 100


def test_without_npm_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(NoPeerError, match="node and npm"):
        install(tmp_path, "inkjs")


def test_a_section_of_the_results_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    figure = Figure.of([1, 3, 2])
    sheet = Sheet("Title", ["", "ours"], [["ms", figure.told()]], ["How."])
    write_section("one", sheet.markdown(), file)
    write_section("two", "other", file)
    write_section("one", "new", file)
    text = file.read_text(encoding="utf-8")
    assert figure.told() == "2 (1 to 3)"
    assert "new" in text and "other" in text and "Title" not in text
    assert text.count("<!-- one -->") == 1


def test_the_marking_benchmark_marks_and_tells_its_figures(tmp_path: Path) -> None:
    if not protection().complete:
        pytest.skip("no complete sandbox here: " + protection().told())
    measured, points = grading.ours(tmp_path, 10, 1)
    assert measured.wall > 0
    assert measured.cpu > 0
    wrong = {student for student, tests in points.items() if sum(tests.values()) < 8}
    assert wrong == {"s0007", "s0008", "s0009"}
    compared, linear = grading_sheets([measured], [measured], ["Skipped: otter. Why."])
    assert "Skipped: otter. Why." in compared.markdown()
    assert "| 10 |" in linear.markdown()


def test_unequal_points_are_named() -> None:
    ours = {"a": {"q": 1.0}, "b": {"q": 1.0}}
    assert different(ours, {"a": {"q": 1.0}, "c": {"q": 1.0}}) == []
    assert different(ours, {"b": {"q": 0.0}}) == ["b: q has 1.0 here and 0.0 there"]


def test_the_drill_benchmark_says_what_was_missed() -> None:
    good = Measured(50, 10, 0.1, 9, 0.02, 0.1, 0.3, 0.2, 0.6, 60_000, 0.3, 150, 0, 0, 0)
    bad = replace(good, people=2000, ack95=0.4, lost=2)
    assert missed(good) == [] and missed(bad) == ["ack95 0.40 s", "lost 2"]
    pages, otree = [VoilaRoom(3, 2.5, 4e7)], [OtreeRoom(50, 12.8, 9.9, 0.8, 1.566, 2e5, 150, 0)]
    rooms, hurt, others = drill_sheets([good, bad], [bad], pages, otree, ["A remark."])
    assert "A remark." in rooms.markdown() and "| 2,000 |" in rooms.markdown()
    assert "SIGKILL" in hurt.markdown() and "39,062" in others.markdown()
    assert "oTree" in others.markdown() and "1,566" in others.markdown()


@pytest.mark.slow
def test_the_drill_benchmark_plays_a_room(tmp_path: Path) -> None:
    file = tmp_path / "drills.json"
    command = [sys.executable, "-m", "benchmarks.drills", "--sizes", "5", "--harmed", ""]
    done = subprocess.run(
        [*command, "--voila", "", "--json", str(file)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (room,) = json.loads(file.read_text(encoding="utf-8"))["rooms"]
    assert (room["acknowledged"], room["lost"], room["doubled"], room["wrong"]) == (15, 0, 0, 0)


@pytest.mark.slow
def test_worksheets_get_equal_points_from_us_and_from_nbgrader(tmp_path: Path) -> None:
    measured, points = worksheets.ours(tmp_path, 4)
    theirs, their_points = worksheets.nbgrader(tmp_path, 4)
    assert measured.wall > 0 and theirs.wall > measured.wall
    assert len(points) == 4
    given = [sum(v for k, v in one.items() if not k.endswith(" waits")) for one in points.values()]
    assert len(set(given)) == 4, "the answers are of varying rightness"
    told = worksheets.told_of_both(points, their_points)
    assert told == [told[0]], told
    assert told[0].startswith("Points of ours and nbgrader's compared: 4 worksheets, ")
    assert told[0].endswith(" 0 unequal.")
    spoilt = {**their_points, "s0000 officer-worksheet": {}}
    assert "and None there" in worksheets.told_of_both(points, spoilt)[1]


def test_the_whole_command_is_measured_on_a_class_folder(tmp_path: Path) -> None:
    measured = classroom.worksheet(tmp_path, 3)
    assert measured.wall > 0 and measured.cpu > 0
    alone, whole = worksheet_sheets([measured], ["A remark."], [measured])
    assert "A remark." in alone.markdown()
    assert "./course grade officer-worksheet | 3 |" in whole.markdown()


def test_notebooks_of_the_class_are_of_varying_rightness(tmp_path: Path) -> None:
    workspace = classroom._made(tmp_path / "class")
    made = [json.dumps(classroom.handed_in(workspace, n)) for n in range(10)]
    assert len(set(made)) == 10
    assert not any("HIDDEN TESTS" in one or "BEGIN SOLUTION" in one for one in made)
    assert sum("raise KeyError('no such column')" in one for one in made) == 1
