"""The case explorer as widgets, without a browser; and what it makes of files from outside."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from crossings.apps.explorer import VIEWS, Explorer, simulation_page
from crossings.apps.plays import PEOPLE, Filter, Reading, over_the_graph, read_folder
from crossings.cases.graph import edges
from crossings.cases.simulate import LEARNERS, play, simulate
from crossings.cases.trace import begun
from crossings.curriculum.cases import FoundCase, find_case
from crossings.workspace import ROOT, Workspace
from tests.apps.test_console import HOSTILE, everything, markup
from tests.tiny_course import changed, write_course

CASE = "modules/demo/cases/walk.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "a course")


@pytest.fixture
def found(root: Path) -> FoundCase:
    return find_case("walk", root)


def trace(found: FoundCase, choice: str, seed: str, day: str = "2026-11-10", **more: Any) -> Any:
    event = {"seq": 1, "at": f"{day}T09:00:00Z", "node": "gate", "action": "choose",
             "choice": choice}  # fmt: skip
    return begun(found.doc, seed, "learn") | {"events": [event]} | more


def kept(folder: Path, **traces: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in traces.items():
        text = data if isinstance(data, str) else json.dumps(data)
        (folder / f"{name}.trace.json").write_text(text, encoding="utf-8")
    return folder


def read(found: FoundCase, folder: Path) -> Reading:
    reading = Reading()
    read_folder(found.doc, folder, reading)
    return reading


def test_files_of_learners_are_counted_and_what_is_none_is_said(
    found: FoundCase, tmp_path: Path
) -> None:
    good = trace(found, "ask", "one")
    folder = kept(
        tmp_path / "plays",
        one=good,
        again=good,
        two=trace(found, "send", "two", "not a day"),
        begun=begun(found.doc, "three", "assess"),
        illegal=trace(found, "fly", "x"),
        other=trace(found, "ask", "y", case="other"),
        older=trace(found, "ask", "z", version=9),
        junk=f"{HOSTILE}",
        deep="[" * 200_000,
        large=" " * 8_000_001,
        bombs=good | {"seed": "b", "events": [{"node": "gate"}] * 3},
    )
    entries = {"case:walk": trace(found, "send", "p"), "quiz:q": {"items": {}}, "case:x": [1]}
    progress = {"format": "crossings-progress", "version": 1, "entries": entries}
    kept(folder / "class a", progress=progress)
    reading = read(found, folder)
    assert len(reading.plays) == 4 and reading.twice == 1 and reading.others == 2
    told = dict(reading.problems)
    assert set(told) == {f"{n}.trace.json" for n in ("illegal", "junk", "deep", "large", "bombs")}
    assert "event 1" in told["illegal.trace.json"] and "over 8 MB" in told["large.trace.json"]
    assert {p.day for p in reading.plays} == {date(2026, 11, 10), None}
    traffic = over_the_graph(reading.plays)
    assert traffic.plays == 4 and traffic.nodes == {"gate": 4, "safe": 1, "lost": 2}
    assert traffic.edges == {("gate", "ask", "safe"): 1, ("gate", "send", "lost"): 2}


def test_filters(found: FoundCase, tmp_path: Path) -> None:
    folder = kept(
        tmp_path / "plays",
        a=trace(found, "ask", "a", "2026-11-01"),
        b=trace(found, "send", "b", "2026-11-05"),
        c=trace(found, "send", "c", "2026-11-09", mode="assess"),
        d=begun(found.doc, "d", "learn"),
    )
    plays = read(found, folder).plays

    def count(**wanted: Any) -> int:
        return sum(Filter(**wanted).passes(play) for play in plays)

    assert count() == 4 and count(learner=PEOPLE) == 4 and count(learner="random") == 0
    assert count(mode="assess") == 1 and count(outcome="harmed") == 2
    assert count(outcome="unfinished") == 1 and count(lost="LAW-1") == 2 and count(lost="no") == 0
    assert count(since=date(2026, 11, 5)) == 2 and count(until=date(2026, 11, 5)) == 2


# The page


def explorer(root: Path, tmp_path: Path) -> Explorer:
    return Explorer(root, Workspace(tmp_path / "class"))


def press(made: Explorer, label: str) -> None:
    buttons = [w for w in everything(made.box) if isinstance(w, widgets.Button)]
    next(b for b in buttons if b.description == label).click()


def test_a_case_is_chosen_by_its_title_also_when_it_is_broken(root: Path, tmp_path: Path) -> None:
    write_course(root, changed(CASE, "title: A short walk", 'title: "A short walk"'))
    (root / CASE).with_name("torn.yml").write_text("title: Torn\nnodes: [", encoding="utf-8")
    options = dict(explorer(root, tmp_path).pick.options)
    assert options == {"Torn (demo)": "demo/torn", "A short walk (demo)": "demo/walk"}


def test_the_three_views_of_a_case(root: Path, found: FoundCase, tmp_path: Path) -> None:
    folder = tmp_path / "class" / "var" / "plays"
    kept(folder, a=trace(found, "send", HOSTILE), b=trace(found, "ask", "b"), c=HOSTILE)
    (folder / f"{HOSTILE.replace('/', '')}.json").write_text("{}", encoding="utf-8")
    made = explorer(root, tmp_path)
    assert made.views is not None
    shown = markup(made.box)
    assert "data-node='gate'" in shown.replace('"', "'") and "The graph in words" in shown
    made.views.choose.value = VIEWS[1]
    made.views.simulation.plays.value = 100
    press(made, "Let them play")
    shown = markup(made.box)
    assert "By the book earns" in shown and "Weak spots" in shown and shown.count("<svg") >= 2
    made.views.choose.value = VIEWS[2]
    press(made, "Read the folder")
    shown = markup(made.box)
    assert "Outcomes of 2 plays" in shown and "met by 2 of 2 plays" in shown
    assert "Send her away" in shown and "2 not counted" in shown and HOSTILE not in shown
    made.views.traffic.filters["learner"].value = "by-the-book"
    assert "Outcomes of 100 plays" in markup(made.box)
    made.views.traffic.filters["lost"].value = "LAW-1"
    made.views.traffic.filters["learner"].value = PEOPLE
    assert "Outcomes of 1 plays" in markup(made.box)
    made.views.traffic.folder.value = str(tmp_path / "nowhere")
    press(made, "Read the folder")
    assert "there is no folder" in markup(made.box) and "No play passes" in markup(made.box)


def test_a_broken_case_is_told_and_can_be_mended(root: Path, tmp_path: Path) -> None:
    write_course(root, changed(CASE, "to: lost", "to: nowhere"))
    made = explorer(root, tmp_path)
    assert f"{CASE}:19" in markup(made.box) and made.views is None
    write_course(root)
    press(made, "Read again")
    assert made.views is not None and "nowhere" not in markup(made.box)


def test_a_course_without_cases(root: Path, tmp_path: Path) -> None:
    (root / CASE).unlink()
    assert "No case yet" in markup(explorer(root, tmp_path).box)


def test_every_control_has_a_label_and_a_tooltip(root: Path, tmp_path: Path) -> None:
    made = explorer(root, tmp_path)
    assert made.views is not None
    for view in VIEWS:
        made.views.choose.value = view
        controls = [w for w in everything(made.box) if isinstance(w, widgets.DOMWidget)
                    and hasattr(w, "description")
                    and not isinstance(w, widgets.HTML)]  # fmt: skip
        assert len(controls) > 3 and all(w.description and w.tooltip for w in controls)
        options = [w.options for w in controls if isinstance(w, widgets.Dropdown)]
        labels = [label for w in controls if isinstance(w, widgets.Dropdown)
                  for label in w._options_labels]  # fmt: skip
        assert options and not any(label.startswith("(") for label in labels)


def test_scenes_of_repair_are_named_and_not_drawn_as_weak() -> None:
    found = find_case("night-crew-at-north-quay", ROOT)
    shown = simulation_page(found, simulate(found.doc, 60, "s"))
    chart, _, after = shown.partition("Met only after an error: ")
    assert "runa-asks" in after.partition("</p>")[0] and "runa-asks" not in chart


def test_simulated_plays_of_the_real_case_stay_on_its_graph() -> None:
    found = find_case("night-crew-at-north-quay", ROOT)
    known = {edge.key for edge in edges(found.doc)}
    from crossings.apps.plays import told

    for name, learner in LEARNERS.items():
        played = told(found.doc, play(found.doc, learner, "s"), name)
        assert played.edges <= known and played.learner == name and played.outcome
