"""One linter, one formatter, one type checker: what CONTRIBUTING asks of code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "lint": ["ruff", "check", "--no-cache"],
    "format": ["ruff", "format", "--check", "--no-cache"],
    "types": ["mypy", "-p", "crossings.items", "-p", "crossings.cases", "-p", "crossings.curriculum"],
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_code_reads_as_agreed(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", *COMMANDS[name]]
    if name == "types":
        command += ["--cache-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
