"""A notebook exported to HTML shows its players where they stood, without kernel or network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as w
import nbformat
import pytest
from playwright.sync_api import Page, expect

from crossings.curriculum.model import Course
from crossings.player.static_export import STATE, WIDGET, PlayerHTMLExporter
from crossings.player.widget import show
from tests.player.test_widget import best


def notebook(*shown: w.Widget) -> Any:
    """A notebook as JupyterLab saves it, with the state of its widgets."""
    cells = []
    for widget in shown:
        data = {"text/plain": "a widget", WIDGET: {"model_id": widget.model_id}}
        output = nbformat.v4.new_output("display_data", data=data)
        cells.append(nbformat.v4.new_code_cell("show()", outputs=[output]))
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["widgets"] = {STATE: w.Widget.get_manager_state()}
    return made


def exported(folder: Path, made: Any) -> str:
    text, _ = PlayerHTMLExporter(template_name="basic").from_notebook_node(made)
    page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>N</title>'
    page += f'<link rel="icon" href="data:,">{text}</html>'
    (folder / "n.html").write_text(page, encoding="utf-8")
    return (folder / "n.html").as_uri()


@pytest.mark.browser
def test_the_last_state_is_shown_and_can_be_played_on(
    page: Page, course: Course, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    trace = best(course)
    halfway = show("sample/late-ship", course)
    halfway.trace = trace | {"events": trace["events"][:2]}
    done = show("sample/late-ship", course)
    done.trace = trace
    item = show("sample/child-means", course)
    page.goto(exported(tmp_path, notebook(halfway, w.VBox([w.HBox([done]), item]))))
    plays = page.locator(".cx-case")
    expect(plays).to_have_count(2)
    expect(plays.nth(0).get_by_role("heading", level=3)).not_to_have_text("The late ship")
    expect(plays.nth(1).locator(".cx-debrief")).to_be_visible()
    expect(page.get_by_role("button", name="Check my answer")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body"), "nothing takes the focus"
    assert page.evaluate("Object.keys(localStorage)") == []
    plays.nth(1).get_by_role("button", name="Play again with new names").click()
    expect(plays.nth(1).locator(".cx-debrief")).to_have_count(0)
    assert all(url.startswith(("file:", "data:")) for url in asked), asked


def test_other_widgets_and_damaged_state_are_left_alone(course: Course, tmp_path: Path) -> None:
    made = notebook(w.IntSlider())
    made.metadata["widgets"][STATE]["state"]["odd"] = {"state": {"payload": 7, "children": "no"}}
    made.cells[0].outputs[0]["data"][WIDGET] = {"model_id": "odd"}
    text, _ = PlayerHTMLExporter().from_notebook_node(made)
    assert '<div class="crossings-mount"' not in text


@pytest.mark.browser
def test_a_hostile_notebook_runs_nothing(
    page: Page, course: Course, tmp_path: Path, hostile: str
) -> None:
    item = show("sample/child-means", course)
    made = notebook(item)
    model = made.metadata["widgets"][STATE]["state"][item.model_id]
    payload = model["state"]["payload"]
    payload["items"][0]["stem"] += hostile + "</script><script>window.hacked=1</script>"
    payload["kind"] = "quiz"
    payload["ref"] = hostile
    page.goto(exported(tmp_path, made))
    expect(page.get_by_text("window.hacked=1").first).to_be_visible()
    assert page.evaluate("window.hacked") is None


def test_players_compose_and_are_observed(course: Course) -> None:
    seen: list[Any] = []
    play = show("sample/late-ship", course)
    play.observe(lambda change: seen.append(change["new"]), "ending")
    box = w.VBox([play, show("sample/child-means", course)])
    assert len(box.children) == 2
    play.trace = best(course)
    assert seen == ["safe"]
