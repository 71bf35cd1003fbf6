"""Building the book: `jupyter-book build`, with warnings as errors, only when something changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crossings.book.stamp import build_stamp
from crossings.environment import child_environment
from crossings.kernels import told_begun

Progress = Callable[[str, float], None]
"""Called with what is being done and the share that is done, 0 to 1."""

JUPYTER_BOOK = (sys.executable, "-c", "from jupyter_book.cli.main import main; main()")
"""`jupyter-book` by this Python, wherever its script is."""

_STEP = re.compile(r"(reading sources|writing output|copying images)\.\.\. \[\s*(\d+)%\]")
_SHARES = {
    "reading sources": (0.05, 0.75),
    "writing output": (0.8, 0.18),
    "copying images": (0.98, 0),
}
_OF_A_KERNEL = "[IPKernelApp] "
"""What a kernel says of itself; what fails in it, Jupyter Book says too."""
_TELLS = re.compile(r"WARNING|ERROR|SEVERE|[Pp]roblems|hint:|:\d+: ")
_RAISED = re.compile(r"[A-Za-z_][\w.]*(Error|Exception)\b")
_NOISE = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(Exception):
    """The book could not be built; the message holds the warnings and errors."""


def site(root: Path) -> Path:
    """Where the built book lies."""
    return root / "_build" / "html"


def is_current(root: Path) -> bool:
    """True when the built book was built from what is in the files now."""
    try:
        before = (site(root) / ".crossings-stamp").read_text(encoding="utf-8")
    except OSError:
        return False
    return before == build_stamp(root)


def build(root: Path, progress: Progress | None = None) -> Path:
    """Build the book under `root` and return its folder.

    Raises:
        BuildError: with what Sphinx reported.
    """
    stamp = build_stamp(root)
    follow = progress or (lambda text, share: None)
    # What was executed before is kept in the cache, so another try goes on from there.
    code, lines = told_begun(lambda: _run(root, follow), lambda ran: "\n".join(ran[1]))
    if code:
        raise BuildError(_what_failed(lines, root))
    (site(root) / ".crossings-stamp").write_text(stamp, encoding="utf-8")
    return site(root)


def _run(root: Path, progress: Progress) -> tuple[int, list[str]]:
    """The exit code of one `jupyter-book build`, and the lines it wrote."""
    process = subprocess.Popen(
        [*JUPYTER_BOOK, "build", str(root), "-W", "--keep-going"],
        cwd=root,
        env=child_environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = _followed(process, progress)
    return process.wait(), lines


def _followed(process: subprocess.Popen[str], progress: Progress) -> list[str]:
    lines: list[str] = []
    assert process.stdout is not None
    for raw in process.stdout:
        line = _NOISE.sub("", raw).rstrip()
        lines.append(line)
        step = _STEP.search(line)
        if step is not None:
            start, width = _SHARES[step.group(1)]
            progress(step.group(1), start + width * int(step.group(2)) / 100)
    return lines


def _what_failed(lines: list[str], root: Path) -> str:
    """The lines that matter, with paths as an author knows them."""
    of_the_book = [x for x in lines if not x.startswith(_OF_A_KERNEL)]
    told = [x for x in of_the_book if _TELLS.search(x)]
    # Where Sphinx itself broke off there is no warning.
    raised = [x for x in of_the_book if _RAISED.match(x)]
    text = "\n".join(dict.fromkeys(told or raised or of_the_book[-25:]))
    return text.replace(str(root) + os.sep, "")
