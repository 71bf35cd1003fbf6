"""`check --module`, `check --readability`, `items report` and `guide` as they are typed."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.full_module import CHAPTERS, FOLDER, MODULE, files, write_full
from tests.serving import PYTHON, environment
from tests.tiny_course import FILES


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a module that keeps the full convention, beside one that keeps none."""
    return write_full(tmp_path_factory.mktemp("a whole course"))


def typed(root: Path, *words: str) -> Any:
    home = root / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [*PYTHON, *words], cwd=home, env=environment(home, CROSSINGS_ROOT=str(root)), text=True,
        capture_output=True, timeout=120, encoding="utf-8",
    )  # fmt: skip


def test_a_whole_module_lacks_nothing(whole: Path) -> None:
    done = typed(whole, "check", "--module", MODULE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "22 of 22 points" in done.stdout
    assert "declares: full" in " ".join(done.stdout.split())
    assert "✕" not in done.stdout


def test_what_a_small_module_lacks_is_a_table(whole: Path) -> None:
    done = typed(whole, "check", "--module", "demo")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "there is no trainer's guide" in " ".join(done.stderr.split())
    rows = [line for line in done.stdout.splitlines() if line.startswith(("✓", "✕"))]
    assert len(rows) == 22
    assert any(re.match(r"✕ +items +6 +60 or more", row) for row in rows), done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "--module", "whol"), "did you mean `whole`?"),
        (("check", "walk", "--module", MODULE), "leave out the case"),
        (("check", "--readability", "--format", "json"), "leave out the case and --format"),
        (("items", "report", "nothing"), "no module `nothing`"),
        (("guide", "nothing", "--html", "x.html"), "no module `nothing`"),
        (("guide", MODULE, "--html", "no/such/folder/x.html"), "cannot write to"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else None,
)
def test_a_mistake_is_one_message(whole: Path, words: tuple[str, ...], said: str) -> None:
    done = typed(whole, *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_each_chapter_has_its_readability(whole: Path) -> None:
    done = typed(whole, "check", "--readability")
    assert done.returncode == 0, done.stderr
    for name in (*CHAPTERS, "first"):
        assert re.search(rf"^  {name} +\d+ +\d+\.\d +\d+ +\d+ % +\d+ +\S+$", done.stdout, re.M)
    alone = typed(whole, "check", "--readability", "--module", "demo")
    assert "first-day" not in alone.stdout


def test_banks_are_reported_in_the_terminal_and_as_a_page(whole: Path) -> None:
    done = typed(whole, "items", "report")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^whole +75 +\d+ % +\d+ % +\d+ % +\d+ % +0$", done.stdout, re.M), done.stdout
    every = typed(whole, "items", "report", MODULE, "--all")
    assert all(f"q{n}-0" in every.stdout for n in range(6))
    page = typed(whole, "items", "report", "--html", "report.html")
    assert page.returncode == 0
    text = (whole / "home" / "report.html").read_text(encoding="utf-8")
    assert text.count('<th scope="row">') == 75 + 5
    assert "<script" not in text


def test_the_staffs_guide_holds_keys_and_the_public_one_does_not(whole: Path) -> None:
    done = typed(whole, "guide", MODULE, "--html", "guide.html")
    assert done.returncode == 0, done.stderr
    file = whole / "home" / "guide.html"
    text = file.read_text(encoding="utf-8")
    for word in ("For staff only", "Begin at nine with the test", "Worksheet: A sheet",
                 "The first rule says so on page 3", "Let in", "Live drill",
                 "Who was missed?"):  # fmt: skip
        assert word in text, word
    assert text.count("<dt>Key</dt>") == 8
    assert "{law}" not in text and "Treaty, Art. 1" in text
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0


def test_texts_of_authors_are_escaped_in_the_guide(tmp_path: Path) -> None:
    sheet = files()[f"{FOLDER}/worksheets/one.yml"].replace("A sheet", "<script>alert(1)</script>")
    root = write_full(tmp_path / "course", {f"{FOLDER}/worksheets/one.yml": sheet})
    assert typed(root, "guide", MODULE, "--html", "guide.html").returncode == 0
    text = (root / "home" / "guide.html").read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize("place", ["_build/html/guide.html", "book/guide.html", "elsewhere/x.html"])
def test_keys_are_not_written_where_learners_read(tmp_path: Path, place: str) -> None:
    root = write_full(tmp_path / "course")
    target = root / place
    target.parent.mkdir(parents=True, exist_ok=True)
    (root / "elsewhere").mkdir(exist_ok=True)
    (root / "elsewhere" / ".crossings-stamp").write_text("a copy of the site", encoding="utf-8")
    done = typed(root, "guide", MODULE, "--html", str(target))
    assert done.returncode == 2
    assert "choose a folder outside" in " ".join(done.stderr.split())
    assert not target.exists()


def test_what_a_person_marks_in_a_notebook_stands_in_the_guide(tmp_path: Path) -> None:
    notebook = (
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {"crossings": {"objectives": ["WH-4"]}}, '
        '"cells": [{"id": "m", "cell_type": "markdown", "source": "Write a memo.", "metadata": '
        '{"nbgrader": {"grade": true, "solution": true, "points": 2, "grade_id": "memo"}}}]}'
    )
    rubric = (
        "id: memo\ncell: counting/memo\nnotes: Read it twice.\ncriteria:\n  - id: facts\n"
        "    text: Names facts\n    levels:\n"
        "      - {points: 2, text: Two facts, example: Ten came.}\n"
        "      - {points: 0, text: No fact}\n"
    )
    root = write_full(
        tmp_path / "course",
        {
            "exercises/source/counting/counting.ipynb": notebook,
            "grading/rubrics/memo.yml": rubric,
            "modules/demo/first.md": FILES["modules/demo/first.md"],
        },
    )
    assert typed(root, "guide", MODULE, "--html", "guide.html").returncode == 0
    text = (root / "home" / "guide.html").read_text(encoding="utf-8")
    for word in ("Write a memo.", "Read it twice.", "Names facts", "Two facts", "Ten came."):
        assert word in text, word
