"""What `./course check` says of the model of arrivals and of drills that draw from it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossings.curriculum.check import check_files
from crossings.curriculum.load import read
from crossings.triage.model import CHANNELS, FOLDER
from crossings.workspace import ROOT
from tests.tiny_course import FILES, write_course

DRILL = "modules/demo/drills/desk.yml"
LAW = "datasets/law/provisions.csv"


def drill(settings: str = "{people: 8}", channels: tuple[str, ...] = CHANNELS) -> str:
    lines = "\n".join(f"  - {{id: {c}, text: {c}}}" for c in channels)
    return (
        "id: desk\nkind: triage\ntitle: Desk\nintro: Go.\nminutes: 10\nobjectives: [DE-1]\n"
        f"generate: {settings}\nchannels:\n{lines}\n"
    )


def course(tmp_path: Path, text: str, parts: dict[str, tuple[str, str]] | None = None) -> Path:
    """The small course with the model of arrivals of ours, and a drill that draws."""
    root = write_course(tmp_path, {DRILL: text})
    shutil.copytree(ROOT / FOLDER, root / FOLDER)
    for name in ("provisions.csv", "instruments.csv"):
        own = (ROOT / "datasets/law" / name).read_text(encoding="utf-8").splitlines()
        theirs = FILES[f"datasets/law/{name}"].splitlines()[1:]
        (root / "datasets/law" / name).write_text("\n".join([*own, *theirs]) + "\n")
    shutil.copy(ROOT / "datasets/sources/sources.csv", root / "datasets/sources/sources.csv")
    with (root / "datasets/sources/sources.csv").open("a", encoding="utf-8") as file:
        file.write("DOC-1,Someone,2009,A document,,,\n")
    for name, (old, new) in (parts or {}).items():
        path = root / FOLDER / name
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
    return root


def found(root: Path) -> list[str]:
    # Objectives of the rules are those of our own modules.
    return [
        str(p) for p in check_files(root)[1]
        if "no objective" not in p.message or "DE-" in p.message
    ]  # fmt: skip


def test_a_drill_that_draws_is_sound(tmp_path: Path) -> None:
    root = course(tmp_path, drill())
    assert not [p for p in found(root) if "desk.yml" in p or FOLDER in p]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("{people: 3}", "desk.yml:7:12: `generate.people`"),
        ("{people: 8, difficulty: brutal}", "desk.yml:7:23: `generate.difficulty`"),
        ("{people: 8, mix: {asylum: 0}}", "asks for nobody"),
        ("{people: 8, mix: {asylums: 2}}", "asylums"),
        ("{persons: 8}", "persons"),
    ],
)
def test_settings_that_cannot_be_are_told_with_their_place(
    tmp_path: Path, settings: str, told: str
) -> None:
    problems = [p for p in found(course(tmp_path, drill(settings))) if "desk.yml" in p]
    assert len(problems) == 1
    assert told in problems[0]


def test_channels_have_to_be_those_of_the_rules(tmp_path: Path) -> None:
    root = course(tmp_path, drill(channels=(*CHANNELS[1:], "press")))
    problems = [p for p in found(root) if "desk.yml" in p]
    assert len(problems) == 2
    assert any("the drill has no channel `asylum`" in p for p in problems)
    assert any("no rule sends anybody to `press`" in p for p in problems)


def test_both_written_and_drawn_people_are_refused(tmp_path: Path) -> None:
    text = drill() + "steps: []\ncase: walk\ndecide: room\n"
    assert [p for p in found(course(tmp_path, text)) if "desk.yml" in p]


def test_without_a_model_the_drill_says_so(tmp_path: Path) -> None:
    root = write_course(tmp_path, {DRILL: drill()})
    (problem,) = [str(p) for p in read(root)[1]]
    assert "desk.yml:7:1" in problem and FOLDER in problem


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("rules.yml", "cites: [ICESCR-12,", "cites: [ICESCR-99,", "ICESCR-99"),
        ("rules.yml", "rank: first", "rank: highest", "rules.yml:"),
        ("signs.yml", "{He} is grey", "{Hee} is grey", "no slot `{Hee}`"),
        ("signs.yml", "- id: not-heard", "- id: unheard", "there is no `not-heard`"),
        ("world.yml", "Adda, Belin,", "Belin, Belin,", "different names in `she`"),
        ("journeys.yml", "  fit:", "  fits:", "journeys.yml:"),
    ],
)
def test_a_broken_model_is_told_with_file_and_line(
    tmp_path: Path, part: str, old: str, new: str, told: str
) -> None:
    problems = found(course(tmp_path, drill(), {part: (old, new)}))
    assert any(told in p and f"{FOLDER}/{part}:" in p for p in problems), problems
