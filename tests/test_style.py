"""One linter, one formatter, one type checker: what CONTRIBUTING asks of code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = ("crossings.items", "crossings.cases", "crossings.curriculum")
COMMANDS = {
    "lint": ["ruff", "check", "--no-cache"],
    "format": ["ruff", "format", "--check", "--no-cache"],
    "types": ["mypy", *(word for package in PURE for word in ("-p", package))],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_code_reads_as_agreed(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", *COMMANDS[name]]
    if name == "types":
        command += ["--cache-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
