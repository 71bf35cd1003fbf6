"""`show()` in JupyterLab of the staff site, played by keyboard, saved and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("served")]

NAME = "players.ipynb"
SHOW = """
from collections import Counter
import ipywidgets
from crossings import show
case = show("mixed-movements-at-work/low-water-at-port-corrin", mode="learn", seed="s")
item = show("trafficking-identification/what-1")
seen = Counter()
for trait in ("trace", "score", "ending"):
    case.observe(lambda change: seen.update([change["name"]]), trait)
ipywidgets.VBox([case, item])
"""
# A busy kernel is told of several steps at once, so how often it is told says nothing.
TELL = """
print(f"{len(case.trace['events'])} steps, {case.ending}, {case.score['percent']} percent")
print(f"seen {all(seen[name] for name in ('trace', 'score', 'ending'))}")
print(f"item {item.score['points']} of {item.score['max']}")
"""


@pytest.fixture
def notebook(served: Served) -> Iterator[Path]:
    cells = [nbformat.v4.new_code_cell(code.strip()) for code in (SHOW, TELL)]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    path = served.data / NAME
    nbformat.write(made, path)
    yield path
    path.unlink()
    end_kernel(served)


def end_kernel(served: Served) -> None:
    header = {"Authorization": f"token {served.token}"}
    with httpx.Client(base_url=served.staff, headers=header) as site:
        for session in site.get("/api/sessions").raise_for_status().json():
            if session["path"] == NAME:
                site.delete(f"/api/sessions/{session['id']}").raise_for_status()


def open_notebook(page: Page, served: Served) -> None:
    page.goto(f"{served.staff}/lab/tree/{NAME}?token={served.token}&reset")
    # A kernel that is not there yet would not run what it is told.
    page.get_by_text("(ipykernel) | Idle").wait_for(timeout=60_000)


def press(page: Page, name: str) -> None:
    """By key, as those do who use no mouse."""
    button = page.get_by_role("button", name=name, exact=True)
    button.press("Enter", timeout=30_000)


def choose(page: Page, within: Locator, words: str) -> None:
    """With the keys of a list of choices: Space takes the first, arrows go on."""
    radios = within.get_by_role("radio")
    wanted = within.get_by_role("radio", name=words)
    radios.first.focus()
    page.keyboard.press("Space")
    for _ in range(radios.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def test_two_players_are_played_by_keyboard_seen_by_the_kernel_and_saved(
    page: Page, served: Served, notebook: Path
) -> None:
    page.allowed_errors.append("404")  # type: ignore[attr-defined]  # a workspace not yet kept
    open_notebook(page, served)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    case, item = page.locator(".cx-case"), page.locator(".cx-item")
    press(page, "Continue to the case")
    press(page, "Continue")
    choose(page, case, "Sail on to Reed Landing")
    press(page, "Decide")
    press(page, "Continue")
    choose(page, case, "Ask the ministry first")
    press(page, "Decide")
    press(page, "See how it ends")
    expect(page.locator(".cx-debrief")).to_be_visible()
    choose(page, item, "Trafficking, on these facts")
    press(page, "Check my answer")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)

    page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    told = page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".jp-OutputArea")
    expect(told).to_contain_text("3 steps, horizon")
    expect(told).to_contain_text("seen True")
    expect(told).to_contain_text("item 1.0 of 1.0")

    page.keyboard.press("Control+s")
    title = page.locator(".cx-debrief .cx-title").inner_text()
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    end_kernel(served)
    open_notebook(page, served)
    expect(page.locator(".cx-debrief .cx-title")).to_have_text(title)
    expect(page.locator(".cx-item .cx-why")).to_be_visible()
