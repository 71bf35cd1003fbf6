"""Every mistake of a user is one message and exit code 2, and never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import course, mounted
from tests.tiny_course import FILES, changed, write_course

CASE = "modules/demo/cases/walk.yml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def broken(tmp_path: Path, changes: dict[str, str | None]) -> str:
    return str(write_course(tmp_path / "a course", changes))


def assert_one_message(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    for word in words:
        assert word in done.stderr + done.stdout


# Words that are not ours


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["serv"], "serv"),
        (["serve", "--prot", "1"], "--prot"),
        (["serve", "--port", "none"], "--port"),
        (["serve", "--port", "70000"], "--port"),
        (["check", "--format", "xml"], "xml"),
        (["grade"], "assignment"),
        (["build", "now"], "now"),
    ],
    ids=" ".join,
)
def test_an_unknown_word_is_named(home: Path, arguments: list[str], word: str) -> None:
    done = course(*arguments, home=home)
    assert_one_message(done, word)
    assert len(done.stderr.strip().splitlines()) <= 4


@pytest.mark.parametrize("command", ["serve", "test", "build", "check", "grade", "law"])
def test_each_command_has_one_line_and_an_example(home: Path, command: str) -> None:
    every = course("--help", home=home).stdout
    assert f"  {command} " in every
    if command != "test":  # its words belong to pytest
        own = course(command, "--help", home=home)
        assert own.returncode == 0 and "Example: ./course" in own.stdout


def test_an_address_of_another_machine(home: Path, tmp_path: Path) -> None:
    done = course("serve", "--host", "192.0.2.7", "--data", str(tmp_path / "data"), home=home)
    assert_one_message(done, "--host")


# Content


def test_a_broken_yaml_file_is_named_with_its_line(home: Path, tmp_path: Path) -> None:
    root = broken(tmp_path, changed(CASE, "title: A short walk", 'title: "A short walk'))
    done = course("check", home=home, CROSSINGS_ROOT=root)
    assert_one_message(done, CASE + ":")
    assert "not valid YAML" in done.stderr and "hint:" in done.stderr


@pytest.mark.parametrize("command", ["check", "build", "serve"])  # marking plays no case
def test_a_case_that_points_to_a_missing_node(home: Path, tmp_path: Path, command: str) -> None:
    root = broken(tmp_path, changed(CASE, "to: lost", "to: nowhere"))
    more = {"serve": ["--data", str(tmp_path / "data")]}
    done = course(command, *more.get(command, []), home=home, CROSSINGS_ROOT=root)
    assert_one_message(done, CASE + ":", "nowhere")
    assert not (Path(root) / "_build" / "html").exists()


def test_problems_as_json(home: Path, tmp_path: Path) -> None:
    root = broken(tmp_path, changed(CASE, "to: lost", "to: nowhere"))
    done = course("check", "--format", "json", home=home, CROSSINGS_ROOT=root)
    assert done.returncode == 2
    found = json.loads(done.stdout)
    fields = {"file", "line", "column", "message", "hint", "code", "severity"}
    assert found and set(found[0]) == fields
    assert found[0]["file"] == CASE and found[0]["line"] > 0 and found[0]["column"] > 0
    assert {problem["severity"] for problem in found} == {"problem"}
    good = course("check", "--format", "json", home=home)
    assert good.returncode == 0
    assert all(p["severity"] == "warning" for p in json.loads(good.stdout))


def test_problems_for_github_are_one_line_each(home: Path, tmp_path: Path) -> None:
    root = broken(tmp_path, changed(CASE, "to: lost", "to: nowhere"))
    done = course("check", "--format", "github", home=home, CROSSINGS_ROOT=root)
    assert done.returncode == 2
    lines = done.stdout.strip().splitlines()
    assert lines and all(x.startswith(f"::error file={CASE},line=") for x in lines if CASE in x)
    assert all(x.startswith("::error file=") for x in lines)
    assert all(",col=" in x for x in lines if CASE in x)


def test_a_warning_is_shown_and_fails_only_when_strict(home: Path, tmp_path: Path) -> None:
    long = changed(CASE, "A person stands at the gate.", "word " * 40)
    root = broken(tmp_path, long)
    done = course("check", home=home, CROSSINGS_ROOT=root)
    assert done.returncode == 0, done.stderr
    assert "warning: a sentence of 40 words" in done.stderr and "[reading-level]" in done.stderr
    assert course("check", "--strict", home=home, CROSSINGS_ROOT=root).returncode == 2
    done = course("check", "--format", "github", home=home, CROSSINGS_ROOT=root)
    assert done.returncode == 0
    assert done.stdout.startswith(f"::warning file={CASE},line=14,col=5::")


def test_a_line_number_stays_a_number(home: Path, tmp_path: Path) -> None:
    """Terminal libraries draw a picture for `:100:`."""
    padding = "\n" * 99
    text = padding + "id: [broken\n"
    root = broken(tmp_path, {CASE: text})
    done = course("check", home=home, CROSSINGS_ROOT=root)
    assert_one_message(done, CASE + ":10")


def test_one_case_is_checked_alone_by_its_name_or_file(home: Path, tmp_path: Path) -> None:
    change = changed(CASE, "to: lost", "to: nowhere")
    other = CASE.replace("walk", "stroll")
    change[other] = FILES[CASE].replace("id: walk", "id: stroll")
    change["modules/demo/items.yml"] = "- id: [broken"
    root = broken(tmp_path, change)
    for name in ("walk", "demo/walk", CASE, str(Path(root) / CASE)):
        done = course("check", name, home=home, CROSSINGS_ROOT=root)
        assert_one_message(done, "nowhere")
        assert "items.yml" not in done.stderr
    good = course("check", "stroll", home=home, CROSSINGS_ROOT=root)
    assert good.returncode == 0, good.stderr
    assert "no chapter names this case" in good.stderr and "[case-on-no-page]" in good.stderr
    assert "No problems in `stroll`" in good.stdout
    assert course("check", "stroll", "--strict", home=home, CROSSINGS_ROOT=root).returncode == 2
    lost = course("check", "stroll.yml", home=home, CROSSINGS_ROOT=root)
    assert_one_message(lost, "stroll.yml", "did you mean")


def test_cases_that_need_a_longer_proof_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    from crossings.curriculum import Problem
    from crossings.terminal.checking import show

    stopped = [
        Problem(f"modules/m/cases/{name}.yml", 9, "not decided", "", 3, "state-bound", "warning")
        for name in ("one", "two")
    ]
    show(stopped)
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("No mistake:") and "one, two" in told and "--deep" in told
    assert "warning" not in told


# The law register


def test_a_rule_is_found_by_words_and_theme(home: Path) -> None:
    done = course("law", "passports", "--theme", "labour", home=home)
    assert done.returncode == 0, done.stderr
    assert "ICRMW-21  Who may take documents" in done.stdout
    assert "Art. 21, ICRMW (treaty)" in done.stdout and "binds: Only States" in done.stdout
    assert "verified; theme: labour" in done.stdout and "under `cites`" in done.stdout
    themes = course("law", "--themes", home=home)
    assert themes.returncode == 0 and "trafficking" in themes.stdout
    many = course("law", "--theme", "sea", home=home)
    assert many.returncode == 0 and "26 rules." in many.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["zebra"], ["no rule holds `zebra`"]),
        (["passport", "zebra"], ["`zebra` 0", "`passport` "]),
        (["passport", "--theme", "labuor"], ["did you mean `labour`"]),
        ([], ["./course law passport", "--themes"]),
    ],
)
def test_a_search_without_a_find_says_what_to_do(
    home: Path, arguments: list[str], words: list[str]
) -> None:
    done = course("law", *arguments, home=home)
    for word in words:
        assert_one_message(done, word)


# Marking


def test_an_unknown_assignment_is_named_with_those_that_exist(home: Path, tmp_path: Path) -> None:
    done = course("grade", "officer-workshet", "--data", str(tmp_path / "data"), home=home)
    assert_one_message(done, "officer-workshet", "officer-worksheet")


def test_an_unknown_student(home: Path, tmp_path: Path) -> None:
    arguments = ["--student", "nobody", "--data", str(tmp_path / "data")]
    done = course("grade", "officer-worksheet", *arguments, home=home)
    assert_one_message(done, "nobody")


# Places


@pytest.mark.parametrize("command", [["serve"], ["grade", "officer-worksheet"]], ids=" ".join)
@pytest.mark.parametrize("kind", ["a file in the way", "no place at all"])
def test_a_data_folder_that_cannot_be_written(
    home: Path, tmp_path: Path, command: list[str], kind: str
) -> None:
    # Permission bits do not bind root, so the tests use places that nobody can write.
    if kind == "no place at all" and not Path("/proc/self").exists():
        pytest.skip("this system has no /proc")
    place = Path("/proc/crossings")
    if kind == "a file in the way":
        (tmp_path / "file").write_text("not a folder", encoding="utf-8")
        place = tmp_path / "file" / "data"
    done = course(*command, "--data", str(place), home=home)
    assert_one_message(done, "cannot write to")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB, where the tests may mount one."""
    with mounted(tmp_path / "small disk", "1m") as place:
        yield place


