"""The machine's own Chromium, driven through Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--enable-precise-memory-info",
    # Whoever asks another origin fails at once, on every machine alike.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class NoBrowserError(RuntimeError):
    """There is no Chromium to measure in."""


def find_browser() -> str:
    """The path of Chromium or Chrome; `CROSSINGS_BROWSER` names another.

    Raises:
        NoBrowserError: where there is none.
    """
    named = os.environ.get("CROSSINGS_BROWSER")
    if named and Path(named).is_file():
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowserError("no Chromium or Chrome found: install one, or set CROSSINGS_BROWSER")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A fresh headless browser.

    Raises:
        NoBrowserError: where there is none, or Playwright is not installed.
    """
    path = find_browser()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowserError("Playwright is not installed: ./course test installs it") from None
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()
