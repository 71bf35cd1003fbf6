"""`course drill report` and `compare`: what is written, and one message for each mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crossings.cli import app
from crossings.drills import DrillLog
from tests.drills import any_kind
from tests.drills.any_kind import HIDDEN, PLANS


@pytest.fixture
def runs(tmp_path: Path) -> list[str]:
    log = DrillLog(tmp_path / "var" / "drills.sqlite")
    found = [any_kind.played(log, PLANS["triage"](), s) for s in ("one", "two")]
    found.append(any_kind.played(log, PLANS["quiz"]()))
    log.close()
    return found


def course(tmp_path: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["drill", *words, "--data", str(tmp_path)])
    return done.exit_code, " ".join(done.output.split())


def test_everything_is_written_and_names_only_when_asked_for(
    tmp_path: Path, runs: list[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    code, said = course(tmp_path, "report", runs[0], "--html", str(out / "a.html"), "--notebook",
                        str(out / "nb"), "--csv", str(out / "csv"), "--xapi",
                        str(out / "a.jsonl"), "--site", "https://course.example/")  # fmt: skip
    assert code == 0 and "would have missed a need" in said
    assert (out / "nb" / "debrief.ipynb").is_file()
    page = (out / "a.html").read_text(encoding="utf-8")
    assert "cxa-big" in page and "quillfeather" not in page.lower()
    answers = (out / "csv" / "answers.csv").read_text(encoding="utf-8-sig")
    assert answers.count("\n") == 1 + 4 * 8 and "Participant 1" in answers
    lines = (out / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert all("name" not in json.loads(line)["actor"] for line in lines)
    code, _ = course(tmp_path, "report", runs[0], "--csv", str(out / "named"), "--names")
    named = (out / "named" / "people.csv").read_text(encoding="utf-8-sig")
    assert code == 0 and "'@SUM(1)" in named and HIDDEN not in named


def test_two_runs_are_compared_in_words_and_files(tmp_path: Path, runs: list[str]) -> None:
    code, said = course(tmp_path, "compare", runs[0], runs[1], "--html", str(tmp_path / "b.html"),
                        "--csv", str(tmp_path / "b.csv"))  # fmt: skip
    assert code == 0 and "in the first run" in said
    assert "How far this can be trusted" in (tmp_path / "b.html").read_text(encoding="utf-8")
    assert (tmp_path / "b.csv").read_text(encoding="utf-8-sig").startswith("kind,id,text,first")
    code, said = course(tmp_path, "compare", runs[0], runs[1], "--same-people")
    assert code == 0 and "in the first run" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("report", "nothing"), "There is no drill `nothing`. The newest: "),
        (("report", "RUN", "--site", "here"), "`here` is no address"),
        (("report", "RUN", "--base", "ftp://x"), "`ftp://x` is no address"),
        (("report", "RUN", "--html", "/proc/none/a.html"), "cannot write /proc/none/a.html"),
        (("report", "RUN", "--csv", "/proc/none"), "cannot write /proc/none"),
        (("compare", "RUN", "RUN"), "both runs are the same"),
        (("compare", "RUN", "nothing"), "There is no drill `nothing`"),
        (("compare", "RUN", "QUIZ"), "they measure different things"),
    ],
)
def test_a_mistake_is_one_message(
    words: tuple[str, ...], message: str, tmp_path: Path, runs: list[str]
) -> None:
    put = {"RUN": runs[0], "QUIZ": runs[2]}
    code, said = course(tmp_path, *(put.get(w, w) for w in words))
    assert code == 2 and message in said and "Traceback" not in said


def test_without_a_drill_it_says_so(tmp_path: Path) -> None:
    code, said = course(tmp_path, "report", "any")
    assert code == 2 and "No drill was held yet" in said