def test_a_full_disk_is_said_before_the_class_begins(home: Path, small_disk: Path) -> None:
    done = course("serve", "--data", str(small_disk / "data"), home=home)
    assert_one_message(done, "is full")


def test_marking_on_a_full_disk_is_one_message(home: Path, small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * 900_000)
    done = course("grade", "officer-worksheet", "--data", str(small_disk / "d"), home=home)
    assert_one_message(done)


# Stopping early


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_ctrl_c_while_it_prepares_leaves_no_lock(home: Path, tmp_path: Path) -> None:
    from tests.serving import Served, eventually, gone

    running = Served(tmp_path / "data", home)
    try:
        eventually(lambda: (tmp_path / "data" / "var" / "serve.lock").exists(), 30)
        family = running.family()
        assert running.stop(signal.SIGINT) in (0, 130), running.said
        assert "Traceback" not in running.said
        assert gone(family)
        assert not (tmp_path / "data" / "var" / "serve.lock").exists()
    finally:
        running.kill()


# `./course test`


@pytest.fixture
def one_browser_test() -> list[str]:
    return ["test", "tests/player/test_items_in_browser.py", "-n", "0", "-p", "no:cacheprovider"]


def test_without_a_browser_the_skip_is_loud_and_says_what_to_install(
    home: Path, one_browser_test: list[str]
) -> None:
    done = course(*one_browser_test, home=home, CROSSINGS_BROWSER="/nonexistent")
    assert done.returncode == 0, done.stdout
    end = "\n".join(done.stdout.strip().splitlines()[-8:])
    assert "BROWSER TESTS WERE SKIPPED" in end and "apt install chromium" in end


def test_where_a_browser_is_required_its_absence_fails(
    home: Path, one_browser_test: list[str]
) -> None:
    done = course(
        *one_browser_test,
        home=home,
        CROSSINGS_BROWSER="/nonexistent",
        CROSSINGS_REQUIRE_BROWSER="1",
    )
    assert done.returncode == 1
    assert "apt install chromium" in done.stdout


def test_the_module_is_the_command(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crossings.cli"], capture_output=True, text=True, cwd=Path("/")
    )
    assert "serve" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
