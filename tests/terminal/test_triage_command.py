"""`course triage` as it is typed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.serving import PYTHON, environment

DRILL = "one-shift-at-three-desks"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def typed(home: Path, *words: str) -> Any:
    return subprocess.run(
        [*PYTHON, "triage", *words], cwd=home, env=environment(home), text=True,
        capture_output=True, timeout=120,
    )  # fmt: skip


def test_the_same_seed_prints_the_same_people(home: Path) -> None:
    one, two = (typed(home, DRILL, "--seed", "monday", "--answers") for _ in range(2))
    assert one.returncode == 0, one.stderr
    assert one.stdout == two.stdout
    assert one.stdout.count("   Why ") == 16
    assert "drawn with seed monday" in " ".join(one.stdout.split())


def test_a_page_to_print_says_how_to_draw_the_same_again(home: Path) -> None:
    done = typed(home, DRILL, "--people", "6", "--format", "html", "--out", "class.html")
    assert done.returncode == 0, done.stderr
    assert "6 people are in class.html. To draw the same people again: --seed " in done.stdout
    assert (home / "class.html").read_text(encoding="utf-8").count("<article>") == 6


def test_officers_are_shown_from_guess_to_rules(home: Path) -> None:
    done = typed(home, DRILL, "--officers", "--people", "8")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if "%" in line]
    points = [int(row[row.index("%") - 1]) for row in rows]
    assert points == sorted(points) and len(points) == 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("one-shift",), "no triage drill `one-shift`: did you mean `one-shift-at-three-desks`?"),
        (("signs-and-myths",), "no triage drill `signs-and-myths`"),
        (("night-bus", "--seed", "x"), "are written, not drawn: leave out --seed"),
        ((DRILL, "--difficulty", "cruel"), "--difficulty `cruel`: choose easy, medium or hard"),
        ((DRILL, "--format", "pdf"), "no format `pdf`"),
        ((DRILL, "--out", "there/is/none.txt"), "cannot write to there/is/none.txt"),
    ],
)
def test_a_mistake_is_one_message(home: Path, words: tuple[str, ...], told: str) -> None:
    done = typed(home, *words)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
