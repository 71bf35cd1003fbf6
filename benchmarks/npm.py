"""Peers from npm, at pinned versions, in a temporary folder: nothing of theirs is kept here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PEERS = {"inkjs": "2.4.0", "h5p-standalone": "3.8.2"}
"""Packages and the exact versions that are measured."""


class NoPeerError(RuntimeError):
    """A peer cannot be had on this machine; the message says why."""


def install(folder: Path, *names: str) -> dict[str, Path]:
    """Install the peers called `names` under `folder`; returns where each one lies.

    No script of a package is run.

    Raises:
        NoPeerError: where node or npm is missing, or the registry cannot be reached.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NoPeerError("node and npm are not installed")
    wanted = [f"{name}@{PEERS[name]}" for name in names]
    quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(
        [npm, "install", "--prefix", str(folder), *quiet, *wanted],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoPeerError(f"npm could not install {', '.join(wanted)}: {reason}")
    return {name: folder / "node_modules" / name for name in names}


def compile_ink(inkjs: Path, source: str, folder: Path) -> str:
    """The JSON that inkjs's own compiler makes of an ink story.

    Raises:
        ValueError: where the compiler finds a mistake in the story.
    """
    story, made = folder / "story.ink", folder / "story.json"
    story.write_text(source, encoding="utf-8")
    made.unlink(missing_ok=True)
    done = subprocess.run(
        ["node", str(inkjs / "bin" / "inkjs-compiler.js"), "-o", str(made), str(story)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0 or not made.exists():
        raise ValueError(f"inkjs's compiler refused the story: {done.stdout} {done.stderr}"[:2000])
    return made.read_text(encoding="utf-8-sig")
