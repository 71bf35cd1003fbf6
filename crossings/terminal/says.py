"""The two streams of the command line, and the one way to end with a message."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console

# No emoji: Rich would draw one for the line number in `items.yml:100: …`.
out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)


def fail(message: str) -> NoReturn:
    """One message, exit code 2."""
    err.print(f"course: {message}", markup=False, soft_wrap=True)
    raise typer.Exit(2)
