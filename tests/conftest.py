"""Fixtures for every room: one browser for the session, a fresh page for each test.

The browser is the machine's own Chromium, Chrome or Edge; nothing is downloaded. Set
CROSSINGS_BROWSER to its path when it is not found, and CROSSINGS_REQUIRE_BROWSER=1 to fail instead
of skip when there is none (CI does).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from crossings.workspace import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
NOT_NEEDED = (
    # Pages of the address bar, which no test types into: two more processes for each context, and
    # two thirds of what it costs to make one.
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    # What Playwright turns off itself; of two such arguments the last one counts.
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    f"--disable-features={','.join(NOT_NEEDED)}",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
MISSING = (
    "no Chromium, Chrome or Edge found: install one (Debian and Ubuntu: `apt install chromium`) "
    "or set CROSSINGS_BROWSER to its path"
)


os.environ.setdefault("CROSSINGS_PROOFS", str(ROOT / "_build" / "proofs"))
"""Copies of the course share what was proved of their cases (`crossings.curriculum.proofs`)."""

settings.register_profile("course", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("course")
"""A run says something about the change, so a property sees the same examples each time; look for
new ones with `./course test --hypothesis-profile=search`. No deadline: a busy machine is no fault.
"""

BOOK = "book"
"""The group of tests whose first one builds the book."""
IN_BOOK = ("served", "disasters", "serve", "story")
"""Groups that open the built book, and would build or wait for it side by side."""

PATIENCE = 30_000
"""Milliseconds that a page may take until it shows what a test waits for."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker builds the book while the others do what does not need it; the many small tests
    come last, where they fill what the long ones leave."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    if mark is None:
        return 3
    if mark.args[0] == BOOK:
        return 0
    return 2 if mark.args[0] in IN_BOOK else 1


def find_browser() -> str | None:
    """The path of a browser that Playwright can drive, or None."""
    named = os.environ.get("CROSSINGS_BROWSER")
    if named:
        return named if Path(named).is_file() else None
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).is_file()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole session."""
    path = find_browser()
    if path is None and os.environ.get("CROSSINGS_REQUIRE_BROWSER"):
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


def _watched_page(browser: Browser, **options: object) -> Iterator[Page]:
    """A page in a fresh context; an error on it fails the test that used it."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.allowed_errors = []  # type: ignore[attr-defined]
    yield page
    context.close()
    allowed: list[str] = page.allowed_errors  # type: ignore[attr-defined]
    unexpected = [e for e in errors if not any(a in e for a in allowed)]
    assert not unexpected, f"the page reported errors: {unexpected}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at desk width.

    A test that expects an error says so: `page.allowed_errors.append("404")`.
    """
    yield from _watched_page(browser, viewport=DESK)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page at phone width, with touch."""
    yield from _watched_page(
        browser, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Skipped browser tests are said loudly, at the very end, where it is read."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    count = sum(MISSING in str(report.longrepr) for report in skipped)
    if count:
        reporter.section(f"{count} BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        reporter.write_line(MISSING, red=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What the default run leaves out is said, so that nobody takes it for tested."""
    if config.getoption("markexpr") == "not slow":
        terminalreporter.write_line("Left out: tests marked slow. Run them: ./course test -m slow")
