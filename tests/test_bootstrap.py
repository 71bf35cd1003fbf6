"""`course`, the file a newcomer starts: what it says on a machine that is not ready."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "course"


@pytest.fixture
def course() -> ModuleType:
    loader = SourceFileLoader("course_script", str(COURSE))
    spec = importlib.util.spec_from_loader("course_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_help_needs_no_environment(tmp_path: Path) -> None:
    env = os.environ | {"CROSSINGS_VENV": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, str(COURSE), "--help"], cwd=tmp_path, env=env, capture_output=True
    )
    assert done.returncode == 0
    assert b"serve" in done.stdout
    assert not (tmp_path / "none").exists()


def test_an_old_python_is_told_so(course: ModuleType, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 2))
    with pytest.raises(SystemExit) as stopped:
        course.main(["serve"])
    assert stopped.value.code == 2
    assert "Python 3.11 or newer is needed; this is Python 3.8" in capsys.readouterr().err


def test_an_old_python_can_read_the_file() -> None:
    """Else it would show a syntax error instead of the message."""
    ast.parse(COURSE.read_text(encoding="utf-8"), feature_version=(3, 5))


def test_the_script_needs_only_the_standard_library() -> None:
    tree = ast.parse(COURSE.read_text(encoding="utf-8"))
    named = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert named <= sys.stdlib_module_names


def test_on_windows_the_environment_is_looked_for_where_windows_has_it(
    course: ModuleType, monkeypatch
) -> None:
    monkeypatch.setattr(course.os, "name", "nt")
    assert course.venv_python("venv").replace("\\", "/") == "venv/Scripts/python.exe"


def test_on_windows_the_command_is_a_child_not_a_replacement(
    course: ModuleType, monkeypatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(course, "prepare", lambda extras: "python.exe")
    monkeypatch.setattr(course.os, "name", "nt")
    monkeypatch.setattr(course.subprocess, "call", lambda c: started.append(c) or 7)
    assert course.main(["check"]) == 7
    assert started == [["python.exe", "-m", "crossings.cli", "check"]]


def test_a_failed_installation_is_one_message(course: ModuleType, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CROSSINGS_VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(course, "make_venv", lambda folder: (tmp_path / "venv").mkdir())
    monkeypatch.setattr(course.shutil, "which", lambda name: None)
    monkeypatch.setattr(course, "with_progress", lambda command, expected: 1)
    with pytest.raises(SystemExit) as stopped:
        course.prepare(extras=False)
    assert stopped.value.code == 2
    assert "could not be installed" in capsys.readouterr().err
    assert course.installed(str(tmp_path / "venv")) == set()


def test_a_folder_that_cannot_be_written_is_one_message(
    course: ModuleType, monkeypatch, tmp_path, capsys
) -> None:
    monkeypatch.setenv("CROSSINGS_VENV", str(tmp_path / "file" / "venv"))
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SystemExit) as stopped:
        course.prepare(extras=False)
    assert stopped.value.code == 2


def test_a_changed_lock_is_installed_again(course: ModuleType) -> None:
    assert course.wanted(extras=False) != course.wanted(extras=True)


def test_the_locks_pin_every_dependency_and_name_no_place() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned: set[str] = set()
    for lock, wanted in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-test.txt", project["optional-dependencies"]["test"]),
    ):
        text = (ROOT / lock).read_text(encoding="utf-8").lower()
        assert "://" not in text
        assert all("==" in line for line in text.splitlines() if line.strip())
        pinned |= {line.split("==")[0].strip() for line in text.splitlines() if line}
        for requirement in wanted:
            name = requirement.split(">")[0].split("<")[0].split("=")[0].strip().lower()
            assert name.replace("_", "-") in pinned, f"{name} is not in {lock}"
