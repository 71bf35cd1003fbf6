"""`course case …` as it is typed: one message for each mistake, exit code 2, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.serving import PYTHON, course, environment, eventually
from tests.tiny_course import FILES, changed, write_course

CASE = "modules/demo/cases/walk.yml"
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def root(tmp_path: Path) -> str:
    return str(write_course(tmp_path / "a course"))


def typed(
    *words: str, home: Path, root: str, lines: str | None = None, cwd: Path | None = None
) -> Any:
    """One command with `lines` piped in."""
    return subprocess.run(
        [*PYTHON, "case", *words],
        cwd=home,
        env=environment(home, CROSSINGS_ROOT=root),
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def assert_one_message(done: Any, *words: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout and not done.stdout
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("command", ["graph", "simulate", "play"])
def test_a_name_that_is_wrong_or_of_two_cases_or_of_a_broken_one(
    home: Path, tmp_path: Path, command: str
) -> None:
    other = {name.replace("/demo/", "/other/"): text for name, text in FILES.items()
             if name == CASE}  # fmt: skip
    root = str(write_course(tmp_path / "two", other))
    home.mkdir()
    assert_one_message(typed(command, "wolk", home=home, root=root), "wolk", "did you mean `walk`")
    both = typed(command, "walk", home=home, root=root)
    assert_one_message(both, "demo/walk", "other/walk")
    broken = changed(CASE, "to: lost", "to: nowhere")
    done = typed(command, "demo/walk", home=home, root=str(write_course(tmp_path / "b", broken)))
    assert_one_message(done, f"{CASE}:19:", "nowhere", "1 problem(s) in the case")


def test_the_graph_is_written_where_git_does_not_look_or_where_one_says(
    home: Path, root: str
) -> None:
    home.mkdir()
    other = changed("modules/demo/items.yml", "- id", "- [")
    write_course(Path(root), other)
    done = typed("graph", "walk", home=home, root=root)
    assert done.returncode == 0 and "walk.svg" in done.stdout, "other files may be broken"
    assert ET.parse(Path(root) / "_build/graphs/walk.svg").getroot().tag.endswith("svg")
    assert not list(home.iterdir())
    named = typed("graph", "demo/walk", "--out", "my graph.svg", home=home, root=root)
    assert named.returncode == 0 and (home / "my graph.svg").stat().st_size > 2000
    places = json.loads(typed("graph", "walk", "--format", "json", home=home, root=root).stdout)
    assert places["nodes"]["gate"] == {"layer": 0, "x": places["nodes"]["gate"]["x"]}
    assert (
        "B. Harmful (send): Send her away"
        in typed("graph", "walk", "--format", "text", home=home, root=root).stdout
    )
    missing = typed("graph", "walk", "--out", "no/where.svg", home=home, root=root)
    assert_one_message(missing, "cannot write to no/where.svg")
    assert_one_message(typed("graph", "walk", "--format", "png", home=home, root=root), "png")


def test_the_simulation_reports_and_repeats_itself(home: Path, root: str) -> None:
    home.mkdir()
    words = ("simulate", "walk", "--plays", "40", "--format", "json")
    one, two = (typed(*words, home=home, root=root) for _ in range(2))
    assert one.returncode == 0 and one.stdout == two.stdout
    report = json.loads(one.stdout)
    assert report["plays"] == 160 and set(report["order"]) == set(report["learners"])
    assert all({"file", "line", "message", "hint"} <= set(problem) for problem in report["weak"])
    text = typed("simulate", "walk", "--plays", "40", home=home, root=root)
    assert text.returncode == 0 and "160 plays" in text.stdout and "by-the-book" in text.stdout
    assert "Story clock on arrival" in text.stdout and "no end" not in text.stdout
    assert_one_message(typed("simulate", "walk", "--format", "xml", home=home, root=root), "xml")


def test_the_simulation_lists_scenes_of_repair_apart(home: Path) -> None:
    home.mkdir()
    asked = ("simulate", "night-crew-at-north-quay", "--plays", "60")
    text = typed(*asked, home=home, root=str(ROOT)).stdout
    before, _, apart = text.partition("Met only after an error")
    for stop in ("second-look", "bosun-speaks", "gate", "runa-asks"):
        assert f"\n{stop} " in apart and f"\n{stop} " not in before
    assert "\nfirst-move " in before and "`gate`" not in apart
    told = json.loads(typed(*asked, "--format", "json", home=home, root=str(ROOT)).stdout)
    assert {p["node"] for p in told["points"] if p["after_error"]} >= {"gate", "runa-asks"}


def test_a_play_that_is_piped_in_and_one_that_stops(home: Path, root: str) -> None:
    home.mkdir()
    done = typed("play", "walk", "--seed", "a", home=home, root=root, lines="1\n")
    assert done.returncode == 0 and ("Safe" in done.stdout or "Lost" in done.stdout)
    stopped = typed("play", "walk", "--trace", "p.trace.json", home=home, root=root, lines="x\n")
    assert stopped.returncode == 0 and "Stopped. Your play is in p.trace.json" in stopped.stdout
    assert json.loads((home / "p.trace.json").read_text(encoding="utf-8"))["events"] == []
    assert_one_message(typed("play", "walk", "--mode", "drill", home=home, root=root), "drill")
    (home / "bad.json").write_text("{}", encoding="utf-8")
    bad = typed("play", "walk", "--trace", "bad.json", home=home, root=root)
    assert_one_message(bad, "bad.json", "not a trace")
    away = typed("play", "walk", "--trace", "no/p.json", home=home, root=root)
    assert_one_message(away, "cannot write")


def heeding_ctrl_c() -> None:
    """As in a terminal: what a shell starts in the background is told to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_a_play_cleanly(home: Path, root: str) -> None:
    log = home / "said.txt"
    home.mkdir()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*PYTHON, "case", "play", "walk"],
            env=environment(home, CROSSINGS_ROOT=root, PYTHONUNBUFFERED="1"),
            stdin=subprocess.PIPE, stdout=said, stderr=subprocess.STDOUT,
            preexec_fn=heeding_ctrl_c,
        )  # fmt: skip
        eventually(lambda: b"Your choice" in log.read_bytes())
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    words = log.read_text(encoding="utf-8")
    assert "Nothing was saved" in words and "Traceback" not in words


def test_each_command_says_what_it_does(home: Path) -> None:
    every = course("case", "--help", home=home).stdout
    for command in ("graph", "simulate", "play"):
        assert f"  {command} " in every
        own = course("case", command, "--help", home=home)
        assert own.returncode == 0 and "Example: ./course case" in own.stdout
