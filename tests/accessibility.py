"""Whether everybody can use a page: axe's rules for WCAG 2.2 AA, and what axe does not look at.

A rule is never left out because a page breaks it: the page is mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EVERYTHING: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ("color-contrast",)}}
ALL_BUT_COLOURS = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
PART_OF_PAGE = {"region", "landmark-one-main", "page-has-heading-one", "heading-order"}
"""Rules about whole pages, for a test page that holds a player and nothing else."""
LAPTOP = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
"""The narrowest phone, and a laptop at 400 percent (WCAG 1.4.10)."""
SMALLEST_TARGET = 24
"""Pixels (WCAG 2.5.8)."""

_STRUCTURE = """(smallest) => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) &&
    e.getBoundingClientRect().width > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const name = (e) => e.outerHTML.slice(0, 120);
  const found = [];
  const one = (what, selector) => {
    const n = all(selector).length;
    if (n !== 1) found.push(`${n} ${what} instead of one`);
  };
  one("first-level headings", "h1, [role=heading][aria-level='1']");
  one("main landmarks", "main, [role=main]");
  if (!/^[a-z]{2}/.test(document.documentElement.lang)) found.push("no language is named");
  if (!document.title.trim()) found.push("no title");
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`${wide} pixels too wide`);

  const controls = all("a[href], button, input, select, textarea, summary, [tabindex='0']");
  const main = document.querySelector("main");
  const first = controls.find((e) => e.tabIndex >= 0 && !e.disabled);
  const menu = main && first && !document.querySelector("dialog[open]") &&
    first.compareDocumentPosition(main) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (menu) {
    const there = first.matches("a[href^='#']") &&
      document.querySelector(first.getAttribute("href"));
    if (!there || !main.contains(there)) found.push("no way past the menu: " + name(first));
  }
  for (const e of controls) {
    const inText = getComputedStyle(e).display === "inline" && e.closest("p, li, dd, td");
    const unreached = e.matches("input") && e.tabIndex < 0;
    if (inText || unreached) continue;
    const box = ((e.matches("input") && e.closest("label")) || e).getBoundingClientRect();
    if (Math.min(box.width, box.height) < smallest - 0.01) {
      found.push(`${box.width.toFixed(1)} by ${box.height.toFixed(1)} is small: ${name(e)}`);
    }
  }
  return found;
}"""


def violations(
    page: Page, rules: dict[str, Any] = EVERYTHING, part_of_page: Collection[str] = ()
) -> list[str]:
    """What axe finds, one line a place; `part_of_page` are rules about whole pages, for a page of
    the tests' own that holds only a part of one."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options = rules | {"resultTypes": ["violations"], "preload": False}
    found = page.evaluate("(options) => axe.run(document, options)", options)
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{rule['id']}: {' '.join(node['html'].split())[:160]} ({node['failureSummary']})"
        for rule in found["violations"]
        if rule["id"] not in part_of_page
        for node in rule["nodes"]
    ]


def structure(page: Page) -> list[str]:
    """One first heading, one main part, a language, a way past the menus, nothing to scroll to
    sideways, and nothing too small to hit."""
    found: list[str] = page.evaluate(_STRUCTURE, SMALLEST_TARGET)
    return found


def problems(page: Page, alike: str = "") -> list[str]:
    """Everything that is wrong with the page as it is now, in both colour schemes.

    Args:
        page: leaves it light.
        alike: a selector of entries that look alike. Colours are measured on the first ten only,
            since measuring takes seconds for each hundred; the others leave the page.
    """
    found = structure(page)
    if alike:
        found += violations(page, ALL_BUT_COLOURS)
        page.evaluate(
            "(s) => [...document.querySelectorAll(s)].slice(10).forEach((e) => e.remove())", alike
        )
        found += violations(page, COLOURS)
    else:
        found += violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


def problems_at_each_width(page: Page) -> list[str]:
    """`problems` of a page whose layout follows its width without being opened anew."""
    return [f"{width}: {line}" for width in at_each_width(page) for line in problems(page)]


def at_each_width(page: Page) -> Iterator[str]:
    """Sets the page to each width in turn, without motion; open the page anew for each."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for size in (NARROW, LAPTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        yield f"{size['width']} pixels"
