"""The tool that shows how signs combine: in a real browser it weighs as Python does, ends with what
to do, can be used by everybody, and is a table where no script runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Page, expect

from crossings.curriculum.indicators import AGES, Indicators, read_indicators, weigh
from crossings.player.documents import script_apart, strings, write_assets
from crossings.player.indicator_tool import IndicatorTool
from crossings.player.indicators import EXAMPLE, indicators_mount
from tests.accessibility import COLOURS, EVERYTHING, LAPTOP, NARROW, violations

browser_only = pytest.mark.browser
VERDICT = re.compile(
    r"(?<!not say that somebody )\b(is|was|were|are) (a victim|trafficked|likely|probably)", re.I
)
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"


@pytest.fixture(scope="module")
def table() -> Indicators:
    return read_indicators()


@pytest.fixture
def address(tmp_path: Path, table: Indicators) -> str:
    """A page under a policy that lets no inline script run."""
    write_assets(tmp_path)
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signs</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<link rel="stylesheet" href="crossings.css"><link rel="stylesheet" href="indicators.css">'
        f"<main><h1>Signs</h1><h2>How they combine</h2>{indicators_mount(table)}</main>"
        '<script src="crossings.js"></script><script src="indicators.js"></script></html>',
        encoding="utf-8",
    )
    return page.as_uri()


@pytest.fixture
def tool(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def tick(tool: Page, label: str) -> None:
    tool.get_by_role("checkbox", name=label).first.check()


@browser_only
def test_browser_and_python_weigh_alike(tool: Page, table: Indicators) -> None:
    rng = Random("signs")
    cases = []
    for _ in range(500):
        age = rng.choice(AGES)
        listed = [s.id for s in table.signs if s.strength(age)]
        cases.append((age, rng.sample(listed, rng.choice([0, 1, 2, 3, 5, 8, 20, len(listed)]))))
    found = tool.evaluate(
        "([table, cases]) => cases.map(([age, ids]) => "
        "CrossingsPlayer.indicators.weigh(table, age, ids))",
        [table.to_json(), cases],
    )
    for (age, ids), theirs in zip(cases, found, strict=True):
        assert theirs == json.loads(json.dumps(weigh(table, age, ids).to_json())), (age, ids)


@browser_only
@pytest.mark.parametrize("wrong", [["adult", ["UNODC-SX-01"]], ["child", ["D3-08"]], ["old", []]])
def test_the_browser_refuses_what_python_refuses(
    tool: Page, table: Indicators, wrong: list[object]
) -> None:
    with pytest.raises(ValueError, match=r"no (sign|list)"):
        weigh(table, *wrong)  # type: ignore[arg-type]
    refused = tool.evaluate(
        "([table, age, ids]) => { try { CrossingsPlayer.indicators.weigh(table, age, ids); } "
        "catch (error) { return error.message; } return ''; }",
        [table.to_json(), *wrong],
    )
    assert re.search("no (sign|list)", refused)


@browser_only
def test_ticks_are_weighed_and_told(tool: Page) -> None:
    tick(tool, "Told something false about the kind of job")
    first = tool.locator("details", has_text="deceptive recruitment").first
    expect(first).to_contain_text("not enough yet")
    expect(tool.get_by_role("status")).to_contain_text("if it is medium or weak")
    tick(tool, "Told something false about the pay")
    expect(first).to_contain_text("enough by the rule")
    expect(tool.get_by_role("status")).to_contain_text("by one strong and one medium")
    tool.get_by_role("button", name="Clear").click()
    expect(first).to_contain_text("nothing ticked")


@browser_only
def test_every_way_ends_with_what_to_do_and_no_verdict(tool: Page, table: Indicators) -> None:
    for age in ("18 or older", "under 18, or may be"):
        tool.get_by_role("radio", name=age).check()
        for case in ("nothing", "everything"):
            tool.get_by_role("button", name="Clear").click()
            if case == "everything":
                for box in tool.locator("input[type=checkbox]").all():
                    box.evaluate("b => b.click()")
            for part in ("Refer", "Ask", "Look"):
                expect(tool.locator(".cx-ind-now dt", has_text=part)).to_be_visible()
            shown = tool.locator(".cx-ind").inner_text()
            assert not VERDICT.search(shown), VERDICT.search(shown)
            assert "no finding" in shown or case == "nothing"
            for limit in ("Do not quote a strength", "Sexual exploitation cannot be weighed"):
                assert limit in shown
            if age == "18 or older" and case == "everything":
                assert "With the person's consent you may refer" in shown
            assert "Nothing is stored or sent" in shown


@browser_only
def test_a_child_is_referred_with_or_without_signs(tool: Page) -> None:
    tool.get_by_role("radio", name="under 18, or may be").check()
    expect(tool.locator(".cx-ind-now")).to_contain_text("Call child protection now")
    expect(tool.locator(".cx-ind-parts")).to_contain_text("Not needed under 18")


@browser_only
def test_signs_that_are_never_weighed_have_no_box(tool: Page, table: Indicators) -> None:
    tool.get_by_text("13 signs that are never weighed").click()
    never = tool.locator(".cx-ind-never")
    expect(never.locator("li")).to_have_count(len(table.listed))
    expect(never.locator("input")).to_have_count(0)


@browser_only
def test_the_keyboard_is_enough(tool: Page) -> None:
    tool.locator("summary").first.focus()
    tool.keyboard.press("Tab")
    tool.keyboard.press("Space")
    expect(tool.locator("input[type=checkbox]").first).to_be_checked()
    assert tool.evaluate("document.activeElement.type") == "checkbox", "the focus stays"


@browser_only
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, LAPTOP], ids=["narrow", "laptop"])
def test_everybody_can_use_it(
    browser: Browser, address: str, scheme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name=EXAMPLE[0]).click()
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.add_style_tag(content="body { margin: 0; background: var(--paper) }")
    assert violations(page, COLOURS if scheme == "dark" else EVERYTHING) == []
    context.close()


@browser_only
def test_without_a_script_it_is_a_table(browser: Browser, address: str, table: Indicators) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("table")).to_have_count(6)
    expect(page.locator("tbody tr")).to_have_count(len(table.signs))
    expect(page.get_by_text("two medium and one weak")).to_be_visible()
    expect(page.get_by_text("do not quote one in a report")).to_be_visible()
    context.close()


def test_in_a_notebook_ticks_are_weighed_by_python() -> None:
    tool = IndicatorTool(ticked=["D1-01", "D1-02"])
    assert tool.weighing.dimensions[0].by == "one strong and one medium"
    tool.ticked = ["UNODC-SX-01"]
    with pytest.raises(ValueError, match="no sign"):
        _ = tool.weighing


@browser_only
def test_in_a_notebook_the_same_script_draws_and_tells(page: Page) -> None:
    """The module that a notebook loads, with a model as anywidget hands it over."""
    tool = IndicatorTool(age="child", ticked=["D2-04"])
    page.set_content("<main></main>")
    page.evaluate(
        """async ([code, state]) => {
          const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
          const { default: widget } = await import(url);
          window.state = state;
          const model = { get: (k) => state[k], set: (k, v) => (state[k] = v),
            save_changes: () => (state.saved = true) };
          widget.render({ model, el: document.querySelector("main") });
        }""",
        [tool._esm, {"payload": tool.payload, "age": tool.age, "ticked": tool.ticked}],
    )
    expect(page.locator(".cx-ind-parts")).to_contain_text("Not needed under 18")
    expect(page.locator(".cx-ind-use")).to_contain_text("Your ticks go to the Python")
    expect(page.locator(".cx-ind-use")).not_to_contain_text("stored or sent")
    page.get_by_role("checkbox", name="Papers were taken away at recruitment").check()
    state = page.evaluate("({ age: state.age, ticked: state.ticked, saved: state.saved })")
    assert state == {"age": "child", "ticked": ["D2-04", "D2-05"], "saved": True}
    tool.ticked = state["ticked"]
    assert tool.weighing.dimensions[1].by == "one strong and one medium"


def test_the_script_holds_every_word_and_asks_for_nothing() -> None:
    text = script_apart("indicators")
    assert not re.search(r"innerHTML|insertAdjacentHTML|\beval\(|https?://|fetch\(", text)
    for key, words in strings("en").items():
        if key.startswith("indicators."):
            assert json.dumps(words)[1:-1] in text, key


def test_the_mount_escapes(table: Indicators, hostile: str) -> None:
    from dataclasses import replace

    spoiled = replace(table, signs=(replace(table.signs[0], label=hostile), *table.signs[1:]))
    text = indicators_mount(spoiled)
    assert hostile not in text
    assert text.count("<script") == 1
