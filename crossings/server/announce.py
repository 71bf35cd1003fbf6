"""What `serve` says when the course runs: addresses, a code for phones, what to do next."""

from __future__ import annotations

from collections.abc import Iterator

import segno
from rich.console import Console
from rich.text import Text

from crossings.server import staff
from crossings.server.serve import Running
from crossings.workspace import Workspace

MARGIN = "  "


def announce(out: Console, both: Running, workspace: Workspace) -> None:
    """Print everything that somebody needs who has just started the course."""
    learner, address = both.learner.address + "/", both.staff.address
    _say(out)
    for note in both.notes:
        _say(out, f"Note: {note}.", "yellow")
    _say(out, "The course is running.", "bold green")
    _say(out)
    _say(out, f"LEARNERS  {learner}", "bold")
    if both.learner.host in ("127.0.0.1", "localhost", "::1"):
        _say(out, "          only on this machine; for a class start with --host 0.0.0.0", "dim")
    _say(out)
    for line in qr_lines(learner):
        # Dark on white whatever the terminal's colours are: some phones read nothing else.
        out.print(Text(MARGIN + "        ").append(line, "black on bright_white"), soft_wrap=True)
    _say(out)
    _say(
        out,
        "STAFF     open this first; its token is a key to this machine",
        "bold",
    )
    _say(out, f"          {address}/?token={both.token}", "bold")
    for label, path in (
        ("drill console", staff.CONSOLE),
        ("drill debrief", staff.DEBRIEF),
        ("case explorer", staff.EXPLORER),
        ("marking desk", staff.DESK),
        ("analysis", staff.ANALYSIS),
        ("formgrader", staff.FORMGRADER),
        ("JupyterLab", staff.LAB),
    ):
        _say(out, f"  {label:<14}{address}/{path}")
    _say(out)
    _say(out, f"Class data is kept in {workspace.root}", "dim")
    _say(out, "To stop, press Ctrl-C.", "dim")


def _say(out: Console, text: str = "", style: str = "") -> None:
    out.print(Text(MARGIN + text if text else "", style), soft_wrap=True)


def qr_lines(address: str) -> Iterator[str]:
    """The QR code of `address` in half blocks, dark on white, with its quiet zone."""
    rows = [list(row) for row in segno.make(address, error="l").matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    blocks = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(blocks[bool(a), bool(b)] for a, b in zip(upper, lower, strict=True))
